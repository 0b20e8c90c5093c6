import { KINDS, ROWS, type Row } from './rows.ts';
import type { SideName } from './side.ts';
import { median } from './statistics.ts';

/** One measured figure. */
export interface Figure {
  /** Id of the row. */
  readonly row: string;
  readonly side: SideName;
  /** Counts from 1. */
  readonly round: number;
  readonly value: number;
}

/** A row with what was measured for it. */
export interface SummaryRow {
  readonly row: Row;
  readonly unit: string;
  /** Medians over the rounds. */
  readonly apache: number;
  readonly biquorum: number;
  /** How many times as good as Apache we are: over 1 is better, whichever way the row counts. Median over the rounds. */
  readonly ratio: number;
  /** The least and the largest ratio of one round. */
  readonly ratioRange: readonly [number, number];
  readonly aim: number | undefined;
}

/** Rows of which both sides have figures. Ratios are taken round by round: what disturbs a round disturbs both. */
export function summarise(figures: readonly Figure[]): readonly SummaryRow[] {
  return ROWS.flatMap((row) => {
    const own = figures.filter((figure) => figure.row === row.id);
    const apache = bySide(own, 'apache');
    const biquorum = bySide(own, 'biquorum');
    const { unit, better, aim } = KINDS[row.kind];
    const ratios = [...apache].flatMap(([round, theirs]) => {
      const ours = biquorum.get(round);
      if (ours === undefined) return [];
      return [better === 'more' ? ours / theirs : theirs / ours];
    });
    if (ratios.length === 0) return [];
    return [
      {
        row,
        unit,
        apache: median([...apache.values()]),
        biquorum: median([...biquorum.values()]),
        ratio: median(ratios),
        ratioRange: [Math.min(...ratios), Math.max(...ratios)] as const,
        aim,
      },
    ];
  });
}

/** The table as Markdown. */
export function formatTable(rows: readonly SummaryRow[], apacheVersion: string): string {
  const head = ['row', 'unit', `Apache ${apacheVersion}`, 'Biquorum', 'times as good', 'aim'];
  const body = rows.map(({ row, unit, apache, biquorum, ratio, ratioRange: [least, most], aim }) => [
    row.title,
    unit,
    formatValue(apache),
    formatValue(biquorum),
    `${ratio.toFixed(2)} (${least.toFixed(2)}–${most.toFixed(2)})`,
    aim === undefined ? '–' : `${aim}${ratio >= aim ? ' ✓' : ''}`,
  ]);
  const widths = head.map((title, column) =>
    Math.max(title.length, ...body.map((cells) => cells[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body.map(line)].join('\n');
}

function bySide(figures: readonly Figure[], side: SideName): ReadonlyMap<number, number> {
  return new Map(figures.filter((figure) => figure.side === side).map(({ round, value }) => [round, value]));
}

function formatValue(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString('en');
  return value >= 10 ? value.toFixed(0) : value.toFixed(3);
}
