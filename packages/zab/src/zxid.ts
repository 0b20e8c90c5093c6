import { type Entry, ORIGIN, type Position } from '@biquorum/consensus';

/** The largest counter of a zxid. */
export const COUNTER_MAX = 0xffff_ffff;

/** The largest epoch: beyond it, a zxid is no exact Number any more. */
export const EPOCH_MAX: number = 2 ** 21 - 1;

const COUNTERS = 0x1_0000_0000;

/**
 * A transaction's id, `epoch << 32 | counter` in Java, as a Number: exact for epochs below 2^21. It is also the entry's
 * index.
 */
export function zxidOf(epoch: number, counter: number): number {
  return epoch * COUNTERS + counter;
}

/** The upper 32 bits. */
export function epochOf(zxid: number): number {
  return Math.floor(zxid / COUNTERS);
}

/** The lower 32 bits; 0 stands for the start of an epoch and is no transaction's. */
export function counterOf(zxid: number): number {
  return zxid % COUNTERS;
}

/** The zxid before a cut: that of the last transaction, 0 when there is none. */
export function zxidBefore(index: number): number {
  return Math.max(0, index - 1);
}

/** Whether `next` may come right behind `last`: the next counter of the same epoch, or the first of a later one. */
export function follows(last: number, next: number): boolean {
  return next === last + 1 ? counterOf(next) !== 0 : epochOf(next) > epochOf(last) && counterOf(next) === 1;
}

/** For people: `0x` and hexadecimal digits, as Java writes zxids. */
export function showZxid(zxid: number): string {
  return `0x${zxid.toString(16)}`;
}

/** The cut behind a transaction, which is also the name of a snapshot of everything up to it; the origin for zxid 0. */
export function cutAfter(zxid: number): Position {
  return zxid === 0 ? ORIGIN : { epoch: epochOf(zxid), index: zxid + 1 };
}

/**
 * The entry that spans what no transaction stands in, from the end of a log to the first transaction of a new epoch; null
 * when the transaction follows at once. Every server makes it by itself, and it is never sent.
 */
export function jumpTo(zxid: number, end: number): Entry | null {
  if (zxid === end) return null;
  return { index: end, span: zxid - end, epoch: epochOf(zxid), kind: 'control', payload: NOTHING };
}

/** Whether an entry is a transaction, and not the jump before an epoch's first one. */
export function isTransaction({ index, span }: Pick<Entry, 'index' | 'span'>): boolean {
  return counterOf(index) !== 0 && epochOf(index) === epochOf(index + span - 1);
}

const NOTHING = new Uint8Array(0);
