// Made by scripts/generate.ts from src/consumer-offsets/consumer-group-partition-metadata.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { consumerGroupPartitionMetadataKeyTable, consumerGroupPartitionMetadataValueTable } from '../../consumer-offsets/consumer-group-partition-metadata.ts';
import type { Uuid } from '../../uuid.ts';

/**
 * Key of the partition counts that a consumer group's assignment was made for.
 *
 * Data, version 4.
 */
export interface ConsumerGroupPartitionMetadataKey {
  /** Id of the group. */
  readonly groupId: string;
}

/**
 * Partition counts and racks of the topics that a consumer group's assignment was made for.
 *
 * Data, version 0.
 */
export interface ConsumerGroupPartitionMetadataValue {
  /** The topics, one element each. */
  readonly topics: readonly ConsumerGroupPartitionMetadataValueTopicMetadata[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface ConsumerGroupPartitionMetadataValueTopicMetadata {
  /** Id of the topic; zero when unknown. */
  readonly topicId: Uuid;
  /** Name of the topic. */
  readonly topicName: string;
  /** Number of partitions; −1 for the broker’s default, or when replicas are given. */
  readonly numPartitions: number;
  /** Partitions and the racks of their replicas. */
  readonly partitionMetadata: readonly ConsumerGroupPartitionMetadataValuePartitionMetadata[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitionMetadata`. */
export interface ConsumerGroupPartitionMetadataValuePartitionMetadata {
  /** Partition number. */
  readonly partition: number;
  /** Racks that hold a replica. */
  readonly racks: readonly string[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link ConsumerGroupPartitionMetadataKey}. */
export const consumerGroupPartitionMetadataKey: MessageCodec<ConsumerGroupPartitionMetadataKey> = /* @__PURE__ */ codec(consumerGroupPartitionMetadataKeyTable);

/** Reads and writes {@link ConsumerGroupPartitionMetadataValue}. */
export const consumerGroupPartitionMetadataValue: MessageCodec<ConsumerGroupPartitionMetadataValue> = /* @__PURE__ */ codec(consumerGroupPartitionMetadataValueTable);
