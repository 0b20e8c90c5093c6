import type { RunningNode } from '@biquorum/cluster';
import type { ConfigResource } from '@biquorum/metadata';
import type { Ports } from '@biquorum/platform';
import type { MemoryWorld } from '@biquorum/platform/testing';
import type { Prng } from '@biquorum/std';
import type { ClusterFamily } from './families.ts';
import type { PlannedNode } from './plan.ts';
import type { SimulatedNode } from './simulated-node.ts';
import type { Verdict } from './verdict.ts';

/** A mode in which clusters are simulated: all that differs between the modes. */
export interface ClusterKind {
  readonly name: string;
  /** What can befall such a cluster. */
  readonly families: readonly ClusterFamily[];
  /** Draws how the cluster is made. */
  plan(prng: Prng, families: ReadonlySet<ClusterFamily>): readonly PlannedNode[];
  /** @see ClusterHabits.excuses */
  readonly excuses: (code: number, message: string | null) => boolean;
  /** Whether a broker that is started again may lead on in the epoch in which it led. */
  readonly leadersReturn: boolean;
  /** What governs the cluster of one run. */
  govern(parts: GovernmentParts): Government;
}

/** What a government is made from. */
export interface GovernmentParts {
  readonly world: MemoryWorld;
  readonly prng: Prng;
  readonly families: ReadonlySet<ClusterFamily>;
  readonly verdict: Verdict;
  readonly tell: (what: string) => void;
}

/** How one simulated cluster is governed: makes its nodes, knows what is decided, and looks that this holds together. */
export interface Government {
  /** Hosts beside those of nodes and clients. */
  readonly hosts: readonly string[];
  /** Makes what production runs for such a node; nothing of it runs yet. */
  makeNode(plan: PlannedNode, ports: Ports, onHalt: (reason: string) => void): Promise<RunningNode>;
  /** What is decided by now; undefined while nobody governs. @param active the node that governs, as it sees itself */
  decided(active: SimulatedNode | undefined): DecidedCluster | undefined;
  /** Why what nodes see is not what is decided, or why more will be decided soon; null once all is quiet. */
  unrest(nodes: readonly SimulatedNode[]): string | null;
  /** Looks at nodes that have begun to run, and at what they have come to know. */
  look(nodes: readonly SimulatedNode[]): void;
  /** A fault that other modes do not know befalls the cluster. @returns how it ends; null when it has no duration */
  befall(family: ClusterFamily, prng: Prng): (() => void) | null;
  /** How often what one node knows was compared with what is known otherwise. */
  readonly compared: number;
}

/** What a cluster has decided. A broker's view of KRaft mode is one; in ZooKeeper mode the znodes are. */
export interface DecidedCluster {
  readonly brokers: { values(): Iterable<DecidedBroker> };
  readonly topics: { values(): Iterable<DecidedTopic> };
  /** What was set for a resource. */
  configOf(resource: ConfigResource): ReadonlyMap<string, string>;
}

/** A broker that is known. */
export interface DecidedBroker {
  readonly id: number;
  readonly fenced: boolean;
  readonly shuttingDown: boolean;
}

/** A topic, and what is decided of its partitions. */
export interface DecidedTopic {
  readonly name: string;
  readonly id: string;
  readonly partitionCount: number;
  partition(index: number): DecidedPartition | undefined;
}

/** What is decided of a partition. */
export interface DecidedPartition {
  /** −1 while nobody leads. */
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly adding: readonly number[];
  readonly removing: readonly number[];
}
