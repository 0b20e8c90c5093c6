import { describe, expect, it } from 'vitest';
import { chartOf, scaleOf } from '../src/report/chart.ts';
import { formatCell, formatNumber } from '../src/report/figures.ts';
import { htmlReport } from '../src/report/html.ts';
import { markdownReport } from '../src/report/markdown.ts';
import { CellDraft, type Report } from '../src/report/report.ts';
import { terminalReport } from '../src/report/terminal.ts';

function cellOf(values: readonly number[], note?: string) {
  const draft = new CellDraft();
  draft.add(values);
  if (note !== undefined) draft.explain(note);
  return draft.finish();
}

const report: Report = {
  header: {
    startedAt: '2026-11-21T20:00:00.000Z',
    elapsedMs: 61_000,
    version: '0.0.0',
    node: 'v24.0.0',
    java: null,
    system: 'Linux 6',
    processor: 'Some <Processor>',
    processors: 2,
    memoryMiB: 24_576,
    load: [1, 2],
    seed: 7,
    runs: 3,
    preset: 'equal',
    presetSummary: 'equal times',
  },
  sides: [
    { name: 'zookeeper', title: 'ZooKeeper mode' },
    { name: 'kraft', title: 'KRaft mode' },
  ],
  sections: [
    {
      name: 'controller-kill',
      title: 'Controller killed',
      summary: 'One & the other.',
      failures: ['KRaft mode, run 2: it broke'],
      rows: [
        {
          id: 'detection',
          title: 'detection',
          unit: 'ms',
          cells: [cellOf([3_000, 2_000, 2_500]), cellOf([], 'no partition stood still')],
        },
      ],
    },
  ],
};

describe('what stands in a cell', () => {
  it('is the median with both ends, and the 99th percentile where there are enough values for one', () => {
    expect(formatCell(cellOf([30, 10, 20]), 'ms')).toBe('20 (10–30)');
    const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
    expect(formatCell(cellOf(hundred), 'ms')).toBe('50.5 (1–100; p99 99)');
  });

  it('is the value alone when all are the same, and a dash when there is none', () => {
    expect(formatCell(cellOf([5, 5]), 'ms')).toBe('5');
    expect(formatCell(cellOf([], 'why'), 'ms')).toBe('—');
  });

  it('is never something that is no number', () => {
    expect(() => cellOf([1, Number.NaN])).toThrow('not all of 1, NaN are numbers');
  });

  it('has three digits that mean something', () => {
    expect([1_234.56, 12.345, 1.2345, 0, 3].map((value) => formatNumber(value, 'ms'))).toEqual([
      '1,235',
      '12.3',
      '1.23',
      '0',
      '3',
    ]);
  });
});

describe('a report', () => {
  it('is a table in Markdown, with the reason for each dash and what failed', () => {
    const text = markdownReport(report);
    expect(text).toContain('| detection, ms | 2,500 (2,000–3,000) | — ¹        |');
    expect(text).toContain('¹ no partition stood still.');
    expect(text).toContain('Failed: KRaft mode, run 2: it broke.');
    expect(text).toContain('seed 7');
  });

  it('is a table for a terminal, with its columns below one another', () => {
    const lines = terminalReport(report);
    const heads = lines.find((line) => line.includes('ZooKeeper mode')) ?? '';
    const row = lines.find((line) => line.startsWith('detection')) ?? '';
    expect(row.indexOf('2,500 (2,000–3,000)') + '2,500 (2,000–3,000)'.length).toBe(
      heads.indexOf('ZooKeeper mode') + 'ZooKeeper mode'.length,
    );
  });

  it('is a page that loads nothing and takes text as text', () => {
    const page = htmlReport(report);
    expect(page).not.toMatch(/<script|<link|<img|url\(|https?:/);
    expect(page).toContain('Some &lt;Processor&gt;');
    expect(page).toContain('One &amp; the other.');
    expect(page).toContain('prefers-color-scheme: dark');
    expect(page.match(/<svg /g)).toHaveLength(1);
  });
});

describe('a chart', () => {
  it('has a scale of round steps that nothing is above', () => {
    expect(scaleOf(2_999)).toEqual({ step: 1_000, top: 3_000 });
    expect(scaleOf(41)).toEqual({ step: 20, top: 60 });
    expect(scaleOf(0.7)).toEqual({ step: 0.2, top: 0.8 });
  });

  it('draws a bar for each side that has values, as long as its median', () => {
    const [row] = report.sections[0]?.rows ?? [];
    if (row === undefined) throw new Error('there is a row');
    const chart = chartOf(row, report.sides);
    // 330 wide for 3,000, so 2,500 are 275.
    expect(chart).toContain('<rect class="bar s0" x="4.0" y="4" width="275.0"');
    expect(chart).not.toContain('bar s1');
  });

  it('draws what is negative to the left of zero, and nothing outside of itself', () => {
    const row = { id: 'skew', title: 'skew', unit: 'ms', cells: [cellOf([-20, -10, 0]), cellOf([40])] } as const;
    const chart = chartOf(row, report.sides);
    // 330 wide for -20 to 40, so zero is at 114.
    expect(chart).toContain('<rect class="bar s0" x="59.0" y="4" width="55.0"');
    expect(chart).toContain('<line class="whisker" x1="4.0" x2="114.0"');
    expect(chart).toContain('<rect class="bar s1" x="114.0" y="30" width="220.0"');
  });
});
