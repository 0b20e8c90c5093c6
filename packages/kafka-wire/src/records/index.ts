/**
 * Record batches of magic 2: read, checked and changed in place, walked record by record, built.
 *
 * @packageDocumentation
 */
export { RecordBatch, type TimestampType } from './batch.ts';
export { BatchCursor } from './batch-cursor.ts';
export { type BatchFault, describeBatchFault } from './batch-fault.ts';
export {
  batchSizeAt,
  checkBatch,
  checkBatchBounds,
  checkBatchIntegers,
  checkProducedBatch,
  UNKNOWN_SIZE,
} from './check-batch.ts';
export { type CompressionCodec, type CompressionCodecs, CompressionError, type CompressionErrorCode } from './codec.ts';
export { type CompressionType, compressionIdOf, compressionTypeOf } from './compression-type.ts';
export * from './layout.ts';
export {
  type DecompressionFault,
  type DecompressionOptions,
  decompressRecords,
  describeRecordsFault,
  forEachRecord,
  openRecords,
  type RecordsFault,
} from './open-records.ts';
export { RecordCursor } from './record-cursor.ts';
export { describeRecordFault, type RecordFault, type RecordFaultKind } from './record-fault.ts';
export { type RecordRejection, type RecordRules, type RecordsVerdict, validateRecords } from './validate-records.ts';
