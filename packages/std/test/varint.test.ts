import { readFileSync } from 'node:fs';
import { ByteReader, BytesError, ByteWriter, sizeOfUvarint, sizeOfVarint, sizeOfVarlong } from '@biquorum/std';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

// What Kafka's ByteUtils wrote and read.
const lines = readFileSync(new URL('fixtures/varints.txt', import.meta.url), 'utf8')
  .trim()
  .split('\n');
const recorded = (type: string): string[][] =>
  lines.filter((line) => line.startsWith(`${type} `)).map((line) => line.split(' ').slice(1));

const isSafe = (value: bigint): boolean => Number.isSafeInteger(Number(value));
const readerOf = (hex: string): ByteReader => new ByteReader(Buffer.from(hex, 'hex'));

function written(write: (writer: ByteWriter) => void): string {
  const writer = new ByteWriter({ initialBytes: 0 });
  write(writer);
  return Buffer.from(writer.finish()).toString('hex');
}

/** What Java's reader gave: the value and how many bytes it took, or the name of the exception. */
function readBy(hex: string, read: (reader: ByteReader) => number | bigint): string {
  const reader = readerOf(hex);
  try {
    return `${read(reader)}:${reader.offset}`;
  } catch (error) {
    if (!(error instanceof BytesError)) throw error;
    expect(reader.offset).toBe(0);
    if (error.code === 'underflow') return 'BufferUnderflowException';
    if (error.code === 'overlong-varint') return 'IllegalArgumentException';
    return error.code;
  }
}

describe('varints', () => {
  it('unsigned: writes, reads and sizes as Java does', () => {
    const cases = recorded('uvarint');
    expect(cases.length).toBeGreaterThan(100);
    for (const [text, hex, size] of cases as [string, string, string][]) {
      const value = Number(text);
      expect(written((writer) => writer.uvarint(value))).toBe(hex);
      expect(readerOf(hex).uvarint()).toBe(value);
      expect(sizeOfUvarint(value)).toBe(Number(size));
    }
  });

  it('zig-zag: writes, reads and sizes as Java does', () => {
    const cases = recorded('varint');
    expect(cases.length).toBeGreaterThan(100);
    for (const [text, hex, size] of cases as [string, string, string][]) {
      const value = Number(text);
      expect(written((writer) => writer.varint(value))).toBe(hex);
      expect(readerOf(hex).varint()).toBe(value);
      expect(sizeOfVarint(value)).toBe(Number(size));
    }
  });

  it('zig-zag of 64 bits: writes, reads and sizes as Java does, in each form', () => {
    const cases = recorded('varlong');
    expect(cases.filter(([text]) => !isSafe(BigInt(text as string))).length).toBeGreaterThan(20);
    for (const [text, hex, size] of cases as [string, string, string][]) {
      const value = BigInt(text);
      const high = Number(value >> 32n);
      const low = Number(BigInt.asUintN(32, value));
      expect(written((writer) => writer.varlongBig(value))).toBe(hex);
      expect(written((writer) => writer.varlongHalves(high, low))).toBe(hex);
      expect(written((writer) => writer.varlongHalves(high >>> 0, low | 0))).toBe(hex);
      expect(readerOf(hex).varlongBig()).toBe(value);
      const reader = readerOf(hex);
      expect([reader.varlongLow(), reader.high, reader.remaining]).toEqual([low, high, 0]);
      if (isSafe(value)) {
        expect(written((writer) => writer.varlong(Number(value)))).toBe(hex);
        expect(readerOf(hex).varlong()).toBe(Number(value));
        expect(sizeOfVarlong(Number(value))).toBe(Number(size));
      } else {
        expect(() => readerOf(hex).varlong()).toThrow(
          expect.objectContaining({ code: 'out-of-range', wanted: Number(size) }),
        );
        expect(() => written((writer) => writer.varlong(Number(value)))).toThrow(
          expect.objectContaining({ code: 'out-of-range' }),
        );
      }
    }
  });

  it('reads, or refuses, what is longer than necessary, has bits to spare, is cut off or has no end as Java does', () => {
    const cases = recorded('read');
    expect(cases.length).toBeGreaterThan(150);
    for (const [bytes, uvarint, varint, varlong] of cases as [string, string, string, string][]) {
      const hex = bytes === '-' ? '' : bytes;
      expect([hex, readBy(hex, (reader) => reader.uvarint())]).toEqual([hex, uvarint]);
      expect([hex, readBy(hex, (reader) => reader.varint())]).toEqual([hex, varint]);
      expect([hex, readBy(hex, (reader) => reader.varlongBig())]).toEqual([hex, varlong]);
    }
  });

  it('come back as they went in', () => {
    fc.assert(
      fc.property(
        fc.maxSafeInteger(),
        fc.integer(),
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        (safe, int, big) => {
          const reader = readerOf(
            written((writer) => {
              writer.varlong(safe);
              writer.varint(int);
              writer.uvarint(int >>> 0);
              writer.varlongBig(big);
            }),
          );
          expect([reader.varlong(), reader.varint(), reader.uvarint(), reader.varlongBig()]).toEqual([
            safe,
            int,
            int >>> 0,
            big,
          ]);
          expect(reader.offset).toBe(
            sizeOfVarlong(safe) +
              sizeOfVarint(int) +
              sizeOfUvarint(int >>> 0) +
              written((writer) => writer.varlongBig(big)).length / 2,
          );
        },
      ),
    );
  });

  it('are refused by the writer when the type cannot hold them', () => {
    for (const write of [
      (writer: ByteWriter) => writer.uvarint(-1),
      (writer: ByteWriter) => writer.uvarint(2 ** 32),
      (writer: ByteWriter) => writer.varint(2 ** 31),
      (writer: ByteWriter) => writer.varint(0.5),
      (writer: ByteWriter) => writer.varlong(2 ** 53),
      (writer: ByteWriter) => writer.varlong(Number.NaN),
      (writer: ByteWriter) => writer.varlongBig(2n ** 63n),
    ]) {
      expect(() => written(write)).toThrow(expect.objectContaining({ code: 'out-of-range' }));
    }
  });
});
