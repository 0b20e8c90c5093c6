import { readFileSync } from 'node:fs';

/** A line that a server of Apache's has written into its log. */
export interface LogLine {
  readonly node: number;
  /** By the wall clock, in ms since 1970. */
  readonly atMs: number;
  readonly text: string;
}

/** `[2026-11-21 20:00:00,123] INFO …`, in the time of this machine. */
const STAMP = /^\[(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d),(\d{3})\] (.*)$/;

/** All lines with a time that these logs have, by time. */
export function readLogLines(logs: readonly { readonly node: number; readonly path: string }[]): readonly LogLine[] {
  return logs
    .flatMap(({ node, path }) =>
      readFileSync(path, 'utf8')
        .split('\n')
        .flatMap((line) => readLine(node, line) ?? []),
    )
    .toSorted((left, right) => left.atMs - right.atMs);
}

function readLine(node: number, line: string): LogLine | undefined {
  const [, day, time, millis, text] = STAMP.exec(line) ?? [];
  return text === undefined ? undefined : { node, atMs: Date.parse(`${day}T${time}.${millis}`), text };
}
