import { describe, expect, it } from 'vitest';
import { jsonLines, table } from '../src/print.ts';
import { median, type SuiteResult, summarize } from '../src/result.ts';

describe('median', () => {
  it('is the middle value, or the mean of the two in the middle', () => {
    expect(median([5, 1, 3])).toBe(3);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([])).toBeNaN();
  });
});

describe('summarize', () => {
  it('takes the median of each round, and compares within the round', () => {
    const slow = { name: 'slow', opsPerCall: 1, bytesPerOp: undefined };
    const fast = { name: 'fast', opsPerCall: 10, bytesPerOp: 500 };
    // The machine is four times slower in the second round; one sample of the first is far off.
    const samples = [
      [[0.001, 0.001, 0.9], [0.004], [0.001]],
      [[0.002], [0.008, 0.008], [0.002]],
    ];
    const [first, second] = summarize('slow', [slow, fast], samples);
    expect(first).toEqual({
      name: 'slow',
      opsPerSecond: 1000,
      nsPerOp: 1e6,
      bytesPerSecond: undefined,
      spreadPercent: 300,
      ratio: 1,
    });
    expect(second?.nsPerOp).toBeCloseTo(2e5);
    expect(second?.opsPerSecond).toBeCloseTo(5000);
    expect(second?.bytesPerSecond).toBeCloseTo(2.5e6);
    expect(second?.ratio).toBeCloseTo(5);
  });
});

describe('printing', () => {
  const result: SuiteResult = {
    title: 'CRC of 1 KiB',
    baseline: 'byte table',
    quick: false,
    results: [
      { name: 'byte table', opsPerSecond: 4e5, nsPerOp: 2500, bytesPerSecond: 4.096e8, spreadPercent: 2.4, ratio: 1 },
      { name: 'sliced', opsPerSecond: 1.6e6, nsPerOp: 625, bytesPerSecond: 1.6384e9, spreadPercent: 12.6, ratio: 4 },
    ],
  };

  it('aligns the figures of the cases', () => {
    expect(table(result)).toBe(
      [
        'CRC of 1 KiB',
        '              ops/s    per op  MB/s  spread  against byte table',
        'byte table  400.0 k   2.50 µs   410     2 %               1.00x',
        'sliced       1.60 M  625.0 ns  1638    13 %               4.00x',
        '',
      ].join('\n'),
    );
  });

  it('leaves out throughput that nobody asked for, and says when figures mean little', () => {
    const results = result.results.map((one) => ({ ...one, bytesPerSecond: undefined }));
    const text = table({ ...result, quick: true, results });
    expect(text).not.toContain('MB/s');
    expect(text.split('\n')[0]).toBe('CRC of 1 KiB (quick: figures mean little)');
  });

  it('gives one JSON object a line', () => {
    const lines = jsonLines(result).split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(
      result.results.map((one) => ({ suite: 'CRC of 1 KiB', baseline: 'byte table', quick: false, ...one })),
    );
  });
});
