// Made by scripts/generate.ts from src/consumer-offsets/share-group-metadata.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { shareGroupMetadataKeyTable, shareGroupMetadataValueTable } from '../../consumer-offsets/share-group-metadata.ts';

/**
 * Key of a share group's epoch.
 *
 * Data, version 11.
 */
export interface ShareGroupMetadataKey {
  /** Id of the group. */
  readonly groupId: string;
}

/**
 * Epoch of a share group; rises with every change of members or topics.
 *
 * Data, version 0.
 */
export interface ShareGroupMetadataValue {
  /** Epoch; −1 for none. */
  readonly epoch: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link ShareGroupMetadataKey}. */
export const shareGroupMetadataKey: MessageCodec<ShareGroupMetadataKey> = /* @__PURE__ */ codec(shareGroupMetadataKeyTable);

/** Reads and writes {@link ShareGroupMetadataValue}. */
export const shareGroupMetadataValue: MessageCodec<ShareGroupMetadataValue> = /* @__PURE__ */ codec(shareGroupMetadataValueTable);
