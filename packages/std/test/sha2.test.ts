import { createHash, createHmac } from 'node:crypto';
import { hmac, type Sha2, sha256, sha512 } from '@biquorum/std';
import { describe, expect, it } from 'vitest';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytesOf = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => (index * 31 + length) & 0xff);

describe.each<[string, Sha2]>([
  ['sha256', sha256],
  ['sha512', sha512],
])('%s', (name, sha) => {
  it("hashes messages of every length around a block's as OpenSSL does", () => {
    for (let length = 0; length <= 2 * sha.blockBytes + 1; length++) {
      const message = bytesOf(length);
      expect(hex(sha.hash(message))).toBe(createHash(name).update(message).digest('hex'));
    }
  });

  it('hashes with keys shorter than, as long as and longer than a block as OpenSSL does', () => {
    const message = bytesOf(77);
    for (const length of [0, 1, sha.blockBytes - 1, sha.blockBytes, sha.blockBytes + 1, 3 * sha.blockBytes]) {
      const key = bytesOf(length);
      expect(hex(hmac(sha, key, message))).toBe(createHmac(name, key).update(message).digest('hex'));
    }
  });

  it('gives as many bytes as it says', () => {
    expect(sha.hash(new Uint8Array()).length).toBe(sha.digestBytes);
  });
});

it('hashes "abc" as FIPS 180-4 shows', () => {
  const abc = new TextEncoder().encode('abc');
  expect(hex(sha256.hash(abc))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(hex(sha512.hash(abc))).toBe(
    'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
  );
});
