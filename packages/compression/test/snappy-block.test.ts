import { snappyCodec } from '@biquorum/compression';
import { describe, expect, test } from 'vitest';

const codec = snappyCodec();
const decompress = (hex: string): string =>
  Buffer.from(codec.decompress(Buffer.from(hex.replaceAll(' ', ''), 'hex'), 1000)).toString('latin1');

// Blocks are spelled out: preamble, then elements. Java (kafka-clients 3.9.2) reads the first group and refuses the rest.
describe('a raw snappy block', () => {
  test.each([
    ['one literal', '05 10 68656c6c6f', 'hello'],
    ['a literal with its length behind the tag', '05 f0 04 68656c6c6f', 'hello'],
    ['a copy with an offset of eleven bits', '09 10 68656c6c6f 01 05', 'hellohell'],
    ['a copy with an offset of two bytes', '08 10 68656c6c6f 0a 0500', 'hellohel'],
    ['a copy with an offset of four bytes', '08 10 68656c6c6f 0b 05000000', 'hellohel'],
    ['a copy that overlaps itself', '06 00 61 05 01', 'aaaaaa'],
    ['nothing', '00', ''],
  ])('with %s is read', (_, hex, text) => {
    expect(decompress(hex)).toBe(text);
  });

  test.each([
    ['fewer bytes than stated', '09 10 68656c6c6f'],
    ['more bytes than stated', '04 10 68656c6c6f'],
    ['a literal that is cut off', '05 10 6865'],
    ['a literal length that is cut off', '05 f4 04'],
    ['a copy whose offset is not there', '05 00 61 01'],
    ['half an offset of two bytes', '05 00 61 0e 01'],
    ['half an offset of four bytes', '05 00 61 0f 0100'],
    ['an offset of 0', '05 00 61 0e 0000'],
    ['an offset before its begin', '05 00 61 0e 0200'],
    ['an offset of 2^32 - 1', '05 00 61 0f ffffffff'],
    ['bytes behind it', '05 10 68656c6c6f 00'],
  ])('with %s is corrupt', (_, hex) => {
    expect(() => decompress(hex)).toThrow(expect.objectContaining({ name: 'CompressionError', code: 'corrupt' }));
  });
});
