// Made by scripts/generate.ts from src/consumer-offsets/offset-commit.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { offsetCommitKeyTable, offsetCommitValueTable } from '../../consumer-offsets/offset-commit.ts';

/**
 * Key of a stored offset, written in version 1.
 *
 * Data, versions 0–1.
 */
export interface OffsetCommitKey {
  /** Id of the group. */
  readonly group: string;
  /** Name of the topic. */
  readonly topic: string;
  /** Partition number. */
  readonly partition: number;
}

/**
 * A stored offset, written in version 3.
 *
 * Data, versions 0–4; flexible from 4.
 */
export interface OffsetCommitValue {
  /** Offset of the next record to read. */
  readonly offset: number;
  /** Leader epoch; −1 when unknown. Versions 3+, default −1. */
  readonly leaderEpoch: number;
  /** Text that the group keeps with the offset. */
  readonly metadata: string;
  /** When the offset was stored, in milliseconds since 1970. */
  readonly commitTimestamp: number;
  /**
   * When the offset may be dropped, in milliseconds since 1970; −1 for the broker’s retention. Version 1, default −1.
   */
  readonly expireTimestamp: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link OffsetCommitKey}. */
export const offsetCommitKey: MessageCodec<OffsetCommitKey> = /* @__PURE__ */ codec(offsetCommitKeyTable);

/** Reads and writes {@link OffsetCommitValue}. */
export const offsetCommitValue: MessageCodec<OffsetCommitValue> = /* @__PURE__ */ codec(offsetCommitValueTable);
