import { assert, ByteWriter, crc32c, sizeOfVarint, sizeOfVarlong, utf8Length } from '@biquorum/std';
import type { CompressionCodec } from './codec.ts';
import { type CompressionType, compressionIdOf } from './compression-type.ts';
import * as layout from './layout.ts';
import type { RecordCursor } from './record-cursor.ts';

/** A header of a record to be written. */
export interface RecordHeader {
  readonly key: string;
  readonly value: Uint8Array | null;
}

/** A codec and the type that its batches are marked with. */
export interface BatchCompression {
  readonly type: Exclude<CompressionType, 'none'>;
  readonly codec: CompressionCodec;
}

/** The fields of a batch that do not follow from its records; what is left out is absent, as in a plain producer's. */
export interface BatchOptions {
  /** Offset of the first record; 0 by default, as producers send it. */
  readonly baseOffset?: number;
  /** −1 by default: no leader has appended it. */
  readonly partitionLeaderEpoch?: number;
  /** No compression by default. */
  readonly compression?: BatchCompression | undefined;
  /** Append time in ms, which makes the timestamp type log append time. */
  readonly appendTimestampMs?: number | undefined;
  /** −1 by default: the producer is neither idempotent nor transactional. */
  readonly producerId?: number;
  /** −1 by default. */
  readonly producerEpoch?: number;
  /** −1 by default. */
  readonly baseSequence?: number;
  readonly isTransactional?: boolean;
  readonly isControl?: boolean;
  /** Time in ms after which compaction may drop tombstones or a marker (KIP-534). */
  readonly deleteHorizonMs?: number | undefined;
}

/**
 * Builds one record batch of magic 2 in memory that grows with it; one builder makes any number of batches.
 *
 * What it is given comes from this program, so a wrong value is a broken invariant and stops it.
 * Source: `MemoryRecordsBuilder`.
 *
 * @example
 * ```ts
 * const builder = new BatchBuilder();
 * builder.append(Date.now(), utf8('key'), utf8('value'));
 * const batch = builder.build(); // Stands until the next append or start.
 * ```
 */
export class BatchBuilder {
  #writer: ByteWriter;
  #options: BatchOptions = {};
  #baseOffset = 0;
  #nextOffset = 0;
  #count = 0;
  #baseTimestamp = layout.NO_TIMESTAMP;
  #maxTimestamp = layout.NO_TIMESTAMP;

  /** @param initialBytes memory to begin with. */
  constructor(options: BatchOptions = {}, initialBytes = 1024) {
    this.#writer = new ByteWriter({ initialBytes });
    this.start(options);
  }

  /** Forgets what was appended and begins a batch in the same memory. */
  start(options: BatchOptions = this.#options): this {
    this.#options = options;
    this.#baseOffset = options.baseOffset ?? 0;
    this.#nextOffset = this.#baseOffset;
    this.#count = 0;
    this.#baseTimestamp = options.deleteHorizonMs ?? layout.NO_TIMESTAMP;
    this.#maxTimestamp = layout.NO_TIMESTAMP;
    this.#writer.reset();
    this.#writer.reserve(layout.BATCH_HEADER_SIZE);
    return this;
  }

  /** Number of records appended. */
  get recordCount(): number {
    return this.#count;
  }

  /** Offset that the next record gets from `append`. */
  get nextOffset(): number {
    return this.#nextOffset;
  }

  /** Bytes of header and records so far, before compression. */
  get uncompressedSize(): number {
    return this.#writer.position;
  }

  /**
   * Appends a record at the next offset.
   *
   * @param timestampMs −1 if the record has none.
   */
  append(
    timestampMs: number,
    key: Uint8Array | null,
    value: Uint8Array | null,
    headers: readonly RecordHeader[] = [],
  ): void {
    this.appendAt(this.#nextOffset, timestampMs, key, value, headers);
  }

  /** Appends a record at an offset that is not below the next one: compaction leaves gaps. */
  appendAt(
    offset: number,
    timestampMs: number,
    key: Uint8Array | null,
    value: Uint8Array | null,
    headers: readonly RecordHeader[] = [],
  ): void {
    assert(
      timestampMs >= layout.NO_TIMESTAMP,
      () => `timestamp ${timestampMs} must not lie before 1970; -1 means none`,
    );
    const offsetDelta = this.#admit(offset, timestampMs);
    const timestampDelta = timestampMs - this.#baseTimestamp;
    const writer = this.#writer;
    writer.varint(bodySize(timestampDelta, offsetDelta, key, value, headers));
    writer.i8(0);
    writer.varlong(timestampDelta);
    writer.varint(offsetDelta);
    writeNullable(writer, key);
    writeNullable(writer, value);
    writer.varint(headers.length);
    for (const header of headers) {
      writer.varint(utf8Length(header.key));
      writer.utf8(header.key);
      writeNullable(writer, header.value);
    }
  }

  /** Appends the record that a cursor stands at, with its offset, timestamp, key, value and headers. */
  appendFrom(record: RecordCursor): void {
    const { timestamp } = record;
    const offsetDelta = this.#admit(record.offset, timestamp);
    const timestampDelta = timestamp - this.#baseTimestamp;
    const rest = record.bytes.subarray(record.contentPosition, record.end);
    const writer = this.#writer;
    writer.varint(1 + sizeOfVarlong(timestampDelta) + sizeOfVarint(offsetDelta) + rest.length);
    writer.i8(0);
    writer.varlong(timestampDelta);
    writer.varint(offsetDelta);
    writer.bytesOf(rest);
  }

  /**
   * The batch: header, records, CRC. Without compression it is a view of the builder's memory, which stands until the
   * next `append` or `start`; more records may follow.
   *
   * @param lastOffset last offset that the batch covers, if that is beyond its last record: compaction keeps it.
   */
  build(lastOffset: number = this.#nextOffset - 1): Uint8Array {
    assert(this.#count > 0, 'a batch needs a record; emptyBatchOf() makes the one that compaction leaves');
    assert(
      lastOffset >= this.#nextOffset - 1,
      () => `last offset ${lastOffset} must reach that of the last record, ${this.#nextOffset - 1}`,
    );
    const plain = this.#writer.finish();
    const { compression } = this.#options;
    const batch = compression === undefined ? plain : compressRecords(plain, compression);
    this.#writeHeader(batch, lastOffset - this.#baseOffset);
    return batch;
  }

  /** Counts a record in. @returns Its offset delta. */
  #admit(offset: number, timestampMs: number): number {
    assert(
      offset >= this.#nextOffset && offset - this.#baseOffset <= 0x7fff_ffff,
      () => `offset ${offset} must lie in ${this.#nextOffset}..${this.#baseOffset + 0x7fff_ffff}`,
    );
    assert(
      Number.isSafeInteger(timestampMs),
      () => `timestamp ${timestampMs} must be an integer within 2^53, in milliseconds`,
    );
    if (this.#count === 0 && this.#options.deleteHorizonMs === undefined) this.#baseTimestamp = timestampMs;
    if (timestampMs > this.#maxTimestamp) this.#maxTimestamp = timestampMs;
    this.#count++;
    this.#nextOffset = offset + 1;
    return offset - this.#baseOffset;
  }

  #writeHeader(batch: Uint8Array, lastOffsetDelta: number): void {
    const options = this.#options;
    const header = new ByteWriter({ initialBytes: layout.BATCH_HEADER_SIZE });
    header.i64(this.#baseOffset);
    header.i32(batch.length - layout.LOG_OVERHEAD);
    header.i32(options.partitionLeaderEpoch ?? layout.NO_PARTITION_LEADER_EPOCH);
    header.i8(layout.CURRENT_MAGIC);
    header.u32(0);
    header.i16(attributesOf(options));
    header.i32(lastOffsetDelta);
    header.i64(this.#baseTimestamp);
    header.i64(options.appendTimestampMs ?? this.#maxTimestamp);
    header.i64(options.producerId ?? layout.NO_PRODUCER_ID);
    header.i16(options.producerEpoch ?? layout.NO_PRODUCER_EPOCH);
    header.i32(options.baseSequence ?? layout.NO_SEQUENCE);
    header.i32(this.#count);
    batch.set(header.finish());
    const crc = crc32c(batch, layout.ATTRIBUTES_AT);
    new DataView(batch.buffer, batch.byteOffset).setUint32(layout.CRC_AT, crc);
  }
}

/** Bytes that a record takes in a batch before compression, at most: what a size limit is checked with beforehand. */
export function recordSizeMax(
  key: Uint8Array | null,
  value: Uint8Array | null,
  headers: readonly RecordHeader[] = [],
): number {
  // Length, timestamp delta and offset delta take 5, 8 and 5 bytes at most, here where timestamps are safe integers.
  return 5 + bodySize(0, 0, key, value, headers) + 7 + 4;
}

function attributesOf(options: BatchOptions): number {
  return (
    (options.compression === undefined ? 0 : compressionIdOf(options.compression.type)) |
    (options.appendTimestampMs === undefined ? 0 : layout.TIMESTAMP_TYPE_MASK) |
    (options.isTransactional === true ? layout.TRANSACTIONAL_MASK : 0) |
    (options.isControl === true ? layout.CONTROL_MASK : 0) |
    (options.deleteHorizonMs === undefined ? 0 : layout.DELETE_HORIZON_MASK)
  );
}

function bodySize(
  timestampDelta: number,
  offsetDelta: number,
  key: Uint8Array | null,
  value: Uint8Array | null,
  headers: readonly RecordHeader[],
): number {
  let size = 1 + sizeOfVarlong(timestampDelta) + sizeOfVarint(offsetDelta);
  size += sizeOfNullable(key) + sizeOfNullable(value) + sizeOfVarint(headers.length);
  for (const header of headers) {
    const keyLength = utf8Length(header.key);
    size += sizeOfVarint(keyLength) + keyLength + sizeOfNullable(header.value);
  }
  return size;
}

function sizeOfNullable(bytes: Uint8Array | null): number {
  return bytes === null ? 1 : sizeOfVarint(bytes.length) + bytes.length;
}

function writeNullable(writer: ByteWriter, bytes: Uint8Array | null): void {
  if (bytes === null) writer.varint(-1);
  else {
    writer.varint(bytes.length);
    writer.bytesOf(bytes);
  }
}

function compressRecords(plain: Uint8Array, { codec }: BatchCompression): Uint8Array {
  const compressed = codec.compress(plain.subarray(layout.RECORDS_AT));
  const batch = new Uint8Array(layout.BATCH_HEADER_SIZE + compressed.length);
  batch.set(compressed, layout.RECORDS_AT);
  return batch;
}
