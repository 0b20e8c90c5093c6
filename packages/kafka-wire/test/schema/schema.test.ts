import { AssertionError } from '@biquorum/std';
import { describe, expect, it } from 'vitest';
import { codec } from '../../src/codec/message-codec.ts';
import { resolveSchema } from '../../src/schema/schema.ts';
import type { FieldTable, MessageTable } from '../../src/schema/table.ts';
import {
  coversVersions,
  includesVersion,
  intersectVersions,
  isEmptyRange,
  parseVersions,
} from '../../src/schema/versions.ts';
import { toHex } from '../support/hex.ts';

describe('a range of versions', () => {
  it.each([
    ['3', [3, 3]],
    ['0-4', [0, 4]],
    ['2+', [2, 32_767]],
    ['none', [0, -1]],
    [undefined, [0, -1]],
  ])('%s is read', (text, [lowest, highest]) => {
    expect(parseVersions(text)).toEqual({ lowest, highest });
  });

  it.each(['', '-1', '1-', '+', '1..2', 'x', '0-4+'])("'%s' is refused", (text) => {
    expect(() => parseVersions(text)).toThrow(RangeError);
  });

  it('includes its ends and covers what lies in it', () => {
    const range = parseVersions('2-4');
    expect([1, 2, 4, 5].map((version) => includesVersion(range, version))).toEqual([false, true, true, false]);
    expect(coversVersions(range, parseVersions('3'))).toBe(true);
    expect(coversVersions(range, parseVersions('none'))).toBe(true);
    expect(coversVersions(range, parseVersions('3+'))).toBe(false);
    expect(intersectVersions(range, parseVersions('4+'))).toEqual(parseVersions('4'));
    expect(isEmptyRange(intersectVersions(range, parseVersions('5+')))).toBe(true);
  });
});

describe('a table that contradicts itself is refused', () => {
  it.each<[string, Partial<FieldTable>]>([
    ['a type that is not there', { type: 'Nothing' }],
    ['a tag without tagged versions', { tag: 1 }],
    ['tagged versions without a tag', { taggedVersions: '1+' }],
    ['tagged before it is flexible', { tag: 0, taggedVersions: '0+' }],
    ['tagged before it is there', { versions: '2+', tag: 0, taggedVersions: '1+' }],
    ['tagged records', { type: 'records', tag: 0, taggedVersions: '1+' }],
    ['null by default where there is no null', { type: 'string', default: null, nullableVersions: '1+' }],
  ])('%s', (_, field) => {
    expect(() => resolveSchema(tableWith(field))).toThrow(AssertionError);
  });
});

describe('the schema language', () => {
  it('carries what no message of 3.9 has: payloads and text in tagged fields, uint32, arrays of bytes', () => {
    const made = codec<Made>({
      name: 'Made',
      type: 'data',
      doc: 'For this test.',
      validVersions: '0',
      flexibleVersions: '0+',
      fields: [
        { name: 'number', type: 'uint32', versions: '0+' },
        { name: 'parts', type: '[]bytes', versions: '0+' },
        { name: 'blob', type: 'bytes', versions: '0+', taggedVersions: '0+', tag: 1 },
        { name: 'text', type: 'string', versions: '0+', taggedVersions: '0+', tag: 0 },
        { name: 'list', type: '[]string', versions: '0+', nullableVersions: '0+', taggedVersions: '0+', tag: 5 },
      ],
    });
    const value = {
      number: 0xffff_ffff,
      parts: [new Uint8Array([1]), new Uint8Array([2, 3])],
      blob: new Uint8Array(200).fill(9),
      text: 'é',
      list: null,
    };
    // Sizes in front of tagged fields: 3, 202 (two bytes), 1.
    const expected = `ffffffff 03 0201 030203 03 00 03 03c3a9 01 ca01 c901 ${'09'.repeat(200)} 05 01 00`;
    const bytes = made.toBytes(value, 0);
    expect(toHex(bytes)).toBe(expected.replaceAll(' ', ''));
    expect(made.fromBytes(bytes, 0)).toEqual(value);
    expect(toHex(made.toBytes({ ...value, number: 0, text: '', blob: new Uint8Array(), list: [] }, 0))).toBe(
      '0000000003020103020300',
    );
    expect(() => made.toBytes({ number: -1 }, 0)).toThrow(expect.objectContaining({ code: 'out-of-range' }));
  });
});

interface Made {
  readonly number: number;
  readonly parts: readonly Uint8Array[];
  readonly blob: Uint8Array;
  readonly text: string;
  readonly list: readonly string[] | null;
}

function tableWith(field: Partial<FieldTable>): MessageTable {
  const fields = [{ name: 'field', type: 'int32', versions: '0+', ...field }];
  return { name: 'Made', type: 'data', doc: '', validVersions: '0-3', flexibleVersions: '1+', fields };
}
