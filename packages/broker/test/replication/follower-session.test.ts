import type { Uuid } from '@biquorum/kafka-wire';
import { describe, expect, test } from 'vitest';
import { type FollowerPosition, FollowerSession } from '../../src/replication/follower-session.ts';

const A = 'AAAAAAAAAAAAAAAAAAAAAQ' as Uuid;
const B = 'AAAAAAAAAAAAAAAAAAAAAg' as Uuid;
const at = (topicId: Uuid, partition: number, fetchOffset = 0): FollowerPosition => ({
  topicId,
  partition,
  fetchOffset,
  logStartOffset: 0,
  currentLeaderEpoch: 1,
  lastFetchedEpoch: -1,
});

/** What the next request says, as topics with partitions at offsets. */
function said(session: FollowerSession) {
  const { sessionId, sessionEpoch, topics, forgottenTopicsData, isUrgent } = session.next();
  const short = (topicId: unknown): string => (topicId === A ? 'a' : 'b');
  return {
    ...(isUrgent ? { isUrgent } : {}),
    id: sessionId,
    epoch: sessionEpoch,
    told: (topics ?? []).flatMap(({ topicId, partitions }) =>
      (partitions ?? []).map(({ partition, fetchOffset }) => `${short(topicId)}-${partition}@${fetchOffset}`),
    ),
    forgotten: (forgottenTopicsData ?? []).flatMap(({ topicId, partitions }) =>
      Array.from(partitions ?? [], (partition) => `${short(topicId)}-${partition}`),
    ),
  };
}

function established(): FollowerSession {
  const session = new FollowerSession(1_000);
  for (const position of [at(A, 0), at(A, 1), at(B, 0)]) session.tell(position);
  session.next();
  session.answered(9);
  return session;
}

// Source: KIP-227.
describe("a follower's fetch session", () => {
  test('begins with everything', () => {
    const session = new FollowerSession(1_000);
    session.tell(at(A, 0));
    session.tell(at(B, 0, 4));
    expect(said(session)).toEqual({ id: 0, epoch: 0, told: ['a-0@0', 'b-0@4'], forgotten: [] });
  });

  test('then says what is new, what has changed and what is over, once', () => {
    const session = established();
    expect(said(session)).toEqual({ id: 9, epoch: 1, told: [], forgotten: [] });
    session.answered(9);
    session.tell(at(A, 1, 5));
    session.tell(at(B, 0));
    session.tell(at(B, 2));
    session.forget(A, 0);
    expect(said(session)).toEqual({ id: 9, epoch: 2, told: ['a-1@5', 'b-2@0'], forgotten: ['a-0'] });
    session.answered(9);
    expect(said(session)).toEqual({ id: 9, epoch: 3, told: [], forgotten: [] });
    expect(session.size).toBe(3);
  });

  test('forgets what is fetched again before it was said, and tells it in the request after', () => {
    const session = established();
    session.forget(A, 0);
    session.tell(at(A, 0));
    session.tell(at(A, 1, 5));
    expect(said(session)).toEqual({ id: 9, epoch: 1, told: ['a-1@5'], forgotten: ['a-0'], isUrgent: true });
    session.answered(9);
    expect(said(session)).toEqual({ id: 9, epoch: 2, told: ['a-0@0'], forgotten: [] });
    session.answered(9);
    expect(said(session)).toEqual({ id: 9, epoch: 3, told: [], forgotten: [] });
  });

  test('does the same with what was not heard of, wherever it is fetched from by then', () => {
    const session = established();
    session.unheard(A, 0);
    session.unheard(B, 0);
    session.unheard(B, 7);
    session.tell(at(B, 0, 3));
    expect(said(session)).toEqual({ id: 9, epoch: 1, told: [], forgotten: ['a-0', 'b-0'], isUrgent: true });
    session.answered(9);
    session.tell(at(B, 0, 4));
    session.forget(A, 0);
    expect(said(session)).toEqual({ id: 9, epoch: 2, told: ['b-0@4'], forgotten: ['a-0'] });
    expect(session.size).toBe(2);
  });

  test('has nothing to forget where it begins anew', () => {
    const session = established();
    session.unheard(A, 0);
    session.next();
    session.reset();
    session.unheard(A, 1);
    expect(said(session)).toEqual({ id: 9, epoch: 0, told: ['a-0@0', 'a-1@0', 'b-0@0'], forgotten: [] });
    session.answered(10);
    expect(said(session)).toEqual({ id: 10, epoch: 1, told: [], forgotten: [] });
  });

  test('after a lost request says everything, and ends the session that may be left', () => {
    const session = established();
    session.tell(at(A, 1, 5));
    session.forget(B, 0);
    session.next();
    session.reset();
    expect(said(session)).toEqual({ id: 9, epoch: 0, told: ['a-0@0', 'a-1@5'], forgotten: [] });
  });

  test('that the leader does not know is not named again', () => {
    const session = established();
    session.lost();
    expect(said(session)).toMatchObject({ id: 0, epoch: 0 });
  });

  test('is none where the leader opens none', () => {
    const session = established();
    session.next();
    session.answered(0);
    expect(said(session)).toMatchObject({ id: 0, epoch: 0, told: ['a-0@0', 'a-1@0', 'b-0@0'] });
  });

  test('counts its epochs', () => {
    const session = established();
    for (const epoch of [1, 2, 3]) {
      expect(said(session).epoch).toBe(epoch);
      session.answered(9);
    }
  });
});
