import type { LeaderEpoch, NodeId, PartitionEpoch } from '@biquorum/metadata';
import type { TopicIdPartition } from './replicas.ts';

/** A result, or the name of Kafka's error with a sentence that names the remedy. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: string; readonly message: string };

/** A leader's proposal for its partition. The epochs say which state it is based on (KIP-497). */
export interface IsrChange {
  readonly partition: TopicIdPartition;
  readonly leaderEpoch: LeaderEpoch;
  readonly partitionEpoch: PartitionEpoch;
  /** The proposed ISR with the broker epoch of each member as the leader saw it, −1 where it saw none (KIP-903). */
  readonly isr: readonly IsrMember[];
  /** Keeps true until the leader of an unclean election has confirmed its state (KIP-704). */
  readonly recovering: boolean;
}

/** A proposed member of an ISR. */
export interface IsrMember {
  readonly node: NodeId;
  readonly brokerEpoch: number;
}

/** The answer to one {@link IsrChange}: the state as committed, or Kafka's error. */
export type IsrOutcome =
  | {
      readonly ok: true;
      readonly leader: NodeId;
      readonly leaderEpoch: LeaderEpoch;
      readonly partitionEpoch: PartitionEpoch;
      readonly isr: readonly NodeId[];
      readonly recovering: boolean;
    }
  | { readonly ok: false; readonly error: string };

/** Producer ids `first` to `first + count − 1` that belong to this broker alone. */
export interface ProducerIdBlock {
  readonly first: number;
  readonly count: number;
}

/** A topic that a broker wants to exist. */
export interface TopicSpec {
  readonly name: string;
  /** −1 for `num.partitions`. */
  readonly partitions: number;
  /** −1 for `default.replication.factor`. */
  readonly replicationFactor: number;
  readonly configs: ReadonlyMap<string, string>;
}

/**
 * How a creation ended; `error` is `NONE` when it has made the topic. Who asks again after a lost reply may be told
 * `TOPIC_ALREADY_EXISTS` of a topic that the first try made.
 */
export interface TopicError {
  readonly name: string;
  readonly error: string;
  readonly message: string | null;
}

/** Where replicas lie, or what no longer works. */
export interface DirectoryReport {
  /** Ids of directories that failed. */
  readonly failed: readonly string[];
  /** Replicas by the id of the directory that holds them. */
  readonly placed: ReadonlyMap<string, readonly TopicIdPartition[]>;
}
