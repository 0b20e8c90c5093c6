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
export { type CompressionType, compressionIdOf, compressionTypeOf } from './compression-type.ts';
export * from './layout.ts';
