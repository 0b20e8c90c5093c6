import type { BrokerEpoch } from '@biquorum/metadata';
import { describe, expect, test } from 'vitest';
import { FollowerProgress } from '../../src/replicas/follower-progress.ts';

const BROKER_EPOCH = 7 as BrokerEpoch;
const fetched = (atMs: number, fetchOffset: number, leaderEnd: number) => ({
  atMs,
  fetchOffset,
  leaderEnd,
  logStartOffset: 0,
  brokerEpoch: BROKER_EPOCH,
});

/** A follower that has everything at 1,000 ms, and rests. */
function resting() {
  const progress = new FollowerProgress(true, 0);
  const beat = { atMs: 1_000 };
  progress.fetched(fetched(1_000, 5, 5));
  progress.restOn(beat);
  return { progress, beat };
}

describe('a follower that rests on its session', () => {
  test('is caught up with each of its fetches, as if the partition were named in them', () => {
    const { progress, beat } = resting();
    beat.atMs = 9_000;
    expect(progress.caughtUpAtMs).toBe(9_000);
  });

  test('is caught up no further once the partition has changed', () => {
    const { progress, beat } = resting();
    beat.atMs = 9_000;
    progress.stir(beat);
    beat.atMs = 20_000;
    expect(progress.caughtUpAtMs).toBe(9_000);
    expect(progress.isCaughtUp(6, 39_001, 30_000)).toBe(false);
    expect(progress.isCaughtUp(6, 39_000, 30_000)).toBe(true);
  });

  // Source: Java `Replica.updateFetchStateOrThrow`: a fetch from where the leader's log ended at the one before.
  test('was caught up at its last fetch when the next one begins where the log ended then', () => {
    const { progress, beat } = resting();
    beat.atMs = 9_000;
    progress.stir(beat);
    progress.fetched(fetched(9_500, 5, 8));
    expect(progress.caughtUpAtMs).toBe(9_000);
    progress.fetched(fetched(9_600, 8, 10));
    expect(progress.caughtUpAtMs).toBe(9_500);
  });

  test('is not touched by the end of an earlier session', () => {
    const { progress, beat: earlier } = resting();
    const beat = { atMs: 2_000 };
    progress.fetched(fetched(2_000, 5, 5));
    progress.restOn(beat);
    progress.stir(earlier);
    beat.atMs = 9_000;
    expect(progress.caughtUpAtMs).toBe(9_000);
  });
});
