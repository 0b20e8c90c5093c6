import { type BootedPlane, type Implementation, lossyNetwork, type Subject } from '@biquorum/control-plane/testing';
import { brokerIdPath, decodeTopicAssignment, PATHS, partitionStatePath, topicPath } from '@biquorum/kafka-znodes';
import type { NodeId, TopicId } from '@biquorum/metadata';
import { type MemoryHost, MemoryWorld } from '@biquorum/platform/testing';
import { ClientListener, type DataTree, EnsembleNode, StandaloneServer, storageOptions } from '@biquorum/zookeeper';
import {
  type ConfigRules,
  Controller,
  createController,
  DEFAULT_CONTROLLER_SETTINGS,
  ZooKeeperPlane,
} from '@biquorum/zookeeper-controller';
import { PlaneServer } from './plane-server.ts';

/** ControlledShutdown, AlterPartition, AllocateProducerIds. */
const COMMANDS: ReadonlySet<number> = new Set([7, 56, 67]);
const ENSEMBLE = 'zookeeper';
const ENSEMBLE_PORT = 2181;
const TICK_MS = 1_000;
const SESSION_MS = 6_000;
/** As the protocol numbers it. */
const CLOSE_SESSION = -11;
/** Small, for files in memory. */
const LOG_PADDING_BYTES = 64 * 1024;

/** Takes every key as it comes. */
const ANY_CONFIG: ConfigRules = {
  check: () => null,
  isList: () => false,
  isPassword: (_resource, key) => key.endsWith('.password'),
  defaultOf: () => null,
  describeTopic: () => [],
  staticTopicValue: () => null,
};

/** ZooKeeper mode beside an in-memory ZooKeeper on memory hosts, ready for the conformance suite. */
export function zooKeeperOf(seed: number, servers: 1 | 3 = 1): Implementation {
  return {
    name: `ZooKeeper mode, ${servers === 1 ? 'one server' : `an ensemble of ${servers}`}, seed ${seed}`,
    async use(body) {
      const world = new MemoryWorld({ seed });
      const subject = servers === 1 ? new ZooKeeperSubject(world) : new EnsembleSubject(world, servers);
      await world.run(async () => {
        await subject.start();
        await body(subject);
      });
    },
  };
}

interface Process {
  readonly id: NodeId;
  readonly name: string;
  readonly host: MemoryHost;
  readonly plane: ServedPlane;
  gone: boolean;
  silent: boolean;
}

/** Brokers that carry their controllers, and the ensemble that they meet at. */
export class ZooKeeperSubject implements Subject {
  readonly ports: Subject['ports'];
  readonly traits: Subject['traits'] = { expiry: 'registers-anew', deadReplicas: 'awaited', withdrawn: 'keeps' };
  readonly ensemble: StandaloneServer;
  readonly processes: Process[] = [];
  protected readonly world: MemoryWorld;
  #lost = false;
  #repliesToLose = 0;

  constructor(world: MemoryWorld) {
    this.world = world;
    this.ports = world.addHost('observer').ports;
    const { ports } = world.addHost(ENSEMBLE);
    this.ensemble = new StandaloneServer({ clock: ports.clock, tickMs: TICK_MS });
  }

  async start(): Promise<void> {
    const { ports } = this.world.host(ENSEMBLE);
    const door = new ClientListener(this.ensemble.server, {
      host: '0.0.0.0',
      port: ENSEMBLE_PORT,
      connectionsPerHostMax: 0,
    });
    await door.open(ports.network);
    const beat = (): void => {
      if (!this.#lost) this.ensemble.tick();
      ports.timers.set(TICK_MS / 2, beat);
    };
    beat();
  }

  /** The servers' hosts. */
  protected get hosts(): readonly string[] {
    return [ENSEMBLE];
  }

  /** What is decided by now. */
  protected get tree(): DataTree {
    return this.ensemble.server.tree;
  }

  protected expire(sessionId: bigint): void {
    this.ensemble.expire(sessionId);
  }

  protected touch(sessionId: bigint): void {
    this.ensemble.touch(sessionId);
  }

  boot(id: NodeId): BootedPlane {
    const name = `broker-${id}-process-${this.processes.length}`;
    const host = this.world.addHost(name);
    const network = lossyNetwork(host.ports.network, (apiKey) => this.#losesReply(apiKey), ENSEMBLE_PORT);
    const ports = { ...host.ports, network };
    const config = {
      session: {
        connect: `${this.hosts.map((host) => `${host}:${ENSEMBLE_PORT}`).join()}/kafka`,
        sessionTimeoutMs: SESSION_MS,
        inFlightMax: 10,
      },
      clusterId: null,
      settings: DEFAULT_CONTROLLER_SETTINGS,
      configRules: ANY_CONFIG,
      createController,
      shutdownTriesMax: 3,
      shutdownBackoffMs: 5_000,
    };
    const plane = new ServedPlane(config, ports, name);
    const process: Process = { id, name, host, plane, gone: false, silent: false };
    plane.onClose = () => {
      process.gone = true;
    };
    this.processes.push(process);
    return {
      plane,
      ports: host.ports,
      registration: { endpoints: [{ listener: 'PLAINTEXT', host: name, port: 9092, securityProtocol: 'PLAINTEXT' }] },
      kill: () => {
        process.gone = true;
        host.kill();
        // As if its session had been short: nobody has to wait for its end.
        this.#expire(process);
      },
      silence: () => {
        process.silent = true;
        for (const other of this.#contacts(process)) {
          this.world.network.cut(name, other);
          this.world.network.cut(other, name);
          this.world.network.reset(name, other);
        }
      },
      hear: () => {
        process.silent = false;
        for (const other of this.#contacts(process)) {
          this.world.network.heal(name, other);
          this.world.network.heal(other, name);
        }
      },
      expire: () => this.#expire(process),
    };
  }

  /** The ensemble has no leader: it serves nobody, and no session ends. */
  loseController(): void {
    this.#lost = true;
    for (const host of this.hosts) this.world.host(host).pause();
  }

  /** A new leader gives every session its whole time again. */
  restoreController(): void {
    for (const host of this.hosts) this.world.host(host).resume();
    for (const { plane } of this.processes) {
      const sessionId = plane.session?.sessionId;
      if (sessionId !== undefined) this.touch(sessionId);
    }
    this.#lost = false;
  }

  loseReplies(count: number): void {
    this.#repliesToLose += count;
  }

  hasConfirmed(id: NodeId): boolean {
    const process = this.processes.findLast((one) => one.id === id && !one.gone);
    const term = this.#term;
    if (process === undefined || term === undefined) return false;
    const { context, channels } = term.core;
    const { tree } = this;
    const stat = tree.stat(under(brokerIdPath(id)));
    if (stat === undefined || context.brokers.get(id)?.epoch !== stat.czxid) return false;
    if (!channels.isIdle(id) || !this.#knowsAll()) return false;
    return true;
  }

  isDeleted(topicId: TopicId): boolean {
    const term = this.#term;
    if (term === undefined || term.core.context.topicNames.has(topicId)) return false;
    const { tree } = this;
    for (const name of tree.children(under(PATHS.topics)) ?? []) {
      const found = tree.data(under(topicPath(name)));
      if (found !== undefined && decodeTopicAssignment(found.data).topicId === topicId) return false;
    }
    return this.processes.filter(({ gone }) => !gone).every(({ id }) => this.hasConfirmed(id));
  }

  /** Does the controller know of all brokers, topics and states that the znodes have? */
  #knowsAll(): boolean {
    const context = this.#term?.core.context;
    const { tree } = this;
    const ids = tree.children(under(PATHS.brokerIds)) ?? [];
    const topics = tree.children(under(PATHS.topics)) ?? [];
    const doomed = tree.children(under(PATHS.deleteTopics)) ?? [];
    if (context === undefined || ids.length !== context.brokers.size || topics.length !== context.topics.size)
      return false;
    if (doomed.length > 0 && doomed.some((name) => !context.doomed.has(name))) return false;
    for (const topic of context.topics.values()) {
      for (const { index, leadership } of topic.partitions.values()) {
        const version = tree.stat(under(partitionStatePath(topic.name, index)))?.version;
        if (version !== leadership?.partitionEpoch) return false;
      }
    }
    return true;
  }

  /** The term of the one process that governs; undefined while none does, or two think so. */
  get #term(): NonNullable<Controller['term']> | undefined {
    const terms = this.processes.flatMap(({ plane, gone, silent }) => {
      const { controller } = plane;
      return !gone && !silent && controller instanceof Controller && controller.term !== undefined
        ? [controller.term]
        : [];
    });
    return terms.length === 1 ? terms[0] : undefined;
  }

  #contacts({ name }: Process): readonly string[] {
    return [...this.hosts, ...this.processes.filter((one) => one.name !== name && !one.gone).map((one) => one.name)];
  }

  #expire({ plane }: Process): void {
    const sessionId = plane.session?.sessionId;
    if (sessionId !== undefined && sessionId !== 0n) this.expire(sessionId);
  }

  #losesReply(apiKey: number): boolean {
    if (this.#repliesToLose === 0 || !COMMANDS.has(apiKey)) return false;
    this.#repliesToLose -= 1;
    return true;
  }
}

/** Brokers at servers over ZAB, each on a host of its own. */
class EnsembleSubject extends ZooKeeperSubject {
  readonly #hosts: readonly string[];
  #nodes: readonly EnsembleNode[] = [];

  constructor(world: MemoryWorld, servers: number) {
    super(world);
    this.#hosts = Array.from({ length: servers }, (_, index) => `${ENSEMBLE}-${index + 1}`);
  }

  override async start(): Promise<void> {
    const servers = this.#hosts.map((host, index) => ({
      id: index + 1,
      addresses: [{ host, quorumPort: 2888, electionPort: 3888 }],
      role: 'participant' as const,
      client: null,
    }));
    this.#nodes = await Promise.all(
      this.#hosts.map(async (host, index) => {
        const { ports } = this.world.addHost(host);
        const node = await EnsembleNode.start({
          ports,
          ensemble: { id: index + 1, servers, tickMs: TICK_MS, initLimit: 10, syncLimit: 5 },
          storage: storageOptions({ dataDir: '/zookeeper', preAllocBytes: LOG_PADDING_BYTES }),
          onFailure: (error) => void Promise.reject(error),
        });
        const isServing = (): boolean => node.isServing;
        const at = { host, port: ENSEMBLE_PORT, connectionsPerHostMax: 0 };
        await new ClientListener(node.server, { ...at, isServing, ports }).open(ports.network);
        return node;
      }),
    );
  }

  protected override get hosts(): readonly string[] {
    return this.#hosts;
  }

  protected override get tree(): DataTree {
    const servers = this.#nodes.map(({ server }) => server);
    return servers.reduce((newest, server) => (server.lastZxid > newest.lastZxid ? server : newest)).tree;
  }

  /** By its leader, as soon as there is one. */
  protected override expire(sessionId: bigint): void {
    const leader = this.#leader;
    const request = { type: CLOSE_SESSION } as const;
    if (leader !== undefined) leader.submit({ sessionId, cxid: 0, request, ids: [], owner: null });
    else this.ports.timers.set(TICK_MS, () => this.expire(sessionId));
  }

  protected override touch(sessionId: bigint): void {
    this.#leader?.touch(sessionId);
  }

  get #leader(): EnsembleNode | undefined {
    return this.#nodes.find(({ leading }) => leading !== null);
  }
}

/** A plane with the listener that a broker would have. */
class ServedPlane extends ZooKeeperPlane {
  readonly #server: PlaneServer;
  readonly #name: string;
  #serving: Promise<void> | undefined;
  onClose: () => void = () => {};

  constructor(
    config: ConstructorParameters<typeof ZooKeeperPlane>[0],
    ports: ConstructorParameters<typeof ZooKeeperPlane>[1],
    name: string,
  ) {
    super(config, ports);
    this.#server = new PlaneServer(this, ports);
    this.#name = name;
  }

  override async enlist(registration: Parameters<ZooKeeperPlane['enlist']>[0]): Promise<void> {
    this.#serving ??= this.#server.open(this.#name, 9092);
    await this.#serving;
    await super.enlist(registration);
  }

  override async close(): Promise<void> {
    this.onClose();
    await super.close();
    if (this.#serving !== undefined) await this.#server.close();
  }
}

/** Where a path of the cluster lies in the ensemble. */
function under(path: string): string {
  return `/kafka${path}`;
}
