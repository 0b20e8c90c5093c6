import type { GroupDescription } from '@biquorum/coordinators';
import type { ClusterView } from '@biquorum/metadata';
import { NetworkError, type Ports } from '@biquorum/platform';
import type { ClusterNode, NodeRole, NodeStatus, TopicInSync } from './cluster-node.ts';
import { type GatedPorts, gatePorts } from './gated-ports.ts';
import { type Inspection, inspect, type LogDescription, type QuorumStanding } from './inspection.ts';
import { linkNetwork } from './linked-network.ts';
import type { Links } from './links.ts';
import { NodeStartError } from './node-start-error.ts';
import type { RunningNode } from './running-node.ts';
import { untilIdIsFree } from './until-id-is-free.ts';

/** How a node of this process is made. */
export interface HostedNodeParts {
  readonly id: number;
  readonly role: NodeRole;
  readonly ports: Ports;
  /** Through which it reaches the other nodes. */
  readonly links: Links;
  /** Its properties, which outlive its runs. */
  readonly properties: Map<string, string>;
  /** Its id may still be held by an earlier life of it, before this process: it waits. False by default. */
  readonly hasLived?: boolean;
  /** Makes one run of it on ports of its own. */
  readonly create: (ports: Ports, properties: ReadonlyMap<string, string>) => Promise<RunningNode>;
}

/** How long a node waits for the port that it had. */
const PORT_WAIT_MS = 30_000;
const PORT_RETRY_MS = 50;

/** One node of a cluster in this process, behind a gate of its own. */
export class HostedNode implements ClusterNode {
  readonly id: number;
  readonly role: NodeRole;
  readonly #parts: HostedNodeParts;
  #run: { readonly running: RunningNode | undefined; readonly gated: GatedPorts } | undefined;
  #paused = false;
  #kills = 0;
  /** It has run before, on a port that clients know. */
  #hadPort = false;

  constructor(parts: HostedNodeParts) {
    this.#parts = parts;
    this.id = parts.id;
    this.role = parts.role;
  }

  /** Undefined while it does not run. */
  get running(): RunningNode | undefined {
    return this.#run?.running;
  }

  get status(): NodeStatus {
    return {
      role: this.role,
      id: this.id,
      address: this.running?.address ?? '',
      state: this.#run === undefined ? 'stopped' : this.#paused ? 'paused' : 'running',
    };
  }

  async leads(topic: string, partition: number): Promise<boolean> {
    const broker = this.running?.broker;
    if (broker === undefined || this.#paused) return false;
    const leadership = broker.core?.replicas.find(topic, partition)?.leadership;
    const known = broker.view.topics.get(topic);
    return leadership !== undefined && known?.leaderEpochOf(partition) === leadership.leaderEpoch;
  }

  async topicInSync(topic: string): Promise<TopicInSync | undefined> {
    const broker = this.running?.broker;
    const known = broker?.view.topics.get(topic);
    if (broker === undefined || known === undefined || this.#paused) return undefined;
    const partitions: number[] = [];
    for (let partition = 0; partition < known.partitionCount; partition++) {
      const leadership = broker.core?.replicas.find(topic, partition)?.leadership;
      if (leadership === undefined || known.leaderEpochOf(partition) !== leadership.leaderEpoch) continue;
      if (leadership.isr.length === leadership.replicas.length) partitions.push(partition);
    }
    return { partitionCount: known.partitionCount, partitions };
  }

  async view(): Promise<ClusterView | undefined> {
    return this.#inspection?.view();
  }

  async log(topic: string, partition: number): Promise<LogDescription | undefined> {
    return this.#inspection?.log(topic, partition);
  }

  async group(groupId: string): Promise<GroupDescription | undefined> {
    return this.#inspection?.group(groupId);
  }

  async quorum(): Promise<QuorumStanding | undefined> {
    return this.#inspection?.quorum();
  }

  async activeEpoch(): Promise<number | undefined> {
    return this.#paused ? undefined : this.running?.activeEpoch;
  }

  async start(): Promise<void> {
    const { clock, timers } = this.#parts.ports;
    const deadline = clock.monotonicMs() + PORT_WAIT_MS;
    const kills = this.#kills;
    const start = (): Promise<void> => {
      if (this.#kills === kills) return this.#startOnce();
      throw new NodeStartError(`${this.role} ${this.id} was killed before it served`, 'interrupted');
    };
    for (;;) {
      try {
        return await untilIdIsFree(this.#parts.ports, this.#hadPort || (this.#parts.hasLived ?? false), start);
      } catch (error) {
        // The port of a node that was away is anybody's: the system may have given it to an outgoing connection, even
        // to one that a client made to this very node. Such a connection does not last.
        const isTaken = error instanceof NetworkError && error.code === 'address-in-use';
        if (!isTaken || !this.#hadPort || clock.monotonicMs() >= deadline) throw error;
      }
      await new Promise<void>((resolve) => {
        timers.set(PORT_RETRY_MS, resolve);
      });
    }
  }

  async #startOnce(): Promise<void> {
    if (this.#run !== undefined) return;
    const gated = gatePorts(this.#ownPorts());
    this.#run = { running: undefined, gated };
    this.#paused = false;
    try {
      const running = await this.#parts.create(gated.ports, this.#parts.properties);
      this.#run = { running, gated };
      await running.start();
    } catch (error) {
      this.#run = undefined;
      await gated.kill();
      throw error;
    }
    this.#keepPort();
  }

  async stop(): Promise<void> {
    this.resume();
    const run = this.#run;
    this.#run = undefined;
    await run?.running?.stop();
  }

  async kill(): Promise<void> {
    const run = this.#run;
    this.#run = undefined;
    this.#paused = false;
    this.#kills += 1;
    await run?.gated.kill();
  }

  pause(): void {
    this.#run?.gated.pause();
    this.#paused = this.#run !== undefined;
  }

  resume(): void {
    this.#paused = false;
    this.#run?.gated.resume();
  }

  get #inspection(): Inspection | undefined {
    const running = this.#paused ? undefined : this.running;
    return running && inspect(running);
  }

  /** Links that can be cut; events say whose they are. */
  #ownPorts(): Ports {
    const { id, ports, links } = this.#parts;
    return {
      ...ports,
      network: linkNetwork(ports.network, links, id, ports.timers),
      telemetry: ports.telemetry.child({ node: id }),
    };
  }

  /** A broker that comes back is found where clients know it. */
  #keepPort(): void {
    // Servers of an ensemble were given theirs.
    if (this.role === 'zookeeper') this.#hadPort = true;
    const [endpoint] = this.running?.broker?.endpoints ?? [];
    if (endpoint === undefined) return;
    this.#parts.properties.set('listeners', `PLAINTEXT://127.0.0.1:${endpoint.port}`);
    this.#hadPort = true;
  }
}
