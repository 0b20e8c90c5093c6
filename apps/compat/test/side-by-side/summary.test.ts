import { describe, expect, it } from 'vitest';
import { median, percentile } from '../../src/side-by-side/statistics.ts';
import { type Figure, formatTable, summarise } from '../../src/side-by-side/summary.ts';

function figures(row: string, apache: readonly number[], biquorum: readonly number[]): Figure[] {
  return [
    ...apache.map((value, index) => ({ row, side: 'apache', round: index + 1, value }) as const),
    ...biquorum.map((value, index) => ({ row, side: 'biquorum', round: index + 1, value }) as const),
  ];
}

describe('the table', () => {
  it('divides round by round, so that a slow minute of the machine does not decide', () => {
    const [row] = summarise(figures('producer-16k-1', [100, 10, 100], [200, 20, 150]));
    expect(row).toMatchObject({ apache: 100, biquorum: 150, ratio: 2, ratioRange: [1.5, 2], aim: 1.5 });
  });

  it('turns the ratio round where less is better', () => {
    const [row] = summarise(figures('start', [3000], [100]));
    expect(row).toMatchObject({ ratio: 30, unit: 'ms', aim: 20 });
  });

  it('leaves out rows and rounds that only one side has', () => {
    expect(summarise(figures('start', [3000], []))).toEqual([]);
    expect(summarise(figures('start', [3000, 2000], [1000]))[0]?.ratioRange).toEqual([3, 3]);
  });

  it('marks a row that is at its aim', () => {
    const table = formatTable(
      summarise([...figures('start', [3000], [100]), ...figures('memory-load', [300], [100])]),
      '4.3.1',
    );
    const [, , start, memory] = table.split('\n');
    expect(start).toContain('30.00 (30.00–30.00) | 20 ✓');
    expect(memory).toMatch(/3\.00 \(3\.00–3\.00\).*\| 4 +\|$/);
  });
});

describe('statistics', () => {
  it('finds the middle, between two values where it must', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(() => median([])).toThrow(RangeError);
  });

  it('finds percentiles in any order of the values', () => {
    const values = Array.from({ length: 100 }, (_, index) => 99 - index);
    expect(percentile(values, 0.5)).toBe(50);
    expect(percentile(values, 0.99)).toBe(99);
    expect(() => percentile([], 0.5)).toThrow(RangeError);
  });
});
