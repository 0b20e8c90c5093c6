import { crc32 as zlibCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { adler32, crc32 } from '../src/index.ts';

const check = Buffer.from('123456789');

test('CRC-32 gives the check value of its catalogue', () => {
  expect(crc32(check)).toBe(0xcbf43926);
});

test('CRC-32 agrees with zlib, whole and in two parts', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(), (bytes, cut) => {
      const at = cut % (bytes.length + 1);
      expect(crc32(bytes)).toBe(zlibCrc32(bytes));
      expect(crc32(bytes.subarray(at), crc32(bytes.subarray(0, at)))).toBe(zlibCrc32(bytes));
    }),
  );
});

test('Adler-32 gives the value of RFC 1950, whole and in parts, also where its sums must be reduced', () => {
  expect(adler32(Buffer.from('Wikipedia'))).toBe(0x11e60398);
  expect(adler32(check)).toBe(0x091e01de);
  const long = new Uint8Array(100_000).fill(0xff);
  let [low, high] = [1, 0];
  for (const byte of long) {
    low = (low + byte) % 65521;
    high = (high + low) % 65521;
  }
  expect(adler32(long)).toBe(high * 65536 + low);
  expect(adler32(long.subarray(7), adler32(long.subarray(0, 7)))).toBe(adler32(long));
});
