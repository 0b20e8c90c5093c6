// Made by scripts/generate.ts from src/consumer-offsets/consumer-group-current-member-assignment.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { consumerGroupCurrentMemberAssignmentKeyTable, consumerGroupCurrentMemberAssignmentValueTable } from '../../consumer-offsets/consumer-group-current-member-assignment.ts';
import type { Uuid } from '../../uuid.ts';

/**
 * Key of the current assignment of a consumer group member.
 *
 * Data, version 8.
 */
export interface ConsumerGroupCurrentMemberAssignmentKey {
  /** Id of the group. */
  readonly groupId: string;
  /** Id of the member. */
  readonly memberId: string;
}

/**
 * Partitions that a consumer group member owns now, and its way to the target.
 *
 * Data, version 0.
 */
export interface ConsumerGroupCurrentMemberAssignmentValue {
  /** Epoch of the member. */
  readonly memberEpoch: number;
  /** Epoch of the member before this one. */
  readonly previousMemberEpoch: number;
  /** State of the member: 0 stable, 1 must revoke, 2 waits for partitions of others, 127 unknown. */
  readonly state: number;
  /** Partitions that the member owns. */
  readonly assignedPartitions: readonly ConsumerGroupCurrentMemberAssignmentValueTopicPartitions[];
  /** Partitions that the member must give up first. */
  readonly partitionsPendingRevocation: readonly ConsumerGroupCurrentMemberAssignmentValueTopicPartitions[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `assignedPartitions`, or an element of `partitionsPendingRevocation`. */
export interface ConsumerGroupCurrentMemberAssignmentValueTopicPartitions {
  /** Id of the topic; zero when unknown. */
  readonly topicId: Uuid;
  /** Partition numbers. */
  readonly partitions: readonly number[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link ConsumerGroupCurrentMemberAssignmentKey}. */
export const consumerGroupCurrentMemberAssignmentKey: MessageCodec<ConsumerGroupCurrentMemberAssignmentKey> = /* @__PURE__ */ codec(consumerGroupCurrentMemberAssignmentKeyTable);

/** Reads and writes {@link ConsumerGroupCurrentMemberAssignmentValue}. */
export const consumerGroupCurrentMemberAssignmentValue: MessageCodec<ConsumerGroupCurrentMemberAssignmentValue> = /* @__PURE__ */ codec(consumerGroupCurrentMemberAssignmentValueTable);
