import type { AppendRejection } from './rejection.ts';

/** What became of an append that was accepted. */
export interface Appended {
  readonly kind: 'appended';
  readonly firstOffset: number;
  readonly lastOffset: number;
  /** Bytes that were written, which may differ from those that came. */
  readonly byteLength: number;
  /** Largest timestamp of the records in ms; −1 if none has one. */
  readonly maxTimestamp: number;
  /** The broker's time in ms where it replaces the producer's; −1 where it does not. */
  readonly logAppendTimeMs: number;
  readonly logStartOffset: number;
  /** Set where `flush.messages` asks for it: resolves when the records are durable. */
  readonly flushed: Promise<void> | undefined;
}

/** The batch was in the log already: a producer has sent it again. Nothing was written. */
export interface Duplicate {
  readonly kind: 'duplicate';
  /** Offsets that the batch had got. */
  readonly firstOffset: number;
  readonly lastOffset: number;
  /** Largest timestamp of the batch as it was appended, in ms. */
  readonly logAppendTimeMs: number;
  readonly logStartOffset: number;
}

/** The outcome of an append as leader. */
export type LeaderAppendResult = Appended | Duplicate | AppendRejection;

/**
 * What a leader sent does not continue this replica's log. Nothing was written. After records were deleted at a leader,
 * its first batch can begin before its log does: an empty replica then starts anew at `firstOffset`.
 *
 * Source: `UnexpectedAppendOffsetException`, `OffsetsOutOfOrderException`.
 */
export interface UnexpectedOffset {
  readonly kind: 'unexpected-offset';
  /** Base offset of the first batch. */
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly expectedOffset: number;
  readonly message: string;
}

/** The outcome of an append as follower. */
export type FollowerAppendResult = Appended | UnexpectedOffset | AppendRejection;
