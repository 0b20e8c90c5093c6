import { describe, expect, it } from 'vitest';
import type { MessageCodec } from '../src/codec/message-codec.ts';
import { messageByName } from '../src/registry.ts';
import { fromJavaJson, UnsafeInteger } from './recordings/java-json.ts';
import { type Recording, readRecordings } from './recordings/read-recordings.ts';

const all = [...readRecordings().values()].flat();

describe('the committed recordings', () => {
  it('hold every kind of value for every message and version', () => {
    const kinds = new Map<string, Set<string>>();
    for (const { m, v, sample } of all) kinds.set(`${m} v${v}`, (kinds.get(`${m} v${v}`) ?? new Set()).add(sample));
    expect(kinds.size).toBe(740);
    const expected = ['defaults', 'empty', 'greatest', 'least', 'random-0', 'random-1', 'random-2', 'wide'];
    for (const samples of kinds.values()) expect([...samples].sort()).toEqual(expected);
  });

  it('are 5,920 values, of which 238 hold an int64 that no number is, all of them made for that', () => {
    const refused = all.filter((recording) => isRefused(recording));
    expect([all.length, refused.length]).toEqual([5920, 238]);
    expect(new Set(refused.map(({ sample }) => sample))).toEqual(new Set(['wide']));
  });

  it('hold nulls and unknown tagged fields', () => {
    const text = (value: unknown) => JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? `${part}` : part));
    expect(all.filter(({ json }) => text(json).includes(':null')).length).toBeGreaterThan(500);
    expect(all.filter(({ unknown }) => unknown !== undefined).length).toBeGreaterThan(500);
  });
});

function isRefused({ m, v, json, unknown }: Recording): boolean {
  try {
    fromJavaJson((messageByName.get(m) as MessageCodec<unknown>).table, v, json, unknown);
    return false;
  } catch (error) {
    if (error instanceof UnsafeInteger) return true;
    throw error;
  }
}
