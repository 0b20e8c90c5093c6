import { readFileSync } from 'node:fs';
import { BytesError, ByteWriter, decodeUtf8, utf8Length } from '@biquorum/std';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

/** Pairs of hex strings, as Java recorded them. */
function recorded(name: string): [string, string][] {
  const lines = readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => line.split(' ') as [string, string]);
}

const textOf = (units: string): string =>
  String.fromCharCode(...(units.match(/.{4}/g) ?? []).map((unit) => Number.parseInt(unit, 16)));
const unitsOf = (text: string): string =>
  Array.from({ length: text.length }, (_, index) => text.charCodeAt(index).toString(16).padStart(4, '0')).join('');

function encoded(text: string): Uint8Array {
  const writer = new ByteWriter();
  expect(writer.utf8(text)).toBe(writer.position);
  return writer.finish();
}

// Long enough that the text goes through the runtime's own coder.
const padding = 'bytes, '.repeat(10);

describe('decoding UTF-8', () => {
  const cases = recorded('utf8-decoded.txt').map(([hex, units]) => ({ hex, units, bytes: Buffer.from(hex, 'hex') }));

  it('puts U+FFFD where Java does', () => {
    expect(cases.length).toBeGreaterThan(3000);
    const different = cases.filter(({ bytes, units }) => {
      return unitsOf(decodeUtf8(bytes, 0, bytes.length, 'replace')) !== units;
    });
    expect(different).toEqual([]);
  });

  it('puts U+FFFD where Java does in longer text too', () => {
    const different = cases.filter(({ bytes, units }) => {
      const longer = Buffer.concat([Buffer.from(padding), bytes]);
      return decodeUtf8(longer, 0, longer.length, 'replace') !== padding + textOf(units);
    });
    expect(different).toEqual([]);
  });

  it('refuses, when it is not to replace, exactly what Java would replace', () => {
    const different = cases.filter(({ bytes, units }) => {
      const among = Buffer.concat([Buffer.of(0xff), bytes, Buffer.of(0xff)]);
      try {
        return unitsOf(decodeUtf8(among, 1, among.length - 1)) !== units;
      } catch (error) {
        // None of the recorded texts has a U+FFFD of its own.
        return !(error instanceof BytesError && error.code === 'invalid-utf8' && units.includes('fffd'));
      }
    });
    expect(different).toEqual([]);
  });

  it('notices one malformed byte in ASCII text, wherever it is', () => {
    for (let length = 1; length <= 70; length++) {
      for (let at = 0; at < length; at++) {
        const bytes = Buffer.alloc(length, 'a');
        bytes[at] = 0xff;
        expect(() => decodeUtf8(bytes, 0, length)).toThrow(BytesError);
        expect(decodeUtf8(bytes, 0, length, 'replace')).toBe(`${'a'.repeat(at)}\ufffd${'a'.repeat(length - at - 1)}`);
      }
    }
  });

  it('tells where the malformed text is, and how long', () => {
    const bytes = Buffer.from('0061ff', 'hex');
    expect(() => decodeUtf8(bytes, 1, 3)).toThrow(
      expect.objectContaining({ code: 'invalid-utf8', offset: 1, wanted: 2, available: 2 }),
    );
  });

  it('reads any text that another encoder wrote, at any place', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100, size: 'max' }), fc.nat({ max: 3 }), (text, start) => {
        const bytes = Buffer.concat([Buffer.alloc(start, 0xff), Buffer.from(text), Buffer.alloc(2, 0xff)]);
        expect(decodeUtf8(bytes, start, bytes.length - 2)).toBe(text);
      }),
    );
  });

  it('keeps a byte order mark, short or long', () => {
    for (const text of ['\ufeffa', `\ufeff${padding}`]) {
      const bytes = Buffer.from(text);
      expect(decodeUtf8(bytes, 0, bytes.length)).toBe(text);
      expect(decodeUtf8(bytes, 0, bytes.length, 'replace')).toBe(text);
    }
  });

  it('does not touch text beyond 256 MiB', () => {
    const bytes = new Uint8Array(0x1000_0001);
    expect(() => decodeUtf8(bytes, 0, bytes.length, 'replace')).toThrow(
      expect.objectContaining({ code: 'out-of-range', wanted: 0x1000_0001, available: 0x1000_0000 }),
    );
  });
});

describe('encoding UTF-8', () => {
  it('writes what Java writes, unpaired surrogates too', () => {
    const recordings = recorded('utf8-encoded.txt');
    expect(recordings.length).toBeGreaterThan(1400);
    const prefix = Buffer.from(padding).toString('hex');
    const different = recordings.filter(([units, hex]) => {
      const text = textOf(units);
      const short = Buffer.from(encoded(text)).toString('hex');
      const long = Buffer.from(encoded(padding + text)).toString('hex');
      return short !== hex || long !== prefix + hex || utf8Length(text) !== hex.length / 2;
    });
    expect(different).toEqual([]);
  });

  it('writes any text so that another decoder reads it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100, size: 'max' }), (text) => {
        expect(Buffer.from(encoded(text)).toString()).toBe(text);
        expect(utf8Length(text)).toBe(Buffer.byteLength(text));
      }),
    );
  });

  it('writes long text, and long text with unpaired surrogates', () => {
    const long = 'größe €, 𝄞 and more. '.repeat(1000);
    expect(Buffer.from(encoded(long)).toString()).toBe(long);
    expect(Buffer.from(encoded(`${long}\ud834`)).toString()).toBe(`${long}?`);
    expect(utf8Length(`${long}\ud834`)).toBe(Buffer.byteLength(long) + 1);
  });
});
