import type { BrokerEpoch, NodeId } from '@biquorum/metadata';
import { Prng } from '@biquorum/std';
import { describe, expect, test } from 'vitest';
import {
  type FetchContext,
  type FetchResult,
  FetchSessions,
  type SessionRequest,
} from '../../src/replicas/fetch-sessions.ts';

const prng = new Prng(1);
const random = { uint32: () => prng.uint32(), fill: (bytes: Uint8Array) => prng.fill(bytes) };

const FOLLOWER = { node: 2 as NodeId, brokerEpoch: 7 as BrokerEpoch };

const wish = (topic: string, partition: number, fetchOffset = 0) => ({
  topic,
  partition,
  fetchOffset,
  bytesMax: 1_000,
  currentLeaderEpoch: -1,
  lastFetchedEpoch: -1,
  logStartOffset: -1,
});

const ask = (overrides: Partial<SessionRequest>): SessionRequest => ({
  sessionId: 0,
  sessionEpoch: 0,
  byTopicId: true,
  wishes: [],
  forgotten: [],
  follower: undefined,
  ...overrides,
});

const quiet: FetchResult = { errorCode: 0, highWatermark: 5, logStartOffset: 0, hasNews: false };

function serve(context: FetchContext): Extract<FetchContext, { kind: 'serve' }> {
  if (context.kind !== 'serve') throw new Error(`refused: ${context.error}`);
  return context;
}

/** Serves a request in which every partition is quiet but those given; tells the session id and what was told. */
function answer(sessions: FetchSessions, request: SessionRequest, news: Record<string, Partial<FetchResult>> = {}) {
  const context = serve(sessions.begin(request, 0));
  const wishes = context.wanted.wishes();
  const results = wishes.map((it) => ({ ...quiet, ...news[`${it.topic}-${it.partition}`] }));
  const conclusion = context.conclude(wishes, results);
  if (conclusion.kind === 'refused') throw new Error(conclusion.error);
  const told = wishes.filter((_, index) => conclusion.includes(index)).map((it) => `${it.topic}-${it.partition}`);
  return {
    id: conclusion.sessionId,
    told,
    wishes: wishes.map((it) => `${it.topic}-${it.partition}@${it.fetchOffset}`),
  };
}

test('a session is told only of partitions with records, errors or a changed high watermark or log start', () => {
  const sessions = new FetchSessions(10, random);
  const all = [wish('a', 0), wish('a', 1), wish('b', 0)];
  const { id, told } = answer(sessions, ask({ wishes: all }));
  expect(id).toBeGreaterThan(0);
  expect(told).toEqual(['a-0', 'a-1', 'b-0']);
  expect(answer(sessions, ask({ sessionId: id, sessionEpoch: 1 })).told).toEqual([]);
  expect(answer(sessions, ask({ sessionId: id, sessionEpoch: 2 }), { 'a-1': { hasNews: true } }).told).toEqual(['a-1']);
  const changed = { 'b-0': { highWatermark: 6 }, 'a-0': { logStartOffset: 1 } };
  expect(answer(sessions, ask({ sessionId: id, sessionEpoch: 3 }), changed).told.sort()).toEqual(['a-0', 'b-0']);
});

test('an error is told each time, and so is the first answer after it', () => {
  const sessions = new FetchSessions(10, random);
  const { id } = answer(sessions, ask({ wishes: [wish('a', 0)] }));
  const failing = { 'a-0': { errorCode: 6, highWatermark: -1, logStartOffset: 0 } };
  expect(answer(sessions, ask({ sessionId: id, sessionEpoch: 1 }), failing).told).toEqual(['a-0']);
  expect(answer(sessions, ask({ sessionId: id, sessionEpoch: 2 }), failing).told).toEqual(['a-0']);
  expect(answer(sessions, ask({ sessionId: id, sessionEpoch: 3 })).told).toEqual(['a-0']);
  expect(answer(sessions, ask({ sessionId: id, sessionEpoch: 4 })).told).toEqual([]);
});

test('wishes are remembered, changed, added and forgotten', () => {
  const sessions = new FetchSessions(10, random);
  const { id } = answer(sessions, ask({ wishes: [wish('a', 0), wish('b', 0)] }));
  const next = ask({
    sessionId: id,
    sessionEpoch: 1,
    wishes: [wish('b', 0, 9), wish('c', 2)],
    forgotten: [{ topic: 'a', partition: 0 }],
  });
  expect(answer(sessions, next).wishes).toEqual(['b-0@9', 'c-2@0']);
});

test('who has been told something goes to the end of the order', () => {
  const sessions = new FetchSessions(10, random);
  const { id } = answer(sessions, ask({ wishes: [wish('a', 0), wish('a', 1), wish('a', 2)] }));
  answer(sessions, ask({ sessionId: id, sessionEpoch: 1 }), { 'a-0': { hasNews: true } });
  expect(answer(sessions, ask({ sessionId: id, sessionEpoch: 2 })).wishes).toEqual(['a-1@0', 'a-2@0', 'a-0@0']);
});

test('a wrong epoch, an unknown session and a change between names and ids are refused', () => {
  const sessions = new FetchSessions(10, random);
  const { id } = answer(sessions, ask({ wishes: [wish('a', 0)] }));
  expect(sessions.begin(ask({ sessionId: id, sessionEpoch: 2 }), 0)).toEqual({
    kind: 'refused',
    error: 'INVALID_FETCH_SESSION_EPOCH',
  });
  expect(sessions.begin(ask({ sessionId: id ^ 1, sessionEpoch: 1 }), 0)).toEqual({
    kind: 'refused',
    error: 'FETCH_SESSION_ID_NOT_FOUND',
  });
  const byName = ask({ sessionId: id, sessionEpoch: 1, byTopicId: false });
  expect(sessions.begin(byName, 0)).toEqual({ kind: 'refused', error: 'FETCH_SESSION_TOPIC_ID_ERROR' });
});

test('a response that was overtaken by the next request is refused', () => {
  const sessions = new FetchSessions(10, random);
  const { id } = answer(sessions, ask({ wishes: [wish('a', 0)] }));
  const slow = serve(sessions.begin(ask({ sessionId: id, sessionEpoch: 1 }), 0));
  answer(sessions, ask({ sessionId: id, sessionEpoch: 2 }));
  expect(slow.conclude(slow.wanted.wishes(), [quiet])).toEqual({
    kind: 'refused',
    error: 'INVALID_FETCH_SESSION_EPOCH',
  });
});

test('epoch −1 ends the session, and so does forgetting its last partition', () => {
  const sessions = new FetchSessions(10, random);
  const first = answer(sessions, ask({ wishes: [wish('a', 0)] }));
  expect(answer(sessions, ask({ sessionId: first.id, sessionEpoch: -1, wishes: [wish('a', 0)] })).id).toBe(0);
  expect(sessions.size).toBe(0);
  const second = answer(sessions, ask({ wishes: [wish('a', 0)] }));
  answer(sessions, ask({ sessionId: second.id, sessionEpoch: 1, forgotten: [{ topic: 'a', partition: 0 }] }));
  expect(sessions.size).toBe(0);
});

test('a full cache gives a slot to a follower before a consumer, and to anybody in place of an idle session', () => {
  const sessions = new FetchSessions(1, random);
  answer(sessions, ask({ wishes: [wish('a', 0)] }));
  expect(answer(sessions, ask({ wishes: [wish('b', 0), wish('b', 1)] })).id).toBe(0);
  const follower = answer(sessions, ask({ wishes: [wish('a', 0)], follower: FOLLOWER })).id;
  expect(follower).toBeGreaterThan(0);
  expect(answer(sessions, ask({ wishes: [wish('b', 0)] })).id).toBe(0);
  const later = serve(sessions.begin(ask({ wishes: [wish('b', 0)] }), 120_001));
  expect(later.conclude(later.wanted.wishes(), [quiet])).toMatchObject({ kind: 'answer' });
  expect(sessions.begin(ask({ sessionId: follower, sessionEpoch: 1 }), 120_001)).toMatchObject({ kind: 'refused' });
});

test('a cache without slots never opens a session', () => {
  expect(answer(new FetchSessions(0, random), ask({ wishes: [wish('a', 0)] })).id).toBe(0);
});

describe('a partition at rest', () => {
  /** Rests that can be disturbed by the partition's name. */
  function restable() {
    const onStirs = new Map<string, () => void>();
    const rest = (name: string): Partial<FetchResult> => ({
      rest: (_beat, onStir) => {
        onStirs.set(name, () => {
          onStirs.delete(name);
          onStir();
        });
        return { end: () => onStirs.delete(name) };
      },
    });
    return { onStirs, rest };
  }

  function session() {
    const { onStirs, rest } = restable();
    const sessions = new FetchSessions(10, random);
    const all = { 'a-0': rest('a-0'), 'a-1': rest('a-1'), 'b-0': rest('b-0') };
    const wishes = [wish('a', 0), wish('a', 1), wish('b', 0)];
    const { id } = answer(sessions, ask({ wishes, follower: FOLLOWER }), all);
    const next = (sessionEpoch: number, overrides: Partial<SessionRequest> = {}) =>
      ask({ sessionId: id, sessionEpoch, follower: FOLLOWER, ...overrides });
    return { sessions, onStirs, rest, next, id };
  }

  test('is not looked at until it stirs, and then it is last', () => {
    const { sessions, onStirs, next } = session();
    expect([...onStirs.keys()]).toEqual(['a-0', 'a-1', 'b-0']);
    expect(answer(sessions, next(1)).wishes).toEqual([]);
    onStirs.get('b-0')?.();
    onStirs.get('a-0')?.();
    expect(answer(sessions, next(2)).wishes).toEqual(['b-0@0', 'a-0@0']);
  });

  test('wakes a fetch that waits, which looks at it then', () => {
    const { sessions, onStirs, next } = session();
    const { wanted } = serve(sessions.begin(next(1), 0));
    expect(wanted.isEmpty).toBe(false);
    let woken = 0;
    wanted.onStir(() => (woken += 1));
    const { stirs } = wanted;
    onStirs.get('a-1')?.();
    expect(woken).toBe(1);
    expect(wanted.stirs).toBeGreaterThan(stirs);
    expect(wanted.wishes()).toMatchObject([{ topic: 'a', partition: 1 }]);
  });

  test('is looked at when the follower tells of it', () => {
    const { sessions, onStirs, next } = session();
    expect(answer(sessions, next(1, { wishes: [wish('a', 1, 3)] })).wishes).toEqual(['a-1@3']);
    expect(onStirs.has('a-1')).toBe(false);
  });

  test('is looked at when the follower has registered anew', () => {
    const { sessions, onStirs, next } = session();
    const follower = { ...FOLLOWER, brokerEpoch: 8 as BrokerEpoch };
    expect(answer(sessions, next(1, { follower })).wishes).toHaveLength(3);
    expect(onStirs.size).toBe(0);
  });

  test('is let go when it is forgotten, and when the session ends', () => {
    const { sessions, onStirs, next, id } = session();
    answer(sessions, next(1, { forgotten: [{ topic: 'a', partition: 0 }] }));
    expect([...onStirs.keys()]).toEqual(['a-1', 'b-0']);
    answer(sessions, ask({ sessionId: id, sessionEpoch: -1 }));
    expect(onStirs.size).toBe(0);
  });

  test('is not left alone by a response that was overtaken, nor in a session that has ended meanwhile', () => {
    const { sessions, onStirs, rest, next, id } = session();
    onStirs.get('a-0')?.();
    const overtaken = serve(sessions.begin(next(1), 0));
    const last = serve(sessions.begin(next(2), 0));
    const wishes = last.wanted.wishes();
    const results = [{ ...quiet, ...rest('a-0') }];
    overtaken.conclude(wishes, results);
    expect(onStirs.has('a-0')).toBe(false);
    sessions.begin(ask({ sessionId: id, sessionEpoch: -1 }), 0);
    last.conclude(wishes, results);
    expect(onStirs.size).toBe(0);
  });
});
