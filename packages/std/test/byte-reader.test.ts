import { ByteReader, BytesError } from '@biquorum/std';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const hex = (text: string): Uint8Array => Buffer.from(text, 'hex');

/** Each method with the bytes of a value, as Java's DataInput defines them: two's complement, high byte first. */
const fixed: readonly [name: string, bytes: string, read: (reader: ByteReader) => unknown, value: unknown][] = [
  ['i8', 'ff', (reader) => reader.i8(), -1],
  ['i8', '7f', (reader) => reader.i8(), 127],
  ['u8', 'ff', (reader) => reader.u8(), 255],
  ['i16', '8000', (reader) => reader.i16(), -32_768],
  ['u16', '8001', (reader) => reader.u16(), 32_769],
  ['i32', '80000000', (reader) => reader.i32(), -2_147_483_648],
  ['i32', '01020304', (reader) => reader.i32(), 16_909_060],
  ['u32', 'ffffffff', (reader) => reader.u32(), 4_294_967_295],
  ['i64', '0000018bcfe56800', (reader) => reader.i64(), 1_700_000_000_000],
  ['i64', 'ffffffffffffffff', (reader) => reader.i64(), -1],
  ['i64', '001fffffffffffff', (reader) => reader.i64(), Number.MAX_SAFE_INTEGER],
  ['i64', 'ffe0000000000001', (reader) => reader.i64(), Number.MIN_SAFE_INTEGER],
  ['i64Big', '8000000000000000', (reader) => reader.i64Big(), -(2n ** 63n)],
  ['i64Low and high', '8000000000000001', (reader) => [reader.i64Low(), reader.high], [1, -(2 ** 31)]],
  ['i64Low and high', '00000002ffffffff', (reader) => [reader.i64Low(), reader.high], [2 ** 32 - 1, 2]],
  ['f64', '3ff8000000000000', (reader) => reader.f64(), 1.5],
  ['f64', 'fff0000000000000', (reader) => reader.f64(), Number.NEGATIVE_INFINITY],
];

describe('ByteReader', () => {
  it.each(fixed)('%s reads %s', (_, bytes, read, value) => {
    // Among other bytes, in a view that does not start where its memory does.
    const padded = hex(`aaaaaa${bytes}bbbb`).subarray(1);
    const reader = new ByteReader(padded, 2, padded.length - 2);
    expect(read(reader)).toEqual(value);
    expect([reader.offset, reader.remaining]).toEqual([padded.length - 2, 0]);
  });

  it.each(fixed)('%s of %s does not look beyond the window, and stays where it was', (_, bytes, read) => {
    const size = bytes.length / 2;
    for (let available = 0; available < size; available++) {
      const reader = new ByteReader(hex(`00${bytes}00`), 1, 1 + available);
      expect(() => read(reader)).toThrow(
        expect.objectContaining({ code: 'underflow', offset: 1, wanted: size, available, name: 'BytesError' }),
      );
      expect(reader.offset).toBe(1);
    }
  });

  it('refuses 64-bit integers that a number would round', () => {
    for (const bytes of ['0020000000000000', 'ffe0000000000000', '7fffffffffffffff', '8000000000000000']) {
      const reader = new ByteReader(hex(bytes));
      expect(() => reader.i64()).toThrow(expect.objectContaining({ code: 'out-of-range', offset: 0, wanted: 8 }));
      expect(() => reader.i64()).toThrow(String(reader.view.getBigInt64(0)));
      expect(reader.i64Big()).toBe(reader.view.getBigInt64(0));
    }
  });

  it('takes bytes without copying, and passes over them', () => {
    const bytes = Uint8Array.from({ length: 10 }, (_, index) => index);
    const reader = new ByteReader(bytes, 2);
    reader.skip(1);
    const taken = reader.take(3);
    expect([...taken]).toEqual([3, 4, 5]);
    expect(taken.buffer).toBe(bytes.buffer);
    expect([...reader.take(0)]).toEqual([]);
    expect([...reader.take(4)]).toEqual([6, 7, 8, 9]);
  });

  it('hands out a reader over a part, which ends where the part does', () => {
    const reader = new ByteReader(hex('0102030405'));
    reader.skip(1);
    const part = reader.window(2);
    expect([part.offset, part.end, reader.offset]).toEqual([1, 3, 3]);
    expect([part.u8(), part.u8()]).toEqual([2, 3]);
    expect(() => part.u8()).toThrow(expect.objectContaining({ code: 'underflow', offset: 3, available: 0 }));
    expect(reader.u8()).toBe(4);
    expect(() => reader.window(2)).toThrow(expect.objectContaining({ code: 'underflow', wanted: 2, available: 1 }));
  });

  it('refuses lengths that are no lengths, whatever a peer sent', () => {
    const reader = new ByteReader(new Uint8Array(8), 2);
    const reads: ((length: number) => unknown)[] = [
      (length) => reader.take(length),
      (length) => reader.skip(length),
      (length) => reader.window(length),
      (length) => reader.utf8(length),
    ];
    for (const read of reads) {
      for (const length of [-1, 1.5, Number.NaN, Number.NEGATIVE_INFINITY]) {
        expect(() => read(length)).toThrow(expect.objectContaining({ code: 'out-of-range', offset: 2 }));
      }
      for (const length of [7, 2 ** 31, 2 ** 53, Number.POSITIVE_INFINITY]) {
        expect(() => read(length)).toThrow(BytesError);
      }
    }
    expect(reader.offset).toBe(2);
  });

  it('reads text, and stays where it was when that is malformed', () => {
    const reader = new ByteReader(hex('6162c3a9ff63'));
    expect(reader.utf8(4)).toBe('abé');
    expect(() => reader.utf8(2)).toThrow(expect.objectContaining({ code: 'invalid-utf8', offset: 4, wanted: 2 }));
    expect(reader.offset).toBe(4);
    expect(reader.utf8(2, 'replace')).toBe('\ufffdc');
    expect(reader.utf8(0)).toBe('');
  });

  it('refuses a window that does not lie within the bytes', () => {
    const bytes = new Uint8Array(4);
    for (const [start, end] of [
      [-1, 2],
      [3, 2],
      [0, 5],
      [Number.NaN, 1],
      [5, 5],
    ] as const) {
      expect(() => new ByteReader(bytes, start, end)).toThrow(expect.objectContaining({ code: 'out-of-range' }));
    }
  });

  it('throws nothing but BytesError on any bytes, and never goes past the end', () => {
    const methods: ((reader: ByteReader, length: number) => unknown)[] = [
      ...fixed.map(([, , read]) => read),
      (reader) => reader.uvarint(),
      (reader) => reader.varint(),
      (reader) => reader.varlong(),
      (reader) => reader.varlongLow(),
      (reader) => reader.varlongBig(),
      (reader, length) => reader.utf8(length),
      (reader, length) => reader.utf8(length, 'replace'),
      (reader, length) => reader.take(length),
      (reader, length) => reader.skip(length),
    ];
    const bytes = fc.uint8Array({ maxLength: 60, size: 'max' });
    const calls = fc.array(fc.tuple(fc.nat({ max: methods.length - 1 }), fc.integer({ min: -1, max: 12 })), {
      maxLength: 30,
      size: 'max',
    });
    fc.assert(
      fc.property(bytes, fc.nat({ max: 60 }), calls, (data, cut, sequence) => {
        const reader = new ByteReader(data, 0, Math.min(cut, data.length));
        for (const [method, length] of sequence) {
          const before = reader.offset;
          try {
            methods[method]?.(reader, length);
            expect(reader.offset).toBeGreaterThanOrEqual(before);
          } catch (error) {
            expect(error).toBeInstanceOf(BytesError);
            expect(reader.offset).toBe(before);
          }
          expect(reader.offset).toBeLessThanOrEqual(reader.end);
        }
      }),
    );
  });
});
