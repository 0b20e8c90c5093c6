import type { RecordBatch, TimestampType } from './batch.ts';
import { NO_TIMESTAMP } from './layout.ts';
import type { DecompressionOptions, RecordsFault } from './open-records.ts';
import { openRecords } from './open-records.ts';
import type { RecordCursor } from './record-cursor.ts';

/** What a topic asks of each record. */
export interface RecordRules {
  /** Whether `cleanup.policy` contains `compact`, so that each record needs a key. */
  readonly compacted: boolean;
  /** `message.timestamp.type`. */
  readonly timestampType: TimestampType;
  /** The leader's time in ms. */
  readonly nowMs: number;
  /** `message.timestamp.before.max.ms`: how far a timestamp may lie in the past; Infinity for no limit. */
  readonly timestampBeforeMaxMs: number;
  /** `message.timestamp.after.max.ms`: how far a timestamp may lie in the future; Infinity for no limit. */
  readonly timestampAfterMaxMs: number;
}

/** Why a record that can be read is refused. Source: `LogValidator.validateRecord`. */
export interface RecordRejection {
  /** Which record of the batch, from 0: `BatchIndex` in the answer to Produce from version 8. */
  readonly index: number;
  readonly reason: 'missing-key' | 'timestamp-out-of-range' | 'timestamp-type';
  /** The timestamp in question, in ms; the record's own also if the key is missing. */
  readonly timestamp: number;
}

/** What came of walking the records of a produced batch. */
export type RecordsVerdict =
  | {
      readonly kind: 'valid';
      /** Largest timestamp in ms, −1 if no record has one; to be set as the batch's if timestamps are the producer's. */
      readonly maxTimestamp: number;
      /** Offset delta of the first record with that timestamp; −1 if there is none. */
      readonly offsetDeltaOfMaxTimestamp: number;
      /** Bytes of the records without compression. */
      readonly uncompressedBytes: number;
    }
  /** The bytes cannot be read. */
  | { readonly kind: 'unreadable'; readonly fault: RecordsFault }
  /** The records can be read, and some are refused. */
  | {
      readonly kind: 'rejected';
      readonly error: 'INVALID_RECORD' | 'INVALID_TIMESTAMP';
      /** Every refused record, in order. */
      readonly rejections: readonly RecordRejection[];
    };

/**
 * Walks the records of a batch that a client sent as a leader must before it appends them, without building one: the
 * structure of each record, offset deltas 0, 1, 2 and so on, a key where the topic is compacted, timestamps in range.
 * Only the verdict is allocated, and what is refused.
 *
 * The header is `checkBatch`'s and `checkProducedBatch`'s to check first. Stricter than Java 3.9 where Java lets a batch
 * into the log that no consumer can read: it does not look at the offset deltas of uncompressed records (and fails with an
 * internal error on those of compressed ones), nor at whether the fields of a compressed record add up to its length.
 * Source: `LogValidator`, `DefaultRecord`.
 *
 * @param cursor lent for the walk; afterwards it stands at the last record that was looked at.
 */
export function validateRecords(
  cursor: RecordCursor,
  batch: RecordBatch,
  rules: RecordRules,
  options: DecompressionOptions,
): RecordsVerdict {
  const unreadable = openRecords(cursor, batch, options);
  if (unreadable !== undefined) return { kind: 'unreadable', fault: unreadable };
  const { compacted } = rules;
  const earliest = rules.nowMs - rules.timestampBeforeMaxMs;
  const latest = rules.nowMs + rules.timestampAfterMaxMs;
  const checkRange = rules.timestampType === 'create-time';
  const refuseType = batch.timestampType === 'log-append-time';
  const start = cursor.end;
  // No small integer: V8 would keep the greatest timestamp on the heap, each one anew.
  let maxTimestamp = Number.NEGATIVE_INFINITY;
  let offsetDeltaOfMaxTimestamp = -1;
  let rejections: RecordRejection[] | undefined;
  while (cursor.next()) {
    const { index } = cursor;
    if (cursor.offsetDelta !== index) {
      const { position } = cursor;
      return { kind: 'unreadable', fault: { kind: 'invalid-offset-delta', error: 'INVALID_RECORD', index, position } };
    }
    const timestamp = cursor.timestamp;
    if (timestamp > maxTimestamp && timestamp > NO_TIMESTAMP) {
      maxTimestamp = timestamp;
      offsetDeltaOfMaxTimestamp = index;
    }
    if (compacted && cursor.keyLength < 0) {
      rejections = reject(rejections, { index, reason: 'missing-key', timestamp });
    } else if (checkRange && timestamp !== NO_TIMESTAMP) {
      if (timestamp < earliest || timestamp > latest) {
        rejections = reject(rejections, { index, reason: 'timestamp-out-of-range', timestamp });
      }
    } else if (refuseType) {
      rejections = reject(rejections, { index, reason: 'timestamp-type', timestamp });
    }
  }
  if (cursor.fault !== undefined) return { kind: 'unreadable', fault: cursor.fault };
  if (rejections !== undefined) {
    const timely = rejections.every(({ reason }) => reason === 'missing-key');
    return { kind: 'rejected', error: timely ? 'INVALID_RECORD' : 'INVALID_TIMESTAMP', rejections };
  }
  return {
    kind: 'valid',
    maxTimestamp: Math.max(maxTimestamp, NO_TIMESTAMP),
    offsetDeltaOfMaxTimestamp,
    uncompressedBytes: cursor.end - start,
  };
}

function reject(rejections: RecordRejection[] | undefined, rejection: RecordRejection): RecordRejection[] {
  if (rejections === undefined) return [rejection];
  rejections.push(rejection);
  return rejections;
}
