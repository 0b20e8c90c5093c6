import type { Unit } from '../scenarios/scenario.ts';
import type { Cell } from './report.ts';

/** What stands where nothing could be measured. */
export const NOTHING = '—';

/** A number with as many digits as mean something. */
export function formatNumber(value: number, unit: Unit): string {
  const size = Math.abs(value);
  const digits = size === 0 || Number.isInteger(value) || size >= 100 ? 0 : size >= 10 ? 1 : unit === '' ? 2 : 2;
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** Median, and in brackets the ends where there are several values, and the 99th percentile where it says more. */
export function formatCell(cell: Cell, unit: Unit): string {
  const { spread } = cell;
  if (spread === null) return NOTHING;
  const median = formatNumber(spread.median, unit);
  if (spread.min === spread.max) return median;
  const ends = `${formatNumber(spread.min, unit)}–${formatNumber(spread.max, unit)}`;
  const p99 = spread.p99 === spread.max ? '' : `; p99 ${formatNumber(spread.p99, unit)}`;
  return `${median} (${ends}${p99})`;
}

/** The title of a row with its unit. */
export function formatTitle({ title, unit }: { readonly title: string; readonly unit: Unit }): string {
  return unit === '' ? title : `${title}, ${unit}`;
}
