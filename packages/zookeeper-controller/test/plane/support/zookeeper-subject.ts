import { type BootedPlane, type Implementation, lossyNetwork, type Subject } from '@biquorum/control-plane/testing';
import { brokerIdPath, decodeTopicAssignment, PATHS, partitionStatePath, topicPath } from '@biquorum/kafka-znodes';
import type { NodeId, TopicId } from '@biquorum/metadata';
import { type MemoryHost, MemoryWorld } from '@biquorum/platform/testing';
import { ClientListener, StandaloneServer } from '@biquorum/zookeeper';
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
export function zooKeeperOf(seed: number): Implementation {
  return {
    name: `ZooKeeper mode, seed ${seed}`,
    async use(body) {
      const world = new MemoryWorld({ seed });
      const subject = new ZooKeeperSubject(world);
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
  readonly #world: MemoryWorld;
  #lost = false;
  #repliesToLose = 0;

  constructor(world: MemoryWorld) {
    this.#world = world;
    this.ports = world.addHost('observer').ports;
    const { ports } = world.addHost(ENSEMBLE);
    this.ensemble = new StandaloneServer({ clock: ports.clock, tickMs: TICK_MS });
  }

  async start(): Promise<void> {
    const { ports } = this.#world.host(ENSEMBLE);
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

  boot(id: NodeId): BootedPlane {
    const name = `broker-${id}-process-${this.processes.length}`;
    const host = this.#world.addHost(name);
    const network = lossyNetwork(host.ports.network, (apiKey) => this.#losesReply(apiKey), ENSEMBLE_PORT);
    const ports = { ...host.ports, network };
    const config = {
      session: { connect: `${ENSEMBLE}:${ENSEMBLE_PORT}/kafka`, sessionTimeoutMs: SESSION_MS, inFlightMax: 10 },
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
          this.#world.network.cut(name, other);
          this.#world.network.cut(other, name);
          this.#world.network.reset(name, other);
        }
      },
      hear: () => {
        process.silent = false;
        for (const other of this.#contacts(process)) {
          this.#world.network.heal(name, other);
          this.#world.network.heal(other, name);
        }
      },
      expire: () => this.#expire(process),
    };
  }

  /** The ensemble has no leader: it serves nobody, and no session ends. */
  loseController(): void {
    this.#lost = true;
    this.#world.host(ENSEMBLE).pause();
  }

  /** A new leader gives every session its whole time again. */
  restoreController(): void {
    this.#world.host(ENSEMBLE).resume();
    for (const { plane } of this.processes) {
      const sessionId = plane.session?.sessionId;
      if (sessionId !== undefined) this.ensemble.touch(sessionId);
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
    const { tree } = this.ensemble.server;
    const stat = tree.stat(under(brokerIdPath(id)));
    if (stat === undefined || context.brokers.get(id)?.epoch !== stat.czxid) return false;
    if (!channels.isIdle(id) || !this.#knowsAll()) return false;
    return true;
  }

  isDeleted(topicId: TopicId): boolean {
    const term = this.#term;
    if (term === undefined || term.core.context.topicNames.has(topicId)) return false;
    const { tree } = this.ensemble.server;
    for (const name of tree.children(under(PATHS.topics)) ?? []) {
      const found = tree.data(under(topicPath(name)));
      if (found !== undefined && decodeTopicAssignment(found.data).topicId === topicId) return false;
    }
    return this.processes.filter(({ gone }) => !gone).every(({ id }) => this.hasConfirmed(id));
  }

  /** Does the controller know of all brokers, topics and states that the znodes have? */
  #knowsAll(): boolean {
    const context = this.#term?.core.context;
    const { tree } = this.ensemble.server;
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
    return [ENSEMBLE, ...this.processes.filter((one) => one.name !== name && !one.gone).map((one) => one.name)];
  }

  #expire({ plane }: Process): void {
    const sessionId = plane.session?.sessionId;
    if (sessionId !== undefined && sessionId !== 0n) this.ensemble.expire(sessionId);
  }

  #losesReply(apiKey: number): boolean {
    if (this.#repliesToLose === 0 || !COMMANDS.has(apiKey)) return false;
    this.#repliesToLose -= 1;
    return true;
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
