// Record batches of magic 2: read, checked and changed in place, walked record by record, built.

export { RecordBatch, type TimestampType } from './batch.ts';
export {
  BatchBuilder,
  type BatchCompression,
  type BatchOptions,
  type RecordHeader,
  recordSizeMax,
} from './batch-builder.ts';
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
export {
  buildControlBatch,
  buildMarkerBatch,
  type ControlBatchOptions,
  type ControlRecordFault,
  type ControlRecordType,
  controlRecordKey,
  controlRecordTypeOf,
  describeControlRecordFault,
  type MarkerOptions,
  markerCoordinatorEpochOf,
} from './control-record.ts';
export {
  BATCH_HEADER_SIZE,
  CURRENT_MAGIC,
  decrementSequence,
  HEADER_SIZE_UP_TO_MAGIC,
  incrementSequence,
  LOG_OVERHEAD,
  NO_PARTITION_LEADER_EPOCH,
  NO_PRODUCER_EPOCH,
  NO_PRODUCER_ID,
  NO_SEQUENCE,
  NO_TIMESTAMP,
  SEQUENCE_MAX,
} from './layout.ts';
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
export { emptyBatchOf, recompressBatch } from './rewrite-batch.ts';
export { type RecordRejection, type RecordRules, type RecordsVerdict, validateRecords } from './validate-records.ts';
