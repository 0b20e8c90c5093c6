import { assert, crc32c } from '@biquorum/std';
import { type CompressionType, compressionTypeOf } from './compression-type.ts';
import { getInt64, setInt64 } from './int64.ts';
import * as layout from './layout.ts';

/** Whose clock a batch's timestamps come from. Source: `org.apache.kafka.common.record.TimestampType`. */
export type TimestampType = 'create-time' | 'log-append-time';

/**
 * The header of a record batch of magic 2, read and changed where it lies.
 *
 * One object can be moved from batch to batch; it holds no copy. Getters read any bytes that are there: only
 * the header must be present, and nothing is checked, so bytes from outside go through `checkBatch` first.
 * Offsets, timestamps and producer ids are exact within ±2^53; `checkBatch` refuses a batch that leaves that
 * range. Source: KIP-98; `DefaultRecordBatch`.
 *
 * @example
 * ```ts
 * const batch = new RecordBatch(bytes);
 * if (checkBatch(batch) === undefined) {
 *   batch.baseOffset = logEndOffset;
 *   batch.partitionLeaderEpoch = leaderEpoch;
 * }
 * ```
 */
export class RecordBatch {
  #bytes: Uint8Array;
  #view: DataView;
  #position: number;

  constructor(bytes: Uint8Array, position = 0) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#position = position;
  }

  /** The bytes that the batch lies in. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** A view over the whole of `bytes`. */
  get view(): DataView {
    return this.#view;
  }

  /** Where in `bytes` the batch starts. */
  get position(): number {
    return this.#position;
  }

  /** Points at another batch in the same bytes. */
  moveTo(position: number): this {
    this.#position = position;
    return this;
  }

  /** Points at a batch in other bytes. */
  wrap(bytes: Uint8Array, position = 0): this {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    this.#position = position;
    return this;
  }

  /** Bytes of the whole batch, header included, as its length field claims. */
  get size(): number {
    return this.#view.getInt32(this.#position + layout.BATCH_LENGTH_AT) + layout.LOG_OVERHEAD;
  }

  /** Where in `bytes` the batch ends, as its length field claims. */
  get end(): number {
    return this.#position + this.size;
  }

  /** Where in `bytes` the records start: one compressed blob if a codec is set. */
  get recordsPosition(): number {
    return this.#position + layout.RECORDS_AT;
  }

  /** The records as they lie in the batch, not copied: compressed if a codec is set. */
  get recordBytes(): Uint8Array {
    return this.#bytes.subarray(this.recordsPosition, this.end);
  }

  /** Offset of the first record that the batch was appended with. */
  get baseOffset(): number {
    return getInt64(this.#view, this.#position + layout.BASE_OFFSET_AT);
  }

  /** Assigns the base offset. The CRC does not cover it. */
  set baseOffset(offset: number) {
    assert(Number.isSafeInteger(offset) && offset >= 0, () => `base offset ${offset} must be an integer in 0..2^53`);
    setInt64(this.#view, this.#position + layout.BASE_OFFSET_AT, offset);
  }

  /** Offset of the last record that the batch was appended with. */
  get lastOffset(): number {
    return this.baseOffset + this.lastOffsetDelta;
  }

  /** Offset that follows the batch. */
  get nextOffset(): number {
    return this.lastOffset + 1;
  }

  /** Last offset minus base offset; not negative in a sound batch. */
  get lastOffsetDelta(): number {
    return this.#view.getInt32(this.#position + layout.LAST_OFFSET_DELTA_AT);
  }

  /** Epoch of the leader that appended the batch; −1 as long as none has. */
  get partitionLeaderEpoch(): number {
    return this.#view.getInt32(this.#position + layout.PARTITION_LEADER_EPOCH_AT);
  }

  /** Assigns the leader epoch. The CRC does not cover it. */
  set partitionLeaderEpoch(epoch: number) {
    this.#view.setInt32(this.#position + layout.PARTITION_LEADER_EPOCH_AT, epoch);
  }

  /** Format of the batch: 2 where the rest of this class has a meaning. */
  get magic(): number {
    return this.#view.getInt8(this.#position + layout.MAGIC_AT);
  }

  /** CRC-32C as the header states it. */
  get crc(): number {
    return this.#view.getUint32(this.#position + layout.CRC_AT);
  }

  /** CRC-32C of the bytes as they are. The whole batch must be there. */
  computeCrc(): number {
    return crc32c(this.#bytes, this.#position + layout.ATTRIBUTES_AT, this.end);
  }

  /** States the CRC-32C of the bytes as they are. The whole batch must be there. */
  updateCrc(): void {
    this.#view.setUint32(this.#position + layout.CRC_AT, this.computeCrc());
  }

  /** All attribute bits. */
  get attributes(): number {
    return this.#view.getInt16(this.#position + layout.ATTRIBUTES_AT);
  }

  /** Codec id, attribute bits 0–2. */
  get compressionId(): number {
    return this.attributes & layout.COMPRESSION_MASK;
  }

  /** Codec of the records; undefined if the id is not one of the five. */
  get compressionType(): CompressionType | undefined {
    return compressionTypeOf(this.compressionId);
  }

  /** Whose clock the timestamps come from. */
  get timestampType(): TimestampType {
    return (this.attributes & layout.TIMESTAMP_TYPE_MASK) === 0 ? 'create-time' : 'log-append-time';
  }

  /** Whether the batch belongs to a transaction. */
  get isTransactional(): boolean {
    return (this.attributes & layout.TRANSACTIONAL_MASK) !== 0;
  }

  /** Whether the batch holds a control record. */
  get isControl(): boolean {
    return (this.attributes & layout.CONTROL_MASK) !== 0;
  }

  /** Timestamp in ms that the records' deltas count from. */
  get baseTimestamp(): number {
    return getInt64(this.#view, this.#position + layout.BASE_TIMESTAMP_AT);
  }

  /**
   * Time in ms after which compaction may drop the tombstones or the marker of the batch; undefined as long as
   * no compaction has set one. Source: KIP-534.
   */
  get deleteHorizonMs(): number | undefined {
    return (this.attributes & layout.DELETE_HORIZON_MASK) === 0 ? undefined : this.baseTimestamp;
  }

  /** Largest timestamp of the batch in ms, or its append time; −1 if it has none. */
  get maxTimestamp(): number {
    return getInt64(this.#view, this.#position + layout.MAX_TIMESTAMP_AT);
  }

  /**
   * Sets timestamp type and largest timestamp (ms) and, if that changed anything, restates the CRC. The whole
   * batch must be there. Source: `DefaultRecordBatch.setMaxTimestamp`.
   */
  setMaxTimestamp(type: TimestampType, timestampMs: number): void {
    assert(Number.isSafeInteger(timestampMs), () => `timestamp ${timestampMs} must be an integer within 2^53`);
    if (this.timestampType === type && this.maxTimestamp === timestampMs) return;
    const others = this.attributes & ~layout.TIMESTAMP_TYPE_MASK;
    const bit = type === 'log-append-time' ? layout.TIMESTAMP_TYPE_MASK : 0;
    this.#view.setInt16(this.#position + layout.ATTRIBUTES_AT, others | bit);
    setInt64(this.#view, this.#position + layout.MAX_TIMESTAMP_AT, timestampMs);
    this.updateCrc();
  }

  /** Id of the idempotent or transactional producer; −1 if it is neither. */
  get producerId(): number {
    return getInt64(this.#view, this.#position + layout.PRODUCER_ID_AT);
  }

  /** Whether an idempotent or transactional producer wrote the batch. */
  get hasProducerId(): boolean {
    return this.producerId > layout.NO_PRODUCER_ID;
  }

  /** Epoch of the producer; −1 without one. */
  get producerEpoch(): number {
    return this.#view.getInt16(this.#position + layout.PRODUCER_EPOCH_AT);
  }

  /** Sequence number of the first record; −1 without a producer id and in control batches. */
  get baseSequence(): number {
    return this.#view.getInt32(this.#position + layout.BASE_SEQUENCE_AT);
  }

  /** Sequence number of the last record that the batch was appended with; −1 where the base sequence is. */
  get lastSequence(): number {
    const base = this.baseSequence;
    return base === layout.NO_SEQUENCE ? base : layout.incrementSequence(base, this.lastOffsetDelta);
  }

  /** Number of records that the batch holds now; less than it was appended with after a compaction. */
  get recordCount(): number {
    return this.#view.getInt32(this.#position + layout.RECORD_COUNT_AT);
  }
}
