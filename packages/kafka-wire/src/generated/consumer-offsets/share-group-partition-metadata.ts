// Made by scripts/generate.ts from src/consumer-offsets/share-group-partition-metadata.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { shareGroupPartitionMetadataKeyTable, shareGroupPartitionMetadataValueTable } from '../../consumer-offsets/share-group-partition-metadata.ts';
import type { Uuid } from '../../uuid.ts';

/**
 * Key of the share partitions that a share group has created or is deleting.
 *
 * Data, version 9.
 */
export interface ShareGroupPartitionMetadataKey {
  /** Id of the group. */
  readonly groupId: string;
}

/**
 * Share partitions whose state was created, and topics whose state is being deleted.
 *
 * Data, version 0.
 */
export interface ShareGroupPartitionMetadataValue {
  /** Share partitions whose state was created. */
  readonly initializedTopics: readonly ShareGroupPartitionMetadataValueTopicPartitionsInfo[];
  /** Topics whose share state is being deleted. */
  readonly deletingTopics: readonly ShareGroupPartitionMetadataValueTopicInfo[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `initializedTopics`. */
export interface ShareGroupPartitionMetadataValueTopicPartitionsInfo {
  /** Id of the topic; zero when unknown. */
  readonly topicId: Uuid;
  /** Name of the topic. */
  readonly topicName: string;
  /** Partition numbers. */
  readonly partitions: readonly number[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `deletingTopics`. */
export interface ShareGroupPartitionMetadataValueTopicInfo {
  /** Id of the topic; zero when unknown. */
  readonly topicId: Uuid;
  /** Name of the topic. */
  readonly topicName: string;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link ShareGroupPartitionMetadataKey}. */
export const shareGroupPartitionMetadataKey: MessageCodec<ShareGroupPartitionMetadataKey> = /* @__PURE__ */ codec(shareGroupPartitionMetadataKeyTable);

/** Reads and writes {@link ShareGroupPartitionMetadataValue}. */
export const shareGroupPartitionMetadataValue: MessageCodec<ShareGroupPartitionMetadataValue> = /* @__PURE__ */ codec(shareGroupPartitionMetadataValueTable);
