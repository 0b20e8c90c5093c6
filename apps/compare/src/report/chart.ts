import { formatNumber } from './figures.ts';
import { htmlText } from './html-text.ts';
import type { ReportRow, ReportSide } from './report.ts';

const WIDTH = 430;
const BAR = 18;
const GAP = 8;
const LEFT = 4;
const RIGHT = 96;
const TICKS = 4;
const AXIS = 22;

/**
 * One row as a chart: a bar from zero to the median of each side, a line from the least value to the greatest, and a dot for each
 * value of a run while they are few. An empty text where no side has a value.
 */
export function chartOf(row: ReportRow, sides: readonly ReportSide[]): string {
  const most = Math.max(0, ...row.cells.map(({ spread }) => spread?.max ?? 0));
  const fewest = Math.min(0, ...row.cells.map(({ spread }) => spread?.min ?? 0));
  if (most === fewest) return '';
  const { step } = scaleOf(Math.max(most, -fewest));
  const [bottom, top] = [Math.floor(fewest / step) * step, Math.ceil(most / step) * step];
  const x = (value: number): number => LEFT + ((WIDTH - LEFT - RIGHT) * (value - bottom)) / (top - bottom);
  const height = sides.length * (BAR + GAP) + AXIS;
  const ticks = Array.from({ length: Math.round((top - bottom) / step) + 1 }, (_, index) => bottom + index * step);
  const grid = ticks.map((tick) => {
    const at = x(tick).toFixed(1);
    const label = `<text class="tick" x="${at}" y="${height - 6}">${formatNumber(tick, row.unit)}</text>`;
    return `<line class="grid" x1="${at}" x2="${at}" y1="0" y2="${height - AXIS}"/>${label}`;
  });
  const bars = row.cells.map(({ spread, values }, index) => {
    const y = index * (BAR + GAP) + GAP / 2;
    const side = sides[index];
    if (spread === null || side === undefined) return '';
    const [least, median, greatest] = [x(spread.min), x(spread.median), x(spread.max)];
    const middle = y + BAR / 2;
    const [from, to] = [Math.min(x(0), median), Math.max(x(0), median)];
    const dots = values.length > DOTS_MAX ? '' : values.map((value) => dot(x(value), middle)).join('');
    return [
      `<rect class="bar s${index}" x="${from.toFixed(1)}" y="${y}" width="${Math.max(1, to - from).toFixed(1)}" height="${BAR}" rx="2"/>`,
      `<line class="whisker" x1="${least.toFixed(1)}" x2="${greatest.toFixed(1)}" y1="${middle}" y2="${middle}"/>`,
      dots,
      `<text class="value" x="${(Math.max(median, greatest) + 8).toFixed(1)}" y="${middle + 4}">${formatNumber(spread.median, row.unit)}</text>`,
    ].join('');
  });
  const told = row.cells
    .map(
      ({ spread }, index) =>
        `${sides[index]?.title}: ${spread === null ? 'none' : formatNumber(spread.median, row.unit)}`,
    )
    .join('; ');
  const label = htmlText(`${row.title}, medians. ${told}`);
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${label}">${grid.join('')}${bars.join('')}</svg>`;
}

const DOTS_MAX = 60;

function dot(x: number, y: number): string {
  return `<circle class="dot" cx="${x.toFixed(1)}" cy="${y}" r="2.5"/>`;
}

/** A step of 1, 2 or 5 in some decade, and the first multiple of it that nothing is above. */
export function scaleOf(most: number): { readonly step: number; readonly top: number } {
  const decade = 10 ** Math.floor(Math.log10(most / TICKS));
  const step = [1, 2, 5, 10].map((factor) => factor * decade).find((one) => most / one <= TICKS) ?? 10 * decade;
  return { step, top: Math.ceil(most / step) * step };
}
