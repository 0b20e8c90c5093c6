/**
 * Stands in for `@biquorum/control-plane/testing` where the tests of the broker core run in KRaft mode: its
 * `ReferenceCluster` is a quorum of one controller on the memory host that the tests have for one. Everything else is
 * the package's own. the root `vitest.config.ts` puts it in its place.
 */
import type { ControlPlane } from '@biquorum/control-plane';
import type { ReferenceClusterOptions, ReferenceConfig } from '@biquorum/control-plane/testing';
import { formatStorage, KraftNode, type KraftPlane, readKraftSettings } from '@biquorum/kraft';
import type { BrokerEpoch } from '@biquorum/metadata';
import type { Ports } from '@biquorum/platform';
import { configRules } from '../../src/kraft/config-rules.ts';

export * from '@biquorum/control-plane/testing';

const CLUSTER_ID = 'brokercorebrokercorebA';
const CONTROLLER = { id: 101, host: 'controller', port: 9093 };
const METADATA_DIRECTORY = '/metadata';

/** Takes the place of the reference plane's government. */
export class ReferenceCluster {
  readonly #options: ReferenceClusterOptions;
  #controller: Promise<KraftNode> | undefined;

  constructor(options: ReferenceClusterOptions) {
    this.#options = options;
  }

  create(config: ReferenceConfig, ports: Ports): ControlPlane {
    this.#controller ??= this.#startController(config);
    return new LatePlane(this.#controller, ports, this.#sessions);
  }

  close(): void {
    void this.#controller?.then((node) => node.stopController());
  }

  get #sessions(): Record<string, string> {
    const { sessionTimeoutMs = 9_000, heartbeatIntervalMs = 2_000 } = this.#options;
    return {
      'broker.session.timeout.ms': String(sessionTimeoutMs),
      'broker.heartbeat.interval.ms': String(heartbeatIntervalMs),
    };
  }

  async #startController(config: ReferenceConfig): Promise<KraftNode> {
    // The tests' controller is a whole memory host.
    const ports = this.#options.ports as Ports;
    const node = await prepare(ports, CONTROLLER.id, [METADATA_DIRECTORY], {
      'process.roles': 'controller',
      listeners: `CONTROLLER://${CONTROLLER.host}:${CONTROLLER.port}`,
      'default.replication.factor': String(config.defaultReplicationFactor),
      'num.partitions': String(config.defaultPartitions),
      'delete.topic.enable': String(config.deleteTopicEnable),
      'unclean.leader.election.enable': String(this.#options.uncleanLeaderElection ?? false),
      'unclean.leader.election.interval.ms': '1000',
      ...this.#sessions,
    });
    await node.startController();
    return node;
  }
}

/** The plane of a broker whose id and directories are known only when it is opened. */
class LatePlane implements ControlPlane {
  readonly #controller: Promise<KraftNode>;
  readonly #ports: Ports;
  readonly #sessions: Record<string, string>;
  #plane: KraftPlane | undefined;
  #closed = false;

  constructor(controller: Promise<KraftNode>, ports: Ports, sessions: Record<string, string>) {
    this.#controller = controller;
    this.#ports = ports;
    this.#sessions = sessions;
  }

  open: ControlPlane['open'] = async (host, deadlineMs) => {
    await this.#controller;
    const directories = host.identity.directories.map(({ path }) => path);
    const node = await prepare(this.#ports, host.identity.id, directories, {
      'process.roles': 'broker',
      listeners: 'PLAINTEXT://:9092',
      ...this.#sessions,
    });
    this.#plane = node.createPlane(this.#ports);
    if (this.#closed) await this.#plane.close();
    return this.#plane.open(host, deadlineMs);
  };

  async close(): Promise<void> {
    this.#closed = true;
    await this.#plane?.close();
  }

  brokerEpoch(): BrokerEpoch {
    return this.#plane?.brokerEpoch() ?? (-1 as BrokerEpoch);
  }

  enlist: ControlPlane['enlist'] = (...args) => this.#opened.enlist(...args);
  withdraw: ControlPlane['withdraw'] = (...args) => this.#opened.withdraw(...args);
  alterPartitions: ControlPlane['alterPartitions'] = (...args) => this.#opened.alterPartitions(...args);
  allocateProducerIds: ControlPlane['allocateProducerIds'] = () => this.#opened.allocateProducerIds();
  createTopics: ControlPlane['createTopics'] = (...args) => this.#opened.createTopics(...args);
  reportDirectories: ControlPlane['reportDirectories'] = (...args) => this.#opened.reportDirectories(...args);
  advertise: ControlPlane['advertise'] = (...args) => this.#opened.advertise(...args);
  handle: ControlPlane['handle'] = (...args) => this.#opened.handle(...args);

  get #opened(): KraftPlane {
    if (this.#plane === undefined) throw new Error('the plane has not been opened');
    return this.#plane;
  }
}

/** A node whose storage is formatted as far as it is not. */
async function prepare(
  ports: Ports,
  nodeId: number,
  directories: readonly string[],
  own: Record<string, string>,
): Promise<KraftNode> {
  const { id, host, port } = CONTROLLER;
  const properties = new Map(
    Object.entries({
      'node.id': String(nodeId),
      'controller.quorum.voters': `${id}@${host}:${port}`,
      'controller.listener.names': 'CONTROLLER',
      'log.dirs': directories.join(','),
      'metadata.log.dir': METADATA_DIRECTORY,
      ...own,
    }),
  );
  const settings = readKraftSettings(properties);
  await formatStorage(ports, {
    clusterId: CLUSTER_ID,
    nodeId,
    directories: [...new Set([...settings.logDirectories, settings.metadataDirectory])],
    metadataDirectory: settings.metadataDirectory,
    quorum: { kind: 'unwritten', dynamic: false },
    ignoreFormatted: true,
  });
  const onFailure = (error: unknown): void => {
    throw error;
  };
  return KraftNode.prepare({ settings, ports, configRules: configRules(properties), onFailure });
}
