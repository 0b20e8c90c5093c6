import { AssertionError, ByteReader, BytesError, ByteWriter, type Payload, utf8Length } from '@biquorum/std';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Each method with a value, and its bytes as Java's DataOutput defines them: two's complement, high byte first. */
const fixed: readonly [name: string, write: (writer: ByteWriter) => void, bytes: string][] = [
  ['i8(-1)', (writer) => writer.i8(-1), 'ff'],
  ['u8(128)', (writer) => writer.u8(128), '80'],
  ['i16(-2)', (writer) => writer.i16(-2), 'fffe'],
  ['u16(65535)', (writer) => writer.u16(65_535), 'ffff'],
  ['i32(-2^31)', (writer) => writer.i32(-(2 ** 31)), '80000000'],
  ['u32(2^32-1)', (writer) => writer.u32(2 ** 32 - 1), 'ffffffff'],
  ['i64(-1)', (writer) => writer.i64(-1), 'ffffffffffffffff'],
  ['i64(1700000000000)', (writer) => writer.i64(1_700_000_000_000), '0000018bcfe56800'],
  ['i64(-1700000000000)', (writer) => writer.i64(-1_700_000_000_000), 'fffffe74301a9800'],
  ['i64(2^53-1)', (writer) => writer.i64(Number.MAX_SAFE_INTEGER), '001fffffffffffff'],
  ['i64(-2^53+1)', (writer) => writer.i64(Number.MIN_SAFE_INTEGER), 'ffe0000000000001'],
  ['i64Halves', (writer) => writer.i64Halves(0x8000_0000, -1), '80000000ffffffff'],
  ['i64Big(-2^63)', (writer) => writer.i64Big(-(2n ** 63n)), '8000000000000000'],
  ['f64(1.5)', (writer) => writer.f64(1.5), '3ff8000000000000'],
  ['bytesOf', (writer) => writer.bytesOf(Uint8Array.of(1, 2, 3)), '010203'],
];

const refused: readonly [name: string, write: (writer: ByteWriter) => void][] = [
  ['i8(128)', (writer) => writer.i8(128)],
  ['i8(-129)', (writer) => writer.i8(-129)],
  ['u8(-1)', (writer) => writer.u8(-1)],
  ['u8(256)', (writer) => writer.u8(256)],
  ['i16(32768)', (writer) => writer.i16(32_768)],
  ['u16(65536)', (writer) => writer.u16(65_536)],
  ['i32(2^31)', (writer) => writer.i32(2 ** 31)],
  ['i32(0.5)', (writer) => writer.i32(0.5)],
  ['i32(NaN)', (writer) => writer.i32(Number.NaN)],
  ['u32(-1)', (writer) => writer.u32(-1)],
  ['i64(2^53)', (writer) => writer.i64(2 ** 53)],
  ['i64(0.5)', (writer) => writer.i64(0.5)],
  ['i64Big(2^63)', (writer) => writer.i64Big(2n ** 63n)],
  ['reserve(-1)', (writer) => writer.reserve(-1)],
];

describe('ByteWriter', () => {
  it.each(fixed)('%s writes big-endian, growing as it must', (_, write, bytes) => {
    const writer = new ByteWriter({ initialBytes: 0 });
    writer.u8(0xaa);
    write(writer);
    writer.u8(0xbb);
    expect(hexOf(writer.finish())).toBe(`aa${bytes}bb`);
    expect(writer.position).toBe(bytes.length / 2 + 2);
  });

  it.each(refused)('%s is refused, and nothing is written', (_, write) => {
    const writer = new ByteWriter();
    writer.u8(1);
    expect(() => write(writer)).toThrow(
      expect.objectContaining({ code: 'out-of-range', offset: 1, name: 'BytesError' }),
    );
    expect(hexOf(writer.finish())).toBe('01');
  });

  it.each(fixed)('%s stops at the cap, and nothing is written', (_, write, bytes) => {
    const size = bytes.length / 2;
    for (let room = 0; room < size; room++) {
      const writer = new ByteWriter({ initialBytes: 64, maxBytes: 1 + room });
      writer.u8(1);
      expect(() => write(writer)).toThrow(
        expect.objectContaining({ code: 'overflow', offset: 1, wanted: size, available: room }),
      );
      expect(hexOf(writer.finish())).toBe('01');
    }
    const exact = new ByteWriter({ initialBytes: 0, maxBytes: size });
    write(exact);
    expect(exact.position).toBe(size);
  });

  it('stops text and varints at the cap, and lets them fill it', () => {
    const writers: [size: number, write: (writer: ByteWriter) => void][] = [
      [3, (writer) => writer.utf8('€')],
      [5, (writer) => writer.utf8('abcde')],
      [60, (writer) => writer.utf8('a'.repeat(60))],
      [90, (writer) => writer.utf8('é'.repeat(45))],
      [5000, (writer) => writer.utf8('a'.repeat(5000))],
      [5, (writer) => writer.varint(-(2 ** 31))],
      [1, (writer) => writer.uvarint(5)],
      [10, (writer) => writer.varlongBig(2n ** 63n - 1n)],
      [8, (writer) => writer.varlong(Number.MAX_SAFE_INTEGER)],
    ];
    for (const [size, write] of writers) {
      const full = new ByteWriter({ maxBytes: size - 1 });
      expect(() => write(full)).toThrow(
        expect.objectContaining({ code: 'overflow', wanted: size, available: size - 1 }),
      );
      expect(full.position).toBe(0);
      const exact = new ByteWriter({ initialBytes: 0, maxBytes: size });
      write(exact);
      expect(exact.finish().length).toBe(size);
      expect(() => exact.u8(0)).toThrow(expect.objectContaining({ code: 'overflow' }));
    }
  });

  it('fills in what was reserved', () => {
    const writer = new ByteWriter({ initialBytes: 1 });
    const size = writer.reserve(4);
    writer.bytesOf(Uint8Array.of(0xee, 0xee, 0xee, 0xee, 0xee));
    const rest = writer.reserve(8);
    writer.u8(9);
    writer.patchI32(size, -2);
    writer.patchU8(4, 0xff);
    writer.patchI16(5, -3);
    expect(hexOf(writer.finish())).toBe('fffffffefffffdeeee000000000000000009');
    writer.patchI64(rest, -1_700_000_000_000);
    writer.patchU32(4, 0xaabb_ccdd);
    expect(hexOf(writer.finish())).toBe('fffffffeaabbccddeefffffe74301a980009');
    expect(() => writer.patchI16(size, 32_768)).toThrow(expect.objectContaining({ code: 'out-of-range' }));
  });

  it('reserves zeroes, whatever the memory held before', () => {
    const writer = new ByteWriter();
    writer.bytesOf(new Uint8Array(16).fill(0xff));
    writer.reset();
    writer.reserve(3);
    expect(hexOf(writer.finish())).toBe('000000');
  });

  it('refuses to patch what was not written', () => {
    const writer = new ByteWriter();
    writer.i32(1);
    for (const position of [-1, 1, 4, 100]) {
      expect(() => writer.patchI32(position, 0)).toThrow(AssertionError);
    }
  });

  it('gathers payloads among the bytes, by reference and in order', () => {
    const slice = { byteLength: 1000, file: 3 };
    const memory = Uint8Array.of(7, 7);
    const writer = new ByteWriter({ initialBytes: 2 });
    const size = writer.reserve(4);
    writer.u8(1);
    writer.external(slice);
    writer.external(memory);
    writer.external({ byteLength: 0 });
    const between = writer.position;
    writer.i16(2);
    writer.external(slice);
    writer.patchI32(size, writer.position - 4);
    writer.patchI16(between, 3);
    const pieces = writer.segments();
    expect(pieces[1]).toBe(slice);
    expect(pieces[2]).toBe(memory);
    expect(pieces[4]).toBe(slice);
    expect(pieces.length).toBe(5);
    expect(hexOf(pieces[0] as Uint8Array)).toBe('000007d501');
    expect(hexOf(pieces[3] as Uint8Array)).toBe('0003');
    expect(writer.position).toBe(pieces.reduce((sum, piece) => sum + piece.byteLength, 0));
    // Neither a payload nor bytes on both sides of one can be patched, nor can all be had in one piece.
    for (const position of [between - 1, 5, 4, between + 1, writer.position - 1]) {
      expect(() => writer.patchI16(position, 0)).toThrow(AssertionError);
    }
    expect(() => writer.finish()).toThrow(AssertionError);
  });

  it('counts payloads against the cap', () => {
    const writer = new ByteWriter({ initialBytes: 64, maxBytes: 100 });
    writer.i32(0);
    expect(() => writer.external({ byteLength: 97 })).toThrow(
      expect.objectContaining({ code: 'overflow', offset: 4, wanted: 97, available: 96 }),
    );
    expect(() => writer.external({ byteLength: Number.NaN })).toThrow(BytesError);
    writer.external({ byteLength: 94 });
    writer.u8(1);
    expect(() => writer.i16(1)).toThrow(expect.objectContaining({ code: 'overflow', available: 1 }));
    writer.u8(2);
    expect(() => writer.u8(3)).toThrow(expect.objectContaining({ code: 'overflow', available: 0 }));
    expect(() => writer.utf8('a')).toThrow(expect.objectContaining({ code: 'overflow', available: 0 }));
    expect(writer.position).toBe(100);
  });

  it('counts payloads against the cap while it grows, too', () => {
    const writer = new ByteWriter({ initialBytes: 8, maxBytes: 100 });
    writer.external({ byteLength: 70 });
    // The memory doubles to 32 bytes, of which the payload leaves 30.
    writer.bytesOf(new Uint8Array(16));
    writer.bytesOf(new Uint8Array(9));
    expect(() => writer.bytesOf(new Uint8Array(6))).toThrow(
      expect.objectContaining({ code: 'overflow', offset: 95, wanted: 6, available: 5 }),
    );
    writer.bytesOf(new Uint8Array(5));
    expect(writer.position).toBe(100);
  });

  it('starts anew after a reset, in the same memory', () => {
    const writer = new ByteWriter({ maxBytes: 50 });
    writer.i32(1);
    const before = writer.finish();
    writer.reset();
    writer.external({ byteLength: 40 });
    writer.reset();
    writer.bytesOf(new Uint8Array(50));
    expect(writer.finish().length).toBe(50);
    writer.reset();
    expect([writer.position, writer.segments()]).toEqual([0, []]);
    writer.i32(2);
    expect(writer.finish().buffer).toBe(before.buffer);
    expect(hexOf(before)).toBe('00000002');
  });

  it('writes what the reader reads, over any sequence', () => {
    const value = fc.oneof(
      fc.record({ type: fc.constant('i8' as const), value: fc.integer({ min: -128, max: 127 }) }),
      fc.record({ type: fc.constant('u16' as const), value: fc.nat({ max: 65_535 }) }),
      fc.record({ type: fc.constant('i32' as const), value: fc.integer() }),
      fc.record({ type: fc.constant('i64' as const), value: fc.maxSafeInteger() }),
      fc.record({ type: fc.constant('varlong' as const), value: fc.maxSafeInteger() }),
      fc.record({ type: fc.constant('uvarint' as const), value: fc.nat({ max: 2 ** 32 - 1 }) }),
      fc.record({ type: fc.constant('f64' as const), value: fc.double() }),
      fc.record({
        type: fc.constant('utf8' as const),
        value: fc.string({ unit: 'binary', maxLength: 60, size: 'max' }),
      }),
      fc.record({ type: fc.constant('external' as const), value: fc.nat({ max: 30 }) }),
    );
    fc.assert(
      fc.property(fc.array(value, { maxLength: 40, size: 'max' }), fc.nat({ max: 40 }), (values, initialBytes) => {
        const writer = new ByteWriter({ initialBytes });
        for (const one of values) {
          if (one.type === 'utf8') {
            writer.uvarint(utf8Length(one.value));
            expect(writer.utf8(one.value)).toBe(utf8Length(one.value));
          } else if (one.type === 'external') writer.external(new Uint8Array(one.value).fill(0x55));
          else writer[one.type](one.value);
        }
        const whole = Buffer.concat(writer.segments() as (Payload & Uint8Array)[]);
        expect(whole.length).toBe(writer.position);
        const reader = new ByteReader(whole);
        for (const one of values) {
          if (one.type === 'utf8') expect(reader.utf8(reader.uvarint())).toBe(one.value);
          else if (one.type === 'external') expect(reader.take(one.value).every((byte) => byte === 0x55)).toBe(true);
          else expect(reader[one.type]()).toBe(one.value);
        }
        expect(reader.remaining).toBe(0);
      }),
    );
  });
});
