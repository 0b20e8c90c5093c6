import {
  BatchBuilder,
  type CompressionCodecs,
  checkBatch,
  describeBatchFault,
  describeRecordsFault,
  emptyBatchOf,
  forEachRecord,
  RecordBatch,
  type RecordCursor,
  type RecordHeader,
} from '@biquorum/kafka-wire';
import type { BatchFacts, RecordFacts } from './oracle.ts';

/** More than any batch here holds once decompressed. */
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * What our reader makes of record batches, in the form in which Java tells it.
 *
 * @throws {Error} saying what our reader finds wrong
 */
export function batchFacts(bytes: Uint8Array, codecs: CompressionCodecs): readonly BatchFacts[] {
  return batchesOf(bytes).map((batch) => factsOf(batch, codecs));
}

/** The batches that follow each other in `bytes`, each one checked. */
export function batchesOf(bytes: Uint8Array): readonly RecordBatch[] {
  const batches: RecordBatch[] = [];
  for (let position = 0; position < bytes.length; ) {
    const batch = new RecordBatch(bytes, position);
    const fault = checkBatch(batch);
    if (fault !== undefined) throw new Error(describeBatchFault(fault));
    batches.push(batch);
    position = batch.end;
  }
  return batches;
}

/** The batch as our builder writes it from what our reader reads, without compression. */
export function rebuild(batch: RecordBatch, codecs: CompressionCodecs): Uint8Array {
  if (batch.recordCount === 0) return emptyBatchOf(batch);
  const builder = new BatchBuilder({
    baseOffset: batch.baseOffset,
    partitionLeaderEpoch: batch.partitionLeaderEpoch,
    appendTimestampMs: batch.timestampType === 'log-append-time' ? batch.maxTimestamp : undefined,
    producerId: batch.producerId,
    producerEpoch: batch.producerEpoch,
    baseSequence: batch.baseSequence,
    isTransactional: batch.isTransactional,
    isControl: batch.isControl,
    deleteHorizonMs: batch.deleteHorizonMs,
  });
  readRecords(batch, codecs, (record) => {
    builder.appendAt(record.offset, record.producerTimestamp, record.key(), record.value(), headersOf(record));
  });
  return builder.build(batch.lastOffset).slice();
}

function factsOf(batch: RecordBatch, codecs: CompressionCodecs): BatchFacts {
  const records: RecordFacts[] = [];
  readRecords(batch, codecs, (record) => {
    records.push({
      offset: record.offset,
      timestamp: record.timestamp,
      sequence: record.sequence,
      sizeInBytes: record.end - record.position,
      key: base64(record.key()),
      value: base64(record.value()),
      headers: headersOf(record).map(({ key, value }) => [key, base64(value)] as const),
    });
  });
  return {
    baseOffset: batch.baseOffset,
    lastOffset: batch.lastOffset,
    sizeInBytes: batch.size,
    partitionLeaderEpoch: batch.partitionLeaderEpoch,
    magic: batch.magic,
    crc: batch.crc,
    compression: batch.compressionType ?? 'none',
    timestampType: batch.timestampType === 'create-time' ? 'CreateTime' : 'LogAppendTime',
    transactional: batch.isTransactional,
    control: batch.isControl,
    deleteHorizonMs: batch.deleteHorizonMs ?? -1,
    baseTimestamp: batch.baseTimestamp,
    maxTimestamp: batch.maxTimestamp,
    producerId: batch.producerId,
    producerEpoch: batch.producerEpoch,
    baseSequence: batch.baseSequence,
    lastSequence: batch.lastSequence,
    count: batch.recordCount,
    records,
  };
}

function readRecords(batch: RecordBatch, codecs: CompressionCodecs, visit: (record: RecordCursor) => void): void {
  const fault = forEachRecord(batch, { codecs, maxBytes: MAX_BYTES }, visit);
  if (fault !== undefined) throw new Error(describeRecordsFault(fault));
}

function headersOf(record: RecordCursor): readonly RecordHeader[] {
  const headers: RecordHeader[] = [];
  const view = Buffer.from(record.bytes.buffer, record.bytes.byteOffset, record.bytes.length);
  record.forEachHeader((keyAt, keyLength, valueAt, valueLength) => {
    const value = valueLength < 0 ? null : view.subarray(valueAt, valueAt + valueLength);
    headers.push({ key: view.toString('utf8', keyAt, keyAt + keyLength), value });
  });
  return headers;
}

function base64(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes).toString('base64');
}
