import type { CaseResult, SuiteResult } from './result.ts';

/** The suite as text: one line per case, aligned. */
export function table(suite: SuiteResult): string {
  const withBytes = suite.results.some(({ bytesPerSecond }) => bytesPerSecond !== undefined);
  const head = ['', 'ops/s', 'per op', ...(withBytes ? ['MB/s'] : []), 'spread', `against ${suite.baseline}`];
  const rows = suite.results.map((result) => [
    result.name,
    amount(result.opsPerSecond),
    duration(result.nsPerOp),
    ...(withBytes ? [throughput(result)] : []),
    `${result.spreadPercent.toFixed(0)} %`,
    `${result.ratio.toFixed(2)}x`,
  ]);
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  const note = suite.quick ? ' (quick: figures mean little)' : '';
  return [`${suite.title}${note}`, line(head), ...rows.map(line), ''].join('\n');
}

/** One JSON object a line and case. Times in nanoseconds, throughput in bytes a second. */
export function jsonLines(suite: SuiteResult): string {
  const { title, baseline, quick } = suite;
  return suite.results.map((result) => JSON.stringify({ suite: title, baseline, quick, ...result })).join('\n');
}

function amount(perSecond: number): string {
  if (perSecond >= 1e9) return `${(perSecond / 1e9).toFixed(2)} G`;
  if (perSecond >= 1e6) return `${(perSecond / 1e6).toFixed(2)} M`;
  if (perSecond >= 1e3) return `${(perSecond / 1e3).toFixed(1)} k`;
  return perSecond.toFixed(1);
}

function duration(ns: number): string {
  if (ns >= 1e9) return `${(ns / 1e9).toFixed(2)} s`;
  if (ns >= 1e6) return `${(ns / 1e6).toFixed(2)} ms`;
  if (ns >= 1e3) return `${(ns / 1e3).toFixed(2)} µs`;
  return `${ns.toFixed(1)} ns`;
}

function throughput({ bytesPerSecond }: CaseResult): string {
  return bytesPerSecond === undefined ? '' : (bytesPerSecond / 1e6).toFixed(0);
}
