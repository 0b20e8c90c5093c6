import { formatCell, formatTitle } from './figures.ts';
import { headerLines } from './header-lines.ts';
import { notesOf } from './notes.ts';
import type { Report } from './report.ts';

const GAP = '  ';

/** A report for a terminal, line by line. */
export function terminalReport(report: Report): readonly string[] {
  const header = headerLines(report.header);
  const nameWidth = Math.max(...header.map(([name]) => name.length));
  const sections = report.sections.flatMap((section) => {
    const notes = notesOf(section);
    const lines = [
      ['', ...report.sides.map(({ title }) => title)],
      ...section.rows.map((row) => [
        formatTitle(row),
        ...row.cells.map((cell) => `${formatCell(cell, row.unit)}${notes.markOf(cell)}`),
      ]),
    ];
    const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
    const shown = lines.map((line) =>
      line
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join(GAP),
    );
    return [
      section.title,
      section.summary,
      ...shown,
      ...notes.lines,
      ...section.failures.map((one) => `Failed: ${one}.`),
      '',
    ];
  });
  return [...header.map(([name, value]) => `${name.padEnd(nameWidth)}${GAP}${value}`), '', ...sections];
}
