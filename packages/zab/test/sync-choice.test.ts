import type { Entry } from '@biquorum/consensus';
import { describe, expect, test } from 'vitest';
import { LogShape } from '../src/log-shape.ts';
import { DEFAULT_OPTIONS } from '../src/options.ts';
import { chooseSync, type SyncChoice, type SyncFacts } from '../src/states/sync-choice.ts';
import { cutAfter, jumpTo, zxidOf } from '../src/zxid.ts';

const z = (epoch: number, counter: number): number => zxidOf(epoch, counter);

/** A log of these transactions, each of ten bytes, behind a snapshot up to `start`. */
function logOf(start: number, ...zxids: number[]): LogShape {
  const log = new LogShape(cutAfter(start));
  for (const zxid of zxids) {
    const jump = jumpTo(zxid, log.end);
    const epoch = Math.floor(zxid / 2 ** 32);
    const entry: Entry = { index: zxid, span: 1, epoch, kind: 'data', payload: new Uint8Array(10) };
    for (const each of jump === null ? [entry] : [jump, entry]) log.append(each);
  }
  return log;
}

const range = (epoch: number, from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, at) => z(epoch, from + at));

describe("ZooKeeper's choice between DIFF, TRUNC and SNAP", () => {
  const log = logOf(0, ...range(1, 1, 5), ...range(3, 1, 4));
  const snapshot = { zxid: z(1, 2), size: 1000 };
  const max = z(3, 4);
  const snap: SyncChoice = { kind: 'snap', zxid: z(1, 2), from: z(1, 2) };

  test.each<[string, Partial<SyncFacts>, SyncChoice]>([
    ['level: an empty DIFF', { peer: max }, { kind: 'diff', zxid: max, from: max }],
    ['ahead: TRUNC to the last committed', { peer: z(3, 9) }, { kind: 'trunc', zxid: max, from: max }],
    ['ahead by an epoch: TRUNC all the same', { peer: z(4, 1) }, { kind: 'trunc', zxid: max, from: max }],
    ['ahead with the start of an epoch: never truncated', { peer: z(4, 0) }, snap],
    ['in the log: DIFF and what comes after', { peer: z(1, 3) }, { kind: 'diff', zxid: max, from: z(1, 3) }],
    ['the end of an epoch', { peer: z(1, 5) }, { kind: 'diff', zxid: max, from: z(1, 5) }],
    ['at the start of an epoch: DIFF', { peer: z(3, 0) }, { kind: 'diff', zxid: max, from: z(3, 0) }],
    [
      'at the start of an epoch that nothing was done in',
      { peer: z(2, 0) },
      { kind: 'diff', zxid: max, from: z(2, 0) },
    ],
    ['with nothing at all: DIFF of everything', { peer: 0 }, { kind: 'diff', zxid: max, from: 0 }],
    ['with a lost end of an older epoch: SNAP', { peer: z(1, 7) }, snap],
    ['with an epoch that the leader has nothing of: SNAP', { peer: z(2, 1) }, snap],
  ])('%s', (_, facts, choice) => {
    expect(chooseSync(log, { peer: 0, max, snapshot, ...facts }, DEFAULT_OPTIONS)).toEqual(choice);
  });

  test('only what is committed counts, whatever else is in the log', () => {
    const facts = { peer: z(3, 4), max: z(3, 2), snapshot };
    expect(chooseSync(log, facts, DEFAULT_OPTIONS)).toEqual({ kind: 'trunc', zxid: z(3, 2), from: z(3, 2) });
  });

  test('ZOOKEEPER-2418: a learner from before the start of the log gets a snapshot, for there would be a gap', () => {
    const late = logOf(z(1, 5), ...range(3, 1, 4));
    const facts = { max, snapshot: { zxid: z(1, 5), size: 10 } };
    expect(chooseSync(late, { peer: z(1, 4), ...facts }, DEFAULT_OPTIONS).kind).toBe('snap');
    expect(chooseSync(late, { peer: z(1, 5), ...facts }, DEFAULT_OPTIONS).kind).toBe('diff');
  });

  test('more than a third of the snapshot in bytes is not sent as a DIFF, once it is more than commitLogCount', () => {
    const long = logOf(0, ...range(1, 1, 700));
    const facts = { peer: z(1, 100), max: z(1, 700) };
    const small = { zxid: z(1, 650), size: 6000 };
    const large = { zxid: z(1, 650), size: 60_000 };
    expect(chooseSync(long, { ...facts, snapshot: small }, DEFAULT_OPTIONS).kind).toBe('snap');
    expect(chooseSync(long, { ...facts, snapshot: large }, DEFAULT_OPTIONS).kind).toBe('diff');
    expect(chooseSync(long, { ...facts, snapshot: large }, { ...DEFAULT_OPTIONS, snapshotSizeFactor: -1 }).kind).toBe(
      'snap',
    );
    expect(chooseSync(long, { ...facts, peer: z(1, 200), snapshot: small }, DEFAULT_OPTIONS).kind).toBe('diff');
    // With no snapshot at hand there is nothing else to send.
    expect(chooseSync(long, { ...facts, snapshot: null }, DEFAULT_OPTIONS).kind).toBe('diff');
  });

  test('forceSnapshotSync sends a snapshot even to a learner that is level', () => {
    const settings = { ...DEFAULT_OPTIONS, forceSnapshotSync: true };
    expect(chooseSync(log, { peer: max, max, snapshot }, settings)).toEqual(snap);
  });
});

describe('the shape of a log', () => {
  test('knows what it holds, what comes next and where entries begin, jumps between epochs included', () => {
    const log = logOf(0, ...range(1, 1, 3), ...range(4, 1, 2));
    expect([z(1, 1), z(1, 3), z(4, 2), 0].map((zxid) => log.holds(zxid))).toEqual([true, true, true, true]);
    expect([z(1, 4), z(4, 0), z(4, 3)].map((zxid) => log.holds(zxid))).toEqual([false, false, false]);
    expect([0, z(1, 3), z(2, 9), z(4, 2)].map((zxid) => log.next(zxid))).toEqual([z(1, 1), z(4, 1), z(4, 1), null]);
    expect([z(1, 1), z(3, 3), z(4, 9)].map((zxid) => log.previous(zxid))).toEqual([0, z(1, 3), z(4, 2)]);
    expect([0, z(1, 2), z(1, 3), z(4, 0)].map((zxid) => log.indexAfter(zxid))).toEqual([
      0,
      z(1, 3),
      z(1, 3) + 1,
      z(1, 3) + 1,
    ]);
  });

  test('is cut behind transactions only, and holds no holes', () => {
    const log = logOf(0, ...range(1, 1, 3), ...range(4, 1, 2));
    expect(() => log.truncate(z(2, 0))).toThrow('between an epoch and the next');
    log.truncate(z(1, 3) + 1);
    expect(log.lastZxid).toBe(z(1, 3));
    const entry: Entry = { index: z(1, 5), span: 1, epoch: 1, kind: 'data', payload: new Uint8Array(0) };
    expect(() => log.append(entry)).toThrow('does not follow');
    expect(() => logOf(z(1, 3), z(2, 2))).toThrow('leaves a hole');
  });

  test('goes on without a jump behind a snapshot that is named by the start of an epoch', () => {
    const log = logOf(z(2, 0), ...range(2, 1, 2));
    expect(log.start).toEqual({ epoch: 2, index: z(2, 1) });
    expect(log.holds(z(2, 0))).toBe(true);
    expect(log.end).toBe(z(2, 3));
  });
});
