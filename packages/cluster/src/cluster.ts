import type { GroupDescription } from '@biquorum/coordinators';
import type { ClusterView } from '@biquorum/metadata';
import type { Ports } from '@biquorum/platform';
import type { ClusterNode, NodeStatus } from './cluster-node.ts';
import type { LogDescription, QuorumStanding } from './inspection.ts';
import type { Links } from './links.ts';
import { type NodeProcess, ProcessNode } from './processes/process-node.ts';

/** How long `until…` waits. */
const WAIT_MS = 60_000;
const LOOK_EVERY_MS = 5;

/** Ports that end with the cluster; told without Node, so that its users need no types of Node. */
export type ClusterPorts = Ports & { close(): Promise<void> };

/** What a cluster is made of. */
export interface ClusterParts {
  readonly ports: ClusterPorts;
  readonly root: string;
  /** The data are removed at the end. */
  readonly ownsRoot: boolean;
  readonly mode: string;
  readonly nodes: readonly ClusterNode[];
  /** See {@link Cluster.zookeeperConnect}. */
  readonly zookeeperConnect?: string;
  /** Between the nodes; undefined where each has a process of its own. */
  readonly links: Links | undefined;
  /** Makes one more broker, which does not run. */
  readonly makeBroker: (id: number) => ClusterNode;
  /** Ends what the nodes share. */
  readonly close: () => void;
}

/** A running cluster; `await using` stops it. */
export class Cluster implements AsyncDisposable {
  /** Who governs it. */
  readonly mode: string;
  readonly #parts: ClusterParts;
  readonly #ports: ClusterPorts;
  readonly #nodes: Map<number, ClusterNode>;
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

  /** Where brokers find their ensemble in ZooKeeper mode, as `zookeeper.connect` says it; undefined in others. */
  get zookeeperConnect(): string | undefined {
    return this.#parts.zookeeperConnect;
  }

  /** Starts every node that does not run. */
  async startAll(): Promise<void> {
    const nodes = [...this.#nodes.values()];
    // Controllers and brokers wait for one another; nobody has to wait for an ensemble.
    await Promise.all(nodes.filter(({ role }) => role === 'zookeeper').map((node) => node.start()));
    await Promise.all(nodes.map((node) => node.start()));
  }

  /** Adds a broker under the next free id and starts it. It has no partitions until some are created or moved there. */
  async addBroker(): Promise<number> {
    const brokers = this.nodes.filter(({ role }) => role === 'broker');
    const id = Math.max(0, ...brokers.map((broker) => broker.id)) + 1;
    const node = this.#parts.makeBroker(id);
    this.#nodes.set(id, node);
    await node.start();
    return id;
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

  /** Ends every node at once, those too that are being started. */
  async killAll(): Promise<void> {
    await Promise.all([...this.#nodes.values()].map((node) => node.kill()));
  }

  /** Freezes a node, as SIGSTOP does: no timers, bytes or completions reach it, its sockets stay open. */
  pause(id: number): void {
    this.#node(id).pause();
  }

  resume(id: number): void {
    this.#node(id).resume();
  }

  /**
   * Cuts nodes off from all others of the cluster, as a network that splits: what goes over a cut link waits, and calls
   * are not answered. Among themselves they can still talk, and clients reach everybody. Several cuts add up.
   *
   * @throws Error where each node has a process of its own
   */
  cut(ids: Iterable<number>): void {
    const nodes = [...ids];
    for (const id of nodes) this.#node(id);
    this.#links.cut(nodes);
  }

  /** Undoes every cut; what waited arrives in order. @throws Error where each node has a process of its own */
  heal(): void {
    this.#links.heal();
  }

  /** The nodes that were cut off, ascending. */
  get cutOff(): readonly number[] {
    return this.#parts.links?.cutOff ?? [];
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

  /** The cluster as a broker sees it; undefined of one that does not run or is paused, and of controllers. */
  view(id: number): Promise<ClusterView | undefined> {
    return this.#node(id).view();
  }

  /** A broker's log of a partition, if the broker runs and has one. */
  log(id: number, topic: string, partition: number): Promise<LogDescription | undefined> {
    return this.#node(id).log(topic, partition);
  }

  /** A consumer group, as its coordinator describes it; undefined while nobody coordinates it. */
  async group(groupId: string): Promise<GroupDescription | undefined> {
    const told = await Promise.all([...this.#nodes.values()].map((node) => node.group(groupId)));
    return told.find((group) => group !== undefined);
  }

  /**
   * How a controller stands in its quorum, or a server in the cluster's own ensemble, as that node sees it; undefined of
   * brokers, of a server without others, and of a node that does not run or is paused.
   */
  quorum(id: number): Promise<QuorumStanding | undefined> {
    return this.#node(id).quorum();
  }

  /** The epoch in which a node is the active controller, as it sees that itself; undefined when it is not. */
  activeEpoch(id: number): Promise<number | undefined> {
    return this.#node(id).activeEpoch();
  }

  /** Resolves with the broker that leads a partition and serves as its leader. */
  async untilLeader(topic: string, partition: number): Promise<number> {
    return this.#untilOne(`a leader of ${topic}-${partition}`, (node) => node.leads(topic, partition));
  }

  /** Resolves with the controller that is active. */
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
    // Brokers hand over to controllers, or at an ensemble, that are still there.
    for (const role of ['broker', 'controller', 'zookeeper'] as const) {
      await Promise.all(nodes.filter((node) => node.role === role).map((node) => node.stop()));
    }
    this.#parts.close();
    if (this.#parts.ownsRoot) await this.#ports.disk.removeTree(this.#parts.root);
    await this.#ports.close();
  }

  get #links(): Links {
    const { links } = this.#parts;
    if (links !== undefined) return links;
    throw new Error('links between processes cannot be cut; start the cluster without `processes`');
  }

  #node(id: number): ClusterNode {
    const node = this.#nodes.get(id);
    if (node === undefined) {
      throw new RangeError(`there is no node ${id}; there are ${[...this.#nodes.keys()].join(', ')}`);
    }
    return node;
  }
}
