import { ByteReader } from '@biquorum/std';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StringInterner } from '../../src/codec/string-interner.ts';
import { plainText } from '../../src/codec/text.ts';
import { findCoordinatorRequest } from '../../src/generated/messages/find-coordinator.ts';

const encoder = new TextEncoder();

describe('StringInterner', () => {
  it('gives the same text as decoding anew, whatever came before', () => {
    const interner = new StringInterner(4);
    const text = fc.oneof(
      fc.string({ maxLength: 3 }),
      fc.string({ unit: 'grapheme' }),
      fc.string({ minLength: 60, maxLength: 70 }),
    );
    fc.assert(
      fc.property(text, fc.nat(5), (value, start) => {
        const bytes = new Uint8Array([...new Uint8Array(start), ...encoder.encode(value), 0x41]);
        const length = bytes.length - start - 1;
        expect(interner.read(bytes, start, length)).toBe(plainText.read(bytes, start, length));
      }),
      { numRuns: 2_000 },
    );
  });

  it('gives malformed bytes the text that decoding gives them', () => {
    const interner = new StringInterner(1);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 8 }), (bytes) => {
        expect(interner.read(bytes, 0, bytes.length)).toBe(plainText.read(bytes, 0, bytes.length));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is what a codec reads strings with when it is handed in', () => {
    const interner = new StringInterner();
    const seen: string[] = [];
    const watching = {
      read: (...range: Parameters<StringInterner['read']>) => {
        seen.push(interner.read(...range));
        return seen.at(-1) as string;
      },
    };
    const bytes = findCoordinatorRequest.toBytes({ key: 'group-7' }, 3);
    expect(findCoordinatorRequest.decode(new ByteReader(bytes), 3, watching).key).toBe('group-7');
    expect(seen).toEqual(['group-7']);
  });
});
