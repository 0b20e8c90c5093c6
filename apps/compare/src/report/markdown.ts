import { formatCell, formatTitle } from './figures.ts';
import { headerLines } from './header-lines.ts';
import { notesOf } from './notes.ts';
import type { Report, ReportSection, ReportSide } from './report.ts';

/** A report as Markdown: a list about the machine, and a table for each scenario. */
export function markdownReport(report: Report): string {
  const header = headerLines(report.header).map(([name, value]) => `- ${name}: ${value}`);
  const explained = 'Medians; in brackets the least and the greatest value, and the 99th percentile where it differs.';
  return [
    ...header,
    '',
    explained,
    '',
    ...report.sections.flatMap((section) => sectionLines(section, report.sides)),
  ].join('\n');
}

function sectionLines(section: ReportSection, sides: readonly ReportSide[]): readonly string[] {
  const notes = notesOf(section);
  const heads = ['', ...sides.map(({ title }) => title)];
  const rows = section.rows.map((row) => [
    formatTitle(row),
    ...row.cells.map((cell) => `${formatCell(cell, row.unit)}${notes.markOf(cell)}`),
  ]);
  return [
    `### ${section.title}`,
    '',
    section.summary,
    '',
    ...table([heads, ...rows].map((cells) => cells.map(escaped))),
    '',
    ...notes.lines.flatMap((line) => [line, '']),
    ...section.failures.flatMap((failure) => [`Failed: ${failure}.`, '']),
  ];
}

function table([heads = [], ...rows]: readonly (readonly string[])[]): readonly string[] {
  const widths = heads.map((_, column) => Math.max(3, ...[heads, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(heads), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)];
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|');
}
