/**
 * The claims of Junqueira, Reed and Serafini, "Zab: High-performance broadcast for primary-backup systems" (DSN 2011),
 * section III, each checked over runs with crashes, cuts, slow disks and links. A proposal that its leader refused was
 * not broadcast; one whose fate is unknown may or may not be delivered.
 */
import { describe, expect, test } from 'vitest';
import { type Run, runs } from '../support/runs.ts';

const all = runs(60);

/** Pairs of lives of processes in one run. */
function* pairs({ lives }: Run): Generator<readonly [readonly string[], readonly string[]]> {
  for (let one = 0; one < lives.length; one++)
    for (let other = one + 1; other < lives.length; other++)
      yield [lives[one] as readonly string[], lives[other] as readonly string[]];
}

describe('core properties', () => {
  test('integrity: what a process delivers was broadcast, and it delivers nothing twice', () => {
    for (const { broadcasts, lives } of all) {
      for (const life of lives) {
        expect(new Set(life).size).toBe(life.length);
        for (const text of life) expect(broadcasts.has(text), text).toBe(true);
      }
    }
  });

  test('total order: two processes that deliver the same two transactions deliver them in one order, and all between', () => {
    for (const run of all) {
      for (const [one, other] of pairs(run)) {
        const place = new Map(other.map((text, at) => [text, at]));
        let last = -1;
        for (const text of one) {
          const at = place.get(text);
          if (at === undefined) continue;
          expect(at).toBe(last + 1);
          last = at;
        }
      }
    }
  });

  test('agreement: of what two processes deliver, one has everything that the other has', () => {
    for (const run of all) {
      for (const [one, other] of pairs(run)) {
        const shorter = Math.min(one.length, other.length);
        expect(one.slice(0, shorter)).toEqual(other.slice(0, shorter));
      }
    }
  });
});

describe('primary order', () => {
  test('local primary order: what a primary broadcasts is delivered in its order, with nothing of it left out', () => {
    for (const { broadcasts, lives } of all) {
      for (const life of lives) {
        const next = new Map<number, number>();
        for (const text of life) {
          const { epoch, place } = broadcasts.get(text) ?? { epoch: -1, place: -1 };
          expect(place).toBe(next.get(epoch) ?? 0);
          next.set(epoch, place + 1);
        }
      }
    }
  });

  test('global primary order: what a later primary broadcasts is delivered after all of an earlier one', () => {
    for (const { broadcasts, lives } of all) {
      for (const life of lives) {
        const epochs = life.map((text) => broadcasts.get(text)?.epoch ?? -1);
        expect(epochs).toEqual([...epochs].sort((a, b) => a - b));
      }
    }
  });

  test('primary integrity: what anybody delivers of an earlier primary, a primary has delivered before it broadcasts', () => {
    for (const { broadcasts, lives } of all) {
      const delivered = new Set(lives.flat());
      for (const { epoch, before } of broadcasts.values()) {
        const has = new Set(before);
        for (const text of delivered) {
          const earlier = broadcasts.get(text);
          if (earlier !== undefined && earlier.epoch < epoch) expect(has.has(text), `${text} in ${epoch}`).toBe(true);
        }
      }
    }
  });
});

test('the runs are worth something: many epochs, many transactions, some of them lost', () => {
  const epochs = all.map(({ broadcasts }) => new Set([...broadcasts.values()].map(({ epoch }) => epoch)).size);
  const broadcast = all.reduce((sum, { broadcasts }) => sum + broadcasts.size, 0);
  const delivered = all.reduce((sum, { lives }) => sum + new Set(lives.flat()).size, 0);
  expect(epochs.reduce((sum, count) => sum + count, 0) / all.length).toBeGreaterThan(2);
  expect(delivered).toBeGreaterThan(500);
  expect(broadcast - delivered).toBeGreaterThan(5);
});
