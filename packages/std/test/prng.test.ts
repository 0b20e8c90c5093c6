import { AssertionError, Prng } from '@biquorum/std';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitMix64 } from '../src/split-mix64.ts';
import { Xoshiro128 } from '../src/xoshiro128.ts';

const draw = (prng: Prng, count: number): number[] => Array.from({ length: count }, () => prng.uint32());
const seeds = fc.oneof(fc.maxSafeInteger(), fc.tuple(fc.nat({ max: 0xffff_ffff }), fc.nat({ max: 0xffff_ffff })));

/** How far the counts are from equal, as chi-squared over its degrees of freedom: about 1 for what is uniform. */
function unevenness(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0) / (counts.length - 1);
}

describe('the algorithms', () => {
  it('xoshiro128** gives the values of its reference implementation, version 1.1, from state 1, 2, 3, 4', () => {
    const generator = new Xoshiro128(1, 2, 3, 4);
    expect(Array.from({ length: 10 }, () => generator.next())).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
  });

  it('SplitMix64 gives the values of its reference implementation', () => {
    expect([1n, 2n, 3n, 4n, 5n, 50n].map((nth) => splitMix64(1477776061723855037n, nth))).toEqual([
      1985237415132408290n,
      2979275885539914483n,
      13511426838097143398n,
      8488337342461049707n,
      15141737807933549159n,
      15419692541594102413n,
    ]);
  });

  it('the first two outputs of SplitMix64, low half first, are the state', () => {
    // 1985237415132408290 and 2979275885539914483, the reference values above.
    const seed: [number, number] = [Number(1477776061723855037n >> 32n), Number(1477776061723855037n & 0xffff_ffffn)];
    const halves = [1985237415132408290n, 2979275885539914483n].flatMap((word) => [
      Number(word & 0xffff_ffffn),
      Number(word >> 32n),
    ]);
    const generator = new Xoshiro128(...(halves as [number, number, number, number]));
    expect(draw(new Prng(seed), 100)).toEqual(Array.from({ length: 100 }, () => generator.next()));
  });
});

describe('Prng', () => {
  it('repeats itself for the same seed and differs for others', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        expect(draw(new Prng(seed), 20)).toEqual(draw(new Prng(seed), 20));
      }),
    );
    const streams = Array.from({ length: 2000 }, (_, seed) => draw(new Prng(seed - 1000), 2).join());
    expect(new Set(streams).size).toBe(streams.length);
  });

  it('takes a whole number for the same seed as its two halves', () => {
    expect(draw(new Prng(2 ** 40 + 5), 4)).toEqual(draw(new Prng([256, 5]), 4));
    expect(draw(new Prng(-1), 4)).toEqual(draw(new Prng([0xffff_ffff, 0xffff_ffff]), 4));
  });

  it('refuses seeds that would be rounded or cut', () => {
    for (const seed of [0.5, 2 ** 53, Number.NaN, [1, -1], [2 ** 32, 0]]) {
      expect(() => new Prng(seed as number)).toThrow(AssertionError);
    }
  });

  it('draws below any bound', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (seed, bound) => {
        const prng = new Prng(seed);
        for (let round = 0; round < 10; round++) {
          const value = prng.below(bound);
          expect(Number.isInteger(value) && value >= 0 && value < bound).toBe(true);
        }
      }),
    );
    expect(() => new Prng(1).below(0)).toThrow(AssertionError);
    expect(() => new Prng(1).below(1.5)).toThrow(AssertionError);
    expect(() => new Prng(1).below(2 ** 53)).toThrow(AssertionError);
  });

  // Where the range of the words is no multiple of the bound, a bare remainder makes the lower values likelier: for
  // three quarters of the range those of the first third twice as likely.
  it.each([7, 3 * 2 ** 30, 3 * 2 ** 29, 2 ** 31 + 1, 2 ** 32, 3 * 2 ** 51])('is not biased below %d', (bound) => {
    const prng = new Prng(bound);
    const counts = new Array<number>(7).fill(0);
    for (let round = 0; round < 70_000; round++) {
      const bin = Math.floor((prng.below(bound) / bound) * 7);
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    // 6 degrees of freedom: beyond 3.74 in one of ten thousand seeds.
    expect(unevenness(counts)).toBeLessThan(3.74);
  });

  it('draws between two bounds, both included', () => {
    const prng = new Prng(3);
    const seen = new Set(Array.from({ length: 200 }, () => prng.between(-2, 2)));
    expect([...seen].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2]);
    expect(prng.between(5, 5)).toBe(5);
    expect(() => prng.between(2, 1)).toThrow(AssertionError);
    expect(() => prng.between(0.5, 2)).toThrow(AssertionError);
  });

  it('draws fractions from 0 to below 1 evenly', () => {
    const prng = new Prng(4);
    const counts = new Array<number>(10).fill(0);
    for (let round = 0; round < 100_000; round++) {
      const value = prng.float();
      expect(value >= 0 && value < 1).toBe(true);
      const bin = Math.floor(value * 10);
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    expect(unevenness(counts)).toBeLessThan(3.2);
  });

  it('makes chances come true as often as they say', () => {
    const prng = new Prng(5);
    const hits = (probability: number): number =>
      Array.from({ length: 10_000 }, () => prng.chance(probability)).filter(Boolean).length;
    expect(hits(0)).toBe(0);
    expect(hits(1)).toBe(10_000);
    expect(Math.abs(hits(0.3) - 3000)).toBeLessThan(200);
    expect(() => prng.chance(1.1)).toThrow(AssertionError);
  });

  it('picks every element, and refuses to pick from nothing', () => {
    const prng = new Prng(6);
    expect(new Set(Array.from({ length: 100 }, () => prng.pick(['a', 'b', 'c'])))).toEqual(new Set(['a', 'b', 'c']));
    expect(() => prng.pick([])).toThrow(AssertionError);
  });

  it('shuffles into every order about equally often', () => {
    const prng = new Prng(7);
    const orders = new Map<string, number>();
    for (let round = 0; round < 24_000; round++) {
      const order = prng.shuffle(['a', 'b', 'c', 'd']).join('');
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect(orders.size).toBe(24);
    // 23 degrees of freedom: beyond 2.4 in one of ten thousand seeds.
    expect(unevenness([...orders.values()])).toBeLessThan(2.4);
  });

  it('fills bytes with the words, the lowest byte first', () => {
    const words = draw(new Prng(8), 3);
    const bytes = new Prng(8).fill(new Uint8Array(10));
    const view = new DataView(bytes.buffer);
    expect([view.getUint32(0, true), view.getUint32(4, true)]).toEqual(words.slice(0, 2));
    expect(view.getUint16(8, true)).toBe((words[2] as number) & 0xffff);
  });

  it('forks by label whatever was drawn before, and each label differently', () => {
    const parent = new Prng(9);
    const before = draw(parent.fork('network'), 5);
    const undisturbed = draw(new Prng(9), 3);
    expect(draw(parent, 3)).toEqual(undisturbed);
    expect(draw(parent.fork('network'), 5)).toEqual(before);
    const streams = ['', 'network', 'networl', 'krowten', 'disk', 'node-1', 'node-2'].map((label) =>
      draw(new Prng(9).fork(label), 5).join(),
    );
    expect(new Set(streams).size).toBe(streams.length);
    expect(draw(parent.fork('a').fork('b'), 5)).not.toEqual(draw(parent.fork('b').fork('a'), 5));
    expect(draw(new Prng(10).fork('network'), 5)).not.toEqual(before);
  });

  it('forks without a label into a new stream each time, the same for the same seed', () => {
    const fork = (): number[][] => {
      const parent = new Prng(11);
      return [draw(parent.fork(), 5), draw(parent.fork(), 5), draw(parent, 5)];
    };
    const [first, second, rest] = fork();
    expect(fork()).toEqual([first, second, rest]);
    expect(new Set([first, second, rest].map(String)).size).toBe(3);
  });
});
