import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { uuid, uuidFromBytes, uuidToBytes, ZERO_UUID } from '../src/uuid.ts';

describe('a UUID', () => {
  it('reads and writes as unpadded base64url', () => {
    for (let round = 0; round < 5_000; round++) {
      // Few distinct values, so that the cache is hit as well.
      const bytes = round % 2 === 0 ? randomBytes(16) : Buffer.alloc(16, round % 97);
      const text = bytes.toString('base64url');
      expect(uuidFromBytes(bytes)).toBe(text);
      expect(Buffer.from(uuidToBytes(uuid(text))).equals(bytes)).toBe(true);
    }
  });

  it('is not mistaken for another that differs in one word', () => {
    // More of them than the cache has slots, twice, so that each slot is asked for several.
    for (const word of [0, 4, 8, 12]) {
      for (let round = 0; round < 10_000; round++) {
        const bytes = Buffer.alloc(16, 7);
        bytes.writeInt32BE(Math.imul(round % 5_000, 0x9e37_79b1), word);
        expect(uuidFromBytes(bytes)).toBe(bytes.toString('base64url'));
      }
    }
  });

  it('has bytes in the order in which Java writes its two longs', () => {
    // Uuid.fromString("JbhRXsU7QmGBJBMnZ4Ocdg") of Kafka 3.9.2, written by writeUuid.
    expect(Buffer.from(uuidToBytes(uuid('JbhRXsU7QmGBJBMnZ4Ocdg'))).toString('hex')).toBe(
      '25b8515ec53b42618124132767839c76',
    );
  });

  it('is zero for none', () => {
    expect(uuidFromBytes(new Uint8Array(16))).toBe(ZERO_UUID);
  });

  it('is refused when the text is not one', () => {
    for (const text of [
      '',
      'JbhRXsU7QmGBJBMnZ4Ocd',
      'JbhRXsU7QmGBJBMnZ4Ocdgg',
      'JbhRXsU7QmGBJBMnZ4Ocdh',
      'JbhRXsU7QmG/JBMnZ4Ocdg',
    ]) {
      expect(() => uuid(text)).toThrow(RangeError);
    }
    expect(() => uuidFromBytes(new Uint8Array(15))).toThrow('a UUID has 16 bytes, not 15');
  });
});
