import { Prng } from '@biquorum/std';
import { describe, expect, test } from 'vitest';
import { LeaderEpochs } from '../../src/epochs/leader-epochs.ts';

function epochs(...entries: readonly (readonly [number, number])[]): LeaderEpochs {
  return new LeaderEpochs(entries.map(([epoch, startOffset]) => ({ epoch, startOffset })));
}

const listed = (of: LeaderEpochs): number[][] => of.entries().map(({ epoch, startOffset }) => [epoch, startOffset]);

describe('a batch that is found in the log', () => {
  test('changes nothing where the epochs have it so', () => {
    const known = epochs([1, 0], [3, 10], [4, 20]);
    for (const [epoch, offset] of [
      [1, 0],
      [1, 9],
      [3, 10],
      [3, 19],
      [4, 400],
    ] as const) {
      expect(known.witness(epoch, offset)).toBe(false);
    }
    expect(listed(known)).toEqual([
      [1, 0],
      [3, 10],
      [4, 20],
    ]);
  });

  test.each([
    [
      'is newer than all',
      [5, 30],
      [
        [1, 0],
        [3, 10],
        [5, 30],
      ],
    ],
    [
      'begins its epoch before it was thought to begin',
      [3, 8],
      [
        [1, 0],
        [3, 8],
      ],
    ],
    ['goes on where a newer leader was to have begun', [1, 12], [[1, 0]]],
    [
      'is of an epoch that nobody noted',
      [2, 5],
      [
        [1, 0],
        [2, 5],
        [3, 10],
      ],
    ],
    [
      'lies before all of them',
      [0, 0],
      [
        [0, 0],
        [3, 10],
      ],
    ],
    ['is older than all, and behind them', [0, 12], [[0, 12]]],
  ] as const)('is believed when it %s', (_, [epoch, offset], expected) => {
    const known = epochs([1, 0], [3, 10]);
    expect(known.witness(epoch, offset)).toBe(true);
    expect(listed(known)).toEqual(expected);
    expect(known.epochForOffset(offset)).toBe(epoch);
  });

  test('makes of any epochs, with all others, those that the batches have', () => {
    for (let seed = 0; seed < 500; seed++) {
      const prng = new Prng(seed);
      const found: [number, number][] = [];
      for (let epoch = 0, offset = 0; found.length < 8; offset += prng.between(1, 3)) {
        epoch += prng.below(3);
        found.push([epoch, offset]);
      }
      const known = new LeaderEpochs();
      for (let count = prng.below(6); count > 0; count--) known.assign(prng.below(12), prng.below(20));
      for (const [epoch, offset] of found) known.witness(epoch, offset);
      for (const [epoch, offset] of found) expect(known.epochForOffset(offset), `seed ${seed}`).toBe(epoch);
      const entries = known.entries();
      for (const [index, { epoch, startOffset }] of entries.slice(1).entries()) {
        expect(epoch).toBeGreaterThan(entries[index]?.epoch as number);
        expect(startOffset).toBeGreaterThan(entries[index]?.startOffset as number);
      }
    }
  });
});
