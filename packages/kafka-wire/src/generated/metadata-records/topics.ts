// Made by scripts/generate.ts from src/metadata-records/topics.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { partitionChangeRecordTable, partitionRecordTable, removeTopicRecordTable, topicRecordTable } from '../../metadata-records/topics.ts';
import type { Uuid } from '../../uuid.ts';

/**
 * A topic was created.
 *
 * Record type 2, version 0.
 */
export interface TopicRecord {
  /** Name of the topic. */
  readonly name: string;
  /** Id of the topic; zero when unknown. */
  readonly topicId: Uuid;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * A topic was deleted with all its partitions.
 *
 * Record type 9, version 0.
 */
export interface RemoveTopicRecord {
  /** Id of the topic; zero when unknown. */
  readonly topicId: Uuid;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * A partition was created, or is given in full.
 *
 * Record type 3, versions 0–2; all flexible.
 */
export interface PartitionRecord {
  /** Partition number. Default −1. */
  readonly partitionId: number;
  /** Id of the topic; zero when unknown. */
  readonly topicId: Uuid;
  /** All replicas, the preferred leader first. */
  readonly replicas: readonly number[];
  /** In-sync replicas. */
  readonly isr: readonly number[];
  /** Replicas that a reassignment is removing. */
  readonly removingReplicas: readonly number[];
  /** Replicas that a reassignment is adding. */
  readonly addingReplicas: readonly number[];
  /** Broker id of the leader; −1 for none. Default −1. */
  readonly leader: number;
  /** 1 while the leader recovers from an unclean election, else 0. Tag 0. */
  readonly leaderRecoveryState: number;
  /** Leader epoch; −1 when unknown. Default −1. */
  readonly leaderEpoch: number;
  /** Rises with every change of the partition’s state. Default −1. */
  readonly partitionEpoch: number;
  /** Log directory of each replica, in the order of `replicas`; zero when not assigned. Versions 1+. */
  readonly directories: readonly Uuid[];
  /** Replicas outside the in-sync set that hold all committed records; null when unknown. Version 2, tag 1. */
  readonly eligibleLeaderReplicas: readonly number[] | null;
  /** Replicas that last were eligible leaders; null when unknown. Version 2, tag 2. */
  readonly lastKnownElr: readonly number[] | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * Parts of a partition's state changed; what is absent stays as it was.
 *
 * Record type 5, versions 0–2; all flexible.
 */
export interface PartitionChangeRecord {
  /** Partition number. Default −1. */
  readonly partitionId: number;
  /** Id of the topic; zero when unknown. */
  readonly topicId: Uuid;
  /** In-sync replicas; null leaves them as they are. Tag 0. */
  readonly isr: readonly number[] | null;
  /** Broker id of the leader: −1 for none, −2 leaves it as it is. Tag 1, default −2. */
  readonly leader: number;
  /** All replicas, the preferred leader first; null leaves them as they are. Tag 2. */
  readonly replicas: readonly number[] | null;
  /** Replicas that a reassignment is removing; null leaves them as they are. Tag 3. */
  readonly removingReplicas: readonly number[] | null;
  /** Replicas that a reassignment is adding; null leaves them as they are. Tag 4. */
  readonly addingReplicas: readonly number[] | null;
  /** 1 while the leader recovers from an unclean election, 0 afterwards; −1 leaves it as it is. Tag 5, default −1. */
  readonly leaderRecoveryState: number;
  /** Log directory of each replica, in their order; null leaves them as they are. Versions 1+, tag 8. */
  readonly directories: readonly Uuid[] | null;
  /**
   * Replicas outside the in-sync set that hold all committed records; null leaves them as they are. Version 2, tag 6.
   */
  readonly eligibleLeaderReplicas: readonly number[] | null;
  /** Replicas that last were eligible leaders; null leaves them as they are. Version 2, tag 7. */
  readonly lastKnownElr: readonly number[] | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link TopicRecord}. */
export const topicRecord: MessageCodec<TopicRecord> = /* @__PURE__ */ codec(topicRecordTable);

/** Reads and writes {@link RemoveTopicRecord}. */
export const removeTopicRecord: MessageCodec<RemoveTopicRecord> = /* @__PURE__ */ codec(removeTopicRecordTable);

/** Reads and writes {@link PartitionRecord}. */
export const partitionRecord: MessageCodec<PartitionRecord> = /* @__PURE__ */ codec(partitionRecordTable);

/** Reads and writes {@link PartitionChangeRecord}. */
export const partitionChangeRecord: MessageCodec<PartitionChangeRecord> = /* @__PURE__ */ codec(partitionChangeRecordTable);
