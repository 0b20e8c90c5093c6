// Made by scripts/generate.ts from src/consumer-offsets/consumer-group-target-assignment-member.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { consumerGroupTargetAssignmentMemberKeyTable, consumerGroupTargetAssignmentMemberValueTable } from '../../consumer-offsets/consumer-group-target-assignment-member.ts';
import type { Uuid } from '../../uuid.ts';

/**
 * Key of the target assignment of a consumer group member.
 *
 * Data, version 7.
 */
export interface ConsumerGroupTargetAssignmentMemberKey {
  /** Id of the group. */
  readonly groupId: string;
  /** Id of the member. */
  readonly memberId: string;
}

/**
 * Partitions that a consumer group member is to own in the end.
 *
 * Data, version 0.
 */
export interface ConsumerGroupTargetAssignmentMemberValue {
  /** Partitions, by topic. */
  readonly topicPartitions: readonly ConsumerGroupTargetAssignmentMemberValueTopicPartition[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topicPartitions`. */
export interface ConsumerGroupTargetAssignmentMemberValueTopicPartition {
  /** Id of the topic; zero when unknown. */
  readonly topicId: Uuid;
  /** Partition numbers. */
  readonly partitions: readonly number[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link ConsumerGroupTargetAssignmentMemberKey}. */
export const consumerGroupTargetAssignmentMemberKey: MessageCodec<ConsumerGroupTargetAssignmentMemberKey> = /* @__PURE__ */ codec(consumerGroupTargetAssignmentMemberKeyTable);

/** Reads and writes {@link ConsumerGroupTargetAssignmentMemberValue}. */
export const consumerGroupTargetAssignmentMemberValue: MessageCodec<ConsumerGroupTargetAssignmentMemberValue> = /* @__PURE__ */ codec(consumerGroupTargetAssignmentMemberValueTable);
