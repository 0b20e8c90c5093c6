import type { Position } from './contract.ts';

/** The cut before the first entry. */
export const ORIGIN: Position = { epoch: 0, index: 0 };

/** Negative when `a` lies before `b`: by epoch, then by index. This is also how up to date a log is. */
export function comparePositions(a: Position, b: Position): number {
  return a.epoch - b.epoch || a.index - b.index;
}

/** Whether both are the same cut. */
export function samePosition(a: Position, b: Position): boolean {
  return a.epoch === b.epoch && a.index === b.index;
}
