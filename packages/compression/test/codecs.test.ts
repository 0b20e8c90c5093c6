import { compressionCodecs, gzipCodec, isCompressionLevel, lz4Codec, zstdCodec } from '@biquorum/compression';
import { type CompressionCodec, CompressionError } from '@biquorum/kafka-wire';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { samples, text } from './samples.ts';

const codecs = compressionCodecs();
const all: [string, CompressionCodec][] = [
  ['gzip', codecs.gzip],
  ['gzip at level 1', gzipCodec(1)],
  ['snappy', codecs.snappy],
  ['lz4', codecs.lz4],
  ['lz4 at level 1', lz4Codec(1)],
  ['lz4 at level 17', lz4Codec(17)],
  ['zstd', codecs.zstd],
  ['zstd at level -131072', zstdCodec(-131072)],
];

describe.each(all)('%s', (_, codec) => {
  test('gives back what it was given with a cap of exactly that, and ends at a smaller one', () => {
    for (const { name, bytes } of samples()) {
      const compressed = codec.compress(bytes);
      expect(same(codec.decompress(compressed, bytes.length), bytes), name).toBe(true);
      if (bytes.length === 0) continue;
      expect(
        codeOf(() => codec.decompress(compressed, bytes.length - 1)),
        name,
      ).toBe('too-large');
    }
  });

  test('neither keeps nor changes what it is given, wherever that lies in memory', () => {
    const whole = new Uint8Array(5000).fill(0x5a);
    const input = whole.subarray(333, 4333);
    input.set(text(4000));
    const before = whole.slice();
    const compressed = codec.compress(input);
    const shifted = new Uint8Array(compressed.length + 9);
    shifted.set(compressed, 5);
    const output = codec.decompress(shifted.subarray(5, 5 + compressed.length), 4000);
    expect(same(output, input)).toBe(true);
    expect(same(whole, before)).toBe(true);
    output.fill(0);
    expect(same(codec.decompress(compressed, 4000), input)).toBe(true);
  });

  test('throws nothing but typed errors, whatever it is to decompress', () => {
    const sources = [text(300), text(70_000), new Uint8Array(2000)].map((bytes) => codec.compress(bytes));
    fc.assert(
      fc.property(
        fc.constantFrom(0, 1, 2),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }),
        fc.option(fc.nat()),
        (which, changes, cut) => {
          const source = sources[which] as Uint8Array;
          const bytes = source.slice(0, cut === null ? undefined : cut % (source.length + 1));
          for (const [at, byte] of changes) if (bytes.length > 0) bytes[at % Math.min(bytes.length, 200)] = byte;
          try {
            expect(codec.decompress(bytes, 100_000).length).toBeLessThanOrEqual(100_000);
          } catch (error) {
            expect(error).toBeInstanceOf(CompressionError);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe.each([
  ['snappy', codecs.snappy],
  ['lz4', codecs.lz4],
] as const)('%s with memory to decompress into', (_, codec) => {
  test('uses it where it suffices, and only as far as the result goes', () => {
    const bytes = text(100_000);
    const compressed = codec.compress(bytes);
    const scratch = new Uint8Array(100_500).fill(0x5a);
    const memory = scratch.subarray(100, 100_400);
    const output = codec.decompress(compressed, 1 << 20, memory);
    expect(output.buffer).toBe(scratch.buffer);
    expect(output.byteOffset).toBe(100);
    expect(same(output, bytes)).toBe(true);
    expect([scratch[99], scratch[100_400]]).toEqual([0x5a, 0x5a]);
  });

  test('does without it where it does not suffice', () => {
    const bytes = text(100_000);
    for (const size of [0, 1, 40, 99_999]) {
      const output = codec.decompress(codec.compress(bytes), 100_000, new Uint8Array(size));
      expect(same(output, bytes)).toBe(true);
    }
  });
});

describe('streams that follow each other', () => {
  // As kafka-clients 3.9.2 reads them: all of them, but of lz4 only the first.
  test.each([
    ['gzip', 'hello world'],
    ['snappy', 'hello world'],
    ['lz4', 'hello'],
    ['zstd', 'hello world'],
  ] as const)('%s', (type, expected) => {
    const codec = codecs[type];
    const parts = ['hello', ' world'].map((part) => codec.compress(Buffer.from(part)));
    expect(Buffer.from(codec.decompress(Buffer.concat(parts), 11)).toString()).toBe(expected);
  });

  test('the cap holds for their sum', () => {
    for (const type of ['gzip', 'snappy', 'zstd'] as const) {
      const codec = codecs[type];
      const twice = Buffer.concat([codec.compress(Buffer.from('hello')), codec.compress(Buffer.from(' world'))]);
      expect(codeOf(() => codec.decompress(twice, 10))).toBe('too-large');
    }
  });

  test('zstd skips skippable frames, and refuses more frames than a batch needs', () => {
    const skippable = Buffer.from('502a4d180400000061626364', 'hex');
    const one = codecs.zstd.compress(Buffer.from('x'));
    const some = Buffer.concat([skippable, one, skippable, one]);
    expect(Buffer.from(codecs.zstd.decompress(some, 10)).toString()).toBe('xx');
    expect(codecs.zstd.decompress(Buffer.concat(Array(128).fill(one)), 200).length).toBe(128);
    expect(codeOf(() => codecs.zstd.decompress(Buffer.concat(Array(129).fill(one)), 200))).toBe('unsupported');
  });
});

describe('levels', () => {
  test('are those of Kafka 3.9', () => {
    const allowed = { gzip: [-1, 1, 9], lz4: [1, 9, 17], zstd: [-131072, 0, 3, 22] } as const;
    const refused = { gzip: [-2, 0, 10, 1.5], lz4: [0, 18, -1], zstd: [-131073, 23, Number.NaN] } as const;
    for (const type of ['gzip', 'lz4', 'zstd'] as const) {
      for (const level of allowed[type]) expect(isCompressionLevel(type, level), `${type} ${level}`).toBe(true);
      for (const level of refused[type]) expect(isCompressionLevel(type, level), `${type} ${level}`).toBe(false);
    }
  });

  test('one that does not exist stops the program', () => {
    expect(() => gzipCodec(0)).toThrow('gzip level 0');
    expect(() => lz4Codec(18)).toThrow('lz4 level 18');
    expect(() => compressionCodecs({ zstd: 23 })).toThrow('zstd level 23');
  });

  test('a higher one makes smaller batches', () => {
    const bytes = text(200_000);
    const sizes = (make: (level: number) => CompressionCodec, levels: number[]): number[] =>
      levels.map((level) => make(level).compress(bytes).length);
    for (const [fast, thorough] of [sizes(gzipCodec, [1, 9]), sizes(zstdCodec, [-5, 19])] as [number, number][]) {
      expect(thorough).toBeLessThan(fast);
    }
  });
});

function codeOf(call: () => unknown): string | undefined {
  try {
    call();
  } catch (error) {
    if (error instanceof CompressionError) return error.code;
    throw error;
  }
  return undefined;
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
