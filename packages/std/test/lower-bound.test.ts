import { lowerBound } from '@biquorum/std';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('lowerBound', () => {
  it('finds the first element that is not before the wanted one, as a walk does', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -20, max: 20 })), fc.integer({ min: -22, max: 22 }), (values, wanted) => {
        const sorted = Float64Array.from(values).sort();
        const walked = sorted.findIndex((value) => value >= wanted);
        const found = lowerBound(sorted.length, (index) => (sorted[index] as number) < wanted);
        expect(found).toBe(walked === -1 ? sorted.length : walked);
      }),
    );
  });

  it('asks about no more positions than the length has bits, and handles lengths beyond 32 bits', () => {
    let asked = 0;
    const length = 2 ** 45;
    const target = 2 ** 44 + 12_345;
    const isBefore = (index: number): boolean => {
      asked++;
      return index < target;
    };
    expect(lowerBound(length, isBefore)).toBe(target);
    expect(asked).toBeLessThanOrEqual(46);
  });
});
