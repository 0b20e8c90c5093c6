import { expect, test } from 'vitest';
import { SessionTracker } from '../../src/index.ts';

test('a session expires with its bucket: at the first tick after its timeout', () => {
  const tracker = new SessionTracker(2_000);
  tracker.track(1n, 4_000, 1_000);
  expect(tracker.expire(5_999)).toEqual([]);
  expect(tracker.expire(6_000)).toEqual([1n]);
  expect(tracker.expire(8_000)).toEqual([]);
  expect(tracker.check(1n, 'me')).toBe('SessionExpired');
  expect(tracker.touch(1n, 6_000)).toBe(false);
});

test('a touch moves a session on, and never back', () => {
  const tracker = new SessionTracker(2_000);
  tracker.track(1n, 4_000, 0);
  expect(tracker.touch(1n, 3_000)).toBe(true);
  expect(tracker.touch(1n, 100)).toBe(true);
  expect(tracker.expire(7_999)).toEqual([]);
  expect(tracker.expire(8_000)).toEqual([1n]);
});

test('only the one who serves a session may bring its requests', () => {
  const tracker = new SessionTracker(2_000);
  tracker.track(1n, 4_000, 0);
  expect(tracker.check(1n, 'a')).toBeUndefined();
  expect(tracker.check(1n, 'b')).toBe('SessionMoved');
  tracker.setOwner(1n, 'b');
  expect(tracker.check(1n, 'b')).toBeUndefined();
  tracker.remove(1n);
  expect(tracker.check(1n, 'b')).toBe('SessionExpired');
});
