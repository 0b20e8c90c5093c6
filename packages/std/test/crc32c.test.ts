import { readFileSync } from 'node:fs';
import { crc32c, Prng } from '@biquorum/std';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';

const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(' ', ''), 'hex');

/** One bit at a time, from the definition. */
function bitwise(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f6_3b78 : 0);
  }
  return ~crc >>> 0;
}

/** Short and long: they go different ways. */
const someBytes = fc.oneof(
  fc.uint8Array({ maxLength: 200, size: 'max' }),
  fc.tuple(fc.integer(), fc.nat({ max: 70_000 })).map(([seed, length]) => new Prng(seed).fill(new Uint8Array(length))),
);

describe('crc32c', () => {
  it.each([
    ['32 bytes of zeroes', new Uint8Array(32), 0x8a91_36aa],
    ['32 bytes of ones', new Uint8Array(32).fill(0xff), 0x62a8_ab43],
    ['32 bytes incrementing from 0', Uint8Array.from({ length: 32 }, (_, index) => index), 0x46dd_794e],
    ['32 bytes decrementing to 0', Uint8Array.from({ length: 32 }, (_, index) => 31 - index), 0x113f_db5c],
    [
      'an iSCSI read command',
      hex(
        '01c00000 00000000 00000000 00000000 14000000 00000400 00000014 00000018 28000000 00000000 02000000 00000000',
      ),
      0xd996_3a56,
    ],
  ])('agrees with RFC 3720 appendix B.4: %s', (_, bytes, checksum) => {
    expect(crc32c(bytes)).toBe(checksum);
  });

  it('has the check value of the CRC catalogue, of the digits 1 to 9', () => {
    expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe306_9283);
  });

  it('agrees with java.util.zip.CRC32C at every length and alignment', () => {
    const bytes = Uint8Array.from({ length: 200_000 }, (_, index) => index * 7 + (index >> 8) * 29);
    const lines = readFileSync(new URL('fixtures/crc32c.txt', import.meta.url), 'utf8')
      .trim()
      .split('\n');
    expect(lines.length).toBeGreaterThan(240);
    for (const line of lines) {
      const [length, whole, fromThird] = line.split(' ') as [string, string, string];
      const end = Number(length);
      expect(crc32c(bytes, 0, end).toString(16)).toBe(whole);
      expect(crc32c(bytes, Math.min(3, end), end).toString(16)).toBe(fromThird);
    }
  });

  it('agrees with the definition for any bytes', () => {
    fc.assert(
      fc.property(someBytes, (bytes) => {
        expect(crc32c(bytes)).toBe(bitwise(bytes));
      }),
    );
  });

  it('agrees with the definition at every length where another way of working begins', () => {
    const bytes = new Prng(1).fill(new Uint8Array(80_000));
    for (const length of [1_536, 79 * 16 + 16, 209 * 16 + 16, 32_768 + 209 * 16 + 16, 2 * 32_768 + 209 * 16 + 16]) {
      for (let near = length - 18; near < length + 18; near++) {
        const from = near % 23;
        expect(crc32c(bytes, from, from + near)).toBe(bitwise(bytes.subarray(from, from + near)));
      }
    }
  });

  it('goes on from the checksum of what came before', () => {
    fc.assert(
      fc.property(someBytes, fc.nat(), (bytes, at) => {
        const cut = at % (bytes.length + 1);
        expect(crc32c(bytes, cut, bytes.length, crc32c(bytes, 0, cut))).toBe(crc32c(bytes));
      }),
    );
  });

  it('needs no WebAssembly', async () => {
    const bytes = new Prng(2).fill(new Uint8Array(10_000));
    vi.stubGlobal('WebAssembly', undefined);
    vi.resetModules();
    const std = await import('@biquorum/std');
    expect(std.crc32c).not.toBe(crc32c);
    expect(std.crc32c(bytes)).toBe(bitwise(bytes));
    vi.unstubAllGlobals();
  });

  it('notices each flipped bit', () => {
    const bytes = new Uint8Array(61).fill(0x5a);
    const before = crc32c(bytes);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = bytes.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(crc32c(flipped)).not.toBe(before);
    }
  });

  it('refuses a range that does not lie within the bytes', () => {
    for (const [start, end] of [
      [-1, 2],
      [3, 2],
      [0, 5],
      [Number.NaN, 4],
    ] as const) {
      expect(() => crc32c(new Uint8Array(4), start, end)).toThrow(RangeError);
    }
  });
});
