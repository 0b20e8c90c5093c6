import { readFileSync } from 'node:fs';
import { eventsFileOf } from '../node/watch-node.ts';

/** An event that a node has told. */
export interface ToldEvent {
  readonly node: number;
  /** By the wall clock, in ms since 1970. */
  readonly atMs: number;
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** All that these nodes have told so far, in all their lives, by time. */
export function readEvents(
  nodes: readonly { readonly id: number; readonly directory: string }[],
): readonly ToldEvent[] {
  return nodes
    .flatMap(({ id, directory }) => linesOf(eventsFileOf(directory)).flatMap((line) => readEvent(id, line) ?? []))
    .toSorted((left, right) => left.atMs - right.atMs);
}

function readEvent(node: number, line: string): ToldEvent | undefined {
  try {
    const { time, event, ...fields } = JSON.parse(line) as { time: string; event: string };
    return { node, atMs: Date.parse(time), event, fields };
  } catch {
    // The last line of a node that was killed while it wrote.
    return undefined;
  }
}

function linesOf(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  } catch {
    // It has told nothing yet.
    return [];
  }
}
