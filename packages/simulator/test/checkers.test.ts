import type { Entry, View } from '@biquorum/consensus';
import { SafetyChecker } from '@biquorum/simulator';
import { describe, expect, test } from 'vitest';

const base: View = {
  id: 0,
  role: 'follower',
  leading: false,
  epoch: 1,
  leader: 0,
  voters: [0, 1, 2],
  votersIndex: -1,
  logStart: 0,
  logEnd: 10,
  durableEnd: 10,
  highWatermark: 5,
  uncommittedBytes: 0,
  peers: [],
  reason: '',
};
const show = (view: Partial<View>): View => ({ ...base, ...view });
const entry = (index: number, text: string): Entry => ({
  index,
  span: 1,
  epoch: 1,
  kind: 'data',
  payload: new TextEncoder().encode(text),
});

describe('the safety checker objects to', () => {
  test('two leaders in one epoch', () => {
    const checker = new SafetyChecker();
    checker.observe(show({ id: 0, leading: true }));
    expect(() => checker.observe(show({ id: 1, leading: true }))).toThrow('one leader in an epoch');
  });

  test('a leader without what an earlier epoch committed', () => {
    const checker = new SafetyChecker();
    checker.observe(show({ id: 0, leading: true }));
    checker.observe(show({ id: 0, leading: true, highWatermark: 10 }));
    expect(() =>
      checker.observe(show({ id: 1, leading: true, epoch: 2, logEnd: 9, durableEnd: 9, highWatermark: 5 })),
    ).toThrow('leaders have what was committed');
  });

  test('an epoch or a high watermark that falls, but not over a restart', () => {
    const checker = new SafetyChecker();
    checker.observe(show({ epoch: 3 }));
    expect(() => checker.observe(show({ epoch: 2 }))).toThrow('epochs never fall');
    expect(() => checker.observe(show({ epoch: 3, highWatermark: 4 }))).toThrow('high watermarks never fall');
    checker.restarted(0);
    expect(() => checker.observe(show({ epoch: 2, highWatermark: 0 }))).not.toThrow();
  });

  test('a high watermark beyond the log', () => {
    expect(() => new SafetyChecker().observe(show({ highWatermark: 11 }))).toThrow('within the log');
  });

  test('a disk that claims more than the log', () => {
    expect(() => new SafetyChecker().observe(show({ durableEnd: 11 }))).toThrow('what is durable is in the log');
  });

  test('machines that are given different entries, gaps, or something behind the end', () => {
    const checker = new SafetyChecker();
    const digest = checker.deliver(0, entry(0, 'a'), 0);
    expect(() => checker.deliver(1, entry(0, 'b'), 0)).toThrow('one sequence of entries');
    expect(() => checker.deliver(0, entry(2, 'c'), digest)).toThrow('no gaps');
    expect(checker.deliver(1, entry(0, 'a'), 0)).toBe(digest);
  });

  test('a disk that lacks what was committed, or holds something else in its place', () => {
    const checker = new SafetyChecker();
    let digest = 0;
    for (const [index, text] of ['a', 'b', 'c'].entries()) digest = checker.deliver(0, entry(index, text), digest);
    const [a, b, c] = [entry(0, 'a'), entry(1, 'b'), entry(2, 'c')];
    expect(checker.holdsCommitted(0, [a, b, c, entry(3, 'not committed')])).toBe(true);
    // What a snapshot covers is not in the log.
    expect(checker.holdsCommitted(2, [c])).toBe(true);
    expect(checker.holdsCommitted(0, [a, b])).toBe(false);
    expect(checker.holdsCommitted(0, [a, entry(1, 'x'), c])).toBe(false);
    expect(checker.holdsCommitted(0, [a, c])).toBe(false);
  });

  test('a snapshot of something that was never committed', () => {
    const checker = new SafetyChecker();
    const digest = checker.deliver(0, entry(0, 'a'), 0);
    expect(() => checker.restore(1, 1, digest)).not.toThrow();
    expect(() => checker.restore(1, 1, digest + 1)).toThrow('another state');
    expect(() => checker.restore(1, 5, digest)).toThrow('nothing ends at 5');
  });

  test('a second voter change before the first is committed, and a change of two voters', () => {
    const checker = new SafetyChecker();
    checker.observe(show({ leading: true, votersIndex: 6, voters: [0, 1, 2] }));
    expect(() => checker.observe(show({ leading: true, votersIndex: 7, voters: [0, 1] }))).toThrow('not committed');
    const other = new SafetyChecker();
    other.observe(show({ leading: true, votersIndex: 2 }));
    expect(() => other.observe(show({ leading: true, votersIndex: 7, voters: [0, 3] }))).toThrow('one voter change');
  });

  test('a node that forgets a voter set it knows to be committed', () => {
    const checker = new SafetyChecker();
    checker.observe(show({ leading: true, votersIndex: 3, voters: [0, 1] }));
    expect(() => checker.observe(show({ id: 2, votersIndex: -1 }))).toThrow('committed voter sets are in force');
  });
});
