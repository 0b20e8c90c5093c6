import {
  type ConfigRules,
  formatStorage,
  KraftNode,
  type KraftPlane,
  type MetadataImage,
  readKraftSettings,
} from '@biquorum/kraft';
import type { MemoryWorld } from '@biquorum/platform/testing';

export const CLUSTER_ID = 'conformanceConformancA';
const FIRST = 101;

/** Takes every key as it comes. */
const ANY_CONFIG: ConfigRules = {
  check: () => null,
  isList: () => false,
  defaultOf: () => null,
  describeTopic: () => [],
  staticTopicValue: () => null,
  describeConfigs: () => ({}),
};

/** A quorum of controllers on memory hosts. */
export class TestQuorum {
  readonly hosts: readonly string[];
  readonly #world: MemoryWorld;
  readonly #voters: string;
  readonly #nodes: Map<string, KraftNode> = new Map();
  readonly #properties: Readonly<Record<string, string>>;
  /** Offset after the last batch that changed anything, as any controller has seen it. */
  lastChange = 0;

  constructor(world: MemoryWorld, size: number, properties: Readonly<Record<string, string>> = {}) {
    this.#world = world;
    this.#properties = properties;
    this.hosts = Array.from({ length: size }, (_, index) => `controller-${FIRST + index}`);
    this.#voters = this.hosts.map((name, index) => `${FIRST + index}@${name}:9093`).join(',');
    for (const name of this.hosts) world.addHost(name);
  }

  async start(): Promise<void> {
    await Promise.all(this.hosts.map((name) => this.startOne(name)));
  }

  async startOne(name: string): Promise<void> {
    const { ports } = this.#world.host(name);
    const nodeId = Number(name.split('-')[1]);
    const settings = readKraftSettings(
      this.#propertiesOf(nodeId, 'controller', { listeners: `CONTROLLER://${name}:9093` }),
    );
    await formatStorage(ports, {
      clusterId: CLUSTER_ID,
      nodeId,
      directories: settings.logDirectories,
      metadataDirectory: settings.metadataDirectory,
      quorum: { kind: 'unwritten', dynamic: false },
      ignoreFormatted: true,
    });
    const onFailure = (error: unknown): void => {
      throw error;
    };
    const node = await KraftNode.prepare({ settings, ports, configRules: ANY_CONFIG, onFailure });
    this.#nodes.set(name, node);
    await node.startController();
    node.loader?.onChange(({ delta, endOffset }) => {
      const { brokers, topics, configs, featuresChanged } = delta;
      if (brokers.size + topics.length + configs.length > 0 || featuresChanged) {
        this.lastChange = Math.max(this.lastChange, endOffset);
      }
    });
  }

  /** The plane of a broker on a host of its own, whose storage is new. */
  planeOf(nodeId: number, ports: ConstructorParameters<typeof KraftPlane>[1]): Promise<KraftPlane> {
    const settings = readKraftSettings(this.#propertiesOf(nodeId, 'broker', { listeners: 'PLAINTEXT://:9092' }));
    return formatStorage(ports, {
      clusterId: CLUSTER_ID,
      nodeId,
      directories: settings.logDirectories,
      metadataDirectory: settings.metadataDirectory,
      quorum: { kind: 'unwritten', dynamic: false },
      ignoreFormatted: true,
    })
      .then(() =>
        KraftNode.prepare({
          settings,
          ports,
          configRules: ANY_CONFIG,
          onFailure: (error) => {
            throw error;
          },
        }),
      )
      .then((node) => node.createPlane(ports));
  }

  /** The newest image that a controller has. */
  get image(): MetadataImage | undefined {
    const images = [...this.#nodes.values()].flatMap((node) => node.loader?.image ?? []);
    return images.sort((a, b) => b.endOffset - a.endOffset)[0];
  }

  /** The controllers that are active. */
  get active(): readonly KraftNode[] {
    return [...this.#nodes.values()].filter((node) => node.activeEpoch !== undefined);
  }

  #propertiesOf(nodeId: number, role: string, own: Readonly<Record<string, string>>): Map<string, string> {
    return new Map(
      Object.entries({
        'process.roles': role,
        'node.id': String(nodeId),
        'controller.quorum.voters': this.#voters,
        'controller.listener.names': 'CONTROLLER',
        'log.dirs': '/data',
        ...this.#properties,
        ...own,
      }),
    );
  }
}
