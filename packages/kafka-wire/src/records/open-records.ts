import type { RecordBatch } from './batch.ts';
import { type CompressionCodecs, CompressionError } from './codec.ts';
import type { CompressionType } from './compression-type.ts';
import { RecordCursor } from './record-cursor.ts';
import { describeRecordFault, type RecordFault } from './record-fault.ts';

/** Why the records of a batch could not be decompressed. */
export interface DecompressionFault {
  readonly kind: 'undecodable-records' | 'records-too-large' | 'unsupported-compression';
  /** Name of the protocol error that answers a producer who sent this. */
  readonly error: 'INVALID_RECORD' | 'MESSAGE_TOO_LARGE' | 'UNSUPPORTED_COMPRESSION_TYPE';
  /** Where the batch starts. */
  readonly position: number;
  /** Codec id of the batch, and its name if it has one. */
  readonly compressionId: number;
  readonly compressionType: CompressionType | undefined;
  /** What the codec said, or what is missing. */
  readonly detail: string;
}

/** Why the records of a batch cannot be read. */
export type RecordsFault = RecordFault | DecompressionFault;

/** A sentence for the log: what is wrong and where. */
export function describeRecordsFault(fault: RecordsFault): string {
  return 'detail' in fault ? `record batch at byte ${fault.position}: ${fault.detail}` : describeRecordFault(fault);
}

/** What is needed to read compressed batches. */
export interface DecompressionOptions {
  readonly codecs: CompressionCodecs;
  /** The largest number of bytes that the records of one batch may have once decompressed. */
  readonly maxBytes: number;
  /** Memory to decompress into; see `CompressionCodec.decompress`. */
  readonly scratch?: Uint8Array | undefined;
}

/**
 * The records of a batch as they were before compression: a view of the batch if it is not compressed, else of the
 * scratch memory or of new memory. Bounds and CRC are the caller's to check first.
 */
export function decompressRecords(batch: RecordBatch, options: DecompressionOptions): Uint8Array | DecompressionFault {
  const { compressionId, compressionType, position } = batch;
  if (compressionType === 'none') return batch.recordBytes;
  const codec = compressionType === undefined ? undefined : options.codecs[compressionType];
  if (codec === undefined) {
    const detail = `codec ${compressionType ?? compressionId} is not at hand; hand it in with the codecs`;
    const error = 'UNSUPPORTED_COMPRESSION_TYPE';
    return { kind: 'unsupported-compression', error, position, compressionId, compressionType, detail };
  }
  try {
    return codec.decompress(batch.recordBytes, options.maxBytes, options.scratch);
  } catch (error) {
    if (!(error instanceof CompressionError)) throw error;
    const facts = { position, compressionId, compressionType, detail: error.message };
    return error.code === 'too-large'
      ? { kind: 'records-too-large', error: 'MESSAGE_TOO_LARGE', ...facts }
      : { kind: 'undecodable-records', error: 'INVALID_RECORD', ...facts };
  }
}

/**
 * Opens the records of a batch with a cursor, decompressing them if need be.
 *
 * @returns why that is impossible; undefined if the cursor stands before the first record.
 */
export function openRecords(
  cursor: RecordCursor,
  batch: RecordBatch,
  options: DecompressionOptions,
): RecordsFault | undefined {
  if (batch.compressionId === 0) {
    cursor.open(batch);
    return cursor.fault;
  }
  const records = decompressRecords(batch, options);
  if (!(records instanceof Uint8Array)) return records;
  cursor.open(batch, records);
  return cursor.fault;
}

/**
 * Calls back with the cursor at each record of a batch, decompressing them if need be. Values are read only if the
 * callback asks the cursor for them.
 *
 * @param visit return false to stop early.
 * @returns why not all records could be read; undefined if they were or the callback stopped.
 */
export function forEachRecord(
  batch: RecordBatch,
  options: DecompressionOptions,
  // biome-ignore lint/suspicious/noConfusingVoidType: a callback that only looks need not return anything.
  visit: (record: RecordCursor) => void | boolean,
): RecordsFault | undefined {
  const cursor = new RecordCursor();
  const fault = openRecords(cursor, batch, options);
  if (fault !== undefined) return fault;
  while (cursor.next()) if (visit(cursor) === false) return undefined;
  return cursor.fault;
}
