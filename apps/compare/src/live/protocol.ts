/**
 * What the page is told, and what it asks for: plain JSON in both directions. Imports nothing, for the page imports it.
 */

/** The two ways to govern a cluster, in the order in which the page shows them. */
export type LiveMode = 'zookeeper' | 'kraft';

/** Both modes, in the order in which the page shows them. */
export const MODES: readonly LiveMode[] = ['zookeeper', 'kraft'];

/** What a node is for. */
export type LiveRole = 'broker' | 'controller' | 'zookeeper';

/** Milliseconds on the one clock of both clusters: since the page's server started. */
export type ClockMs = number;

/** How a voter stands, as it sees that itself. */
export interface LiveStanding {
  readonly role: string;
  readonly epoch: number;
  /** −1 while it knows of no leader. */
  readonly leader: number;
  /** End of its log, as its mode writes it: an offset, or a zxid. */
  readonly logEnd: string;
  readonly committed: string;
}

/** One node. */
export interface LiveNode {
  readonly id: number;
  readonly role: LiveRole;
  readonly state: 'running' | 'paused' | 'stopped';
  /** No other node of its cluster can reach it. */
  readonly cutOff: boolean;
  readonly address: string;
  /** Of voters that run. */
  readonly standing: LiveStanding | null;
  /** The epoch in which it takes itself for the active controller. */
  readonly controllerEpoch: number | null;
  /** What it took itself for when it was last heard, while it is paused: a zombie to be. */
  readonly lastControllerEpoch: number | null;
  /** Of brokers: whether the controller lets it lead partitions; null where nobody knows it. */
  readonly registered: boolean | null;
  /** Of brokers that run: partitions of which its view is older than another broker's. */
  readonly stalePartitions: number | null;
}

/** A replica of a partition on a broker that runs. */
export interface LiveReplica {
  readonly id: number;
  readonly endOffset: number;
  readonly highWatermark: number;
  /** Records that it lacks, against the leader's log. */
  readonly lag: number;
}

/** One partition, as the broker with the newest view of it sees it. */
export interface LivePartition {
  readonly topic: string;
  readonly partition: number;
  /** −1 while nobody leads. */
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly logs: readonly LiveReplica[];
}

/** Who governs, and what that hangs on. */
export interface LiveGovernment {
  /** The one with the newest epoch among those that take themselves for it. */
  readonly controller: { readonly id: number; readonly epoch: number } | null;
  /** The leader that a majority of voters follow. */
  readonly quorumLeader: { readonly id: number; readonly epoch: number } | null;
  readonly voters: number;
  /** Voters that run and are reached by the others. */
  readonly votersUp: number;
  readonly majority: number;
}

/** One cluster at one moment. */
export interface LiveCluster {
  readonly mode: LiveMode;
  readonly bootstrap: string;
  readonly zookeeperConnect: string | null;
  readonly nodes: readonly LiveNode[];
  readonly partitions: readonly LivePartition[];
  /** Partitions that are there and not shown. */
  readonly partitionsMore: number;
  readonly government: LiveGovernment;
}

/** Both clusters at one moment. */
export interface LiveState {
  readonly atMs: ClockMs;
  readonly clusters: Readonly<Record<LiveMode, LiveCluster>>;
}

/** What the workload saw of one cluster since the sample before. */
export interface LiveRates {
  /** Records per second that were acknowledged by all in-sync replicas, over the last second. */
  readonly produced: number;
  /** Records per second that were read, over the last second. */
  readonly consumed: number;
  /** Milliseconds from the send of a batch to its acknowledgement; null where none was acknowledged. */
  readonly latencyP50Ms: number | null;
  readonly latencyP99Ms: number | null;
  /** Milliseconds since the last acknowledgement, of the partition where that is longest ago. */
  readonly silentMs: number;
  /** The same of each partition of the workload. */
  readonly silentMsByPartition: readonly number[];
}

/** One point of the charts. */
export interface LiveSample {
  readonly atMs: ClockMs;
  readonly rates: Readonly<Record<LiveMode, LiveRates>>;
}

/** What kind of thing happened. */
export type LiveEventKind = 'message' | 'role' | 'controller' | 'metadata' | 'znode' | 'fault' | 'trouble';

/** Something that happened in one of the clusters. */
export interface LiveEvent {
  /** Rises by one from event to event. */
  readonly number: number;
  readonly atMs: ClockMs;
  readonly mode: LiveMode;
  readonly kind: LiveEventKind;
  /** Whose event it is; null where it is nobody's alone. */
  readonly node: number | null;
  /** What happened, in the field's words. */
  readonly title: string;
  readonly detail: string;
  /** Of messages: to whom, and when it arrived; null while it is under way or lost. */
  readonly to?: number;
  readonly arrivedMs?: ClockMs | null;
}

/** A message that was under way has arrived. */
export interface LiveArrival {
  readonly number: number;
  readonly arrivedMs: ClockMs;
}

/** A znode of the brokers' ensemble. */
export interface LiveZnode {
  readonly path: string;
  /** The beginning of its data, as text. */
  readonly data: string;
  readonly version: number;
  readonly ephemeral: boolean;
  readonly changedMs: ClockMs;
}

/** The record that an active controller writes for no other reason than to be heard of. */
export const HEARTBEAT_RECORD = 'NoOpRecord';

/** One record of the metadata log of KRaft mode. */
export interface LiveRecord {
  readonly offset: number;
  readonly epoch: number;
  readonly type: string;
  readonly content: string;
  readonly committedMs: ClockMs;
}

/** All there is, for a page that has just been opened. */
export interface LiveHello {
  readonly topic: string;
  readonly partitions: number;
  /** How long the start of both clusters took. */
  readonly startMs: number;
  /** Silence after which a broker is taken for dead, for each mode; null for Kafka's own defaults. */
  readonly detectionMs: Readonly<Record<LiveMode, number>>;
  readonly nowMs: ClockMs;
  readonly state: LiveState | null;
  readonly samples: readonly LiveSample[];
  readonly events: readonly LiveEvent[];
  readonly znodes: readonly LiveZnode[];
  readonly znodesMore: number;
  readonly records: readonly LiveRecord[];
}

/** What has happened since the last tick; the name of each part is that of {@link LiveHello}. */
export interface LiveTick {
  readonly nowMs: ClockMs;
  readonly state?: LiveState;
  readonly sample?: LiveSample;
  readonly events?: readonly LiveEvent[];
  readonly arrivals?: readonly LiveArrival[];
  /** The whole tree, after a change. */
  readonly znodes?: readonly LiveZnode[];
  readonly znodesMore?: number;
  readonly records?: readonly LiveRecord[];
}

/** Whom a command is about, in words that mean the same in both modes; partitions are those of the load's topic. */
export type LiveTarget =
  | { readonly kind: 'controller' }
  | { readonly kind: 'quorum-leader' }
  | { readonly kind: 'partition-leader'; readonly partition: number }
  | { readonly kind: 'broker'; readonly id: number }
  | { readonly kind: 'voter'; readonly index: number };

/** What the buttons ask for. `heal` needs no target: it undoes everything. */
export type LiveCommand =
  | {
      readonly action: 'kill' | 'pause' | 'cut' | 'restore';
      readonly target: LiveTarget;
      readonly modes: readonly LiveMode[];
    }
  | { readonly action: 'heal'; readonly modes: readonly LiveMode[] };

/** What came of a command in each mode: the node that it hit, or why it hit none. */
export type LiveOutcome = Readonly<
  Partial<Record<LiveMode, { readonly node: number | null } | { readonly refused: string }>>
>;

/** How much of everything is kept, here and in the page. */
export const LIMITS: Readonly<
  Record<
    | 'samples'
    | 'events'
    | 'records'
    | 'znodes'
    | 'partitions'
    | 'textLength'
    | 'viewers'
    | 'viewerBytes'
    | 'commandBytes',
    number
  >
> = {
  /** Five minutes, at four a second. */
  samples: 1_200,
  events: 1_000,
  records: 400,
  znodes: 400,
  partitions: 24,
  textLength: 300,
  viewers: 16,
  /** A page that takes no more than this is dropped, and comes back by itself. */
  viewerBytes: 4 << 20,
  commandBytes: 4_096,
};
