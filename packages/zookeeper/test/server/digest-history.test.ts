import { expect, test } from 'vitest';
import { DigestHistory } from '../../src/server/digest-history.ts';
import { State } from '../storage/support/state.ts';

const MINUTE_MS = 60_000;

test('a tree that is not as foretold is counted each time, and told at the level error once in 15 minutes', () => {
  const leader = new State();
  const follower = new State();
  const mismatches = { value: 0 };
  const told: unknown[] = [];
  let nowMs = 5;
  const history = new DigestHistory(follower.tree, {
    mismatches,
    monotonicMs: () => nowMs,
    telemetry: { log: (...line) => told.push(line) },
  });
  const next = (path: string): string => {
    const { txn, zxid } = leader.create(path);
    follower.apply(txn);
    history.applied(txn);
    return `0x${zxid.toString(16)}`;
  };
  next('/same');
  expect([mismatches.value, told]).toEqual([0, []]);
  // Something is in one of them only.
  leader.create('/more');
  const first = next('/n0');
  const said = (zxid: string, times: number) => [
    'error',
    'the tree is not what its transactions foretold',
    expect.objectContaining({ zxid, times }),
  ];
  expect([mismatches.value, told]).toEqual([1, [said(first, 1)]]);
  nowMs += 15 * MINUTE_MS - 1;
  for (let count = 1; count <= 3; count++) next(`/n${count}`);
  expect([mismatches.value, told.length]).toEqual([4, 1]);
  nowMs += 1;
  const later = next('/late');
  expect([mismatches.value, told]).toEqual([5, [said(first, 1), said(later, 4)]]);
});
