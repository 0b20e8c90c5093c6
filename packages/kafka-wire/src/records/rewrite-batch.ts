import { RecordBatch } from './batch.ts';
import type { BatchCompression } from './batch-builder.ts';
import { compressionIdOf } from './compression-type.ts';
import { setInt64 } from './int64.ts';
import * as layout from './layout.ts';

/**
 * A copy of a batch with its records under another codec, as a leader makes it where the topic's `compression.type` is
 * not the producer's. Everything else stays, the CRC is restated.
 *
 * @param records the records of the batch, decompressed.
 * @param compression the new codec; undefined for none.
 */
export function recompressBatch(
  batch: RecordBatch,
  records: Uint8Array,
  compression: BatchCompression | undefined,
): Uint8Array {
  const body = compression === undefined ? records : compression.codec.compress(records);
  const copy = new Uint8Array(layout.BATCH_HEADER_SIZE + body.length);
  copy.set(batch.bytes.subarray(batch.position, batch.recordsPosition));
  copy.set(body, layout.RECORDS_AT);
  const compressionId = compression === undefined ? 0 : compressionIdOf(compression.type);
  seal(copy, (batch.attributes & ~layout.COMPRESSION_MASK) | compressionId);
  return copy;
}

/**
 * The bare header that compaction leaves of a batch whose records are all gone, so that its producer's last sequence
 * number stays known: offsets, leader epoch, producer, largest timestamp and kind are those of the batch.
 *
 * Source: `DefaultRecordBatch.writeEmptyHeader`.
 */
export function emptyBatchOf(batch: RecordBatch): Uint8Array {
  // Not `slice`: that of a Buffer does not copy.
  const header = new Uint8Array(layout.BATCH_HEADER_SIZE);
  header.set(batch.bytes.subarray(batch.position, batch.recordsPosition));
  const view = new DataView(header.buffer);
  setInt64(view, layout.BASE_TIMESTAMP_AT, layout.NO_TIMESTAMP);
  view.setInt32(layout.RECORD_COUNT_AT, 0);
  seal(header, batch.attributes & (layout.TIMESTAMP_TYPE_MASK | layout.TRANSACTIONAL_MASK | layout.CONTROL_MASK));
  return header;
}

function seal(bytes: Uint8Array, attributes: number): void {
  const batch = new RecordBatch(bytes);
  batch.view.setInt32(layout.BATCH_LENGTH_AT, bytes.length - layout.LOG_OVERHEAD);
  batch.view.setInt16(layout.ATTRIBUTES_AT, attributes);
  batch.updateCrc();
}
