import {
  BatchCursor,
  type CompressionCodec,
  type CompressionCodecs,
  type CompressionType,
  checkBatch,
  checkProducedBatch,
  describeBatchFault,
  describeRecordsFault,
  type RecordBatch,
  RecordCursor,
  type RecordRejection,
  recompressBatch,
  validateRecords,
} from '@biquorum/kafka-wire';
import type { LogConfig } from '../config/log-config.ts';
import { type AppendOrigin, type AppendRejection, type RecordFault, rejection } from './rejection.ts';

/** What a leader knows when it checks a batch. */
export interface LeaderCheckContext {
  readonly config: LogConfig;
  readonly codecs: CompressionCodecs;
  /** The most bytes that the records may have once decompressed. */
  readonly decompressedBytesMax: number;
  /** Memory to decompress into. */
  readonly scratch: Uint8Array | undefined;
  readonly nowMs: number;
}

/** A batch that a leader may append: offsets, epoch and timestamps are set in it. */
export interface CheckedBatch {
  readonly kind: 'checked';
  /** The batch in its own bytes: those that came, or others if it had to be compressed anew. */
  readonly batch: RecordBatch;
  readonly maxTimestamp: number;
}

/** Offsets and epoch that the leader gives. */
export interface Assignment {
  readonly baseOffset: number;
  readonly leaderEpoch: number;
}

/**
 * Checks what a client or coordinator sent, as Java's leader does and in its order, and makes it ready to be appended: sets
 * base offset, leader epoch, timestamps, and the codec if the topic has one of its own. Works in the bytes that came,
 * which are changed even if the batch is refused in the end.
 *
 * Source: `UnifiedLog.analyzeAndValidateRecords`, `LogValidator`.
 */
export function checkForLeader(
  bytes: Uint8Array,
  origin: AppendOrigin,
  assignment: Assignment,
  context: LeaderCheckContext,
): CheckedBatch | AppendRejection {
  const { config } = context;
  const batches = new BatchCursor(bytes);
  if (!batches.next()) return refuseNothing(batches);
  const { batch } = batches;
  const refusal = checkHeader(batch, origin, config);
  if (refusal !== undefined) return refusal;
  if (hasMoreBatches(bytes, batch.end)) {
    return rejection('INVALID_RECORD', 'more than one record batch was sent; send each in a request of its own');
  }
  return checkRecords(batch, assignment, context);
}

function refuseNothing({ fault }: BatchCursor): AppendRejection {
  if (fault === undefined) return rejection('INVALID_RECORD', 'no record batch was sent');
  return rejection(fault.error, describeBatchFault(fault));
}

function checkHeader(batch: RecordBatch, origin: AppendOrigin, config: LogConfig): AppendRejection | undefined {
  if (origin === 'client' && batch.baseOffset !== 0) {
    return rejection('INVALID_RECORD', `record batch has base offset ${batch.baseOffset}; producers send 0`);
  }
  const { size } = batch;
  if (size > config.maxMessageBytes) return tooLarge(size, config);
  const fault = checkBatch(batch) ?? (origin === 'client' ? checkProducedBatch(batch) : undefined);
  return fault === undefined ? undefined : rejection(fault.error, describeBatchFault(fault));
}

function tooLarge(size: number, config: LogConfig): AppendRejection {
  return rejection(
    'MESSAGE_TOO_LARGE',
    `record batch has ${size} bytes, max.message.bytes allows ${config.maxMessageBytes}`,
  );
}

/** Whether another whole batch follows; what is cut off does not count. */
function hasMoreBatches(bytes: Uint8Array, end: number): boolean {
  return end < bytes.length && new BatchCursor(bytes, end).next();
}

function checkRecords(
  batch: RecordBatch,
  assignment: Assignment,
  context: LeaderCheckContext,
): CheckedBatch | AppendRejection {
  const { config, codecs, nowMs } = context;
  const rules = {
    compacted: config.compact,
    timestampType: config.messageTimestampType,
    nowMs,
    timestampBeforeMaxMs: config.messageTimestampBeforeMaxMs,
    timestampAfterMaxMs: config.messageTimestampAfterMaxMs,
  };
  const options = { codecs, maxBytes: context.decompressedBytesMax, scratch: context.scratch };
  const verdict = validateRecords(RECORDS, batch, rules, options);
  if (verdict.kind === 'unreadable') return rejection(verdict.fault.error, describeRecordsFault(verdict.fault));
  if (verdict.kind === 'rejected') {
    const faults = verdict.rejections.map((refused) => recordFaultOf(refused, config, nowMs));
    const what = verdict.error === 'INVALID_TIMESTAMP' ? 'an unusable timestamp' : 'no key in a compacted topic';
    return rejection(verdict.error, `${faults.length} of the records are refused, the first for ${what}`, faults);
  }
  const appendTime = config.messageTimestampType === 'log-append-time';
  const maxTimestamp = appendTime ? nowMs : verdict.maxTimestamp;
  batch.baseOffset = assignment.baseOffset;
  batch.partitionLeaderEpoch = assignment.leaderEpoch;
  const recompressed = compressForTopic(batch, context);
  if ('kind' in recompressed) return recompressed;
  recompressed.setMaxTimestamp(config.messageTimestampType, maxTimestamp);
  return { kind: 'checked', batch: recompressed, maxTimestamp };
}

/** The batch under the topic's own codec: itself if that is the one it has. */
function compressForTopic(batch: RecordBatch, { config, codecs }: LeaderCheckContext): RecordBatch | AppendRejection {
  const source = batch.compressionType;
  const target = config.compressionType ?? source;
  // Control records stay as the broker wrote them.
  if (target === source || target === undefined || (source === 'none' && batch.isControl)) return batch;
  const compression = compressionOf(target, codecs);
  if (compression === 'missing') {
    return rejection('UNSUPPORTED_COMPRESSION_TYPE', `the topic asks for ${target}, a codec that is not at hand`);
  }
  const rewritten = recompressBatch(batch, source === 'none' ? batch.recordBytes : RECORDS.bytes, compression);
  if (rewritten.length > config.maxMessageBytes) return tooLarge(rewritten.length, config);
  return batch.wrap(rewritten);
}

function compressionOf(
  type: CompressionType,
  codecs: CompressionCodecs,
): { readonly type: Exclude<CompressionType, 'none'>; readonly codec: CompressionCodec } | 'missing' | undefined {
  if (type === 'none') return undefined;
  const codec = codecs[type];
  return codec === undefined ? 'missing' : { type, codec };
}

function recordFaultOf({ index, reason, timestamp }: RecordRejection, config: LogConfig, nowMs: number): RecordFault {
  return { batchIndex: index, message: describe() };

  function describe(): string {
    switch (reason) {
      case 'missing-key':
        return 'record has no key; a compacted topic needs one';
      case 'timestamp-type':
        return 'record is marked with the append time, which only the broker sets';
      case 'timestamp-out-of-range': {
        const earliest = nowMs - config.messageTimestampBeforeMaxMs;
        const latest = nowMs + config.messageTimestampAfterMaxMs;
        return `timestamp ${timestamp} is out of range; it should lie within ${earliest} and ${latest}`;
      }
    }
  }
}

/** One walk at a time: nothing here waits. */
const RECORDS = new RecordCursor();
