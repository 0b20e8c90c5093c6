import { assert } from './assert.ts';
import { BytesError } from './bytes-error.ts';
import { encodeUtf8Into, utf8Length } from './utf8.ts';

/** Bytes that lie elsewhere, in memory or in a file. */
export interface Payload {
  readonly byteLength: number;
}

/** How a {@link ByteWriter} grows. */
export interface ByteWriterOptions {
  /** Bytes allocated at first; 256 by default. */
  readonly initialBytes?: number;
  /** The most bytes that may be written, those of payloads included; 2^31 − 1 by default. */
  readonly maxBytes?: number;
}

const MAX_BYTES = 0x7fff_ffff;
const TWO_32 = 0x1_0000_0000;

/** A payload and where it stands among the bytes of the buffer. */
interface Inserted {
  readonly payload: Payload;
  /** How many bytes of the buffer come before it. */
  readonly bufferOffset: number;
  /** Its first byte in the whole. */
  readonly position: number;
}

/**
 * Writes big-endian values into memory that grows up to a cap. Positions count from the first byte written, with
 * the bytes of payloads in between, which are kept by reference.
 *
 * Every method that writes throws {@link BytesError}: `out-of-range` for a value that the type cannot hold,
 * `overflow` when the cap would be exceeded. Nothing is written then.
 */
export class ByteWriter {
  readonly maxBytes: number;
  #bytes: Uint8Array;
  #view: DataView;
  /** The next free byte of the buffer. */
  #at = 0;
  /** How many bytes of payloads were inserted. */
  #external = 0;
  #inserted: Inserted[] = [];

  constructor(options: ByteWriterOptions = {}) {
    const { initialBytes = 256, maxBytes = MAX_BYTES } = options;
    assert(
      initialBytes >= 0 && maxBytes >= 0,
      () => `sizes ${initialBytes} and ${maxBytes} of a writer are not all from 0`,
    );
    this.maxBytes = maxBytes;
    this.#bytes = new Uint8Array(Math.min(initialBytes, maxBytes));
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** How many bytes were written, those of payloads included; the position of the next byte. */
  get position(): number {
    return this.#at + this.#external;
  }

  i8(value: number): void {
    if ((value << 24) >> 24 !== value) throw this.#range(1, value, 'int8');
    const at = this.#advance(1);
    this.#bytes[at] = value;
  }

  u8(value: number): void {
    if ((value & 0xff) !== value) throw this.#range(1, value, 'uint8');
    const at = this.#advance(1);
    this.#bytes[at] = value;
  }

  i16(value: number): void {
    if ((value << 16) >> 16 !== value) throw this.#range(2, value, 'int16');
    const at = this.#advance(2);
    this.#view.setInt16(at, value);
  }

  u16(value: number): void {
    if ((value & 0xffff) !== value) throw this.#range(2, value, 'uint16');
    const at = this.#advance(2);
    this.#view.setUint16(at, value);
  }

  i32(value: number): void {
    if ((value | 0) !== value) throw this.#range(4, value, 'int32');
    const at = this.#advance(4);
    this.#view.setInt32(at, value);
  }

  u32(value: number): void {
    if (value >>> 0 !== value) throw this.#range(4, value, 'uint32');
    const at = this.#advance(4);
    this.#view.setUint32(at, value);
  }

  /** A safe integer as a signed 64-bit integer. */
  i64(value: number): void {
    if (!Number.isSafeInteger(value)) throw this.#range(8, value, 'int64 below 2^53 in magnitude');
    const at = this.#advance(8);
    this.#view.setInt32(at, Math.floor(value / TWO_32));
    this.#view.setUint32(at + 4, value);
  }

  /** A 64-bit integer from its upper and lower 32 bits, each signed or unsigned. */
  i64Halves(high: number, low: number): void {
    const at = this.#advance(8);
    this.#view.setInt32(at, high);
    this.#view.setInt32(at + 4, low);
  }

  i64Big(value: bigint): void {
    if (BigInt.asIntN(64, value) !== value) throw this.#range(8, value, 'int64');
    const at = this.#advance(8);
    this.#view.setBigInt64(at, value);
  }

  /** An IEEE 754 double. */
  f64(value: number): void {
    const at = this.#advance(8);
    this.#view.setFloat64(at, value);
  }

  /** An unsigned varint of at most five bytes. */
  uvarint(value: number): void {
    if (value >>> 0 !== value) throw this.#range(5, value, 'uint32');
    this.#varint(value);
  }

  /** A zig-zag varint of at most five bytes. */
  varint(value: number): void {
    if ((value | 0) !== value) throw this.#range(5, value, 'int32');
    this.#varint((value << 1) ^ (value >> 31));
  }

  /** A safe integer as a zig-zag varlong. */
  varlong(value: number): void {
    if (!Number.isSafeInteger(value)) throw this.#range(8, value, 'int64 below 2^53 in magnitude');
    this.varlongHalves(Math.floor(value / TWO_32), value | 0);
  }

  /** A zig-zag varlong from its upper and lower 32 bits, each signed or unsigned. */
  varlongHalves(high: number, low: number): void {
    const sign = high >> 31;
    let rest = (low << 1) ^ sign;
    let upper = ((high << 1) | (low >>> 31)) ^ sign;
    this.#ensure(10);
    const bytes = this.#bytes;
    let at = this.#at;
    while (upper !== 0) {
      bytes[at++] = rest | 0x80;
      rest = (rest >>> 7) | (upper << 25);
      upper >>>= 7;
    }
    while (rest >>> 7 !== 0) {
      bytes[at++] = rest | 0x80;
      rest >>>= 7;
    }
    bytes[at++] = rest;
    this.#commit(at);
  }

  varlongBig(value: bigint): void {
    if (BigInt.asIntN(64, value) !== value) throw this.#range(10, value, 'int64');
    this.varlongHalves(Number(value >> 32n), Number(value & 0xffff_ffffn));
  }

  /** Copies the bytes in. */
  bytesOf(source: Uint8Array): void {
    const at = this.#advance(source.length);
    this.#bytes.set(source, at);
  }

  /** Text as UTF-8, an unpaired surrogate as `?` (as Java writes it). @returns How many bytes were written. */
  utf8(text: string): number {
    const length = utf8Length(text);
    const at = this.#advance(length);
    encodeUtf8Into(text, this.#bytes, at);
    return length;
  }

  /** Leaves `length` zero bytes to be filled later. @returns Their position, for the patch methods. */
  reserve(length: number): number {
    const position = this.position;
    const at = this.#advance(length);
    this.#bytes.fill(0, at, at + length);
    return position;
  }

  patchI8(position: number, value: number): void {
    if ((value << 24) >> 24 !== value) throw this.#range(1, value, 'int8');
    this.#view.setInt8(this.#written(position, 1), value);
  }

  patchI16(position: number, value: number): void {
    if ((value << 16) >> 16 !== value) throw this.#range(2, value, 'int16');
    this.#view.setInt16(this.#written(position, 2), value);
  }

  patchI32(position: number, value: number): void {
    if ((value | 0) !== value) throw this.#range(4, value, 'int32');
    this.#view.setInt32(this.#written(position, 4), value);
  }

  patchU32(position: number, value: number): void {
    if (value >>> 0 !== value) throw this.#range(4, value, 'uint32');
    this.#view.setUint32(this.#written(position, 4), value);
  }

  patchI64(position: number, value: number): void {
    if (!Number.isSafeInteger(value)) throw this.#range(8, value, 'int64 below 2^53 in magnitude');
    const at = this.#written(position, 8);
    this.#view.setInt32(at, Math.floor(value / TWO_32));
    this.#view.setUint32(at + 4, value);
  }

  /** Inserts a payload by reference; its bytes are not looked at. */
  external(payload: Payload): void {
    const size = payload.byteLength;
    if (!(size >= 0) || this.position + size > this.maxBytes) throw this.#overflow(size);
    if (size === 0) return;
    this.#inserted.push({ payload, bufferOffset: this.#at, position: this.position });
    this.#external += size;
  }

  /**
   * What was written, in one piece, as a view into the writer's memory: it stands until `reset`.
   *
   * @throws AssertionError when payloads were inserted: ask for `segments`.
   */
  finish(): Uint8Array {
    assert(
      this.#inserted.length === 0,
      () => `${this.#inserted.length} payloads are not in memory; ask for segments()`,
    );
    return this.#bytes.subarray(0, this.#at);
  }

  /** What was written, in order: views into the writer's memory, which stand until `reset`, and the payloads. */
  segments(): (Uint8Array | Payload)[] {
    const pieces: (Uint8Array | Payload)[] = [];
    let from = 0;
    for (const { payload, bufferOffset } of this.#inserted) {
      if (bufferOffset > from) pieces.push(this.#bytes.subarray(from, bufferOffset));
      pieces.push(payload);
      from = bufferOffset;
    }
    if (this.#at > from) pieces.push(this.#bytes.subarray(from, this.#at));
    return pieces;
  }

  /** Starts anew in the same memory. What `finish` and `segments` gave will be overwritten. */
  reset(): void {
    this.#at = 0;
    this.#external = 0;
    this.#inserted = [];
  }

  #varint(bits: number): void {
    this.#ensure(5);
    const bytes = this.#bytes;
    let at = this.#at;
    let rest = bits;
    while (rest >>> 7 !== 0) {
      bytes[at++] = rest | 0x80;
      rest >>>= 7;
    }
    bytes[at++] = rest;
    this.#commit(at);
  }

  /** Makes room for `size` bytes and returns where they go in the buffer. */
  #advance(size: number): number {
    const at = this.#at;
    if (at + this.#external + size > this.maxBytes) throw this.#overflow(size);
    if (at + size > this.#bytes.length) this.#grow(at + size);
    this.#at = at + size;
    return at;
  }

  /** Makes room for up to `size` bytes of a varint; the cap is held by `#commit`. */
  #ensure(size: number): void {
    if (this.#at + size > this.#bytes.length) this.#grow(this.#at + size);
  }

  #commit(at: number): void {
    if (at + this.#external > this.maxBytes) throw this.#overflow(at - this.#at);
    this.#at = at;
  }

  #grow(needed: number): void {
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }

  /** Where in the buffer `size` bytes lie that were written at `position`. */
  #written(position: number, size: number): number {
    let at = position;
    let limit = this.#at;
    for (let index = this.#inserted.length - 1; index >= 0; index--) {
      const { payload, bufferOffset, position: inserted } = this.#inserted[index] as Inserted;
      if (position >= inserted + payload.byteLength) {
        at = bufferOffset + (position - inserted - payload.byteLength);
        break;
      }
      limit = bufferOffset;
    }
    assert(
      at >= 0 && at + size <= limit,
      () => `${size} bytes at position ${position} are not among the bytes written; reserve() them first`,
    );
    return at;
  }

  #range(size: number, value: number | bigint, type: string): BytesError {
    return new BytesError(
      'out-of-range',
      this.position,
      size,
      this.maxBytes - this.position,
      `${value} is not an ${type}`,
    );
  }

  #overflow(size: number): BytesError {
    return new BytesError('overflow', this.position, size, this.maxBytes - this.position);
  }
}
