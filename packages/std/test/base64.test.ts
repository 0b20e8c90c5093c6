import { decodeBase64, encodeBase64 } from '@biquorum/std';
import { describe, expect, it } from 'vitest';

// Source: RFC 4648, section 10, and Node's own.
const VECTORS = ['', 'Zg==', 'Zm8=', 'Zm9v', 'Zm9vYg==', 'Zm9vYmE=', 'Zm9vYmFy'];

describe('base64', () => {
  it('is that of the standard, both ways', () => {
    const text = 'foobar';
    for (const [length, encoded] of VECTORS.entries()) {
      const bytes = new TextEncoder().encode(text.slice(0, length));
      expect(encodeBase64(bytes)).toBe(encoded);
      expect(decodeBase64(encoded)).toEqual(bytes);
    }
  });

  it('is that of Node for every length and byte', () => {
    for (let length = 0; length < 260; length++) {
      const bytes = Uint8Array.from({ length }, (_, index) => (index * 37 + length) & 255);
      const encoded = Buffer.from(bytes).toString('base64');
      expect(encodeBase64(bytes)).toBe(encoded);
      expect(decodeBase64(encoded)).toEqual(bytes);
    }
  });

  it('is nothing where characters are foreign or the length is odd', () => {
    for (const text of ['Z', 'Zg', 'Zg=', 'Zg==Zg==', 'Z-==', 'Zm9v\n', '===='])
      expect(decodeBase64(text)).toBeUndefined();
  });
});
