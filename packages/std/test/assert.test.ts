import { AssertionError, assert, unreachable } from '@biquorum/std';
import { describe, expect, it } from 'vitest';

describe('assert', () => {
  it('lets what holds pass without building the message', () => {
    expect(() =>
      assert(1 < 2, () => {
        throw new Error('message built');
      }),
    ).not.toThrow();
  });

  it('throws an AssertionError with the message', () => {
    expect(() => assert(0, 'queue is empty')).toThrow(new AssertionError('queue is empty'));
    expect(() => assert(undefined, () => `epoch ${5} went back`)).toThrow(new AssertionError('epoch 5 went back'));
  });

  it('narrows the type of what it checked', () => {
    const found = new Map([['a', 1]]).get('a');
    assert(found !== undefined, 'a is there');
    const narrowed: number = found;
    expect(narrowed).toBe(1);
  });
});

describe('unreachable', () => {
  it('names the value that no case took', () => {
    const circular: { self?: unknown } = {};
    circular.self = circular;
    expect(() => unreachable({ kind: 'leader' } as never)).toThrow('{"kind":"leader"}');
    expect(() => unreachable(5n as never)).toThrow('5');
    expect(() => unreachable(circular as never)).toThrow(AssertionError);
  });
});
