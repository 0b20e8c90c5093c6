import { describe, expect, it } from 'vitest';
import { readRecordings } from './recordings/read-recordings.ts';

const all = [...readRecordings().values()].flat();

describe('the committed recordings', () => {
  it('hold every kind of value for every message and version', () => {
    const kinds = new Map<string, Set<string>>();
    for (const { m, v, sample } of all) kinds.set(`${m} v${v}`, (kinds.get(`${m} v${v}`) ?? new Set()).add(sample));
    expect(kinds.size).toBe(740);
    const expected = ['defaults', 'empty', 'greatest', 'least', 'random-0', 'random-1', 'random-2', 'wide'];
    for (const samples of kinds.values()) expect([...samples].sort()).toEqual(expected);
  });

  it('hold nulls and unknown tagged fields', () => {
    const text = (value: unknown) => JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? `${part}` : part));
    expect(all.filter(({ json }) => text(json).includes(':null')).length).toBeGreaterThan(500);
    expect(all.filter(({ unknown }) => unknown !== undefined).length).toBeGreaterThan(500);
  });
});
