import { assert } from './assert.ts';
import { BytesError } from './bytes-error.ts';
import { encodeUtf8Into, utf8Length } from './utf8.ts';
import { sizeOfGroups } from './varint.ts';

/** Bytes that lie elsewhere, in memory or in a file. */
export interface Payload {
  /** How many bytes it has. */
  readonly byteLength: number;
}

/** How a {@link ByteWriter} grows. */
export interface ByteWriterOptions {
  /** Bytes allocated at first; 256 by default. */
  readonly initialBytes?: number;
  /** The most bytes that may be written, those of payloads included; 2^31 − 1 by default. */
  readonly maxBytes?: number;
}

/** A payload and where it stands. */
interface Inserted {
  readonly payload: Payload;
  /** How many bytes of the buffer come before it. */
  readonly bufferOffset: number;
  /** Its first byte, counted in the whole. */
  readonly position: number;
}

const MAX_BYTES = 0x7fff_ffff;
const TWO_32 = 0x1_0000_0000;
/** Text up to this length is given room for three bytes a code unit, which is the most it can need. */
const ROOMY_TEXT_UNITS = 4096;

/**
 * Writes big-endian values into memory that grows up to a cap. Positions count from the first byte written and take
 * in the bytes of payloads, which are inserted by reference: a response that carries slices of files costs no copy.
 *
 * Every method that writes throws {@link BytesError}, and nothing else: `out-of-range` for a value that the type
 * cannot hold, `overflow` when the cap would be exceeded. Nothing is written then.
 */
export class ByteWriter {
  /** The most bytes that may be written, those of payloads included. */
  readonly maxBytes: number;
  #bytes: Uint8Array;
  #view: DataView;
  /** The next free byte of the buffer: `#at ≤ #limit`. */
  #at = 0;
  /** Up to here the buffer may be filled now: its end, or what the cap and the payloads leave of it. */
  #limit: number;
  /** How many bytes of payloads were inserted: `#at + #external ≤ maxBytes`. */
  #external = 0;
  #inserted: Inserted[] = [];

  /** @throws AssertionError when a size of the options is negative. */
  constructor(options: ByteWriterOptions = {}) {
    const { initialBytes = 256, maxBytes = MAX_BYTES } = options;
    assert(initialBytes >= 0, () => `initial size ${initialBytes} of a writer is negative`);
    assert(maxBytes >= 0, () => `cap ${maxBytes} of a writer is negative`);
    this.maxBytes = maxBytes;
    this.#bytes = new Uint8Array(Math.min(initialBytes, maxBytes));
    this.#view = new DataView(this.#bytes.buffer);
    this.#limit = this.#bytes.length;
  }

  /** How many bytes were written, those of payloads included; the position of the next byte. */
  get position(): number {
    return this.#at + this.#external;
  }

  /** A signed 8-bit integer. */
  i8(value: number): void {
    if ((value << 24) >> 24 !== value) throw this.#range(1, value, 'int8');
    const at = this.#advance(1);
    this.#bytes[at] = value;
  }

  /** An unsigned 8-bit integer. */
  u8(value: number): void {
    if ((value & 0xff) !== value) throw this.#range(1, value, 'uint8');
    const at = this.#advance(1);
    this.#bytes[at] = value;
  }

  /** A signed 16-bit integer. */
  i16(value: number): void {
    if ((value << 16) >> 16 !== value) throw this.#range(2, value, 'int16');
    const at = this.#advance(2);
    this.#view.setInt16(at, value);
  }

  /** An unsigned 16-bit integer. */
  u16(value: number): void {
    if ((value & 0xffff) !== value) throw this.#range(2, value, 'uint16');
    const at = this.#advance(2);
    this.#view.setUint16(at, value);
  }

  /** A signed 32-bit integer. */
  i32(value: number): void {
    if ((value | 0) !== value) throw this.#range(4, value, 'int32');
    const at = this.#advance(4);
    this.#view.setInt32(at, value);
  }

  /** An unsigned 32-bit integer. */
  u32(value: number): void {
    if (value >>> 0 !== value) throw this.#range(4, value, 'uint32');
    const at = this.#advance(4);
    this.#view.setUint32(at, value);
  }

  /** A signed 64-bit integer, given as a safe integer. */
  i64(value: number): void {
    if (!Number.isSafeInteger(value)) throw this.#range(8, value, 'safe integer');
    const at = this.#advance(8);
    this.#view.setInt32(at, Math.floor(value / TWO_32));
    this.#view.setInt32(at + 4, value);
  }

  /** A signed 64-bit integer from its upper and lower 32 bits, each given as signed or unsigned. */
  i64Halves(high: number, low: number): void {
    const at = this.#advance(8);
    this.#view.setInt32(at, high);
    this.#view.setInt32(at + 4, low);
  }

  /** A signed 64-bit integer. */
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

  /** An unsigned 32-bit integer as a varint of one to five bytes. */
  uvarint(value: number): void {
    if (value >>> 0 !== value) throw this.#range(5, value, 'uint32');
    this.#groups(value);
  }

  /** A signed 32-bit integer as a zig-zag varint of one to five bytes. */
  varint(value: number): void {
    if ((value | 0) !== value) throw this.#range(5, value, 'int32');
    this.#groups((value << 1) ^ (value >> 31));
  }

  /** A safe integer as a zig-zag varlong of one to eight bytes. */
  varlong(value: number): void {
    if (!Number.isSafeInteger(value)) throw this.#range(8, value, 'safe integer');
    // Most are small: then 32 bits have the same zig-zag form.
    if ((value | 0) === value) this.#groups((value << 1) ^ (value >> 31));
    else this.varlongHalves(Math.floor(value / TWO_32), value | 0);
  }

  /** A zig-zag varlong of one to ten bytes from the upper and lower 32 bits, each given as signed or unsigned. */
  varlongHalves(high: number, low: number): void {
    const sign = high >> 31;
    let rest = (low << 1) ^ sign;
    let upper = ((high << 1) | (low >>> 31)) ^ sign;
    const start = this.#advance(sizeOfGroups(upper, rest));
    const bytes = this.#bytes;
    let at = start;
    while (upper !== 0) {
      bytes[at++] = rest | 0x80;
      rest = (rest >>> 7) | (upper << 25);
      upper >>>= 7;
    }
    while (rest >>> 7 !== 0) {
      bytes[at++] = rest | 0x80;
      rest >>>= 7;
    }
    bytes[at] = rest;
  }

  /** A signed 64-bit integer as a zig-zag varlong of one to ten bytes. */
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
    const most = text.length * 3;
    if (text.length > ROOMY_TEXT_UNITS || this.position + most > this.maxBytes) {
      const length = utf8Length(text);
      const at = this.#advance(length);
      encodeUtf8Into(text, this.#bytes, at);
      return length;
    }
    const at = this.#at;
    if (at + most > this.#limit) this.#makeRoom(most);
    this.#at = encodeUtf8Into(text, this.#bytes, at);
    return this.#at - at;
  }

  /** Leaves `length` zero bytes, to be filled later. @returns Their position, for the patch methods. */
  reserve(length: number): number {
    if (!(length >= 0) || length % 1 !== 0) throw this.#range(length, length, 'length');
    const position = this.position;
    const at = this.#advance(length);
    this.#bytes.fill(0, at, at + length);
    return position;
  }

  /** Overwrites a byte at a position where bytes were written or reserved. @throws AssertionError elsewhere. */
  patchU8(position: number, value: number): void {
    if ((value & 0xff) !== value) throw this.#range(1, value, 'uint8');
    this.#view.setUint8(this.#written(position, 1), value);
  }

  /** Overwrites two bytes at a position where bytes were written or reserved. @throws AssertionError elsewhere. */
  patchI16(position: number, value: number): void {
    if ((value << 16) >> 16 !== value) throw this.#range(2, value, 'int16');
    this.#view.setInt16(this.#written(position, 2), value);
  }

  /** Overwrites four bytes at a position where bytes were written or reserved. @throws AssertionError elsewhere. */
  patchI32(position: number, value: number): void {
    if ((value | 0) !== value) throw this.#range(4, value, 'int32');
    this.#view.setInt32(this.#written(position, 4), value);
  }

  /** Overwrites four bytes at a position where bytes were written or reserved. @throws AssertionError elsewhere. */
  patchU32(position: number, value: number): void {
    if (value >>> 0 !== value) throw this.#range(4, value, 'uint32');
    this.#view.setUint32(this.#written(position, 4), value);
  }

  /** Overwrites eight bytes at a position where bytes were written or reserved. @throws AssertionError elsewhere. */
  patchI64(position: number, value: number): void {
    if (!Number.isSafeInteger(value)) throw this.#range(8, value, 'safe integer');
    const at = this.#written(position, 8);
    this.#view.setInt32(at, Math.floor(value / TWO_32));
    this.#view.setInt32(at + 4, value);
  }

  /** Inserts a payload by reference. Its bytes are not looked at; they only count. */
  external(payload: Payload): void {
    const size = payload.byteLength;
    if (!(size >= 0) || this.position + size > this.maxBytes) throw this.#overflow(size);
    if (size === 0) return;
    this.#inserted.push({ payload, bufferOffset: this.#at, position: this.position });
    this.#external += size;
    this.#limit = Math.min(this.#bytes.length, this.maxBytes - this.#external);
  }

  /**
   * What was written, in one piece: a view into the writer's memory, which stands until `reset`.
   *
   * @throws AssertionError when payloads were inserted: their bytes are elsewhere, ask for `segments`.
   */
  finish(): Uint8Array {
    assert(
      this.#inserted.length === 0,
      () => `the bytes of ${this.#inserted.length} payloads are not here; take segments`,
    );
    return this.#bytes.subarray(0, this.#at);
  }

  /** What was written, in order: the payloads, and between them views into the writer's memory, as by `finish`. */
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

  /** Starts anew in the same memory, for pools of writers. What `finish` and `segments` gave will be overwritten. */
  reset(): void {
    this.#at = 0;
    this.#external = 0;
    this.#limit = this.#bytes.length;
    if (this.#inserted.length > 0) this.#inserted = [];
  }

  /** Seven bits a byte, the lowest first. */
  #groups(bits: number): void {
    const start = this.#advance(sizeOfGroups(0, bits));
    const bytes = this.#bytes;
    let at = start;
    let rest = bits;
    while (rest >>> 7 !== 0) {
      bytes[at++] = rest | 0x80;
      rest >>>= 7;
    }
    bytes[at] = rest;
  }

  /** Makes room for `size` bytes and returns where in the buffer they go. */
  #advance(size: number): number {
    const at = this.#at;
    if (at + size > this.#limit) this.#makeRoom(size);
    this.#at = at + size;
    return at;
  }

  #makeRoom(size: number): void {
    const most = this.maxBytes - this.#external;
    const needed = this.#at + size;
    if (needed > most) throw this.#overflow(size);
    const grown = new Uint8Array(Math.min(Math.max(needed, this.#bytes.length * 2), this.maxBytes));
    grown.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
    this.#limit = Math.min(grown.length, most);
  }

  /** Where in the buffer the `size` bytes lie that were written at `position`. */
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
      () => `${size} bytes at position ${position} are not among the bytes written; reserve them first`,
    );
    return at;
  }

  #range(size: number, value: number | bigint, type: string): BytesError {
    const { position } = this;
    return new BytesError('out-of-range', position, size, this.maxBytes - position, `${value} does not fit ${type}`);
  }

  #overflow(size: number): BytesError {
    return new BytesError('overflow', this.position, size, this.maxBytes - this.position);
  }
}
