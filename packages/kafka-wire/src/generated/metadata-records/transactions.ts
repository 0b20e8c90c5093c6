// Made by scripts/generate.ts from src/metadata-records/transactions.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { abortTransactionRecordTable, beginTransactionRecordTable, endTransactionRecordTable } from '../../metadata-records/transactions.ts';

/**
 * Opens a group of records that take effect together.
 *
 * Record type 23, version 0.
 */
export interface BeginTransactionRecord {
  /** What the group of records is about; null when not said. Tag 0. */
  readonly name: string | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * Closes a group of records, which takes effect.
 *
 * Record type 24, version 0.
 */
export interface EndTransactionRecord {
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * Closes a group of records, none of which takes effect.
 *
 * Record type 25, version 0.
 */
export interface AbortTransactionRecord {
  /** Why; null when not said. Tag 0. */
  readonly reason: string | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link BeginTransactionRecord}. */
export const beginTransactionRecord: MessageCodec<BeginTransactionRecord> = /* @__PURE__ */ codec(beginTransactionRecordTable);

/** Reads and writes {@link EndTransactionRecord}. */
export const endTransactionRecord: MessageCodec<EndTransactionRecord> = /* @__PURE__ */ codec(endTransactionRecordTable);

/** Reads and writes {@link AbortTransactionRecord}. */
export const abortTransactionRecord: MessageCodec<AbortTransactionRecord> = /* @__PURE__ */ codec(abortTransactionRecordTable);
