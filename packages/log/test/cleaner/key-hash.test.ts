import { expect, test } from 'vitest';
import { halfSipHash, KeyHash } from '../../src/cleaner/key-hash.ts';

// HalfSipHash-2-4 with 64 bits: `vectors_hsip64` in vectors.h of the authors' reference code (github.com/veorq/SipHash).
// Key 00 01 .. 07, input 00 01 .. of 0 to 6 bytes.
const VECTORS = [
  '218d1f59b9b83cc8',
  'be552412f8387315',
  '064f39ef7c50eb57',
  'ce0f1a45f7060679',
  'd5e78a175be52ea1',
  'cb9d7c3f2f3db580',
  'ce3e91358aa2bc25',
];

test.each(VECTORS.map((hex, length) => ({ hex, length })))(
  'hashes $length bytes as the reference code does',
  ({ hex, length }) => {
    const input = Uint8Array.from({ length: 16 }, (_, index) => index - 5);
    const out = new Uint32Array(3);
    halfSipHash(input, 5, 5 + length, 0x03020100, 0x07060504, out, 1);
    const bytes = new Uint8Array(8);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, out[1] as number, true);
    view.setUint32(4, out[2] as number, true);
    expect(Buffer.from(bytes).toString('hex')).toBe(hex);
  },
);

test('the two halves of a key hash come from different secrets', () => {
  const hash = new KeyHash(Uint32Array.of(1, 2, 3, 4));
  hash.hash(Uint8Array.of(7), 0, 1);
  expect(new Set(hash.words).size).toBe(4);
});
