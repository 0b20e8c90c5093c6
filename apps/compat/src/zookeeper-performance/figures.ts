import { median } from '../side-by-side/statistics.ts';
import type { Make } from '../zookeeper-ensembles/member.ts';

/** A figure of one round. */
export interface Figure {
  readonly row: string;
  readonly unit: 'per second' | 'ms' | 'MiB';
  readonly make: Make;
  readonly round: number;
  readonly value: number;
  /** How many times as good as Apache's ours should be; undefined when nothing was aimed at. */
  readonly aim?: number;
}

/**
 * The figures as Markdown: medians of the rounds, and the ratio of each round's two figures, its median and its range; it
 * is over 1 where ours are better.
 */
export function formatFigures(figures: readonly Figure[]): string {
  const lines = [
    '| row | unit | Apache 3.9.5 | Biquorum | times as good | aim |',
    '| --- | --- | --- | --- | --- | --- |',
  ];
  for (const row of new Set(figures.map((one) => one.row))) {
    const own = figures.filter((one) => one.row === row);
    const [{ unit, aim }] = own as [Figure];
    const [apache, ours] = (['apache', 'ours'] as const).map((make) =>
      median(own.filter((one) => one.make === make).map(({ value }) => value)),
    ) as [number, number];
    const ratios = ratiosOf(own);
    const ratio = `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)})`;
    const wanted = aim === undefined ? '–' : `${aim}${median(ratios) >= aim ? ' ✓' : ''}`;
    lines.push(`| ${row} | ${unit} | ${rounded(apache)} | ${rounded(ours)} | ${ratio} | ${wanted} |`);
  }
  return lines.join('\n');
}

function ratiosOf(figures: readonly Figure[]): number[] {
  return figures.flatMap(({ make, round, value, unit }) => {
    const apache = make === 'ours' ? figures.find((one) => one.make === 'apache' && one.round === round) : undefined;
    if (apache === undefined) return [];
    return [unit === 'per second' ? value / apache.value : apache.value / value];
  });
}

function rounded(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en');
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
