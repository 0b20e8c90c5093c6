import type { GroupDescription } from '@biquorum/coordinators';
import { randomUuid } from '@biquorum/kraft';
import type { Log } from '@biquorum/log';
import type { ClusterView } from '@biquorum/metadata';
import type { Ports, Telemetry } from '@biquorum/platform';
import { createNodePorts, makeTemporaryDirectory } from '@biquorum/platform/node';
import type { ClusterNode, NodeStatus } from './cluster-node.ts';
import { HostedNode } from './hosted-node.ts';
import { KRAFT_CONFIGS } from './kraft/kraft-configs.ts';
import { clusterIdOf, formatNode, type PlannedNode, planKraftNodes } from './kraft/kraft-mode.ts';
import { NodeServer } from './kraft/node-server.ts';
import { type NodeProcess, ProcessNode } from './processes/process-node.ts';
import { ReferenceMode } from './reference-mode.ts';
import { logFindings } from './review.ts';

/**
 * Who governs a cluster: `kraft` is a quorum of controllers; `reference` an in-memory government of one process, for
 * tests.
 */
export type ClusterMode = 'kraft' | 'reference';

/** How to start a cluster. */
export interface ClusterOptions {
  /** `reference` by default. */
  readonly mode?: ClusterMode;
  /** How many brokers; 3 by default. They are numbered from 1. */
  readonly brokers?: number;
  /** How many controllers; as many as brokers, but 3 at most, by default. They are numbered from 101. */
  readonly controllers?: number;
  /** A child process for each node, instead of all in this one; not in `reference` mode. They end with this process. */
  readonly processes?: boolean;
  /** Port of the first broker, the next ones follow; by default the system chooses. */
  readonly port?: number;
  /** Where the brokers keep their data; by default a temporary directory that is removed at the end. */
  readonly dataDirectory?: string;
  /** Kafka's keys for all brokers, before our defaults for a cluster of this size. */
  readonly properties?: Readonly<Record<string, string>>;
  /** Where events go; nowhere by default. */
  readonly telemetry?: Telemetry;
}

/** How long `until…` waits. */
const WAIT_MS = 30_000;
const LOOK_EVERY_MS = 5;

/**
 * Starts a cluster and resolves when every broker serves clients. Between nodes there are only bytes through ports, in
 * one process as in many; nothing in the cluster's API depends on the mode.
 *
 * ```ts
 * await using cluster = await startCluster({ mode: 'kraft', brokers: 3, controllers: 3 });
 * console.log(cluster.bootstrap);
 * ```
 *
 * @throws SettingsError, NetworkError or DiskError with the reason when a node cannot start
 */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const root = options.dataDirectory ?? (await makeTemporaryDirectory('biquorum-'));
  const ports = createNodePorts(options.telemetry === undefined ? {} : { telemetry: options.telemetry });
  const parts = await assemble(ports, root, options);
  const cluster = new Cluster({ ...parts, ports, root, ownsRoot: options.dataDirectory === undefined });
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

interface ClusterParts {
  readonly ports: ClusterPorts;
  readonly root: string;
  /** The data are removed at the end. */
  readonly ownsRoot: boolean;
  readonly mode: ClusterMode;
  readonly nodes: readonly ClusterNode[];
  /** Ends what the nodes share. */
  readonly close: () => void;
}

/** A running cluster; `await using` stops it. */
export class Cluster implements AsyncDisposable {
  readonly mode: ClusterMode;
  readonly #parts: ClusterParts;
  readonly #ports: ClusterPorts;
  readonly #nodes: ReadonlyMap<number, ClusterNode>;
  #stopped: Promise<void> | undefined;

  /** Made by {@link startCluster}. */
  constructor(parts: ClusterParts) {
    this.mode = parts.mode;
    this.#parts = parts;
    this.#ports = parts.ports;
    this.#nodes = new Map(parts.nodes.map((node) => [node.id, node]));
  }

  /** Addresses for clients, `host:port,host:port`. */
  get bootstrap(): string {
    return this.nodes
      .filter(({ role, address }) => role === 'broker' && address !== '')
      .map((node) => node.address)
      .join(',');
  }

  /** Every node, running or not. */
  get nodes(): readonly NodeStatus[] {
    return [...this.#nodes.values()].map((node) => node.status);
  }

  /** The nodes' processes, where each has one of its own. */
  get processes(): readonly NodeProcess[] {
    return [...this.#nodes.values()].flatMap((node) => (node instanceof ProcessNode ? node.process : []));
  }

  /** Starts every node that does not run. */
  async startAll(): Promise<void> {
    await Promise.all([...this.#nodes.values()].map((node) => node.start()));
  }

  /** Stops a broker in order: its leaderships are handed over first. */
  stopBroker(id: number): Promise<void> {
    return this.stopNode(id);
  }

  /** Stops a node in order: what it leads is handed over first. */
  stopNode(id: number): Promise<void> {
    return this.#node(id).stop();
  }

  /** Ends a node at once, as SIGKILL does: sockets are reset, nothing is flushed, nobody is told. */
  kill(id: number): Promise<void> {
    return this.#node(id).kill();
  }

  /** Freezes a node, as SIGSTOP does: no timers, bytes or completions reach it, its sockets stay open. */
  pause(id: number): void {
    this.#node(id).pause();
  }

  resume(id: number): void {
    this.#node(id).resume();
  }

  /** Starts a node that was stopped or killed, on its data and its port; waits until its id is free. */
  restart(id: number): Promise<void> {
    return this.#node(id).start();
  }

  /** Removes what a stopped node has on its disk. */
  async wipe(id: number): Promise<void> {
    const { role } = this.#node(id);
    await this.#ports.disk.removeTree(`${this.#parts.root}/${role}-${id}`);
  }

  /** The cluster as a broker sees it; undefined while it does not run, and where it runs in another process. */
  view(id: number): ClusterView | undefined {
    return this.#hosted(id)?.broker?.view;
  }

  /** A broker's log of a partition, if it has one in this process. */
  log(id: number, topic: string, partition: number): Log | undefined {
    return this.#hosted(id)?.broker?.core?.logs.get({ topic, partition });
  }

  /** A consumer group, as its coordinator describes it; undefined while nobody coordinates it in this process. */
  group(groupId: string): GroupDescription | undefined {
    for (const id of this.#nodes.keys()) {
      const coordinator = this.#hosted(id)?.broker?.core?.groups.of(groupId);
      if (coordinator !== undefined) return coordinator.describe(groupId);
    }
    return undefined;
  }

  /** Resolves with the broker that leads a partition and serves as its leader. */
  async untilLeader(topic: string, partition: number): Promise<number> {
    return this.#untilOne(`a leader of ${topic}-${partition}`, (node) => node.leads(topic, partition));
  }

  /** Resolves with the controller that is active; in `reference` mode no node is. */
  async untilController(): Promise<number> {
    return this.#untilOne('an active controller', async (node) => (await node.activeEpoch()) !== undefined);
  }

  /** Resolves when every replica of every partition of a topic is in sync, as its leader sees it. */
  async untilInSync(topic: string): Promise<void> {
    await this.until(`all replicas of ${topic} in sync`, async () => {
      const known = await Promise.all([...this.#nodes.values()].map((node) => node.topicInSync(topic)));
      const size = Math.max(-1, ...known.map((one) => one?.partitionCount ?? -1));
      const inSync = new Set(known.flatMap((one) => one?.partitions ?? []));
      return size > 0 && inSync.size === size;
    });
  }

  /** Resolves when the condition holds; it is looked at every few milliseconds. @throws Error when it does not for long */
  async until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
    const deadline = this.#ports.clock.monotonicMs() + WAIT_MS;
    while (!(await condition())) {
      if (this.#ports.clock.monotonicMs() > deadline) throw new Error(`${what}: not within ${WAIT_MS} ms`);
      await new Promise<void>((resolve) => {
        this.#ports.timers.set(LOOK_EVERY_MS, resolve);
      });
    }
  }

  /** Stops every node in order, brokers first, and removes temporary data. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stopAll();
    return this.#stopped;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #untilOne(what: string, isIt: (node: ClusterNode) => Promise<boolean>): Promise<number> {
    let found: number | undefined;
    await this.until(what, async () => {
      const nodes = [...this.#nodes.values()];
      const verdicts = await Promise.all(nodes.map(isIt));
      found = nodes[verdicts.indexOf(true)]?.id;
      return found !== undefined;
    });
    return found as number;
  }

  async #stopAll(): Promise<void> {
    const nodes = [...this.#nodes.values()];
    // Brokers hand over to controllers that are still there.
    for (const role of ['broker', 'controller'] as const) {
      await Promise.all(nodes.filter((node) => node.role === role).map((node) => node.stop()));
    }
    this.#parts.close();
    if (this.#parts.ownsRoot) await this.#ports.disk.removeTree(this.#parts.root);
    await this.#ports.close();
  }

  #hosted(id: number): HostedNode['running'] {
    const node = this.#node(id);
    return node instanceof HostedNode ? node.running : undefined;
  }

  #node(id: number): ClusterNode {
    const node = this.#nodes.get(id);
    if (node === undefined) {
      throw new RangeError(`there is no node ${id}; there are ${[...this.#nodes.keys()].join(', ')}`);
    }
    return node;
  }
}

/** Makes the nodes; none of them runs. */
async function assemble(
  ports: Ports,
  root: string,
  options: ClusterOptions,
): Promise<Pick<ClusterParts, 'mode' | 'nodes' | 'close'>> {
  const { mode = 'reference', brokers = 3, port } = options;
  const given = new Map([
    ['offsets.topic.replication.factor', String(Math.min(3, brokers))],
    ['group.initial.rebalance.delay.ms', '0'],
    ...Object.entries(options.properties ?? {}),
  ]);
  if (mode === 'kraft') {
    logFindings(ports.telemetry, given, options.dataDirectory, KRAFT_CONFIGS);
    const controllers = options.controllers ?? Math.min(3, brokers);
    const planned = await planKraftNodes(ports, { brokers, controllers, port, root, given });
    const clusterId = await clusterIdOf(ports, planned);
    const make = (node: PlannedNode): ClusterNode =>
      options.processes === true ? processNode(ports, node, clusterId) : hostedNode(ports, node, clusterId);
    return { mode, nodes: planned.map(make), close: () => {} };
  }
  const reference = new ReferenceMode(randomUuid(ports.random), ports, given);
  logFindings(ports.telemetry, given, options.dataDirectory, reference.configs);
  const nodes = Array.from({ length: brokers }, (_, index) => {
    const id = index + 1;
    const properties = new Map([
      ...given,
      ['node.id', String(id)],
      ['listeners', `PLAINTEXT://127.0.0.1:${port === undefined ? 0 : port + index}`],
      ['log.dirs', `${root}/broker-${id}`],
    ]);
    const create: ConstructorParameters<typeof HostedNode>[0]['create'] = (own, now) => reference.create(own, now);
    return new HostedNode({ id, role: 'broker', ports, properties, create });
  });
  return { mode, nodes, close: () => reference.close() };
}

function hostedNode(ports: Ports, node: PlannedNode, clusterId: string): HostedNode {
  const { id, role, properties } = node;
  return new HostedNode({
    id,
    role,
    ports,
    properties,
    create: async (own, now) => {
      await formatNode(own, node, clusterId);
      return NodeServer.create({ properties: now, ports: own });
    },
  });
}

function processNode(ports: Ports, node: PlannedNode, clusterId: string): ProcessNode {
  return new ProcessNode({ node, ports, prepare: () => formatNode(ports, node, clusterId) });
}
