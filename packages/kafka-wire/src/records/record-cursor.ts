import type { RecordBatch } from './batch.ts';
import { incrementSequence, NO_SEQUENCE } from './layout.ts';
import type { RecordFault, RecordFaultKind } from './record-fault.ts';

const NO_BYTES = new Uint8Array(0);
const HIGH_SAFE = 0x400_0000; // Above 27 low bits, 26 more stay below 2^53.

/**
 * Walks the records of a batch without building them: after each `next` the fields say where key, value and headers lie
 * in `bytes`. Nothing is allocated until a key, a value or headers are asked for, and one cursor serves any number of
 * batches.
 *
 * `next` checks what `DefaultRecord.readFrom` checks: that each record lies within the batch, that its varints are
 * sound, that its fields add up to its length, that header counts are possible and header keys there, and that nothing
 * follows the last record. The walk then ends with a `fault`. Any negative length means null, as in Java.
 *
 * @example
 * ```ts
 * const records = new RecordCursor().open(batch);
 * while (records.next()) keyBytes += Math.max(records.keyLength, 0);
 * if (records.fault !== undefined) throw new Error(describeRecordFault(records.fault));
 * ```
 */
export class RecordCursor {
  #bytes: Uint8Array = NO_BYTES;
  #at = 0;
  #end = 0;
  #count = 0;
  #baseOffset = 0;
  #baseTimestamp = 0;
  #baseSequence = NO_SEQUENCE;
  #isAppendTime = false;
  #appendTimestamp = 0;
  #fault: RecordFault | undefined;

  #index = -1;
  #position = 0;
  #timestampDelta = 0;
  // Kept, so that its getter is small enough to be inlined anywhere: a call would return a number of its own on the heap.
  #timestamp = 0;
  #offsetDelta = 0;
  #contentPosition = 0;
  #keyPosition = 0;
  #keyLength = -1;
  #valuePosition = 0;
  #valueLength = -1;
  #headersPosition = 0;
  #headerCount = 0;

  /**
   * Starts at the first record of a batch.
   *
   * @param records the records, decompressed; may be left out if the batch is not compressed.
   */
  open(batch: RecordBatch, records?: Uint8Array): this {
    if (records === undefined) {
      this.#bytes = batch.bytes;
      this.#at = batch.recordsPosition;
      this.#end = batch.end;
    } else {
      this.#bytes = records;
      this.#at = 0;
      this.#end = records.length;
    }
    this.#count = batch.recordCount;
    this.#baseOffset = batch.baseOffset;
    this.#baseTimestamp = batch.baseTimestamp;
    this.#baseSequence = batch.baseSequence;
    this.#isAppendTime = batch.timestampType === 'log-append-time';
    this.#appendTimestamp = batch.maxTimestamp;
    this.#index = -1;
    this.#position = this.#at;
    this.#fault = undefined;
    if (this.#count < 0) this.#fail('invalid-record-count');
    else if (this.#count === 0 && this.#at !== this.#end) this.#fail('trailing-bytes');
    return this;
  }

  /** Moves to the next record; false when there is none or the bytes are at fault. */
  next(): boolean {
    if (this.#index + 1 >= this.#count || this.#fault !== undefined) return false;
    this.#index++;
    this.#position = this.#at;
    const size = this.#varint();
    const start = this.#at;
    const end = start + size;
    // What is read past `end` below is discarded: the comparison at the end tells. Positions never run backwards.
    if (end > this.#end || start > this.#end) return this.#fail('truncated-record');
    this.#at = start + 1; // Attributes: no bit has a meaning.
    const timestampDelta = this.#varlong();
    this.#timestampDelta = timestampDelta;
    this.#offsetDelta = this.#varint();

    this.#contentPosition = this.#at;
    const keyLength = this.#varint();
    this.#keyPosition = this.#at;
    if (keyLength >= 0) {
      this.#keyLength = keyLength;
      this.#at += keyLength;
    } else this.#keyLength = -1;
    if (this.#at > end) return this.#fail('inconsistent-length');

    const valueLength = this.#varint();
    this.#valuePosition = this.#at;
    if (valueLength >= 0) {
      this.#valueLength = valueLength;
      this.#at += valueLength;
    } else this.#valueLength = -1;
    if (this.#at > end) return this.#fail('inconsistent-length');

    const headerCount = this.#varint();
    this.#headerCount = headerCount;
    this.#headersPosition = this.#at;
    if (this.#at > end) return this.#fail('inconsistent-length');
    if (headerCount !== 0) {
      if (headerCount < 0 || headerCount > end - this.#at) return this.#fail('invalid-header-count');
      if (!this.#skipHeaders(headerCount, end)) return false;
    }
    if (this.#fault !== undefined) return false;
    if (this.#at !== end) return this.#fail('inconsistent-length');
    const timestamp = this.#baseTimestamp + timestampDelta;
    if (!(timestamp <= Number.MAX_SAFE_INTEGER && timestamp >= Number.MIN_SAFE_INTEGER)) {
      return this.#fail('unsafe-timestamp');
    }
    this.#timestamp = this.#isAppendTime ? this.#appendTimestamp : timestamp;
    if (this.#index + 1 === this.#count && end !== this.#end) return this.#fail('trailing-bytes');
    return true;
  }

  /** Why the walk ended early; undefined as long as all is well. */
  get fault(): RecordFault | undefined {
    return this.#fault;
  }

  /** The uncompressed bytes that the positions refer to. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Which record of the batch this is, from 0. */
  get index(): number {
    return this.#index;
  }

  /** Where the record starts, its length varint included. */
  get position(): number {
    return this.#position;
  }

  /** Where the record ends and the next one starts. */
  get end(): number {
    return this.#at;
  }

  /** Offset minus the base offset of the batch. */
  get offsetDelta(): number {
    return this.#offsetDelta;
  }

  /** Absolute offset. */
  get offset(): number {
    return this.#baseOffset + this.#offsetDelta;
  }

  /** Milliseconds since the base timestamp of the batch. */
  get timestampDelta(): number {
    return this.#timestampDelta;
  }

  /** Timestamp in ms: the producer's, or the append time if the batch has that; −1 if there is none. */
  get timestamp(): number {
    return this.#timestamp;
  }

  /** Timestamp in ms as the producer set it, whatever the batch's timestamp type; −1 if there is none. */
  get producerTimestamp(): number {
    return this.#baseTimestamp + this.#timestampDelta;
  }

  /** Sequence number; −1 if the batch has none. */
  get sequence(): number {
    return this.#baseSequence < 0 ? NO_SEQUENCE : incrementSequence(this.#baseSequence, this.#offsetDelta);
  }

  /** Where the part starts that does not depend on the batch: key, value and headers with their lengths, up to `end`. */
  get contentPosition(): number {
    return this.#contentPosition;
  }

  /** Where the key lies, if there is one. */
  get keyPosition(): number {
    return this.#keyPosition;
  }

  /** Bytes of the key; −1 if it is null. */
  get keyLength(): number {
    return this.#keyLength;
  }

  /** Where the value lies, if there is one. */
  get valuePosition(): number {
    return this.#valuePosition;
  }

  /** Bytes of the value; −1 if it is null. */
  get valueLength(): number {
    return this.#valueLength;
  }

  /** Number of headers. */
  get headerCount(): number {
    return this.#headerCount;
  }

  /** The key, a view of `bytes`; null if it is null. Allocates the view. */
  key(): Uint8Array | null {
    if (this.#keyLength < 0) return null;
    return this.#bytes.subarray(this.#keyPosition, this.#keyPosition + this.#keyLength);
  }

  /** The value, a view of `bytes`; null if it is null. Allocates the view. */
  value(): Uint8Array | null {
    if (this.#valueLength < 0) return null;
    return this.#bytes.subarray(this.#valuePosition, this.#valuePosition + this.#valueLength);
  }

  /** Calls back with each header: where its UTF-8 key and its value lie in `bytes`; a value length of −1 means null. */
  forEachHeader(
    visit: (keyPosition: number, keyLength: number, valuePosition: number, valueLength: number) => void,
  ): void {
    const next = this.#at;
    this.#at = this.#headersPosition;
    for (let left = this.#headerCount; left > 0; left--) {
      const keyLength = this.#varint();
      const keyPosition = this.#at;
      this.#at += keyLength;
      const valueLength = this.#varint();
      const valuePosition = this.#at;
      if (valueLength > 0) this.#at += valueLength;
      visit(keyPosition, keyLength, valuePosition, valueLength < 0 ? -1 : valueLength);
    }
    this.#at = next;
  }

  #skipHeaders(count: number, end: number): boolean {
    for (let left = count; left > 0; left--) {
      const keyLength = this.#varint();
      if (keyLength < 0) return this.#fail('null-header-key');
      this.#at += keyLength;
      const valueLength = this.#varint();
      if (valueLength > 0) this.#at += valueLength;
      if (this.#at > end) return this.#fail('inconsistent-length');
    }
    return true;
  }

  /** Zig-zag, at most five bytes; bits above the 32nd are dropped, as Java drops them. */
  #varint(): number {
    const bytes = this.#bytes;
    let byte = bytes[this.#at++] as number;
    if (byte < 0x80) return (byte >>> 1) ^ -(byte & 1);
    let value = byte & 0x7f;
    for (let shift = 7; shift < 35; shift += 7) {
      byte = bytes[this.#at++] as number;
      value |= (byte & 0x7f) << shift;
      if (!(byte >= 0x80)) return (value >>> 1) ^ -(value & 1);
    }
    this.#fail('overlong-varint');
    return 0;
  }

  /** Zig-zag, at most ten bytes; NaN if it leaves ±2^53. */
  #varlong(): number {
    const bytes = this.#bytes;
    let byte = bytes[this.#at++] as number;
    if (byte < 0x80) return (byte >>> 1) ^ -(byte & 1);
    let low = byte & 0x7f;
    for (let shift = 7; shift < 28; shift += 7) {
      byte = bytes[this.#at++] as number;
      low |= (byte & 0x7f) << shift;
      if (!(byte >= 0x80)) return (low >>> 1) ^ -(low & 1);
    }
    let middle = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      byte = bytes[this.#at++] as number;
      middle |= (byte & 0x7f) << shift;
      if (!(byte >= 0x80)) return zigZag(low, middle);
    }
    const ninth = bytes[this.#at++] as number;
    if (!(ninth >= 0x80)) return ninth === 0 ? zigZag(low, middle) : Number.NaN;
    const tenth = bytes[this.#at++] as number;
    if (tenth >= 0x80) this.#fail('overlong-varint');
    return ninth === 0x80 && (tenth & 1) === 0 ? zigZag(low, middle) : Number.NaN;
  }

  #fail(kind: RecordFaultKind): false {
    this.#fault ??= { kind, error: 'INVALID_RECORD', index: Math.max(this.#index, 0), position: this.#position };
    return false;
  }
}

function zigZag(low: number, middle: number): number {
  if (middle >= HIGH_SAFE) return Number.NaN;
  const magnitude = middle * 0x800_0000 + (low >>> 1);
  return (low & 1) === 0 ? magnitude : -magnitude - 1;
}
