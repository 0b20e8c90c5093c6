import type { Cell, ReportSection } from './report.ts';

/** Footnotes of a section: each note once, with a sign. */
export interface Notes {
  /** The sign behind a cell, or nothing. */
  markOf(cell: Cell): string;
  /** Each note with its sign. */
  readonly lines: readonly string[];
}

const SIGNS = ['¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'] as const;

/** Collects the notes of a section in the order of its rows. */
export function notesOf({ rows }: ReportSection): Notes {
  const notes = [...new Set(rows.flatMap(({ cells }) => cells.flatMap(({ note }) => note ?? [])))];
  const signOf = (note: string): string => SIGNS[notes.indexOf(note)] ?? '*';
  return {
    markOf: ({ note }) => (note === null ? '' : ` ${signOf(note)}`),
    lines: notes.map((note) => `${signOf(note)} ${note}.`),
  };
}
