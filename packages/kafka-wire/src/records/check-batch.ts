import type { RecordBatch } from './batch.ts';
import type { BatchFault } from './batch-fault.ts';
import { isSafeInt64 } from './int64.ts';
import * as layout from './layout.ts';

/** What `batchSizeAt` answers when too few bytes are there to tell. */
export const UNKNOWN_SIZE = -1;

/**
 * Size in bytes of the batch or old message at `position`, as its length field claims, all of the header
 * included; `UNKNOWN_SIZE` if the field itself is not there. Not checked: it may be too small, negative or larger
 * than what is there.
 */
export function batchSizeAt(view: DataView, position: number): number {
  if (position + layout.LOG_OVERHEAD > view.byteLength) return UNKNOWN_SIZE;
  return view.getInt32(position + layout.BATCH_LENGTH_AT) + layout.LOG_OVERHEAD;
}

/**
 * Checks what can be told from the first 17 bytes: that a whole batch lies between its position and `end`, and its
 * format. Allocates nothing unless there is a fault.
 *
 * Source: `ByteBufferLogInputStream.nextBatchSize`.
 *
 * @param end position in the bytes where the readable range ends.
 */
export function checkBatchBounds(batch: RecordBatch, end: number = batch.bytes.length): BatchFault | undefined {
  const position = batch.position;
  const availableBytes = end - position;
  if (availableBytes < layout.LOG_OVERHEAD) return truncated(position, layout.BATCH_HEADER_SIZE, availableBytes);
  const size = batch.size;
  if (size < layout.LOG_OVERHEAD + layout.MIN_MESSAGE_LENGTH)
    return tooShort(position, size, layout.MIN_MESSAGE_LENGTH);
  if (availableBytes < layout.HEADER_SIZE_UP_TO_MAGIC) return truncated(position, size, availableBytes);
  const magic = batch.magic;
  if (magic < 0 || magic > layout.CURRENT_MAGIC) {
    return { kind: 'unknown-magic', error: 'CORRUPT_MESSAGE', position, magic };
  }
  if (magic === layout.CURRENT_MAGIC && size < layout.BATCH_HEADER_SIZE) {
    return tooShort(position, size, layout.BATCH_HEADER_SIZE - layout.LOG_OVERHEAD);
  }
  if (size > availableBytes) return truncated(position, size, availableBytes);
  if (magic !== layout.CURRENT_MAGIC) {
    return { kind: 'unsupported-magic', error: 'UNSUPPORTED_FOR_MESSAGE_FORMAT', position, magic };
  }
  return undefined;
}

/**
 * Checks a batch as a replica or a recovering log must: bounds, format, CRC, and that every 64-bit field is exact as
 * a Number. Allocates nothing unless there is a fault.
 *
 * Source: `DefaultRecordBatch.ensureValid`.
 *
 * @param end position in the bytes where the readable range ends.
 */
export function checkBatch(batch: RecordBatch, end: number = batch.bytes.length): BatchFault | undefined {
  const fault = checkBatchBounds(batch, end);
  if (fault !== undefined) return fault;
  const stated = batch.crc;
  const computed = batch.computeCrc();
  const position = batch.position;
  if (stated !== computed) return { kind: 'crc-mismatch', error: 'CORRUPT_MESSAGE', position, stated, computed };
  return checkBatchIntegers(batch);
}

/** Checks that base offset, timestamps and producer id lie within ±2^53; needs only the header. */
export function checkBatchIntegers(batch: RecordBatch): BatchFault | undefined {
  const { view, position } = batch;
  if (!isSafeInt64(view, position + layout.BASE_OFFSET_AT)) return unsafe(position, 'baseOffset');
  if (!isSafeInt64(view, position + layout.BASE_TIMESTAMP_AT)) return unsafe(position, 'baseTimestamp');
  if (!isSafeInt64(view, position + layout.MAX_TIMESTAMP_AT)) return unsafe(position, 'maxTimestamp');
  if (!isSafeInt64(view, position + layout.PRODUCER_ID_AT)) return unsafe(position, 'producerId');
  return undefined;
}

/**
 * Checks the header of a sound batch as a leader must before it appends what a client sent: base offset 0, counts that
 * agree, a known codec, no control batch, a sequence wherever there is a producer id.
 *
 * Source: `LogValidator.validateBatch`, `UnifiedLog.analyzeAndValidateRecords`.
 */
export function checkProducedBatch(batch: RecordBatch): BatchFault | undefined {
  const position = batch.position;
  const error = 'INVALID_RECORD';
  const { baseOffset, lastOffsetDelta, recordCount, producerId, baseSequence } = batch;
  if (baseOffset !== 0) return { kind: 'nonzero-base-offset', error, position, baseOffset };
  if (recordCount <= 0 || recordCount !== lastOffsetDelta + 1) {
    return { kind: 'invalid-count', error, position, recordCount, lastOffsetDelta };
  }
  if (batch.isControl) return { kind: 'control-from-client', error, position };
  if (producerId > layout.NO_PRODUCER_ID && baseSequence < 0) {
    return { kind: 'invalid-sequence', error, position, producerId, baseSequence };
  }
  const compressionId = batch.compressionId;
  if (batch.compressionType === undefined) return { kind: 'unknown-compression', error, position, compressionId };
  return undefined;
}

function truncated(position: number, neededBytes: number, availableBytes: number): BatchFault {
  return { kind: 'truncated', error: 'CORRUPT_MESSAGE', position, neededBytes, availableBytes };
}

function tooShort(position: number, size: number, minimum: number): BatchFault {
  const batchLength = size - layout.LOG_OVERHEAD;
  return { kind: 'invalid-length', error: 'CORRUPT_MESSAGE', position, batchLength, minimum };
}

function unsafe(
  position: number,
  field: 'baseOffset' | 'baseTimestamp' | 'maxTimestamp' | 'producerId',
): BatchFault | undefined {
  return { kind: 'unsafe-integer', error: 'INVALID_RECORD', position, field };
}
