import { describe, expect, it } from 'vitest';
import { longestStandstill } from '../src/measure/standstill.ts';

describe('the longest standstill', () => {
  it('is the longest time between two successes', () => {
    expect(longestStandstill([10, 20, 70, 80], 5, 85)).toBe(50);
  });

  it('counts from the beginning of the span, and up to its end', () => {
    expect(longestStandstill([90, 95], 10, 100)).toBe(80);
    expect(longestStandstill([15, 20], 10, 100)).toBe(80);
  });

  it('is the whole span when nothing succeeded in it, whatever did before and after', () => {
    expect(longestStandstill([1, 2, 200], 10, 100)).toBe(90);
  });
});
