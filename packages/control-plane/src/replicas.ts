import type { LeaderEpoch, NodeId, PartitionEpoch, TopicId } from '@biquorum/metadata';

/** A partition by name and by identity. */
export interface TopicIdPartition {
  readonly topic: string;
  readonly topicId: TopicId;
  readonly partition: number;
}

/**
 * What a local replica must become.
 *
 * A stale leader epoch is an outcome, not a failure of the call. An equal leader epoch with a larger partition epoch
 * only refreshes ISR and replicas.
 */
export interface ReplicaChange extends TopicIdPartition {
  /** `stop` keeps the log, `delete` renames it away. */
  readonly to: 'lead' | 'follow' | 'stop' | 'delete';
  /** The partition was just created: an absent log is expected. */
  readonly isNew: boolean;
  readonly leader: NodeId;
  readonly leaderEpoch: LeaderEpoch;
  readonly partitionEpoch: PartitionEpoch;
  readonly replicas: readonly NodeId[];
  readonly isr: readonly NodeId[];
  readonly adding: readonly NodeId[];
  readonly removing: readonly NodeId[];
  readonly recovering: boolean;
  /** The topic's dynamic configuration at this moment: a replica never starts without it. */
  readonly configs: ReadonlyMap<string, string>;
  /** Id of the directory that must hold the log; null lets the broker choose. */
  readonly directory: string | null;
}

/** How one {@link ReplicaChange} ended, in the order asked. `error` is `NONE` when roles are switched. */
export interface ReplicaOutcome {
  readonly partition: TopicIdPartition;
  readonly error:
    | 'NONE'
    | 'FENCED_LEADER_EPOCH'
    | 'STALE_CONTROLLER_EPOCH'
    | 'KAFKA_STORAGE_ERROR'
    | 'INCONSISTENT_TOPIC_ID'
    | 'UNKNOWN_TOPIC_OR_PARTITION';
}
