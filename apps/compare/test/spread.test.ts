import { describe, expect, it } from 'vitest';
import { spreadOf } from '../src/report/spread.ts';

describe('the spread of repeated measurements', () => {
  it('takes the one in the middle of an odd number', () => {
    expect(spreadOf([30, 10, 20])).toEqual({ count: 3, min: 10, median: 20, p99: 30, max: 30 });
  });

  it('takes the mean of the two in the middle of an even number', () => {
    expect(spreadOf([4, 1, 3, 2])?.median).toBe(2.5);
  });

  it('orders by size and not by spelling', () => {
    expect(spreadOf([9, 10, 100])?.median).toBe(10);
  });

  it('has its 99th percentile by nearest rank: the 99th of a hundred, the 198th of two hundred', () => {
    const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
    expect(spreadOf(upTo(100))?.p99).toBe(99);
    expect(spreadOf(upTo(200))?.p99).toBe(198);
    expect(spreadOf(upTo(99))?.p99).toBe(99);
  });

  it('is one measurement itself, and nothing of none', () => {
    expect(spreadOf([7])).toEqual({ count: 1, min: 7, median: 7, p99: 7, max: 7 });
    expect(spreadOf([])).toBeUndefined();
  });
});
