// Made by scripts/generate.ts from src/consumer-offsets/consumer-group-target-assignment-metadata.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { consumerGroupTargetAssignmentMetadataKeyTable, consumerGroupTargetAssignmentMetadataValueTable } from '../../consumer-offsets/consumer-group-target-assignment-metadata.ts';

/**
 * Key of the epoch of a consumer group's target assignment.
 *
 * Data, version 6.
 */
export interface ConsumerGroupTargetAssignmentMetadataKey {
  /** Id of the group. */
  readonly groupId: string;
}

/**
 * The group epoch for which a consumer group's target assignment was made.
 *
 * Data, version 0.
 */
export interface ConsumerGroupTargetAssignmentMetadataValue {
  /** Group epoch for which the target assignment was made. */
  readonly assignmentEpoch: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link ConsumerGroupTargetAssignmentMetadataKey}. */
export const consumerGroupTargetAssignmentMetadataKey: MessageCodec<ConsumerGroupTargetAssignmentMetadataKey> = /* @__PURE__ */ codec(consumerGroupTargetAssignmentMetadataKeyTable);

/** Reads and writes {@link ConsumerGroupTargetAssignmentMetadataValue}. */
export const consumerGroupTargetAssignmentMetadataValue: MessageCodec<ConsumerGroupTargetAssignmentMetadataValue> = /* @__PURE__ */ codec(consumerGroupTargetAssignmentMetadataValueTable);
