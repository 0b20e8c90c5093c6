import { BytesError } from './bytes-error.ts';
import { decodeUtf8, type Malformed } from './utf8.ts';

const TWO_32 = 0x1_0000_0000;
// A safe integer's upper half, as a signed 32-bit number, lies from −2^21 to 2^21 − 1.
const SAFE_HIGH = 0x20_0000;

/**
 * Reads big-endian values from a window of bytes and never looks beyond it. A value that is not all there throws
 * and moves nothing, so the caller can retry once more bytes have come.
 *
 * 64-bit integers come in three forms: as a number that is refused when it is not safe (`i64`, `varlong`), as two
 * halves without allocation (`i64Low`, `varlongLow`, with `high`), as a bigint (`i64Big`, `varlongBig`).
 *
 * Every method that reads throws {@link BytesError}, and nothing else.
 */
export class ByteReader {
  /** What is read from, of which the window may be a part. */
  readonly bytes: Uint8Array;
  /** Over all of `bytes`, so that positions agree. */
  readonly view: DataView;
  /** The position of the next byte, within `bytes`. May be set, from the start of the window to `end`. */
  offset: number;
  /** The position after the window's last byte. */
  readonly end: number;
  /** The upper, signed 32 bits of what `i64Low` or `varlongLow` read last. */
  high = 0;

  /** @throws BytesError `out-of-range` when the window does not lie within the bytes. */
  constructor(bytes: Uint8Array, start: number = 0, end: number = bytes.length, view: DataView = viewOf(bytes)) {
    if (!(start >= 0 && start <= end && end <= bytes.length)) {
      throw new BytesError(
        'out-of-range',
        start,
        end - start,
        bytes.length - start,
        `window ${start}..${end} of ${bytes.length} bytes`,
      );
    }
    this.bytes = bytes;
    this.view = view;
    this.offset = start;
    this.end = end;
  }

  /** How many bytes of the window are still to be read. */
  get remaining(): number {
    return this.end - this.offset;
  }

  /** A signed 8-bit integer. */
  i8(): number {
    return (this.u8() << 24) >> 24;
  }

  /** An unsigned 8-bit integer. */
  u8(): number {
    const at = this.offset;
    if (at >= this.end) throw this.#underflow(1);
    this.offset = at + 1;
    return this.bytes[at] as number;
  }

  /** A signed 16-bit integer. */
  i16(): number {
    return this.view.getInt16(this.#advance(2));
  }

  /** An unsigned 16-bit integer. */
  u16(): number {
    return this.view.getUint16(this.#advance(2));
  }

  /** A signed 32-bit integer. */
  i32(): number {
    return this.view.getInt32(this.#advance(4));
  }

  /** An unsigned 32-bit integer. */
  u32(): number {
    return this.view.getUint32(this.#advance(4));
  }

  /** A signed 64-bit integer as a number. @throws BytesError `out-of-range` when it is not a safe integer. */
  i64(): number {
    const at = this.#advance(8);
    const high = this.view.getInt32(at);
    const value = high * TWO_32 + this.view.getUint32(at + 4);
    if (high < -SAFE_HIGH || high >= SAFE_HIGH || value === -0x20_0000_0000_0000) {
      this.offset = at;
      throw this.#unsafe(at, 8, this.view.getBigInt64(at));
    }
    return value;
  }

  /** A signed 64-bit integer in halves: returns the low 32 bits, unsigned, and leaves the rest in `high`. */
  i64Low(): number {
    const at = this.#advance(8);
    this.high = this.view.getInt32(at);
    return this.view.getUint32(at + 4);
  }

  /** A signed 64-bit integer. */
  i64Big(): bigint {
    return this.view.getBigInt64(this.#advance(8));
  }

  /** An IEEE 754 double. */
  f64(): number {
    return this.view.getFloat64(this.#advance(8));
  }

  /**
   * An unsigned varint, from 0 to 2^32 − 1. Like Java's `ByteUtils.readUnsignedVarint`, it takes longer forms than
   * necessary, and of a fifth byte the low four bits.
   *
   * @throws BytesError `overlong-varint` when the fifth byte asks for a sixth.
   */
  uvarint(): number {
    const bytes = this.bytes;
    const start = this.offset;
    const end = this.end;
    let at = start;
    let value = 0;
    for (let shift = 0; at < end; shift += 7) {
      const byte = bytes[at++] as number;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        this.offset = at;
        return value >>> 0;
      }
      if (shift === 28) throw overlong(start, 5);
    }
    throw this.#underflow(at - start + 1);
  }

  /** A zig-zag varint, signed 32 bits. @throws BytesError `overlong-varint` when it goes beyond five bytes. */
  varint(): number {
    const raw = this.uvarint();
    return (raw >>> 1) ^ -(raw & 1);
  }

  /** A zig-zag varlong as a number. @throws BytesError `out-of-range` when it is not a safe integer. */
  varlong(): number {
    const start = this.offset;
    const low = this.varlongLow();
    const high = this.high;
    const value = high * TWO_32 + low;
    if (high < -SAFE_HIGH || high >= SAFE_HIGH || value === -0x20_0000_0000_0000) {
      const size = this.offset - start;
      this.offset = start;
      throw this.#unsafe(start, size, (BigInt(high) << 32n) | BigInt(low));
    }
    return value;
  }

  /**
   * A zig-zag varlong in halves: returns the low 32 bits, unsigned, and leaves the rest in `high`.
   *
   * @throws BytesError `overlong-varint` when the tenth byte asks for another.
   */
  varlongLow(): number {
    const bytes = this.bytes;
    const start = this.offset;
    const end = this.end;
    let at = start;
    // Groups of seven bits: four for `low`, one across the halves, five for `high`.
    let low = 0;
    let high = 0;
    for (let shift = 0; at < end; shift += 7) {
      const byte = bytes[at++] as number;
      const bits = byte & 0x7f;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high = bits >>> 4;
      } else high |= bits << (shift - 32);
      if (byte < 0x80) {
        this.offset = at;
        const sign = -(low & 1);
        this.high = (high >>> 1) ^ sign;
        return (((low >>> 1) | (high << 31)) ^ sign) >>> 0;
      }
      if (shift === 63) throw overlong(start, 10);
    }
    throw this.#underflow(at - start + 1);
  }

  /** A zig-zag varlong, signed 64 bits. @throws BytesError `overlong-varint` when it goes beyond ten bytes. */
  varlongBig(): bigint {
    const low = this.varlongLow();
    return (BigInt(this.high) << 32n) | BigInt(low);
  }

  /**
   * Text of `length` bytes of UTF-8.
   *
   * @throws BytesError `invalid-utf8` for malformed input that is to be rejected.
   */
  utf8(length: number, malformed: Malformed = 'reject'): string {
    const at = this.#advanceBy(length);
    try {
      return decodeUtf8(this.bytes, at, at + length, malformed);
    } catch (error) {
      this.offset = at;
      throw error;
    }
  }

  /** The next `length` bytes, as a view into the same memory. */
  take(length: number): Uint8Array {
    const at = this.#advanceBy(length);
    return this.bytes.subarray(at, at + length);
  }

  /** A reader of its own over the next `length` bytes, which count as read here. */
  window(length: number): ByteReader {
    const at = this.#advanceBy(length);
    return new ByteReader(this.bytes, at, at + length, this.view);
  }

  /** Passes over the next `length` bytes. */
  skip(length: number): void {
    this.#advanceBy(length);
  }

  #advance(size: number): number {
    const at = this.offset;
    if (at + size > this.end) throw this.#underflow(size);
    this.offset = at + size;
    return at;
  }

  /** As `#advance`, for a size that comes from outside. */
  #advanceBy(size: number): number {
    if (!(size >= 0) || size % 1 !== 0) {
      throw new BytesError(
        'out-of-range',
        this.offset,
        size,
        this.remaining,
        `length ${size} is not a whole number from 0`,
      );
    }
    return this.#advance(size);
  }

  #underflow(wanted: number): BytesError {
    return new BytesError('underflow', this.offset, wanted, this.remaining);
  }

  #unsafe(at: number, size: number, value: bigint): BytesError {
    return new BytesError(
      'out-of-range',
      at,
      size,
      this.end - at,
      `${value} is not a safe integer; read it in halves or as a bigint`,
    );
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function overlong(start: number, limit: number): BytesError {
  return new BytesError('overlong-varint', start, limit + 1, limit, `varint goes on after ${limit} bytes`);
}
