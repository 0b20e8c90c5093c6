// Made by scripts/generate.ts from src/consumer-offsets/consumer-group-metadata.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { consumerGroupMetadataKeyTable, consumerGroupMetadataValueTable } from '../../consumer-offsets/consumer-group-metadata.ts';

/**
 * Key of a consumer group's epoch.
 *
 * Data, version 3.
 */
export interface ConsumerGroupMetadataKey {
  /** Id of the group. */
  readonly groupId: string;
}

/**
 * Epoch of a consumer group; rises with every change of members or topics.
 *
 * Data, version 0.
 */
export interface ConsumerGroupMetadataValue {
  /** Epoch; −1 for none. */
  readonly epoch: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link ConsumerGroupMetadataKey}. */
export const consumerGroupMetadataKey: MessageCodec<ConsumerGroupMetadataKey> = /* @__PURE__ */ codec(consumerGroupMetadataKeyTable);

/** Reads and writes {@link ConsumerGroupMetadataValue}. */
export const consumerGroupMetadataValue: MessageCodec<ConsumerGroupMetadataValue> = /* @__PURE__ */ codec(consumerGroupMetadataValueTable);
