import { ReferenceCluster } from '@biquorum/control-plane/testing';
import type { GroupDescription } from '@biquorum/coordinators';
import type { Log } from '@biquorum/log';
import type { ClusterView, NodeId } from '@biquorum/metadata';
import { NO_LEADER } from '@biquorum/metadata';
import type { Ports, Telemetry } from '@biquorum/platform';
import { createNodePorts, makeTemporaryDirectory } from '@biquorum/platform/node';
import { BrokerNode } from './broker-node.ts';
import { referenceConfig } from './reference-config.ts';

/** How to start a cluster. */
export interface ClusterOptions {
  /** How many brokers; 3 by default. They are numbered from 1. */
  readonly brokers?: number;
  /** Port of the first broker, the next ones follow; by default the system chooses. */
  readonly port?: number;
  /** Where the brokers keep their data; by default a temporary directory that is removed at the end. */
  readonly dataDirectory?: string;
  /** Kafka's keys for all brokers, before our defaults for a cluster of this size. */
  readonly properties?: Readonly<Record<string, string>>;
  /** Where events go; nowhere by default. */
  readonly telemetry?: Telemetry;
}

/** Where a node can be found. */
export interface NodeStatus {
  readonly role: 'broker';
  readonly id: number;
  /** `host:port` of its first listener; empty while it does not run. */
  readonly address: string;
  readonly state: 'running' | 'paused' | 'stopped';
}

/** How long `until…` waits. */
const WAIT_MS = 30_000;
const LOOK_EVERY_MS = 5;

/**
 * Starts a cluster in this process and resolves when every broker serves clients. Between brokers there are only bytes
 * through ports; they share no object but the plane that governs them.
 *
 * ```ts
 * await using cluster = await startCluster({ brokers: 3 });
 * console.log(cluster.bootstrap);
 * ```
 *
 * @throws SettingsError, NetworkError or DiskError with the reason when a broker cannot start
 */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const size = options.brokers ?? 3;
  const root = options.dataDirectory ?? (await makeTemporaryDirectory('biquorum-'));
  const ports = createNodePorts(options.telemetry === undefined ? {} : { telemetry: options.telemetry });
  const cluster = new Cluster(ports, root, size, options);
  try {
    await cluster.startAll();
    return cluster;
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

/** Ports that end with the cluster; told without Node, so that its users need no types of Node. */
type ClusterPorts = Ports & { close(): Promise<void> };

/** A running cluster; `await using` stops it. */
export class Cluster implements AsyncDisposable {
  readonly #ports: ClusterPorts;
  readonly #root: string;
  readonly #ownsRoot: boolean;
  readonly #reference: ReferenceCluster;
  readonly #nodes: Map<number, BrokerNode> = new Map();
  #stopped: Promise<void> | undefined;

  /** Made by {@link startCluster}. */
  constructor(ports: ClusterPorts, root: string, size: number, options: ClusterOptions) {
    this.#ports = ports;
    this.#root = root;
    this.#ownsRoot = options.dataDirectory === undefined;
    const given = new Map(Object.entries(options.properties ?? {}));
    const replicas = String(Math.min(3, size));
    this.#reference = new ReferenceCluster({
      clusterId: clusterIdOf(ports),
      ports,
      sessionTimeoutMs: Number(given.get('broker.session.timeout.ms') ?? 9_000),
      heartbeatIntervalMs: Number(given.get('broker.heartbeat.interval.ms') ?? 2_000),
      uncleanLeaderElection: given.get('unclean.leader.election.enable')?.trim().toLowerCase() === 'true',
    });
    for (let id = 1; id <= size; id++) {
      const properties = new Map([
        ['offsets.topic.replication.factor', replicas],
        ['group.initial.rebalance.delay.ms', '0'],
        ...given,
        ['node.id', String(id)],
        ['listeners', `PLAINTEXT://127.0.0.1:${options.port === undefined ? 0 : options.port + id - 1}`],
        ['log.dirs', `${root}/broker-${id}`],
      ]);
      const config = referenceConfig(properties, () => this.#reference.government.view);
      const plane = (nodePorts: Ports) => this.#reference.create(config, nodePorts);
      this.#nodes.set(id, new BrokerNode(id as NodeId, ports, properties, plane));
    }
  }

  /** Addresses for clients, `host:port,host:port`. */
  get bootstrap(): string {
    return this.nodes
      .filter((node) => node.address !== '')
      .map((node) => node.address)
      .join(',');
  }

  /** Every node, running or not. */
  get nodes(): readonly NodeStatus[] {
    return [...this.#nodes.values()].map((node) => node.status);
  }

  /** Starts every broker that does not run. */
  async startAll(): Promise<void> {
    await Promise.all([...this.#nodes.values()].map((node) => node.start()));
  }

  /** Stops a broker in order: its leaderships are handed over first. */
  stopBroker(id: number): Promise<void> {
    return this.#node(id).stop();
  }

  /** Ends a broker at once: sockets are reset, nothing is flushed, nobody is told. */
  kill(id: number): Promise<void> {
    return this.#node(id).kill();
  }

  /** Freezes a broker: no timers, bytes or completions reach it, its sockets stay open. */
  pause(id: number): void {
    this.#node(id).pause();
  }

  resume(id: number): void {
    this.#node(id).resume();
  }

  /** Starts a broker that was stopped or killed, on its data and its port; waits until its id is free. */
  restart(id: number): Promise<void> {
    return this.#node(id).start();
  }

  /** Removes what a stopped broker has on its disk. */
  async wipe(id: number): Promise<void> {
    await this.#ports.disk.removeTree(`${this.#root}/broker-${this.#node(id).id}`);
  }

  /** The cluster as a broker sees it; undefined while it does not run. */
  view(id: number): ClusterView | undefined {
    return this.#node(id).broker?.view;
  }

  /** A broker's log of a partition, if it has one. */
  log(id: number, topic: string, partition: number): Log | undefined {
    return this.#node(id).broker?.core?.logs.get({ topic, partition });
  }

  /** A consumer group, as its coordinator describes it; undefined while nobody coordinates it. */
  group(groupId: string): GroupDescription | undefined {
    for (const { broker } of this.#nodes.values()) {
      const coordinator = broker?.core?.groups.of(groupId);
      if (coordinator !== undefined) return coordinator.describe(groupId);
    }
    return undefined;
  }

  /** Resolves with the broker that leads a partition and serves as its leader. */
  async untilLeader(topic: string, partition: number): Promise<number> {
    let leader: number | undefined;
    await this.until(`a leader of ${topic}-${partition}`, () => {
      leader = [...this.#nodes.values()].find((node) => node.leads(topic, partition))?.id;
      return leader !== undefined;
    });
    return leader ?? NO_LEADER;
  }

  /** Resolves when every replica of every partition of a topic is in sync, as its leader sees it. */
  async untilInSync(topic: string): Promise<void> {
    await this.until(`all replicas of ${topic} in sync`, () => {
      const known = [...this.#nodes.values()]
        .map((node) => node.broker?.view.topics.get(topic))
        .find((it) => it !== undefined);
      if (known === undefined) return false;
      for (let partition = 0; partition < known.partitionCount; partition++) {
        const leader = [...this.#nodes.values()].find((node) => node.leads(topic, partition));
        const leadership = leader?.broker?.core?.replicas.find(topic, partition)?.leadership;
        if (leadership === undefined || leadership.isr.length !== leadership.replicas.length) return false;
      }
      return true;
    });
  }

  /** Resolves when the condition holds; it is looked at every few milliseconds. @throws Error when it does not for long */
  async until(what: string, condition: () => boolean): Promise<void> {
    const deadline = this.#ports.clock.monotonicMs() + WAIT_MS;
    while (!condition()) {
      if (this.#ports.clock.monotonicMs() > deadline) throw new Error(`${what}: not within ${WAIT_MS} ms`);
      await new Promise<void>((resolve) => {
        this.#ports.timers.set(LOOK_EVERY_MS, resolve);
      });
    }
  }

  /** Stops every broker in order, and removes temporary data. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stopAll();
    return this.#stopped;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #stopAll(): Promise<void> {
    await Promise.all([...this.#nodes.values()].map((node) => node.stop()));
    this.#reference.close();
    if (this.#ownsRoot) await this.#ports.disk.removeTree(this.#root);
    await this.#ports.close();
  }

  #node(id: number): BrokerNode {
    const node = this.#nodes.get(id);
    if (node === undefined)
      throw new RangeError(`there is no broker ${id}; there are ${[...this.#nodes.keys()].join(', ')}`);
    return node;
  }
}

/** A random cluster id of Kafka's form. */
function clusterIdOf({ random }: Ports): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return Array.from(
    { length: 22 },
    (_, index) => alphabet[random.uint32() % (index === 21 ? 4 : index === 0 ? 26 : 64)],
  ).join('');
}
