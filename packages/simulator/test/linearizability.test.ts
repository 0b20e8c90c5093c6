import {
  checkByKey,
  checkLinearizability,
  type Operation,
  type RegisterInput,
  registerModel,
} from '@biquorum/simulator';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

type RegisterOperation = Operation<RegisterInput, number>;

const read = (client: number, call: number, end: number, output: number | null, key = 0): RegisterOperation => ({
  client,
  call,
  end,
  output,
  input: { kind: 'read', key },
});
const write = (client: number, call: number, end: number, value: number, key = 0): RegisterOperation => ({
  client,
  call,
  end,
  output: end === Number.POSITIVE_INFINITY ? null : 1,
  input: { kind: 'write', key, value },
});
const swap = (
  client: number,
  call: number,
  end: number,
  expected: number,
  value: number,
  output: number,
): RegisterOperation => ({
  client,
  call,
  end,
  output,
  input: { kind: 'swap', key: 0, expected, value },
});
const verdictOf = (operations: RegisterOperation[]) => checkLinearizability(operations, registerModel).kind;
const NEVER = Number.POSITIVE_INFINITY;

describe('histories that are known to be linearizable', () => {
  test('a read beside a write may see the old value or the new one', () => {
    expect(verdictOf([write(0, 0, 3, 1), read(1, 1, 2, 0)])).toBe('linearizable');
    expect(verdictOf([write(0, 0, 3, 1), read(1, 1, 2, 1)])).toBe('linearizable');
  });

  // Herlihy and Wing 1990, figure 1(a) for queues, restated for a register: overlapping writes may take either order.
  test('two writes side by side may take either order', () => {
    expect(verdictOf([write(0, 0, 3, 1), write(1, 1, 2, 2), read(2, 4, 5, 1)])).toBe('linearizable');
    expect(verdictOf([write(0, 0, 3, 1), write(1, 1, 2, 2), read(2, 4, 5, 2)])).toBe('linearizable');
  });

  test('a write without an answer may take effect late, or never', () => {
    expect(verdictOf([write(0, 0, NEVER, 7), read(1, 1, 2, 0), read(1, 3, 4, 7)])).toBe('linearizable');
    expect(verdictOf([write(0, 0, NEVER, 7), read(1, 1, 2, 0), read(1, 3, 4, 0)])).toBe('linearizable');
  });

  test('of two swaps from the same value one is made', () => {
    expect(verdictOf([swap(0, 0, 2, 0, 1, 1), swap(1, 1, 3, 0, 2, 0), read(2, 4, 5, 1)])).toBe('linearizable');
  });
});

describe('histories that are known not to be linearizable', () => {
  test('a read after a write sees the old value: a stale read', () => {
    expect(verdictOf([write(0, 0, 1, 1), read(1, 2, 3, 0)])).toBe('violation');
  });

  test('a new value is seen, then the old one again', () => {
    expect(verdictOf([write(0, 0, 5, 1), read(1, 1, 2, 1), read(2, 3, 4, 0)])).toBe('violation');
  });

  test('a value that nobody wrote', () => {
    expect(verdictOf([write(0, 0, 1, 1), read(1, 2, 3, 9)])).toBe('violation');
  });

  test('both of two swaps from the same value are made', () => {
    expect(verdictOf([swap(0, 0, 2, 0, 1, 1), swap(1, 1, 3, 0, 2, 1)])).toBe('violation');
  });

  test('a write without an answer that is seen, then not seen', () => {
    expect(verdictOf([write(0, 0, NEVER, 7), read(1, 1, 2, 7), read(1, 3, 4, 0)])).toBe('violation');
  });

  test('the violation names an operation that nothing explains', () => {
    const stale = read(1, 2, 3, 0);
    const verdict = checkLinearizability([write(0, 0, 1, 1), stale], registerModel);
    expect(verdict).toMatchObject({ kind: 'violation', stuck: stale, explained: 1 });
  });
});

test('keys are judged one by one, and any of them can fail', () => {
  const fine = [write(0, 0, 1, 1, 1), read(1, 2, 3, 1, 1)];
  const stale = [write(0, 0, 1, 1, 2), read(1, 2, 3, 0, 2)];
  const keyOf = ({ key }: RegisterInput): number => key;
  expect(checkByKey(fine, registerModel, keyOf).kind).toBe('linearizable');
  expect(checkByKey([...fine, ...stale], registerModel, keyOf).kind).toBe('violation');
});

test('a search that takes too many steps is given up, not decided', () => {
  const operations = Array.from({ length: 12 }, (_, at) => write(at, at, 100 + at, at + 1));
  expect(checkLinearizability([...operations, read(99, 200, 201, 999)], registerModel, 50).kind).toBe('undecided');
});

test('the verdict is that of a brute force over all orders', () => {
  const operation = fc.record({
    kind: fc.constantFrom('read' as const, 'write' as const, 'swap' as const),
    start: fc.integer({ min: 0, max: 12 }),
    length: fc.integer({ min: 1, max: 8 }),
    lost: fc.boolean(),
    a: fc.integer({ min: 0, max: 2 }),
    b: fc.integer({ min: 1, max: 2 }),
    output: fc.integer({ min: 0, max: 2 }),
  });
  let violations = 0;
  fc.assert(
    fc.property(fc.array(operation, { minLength: 1, maxLength: 6 }), (drawn) => {
      const operations = drawn.map(({ kind, start, length, lost, a, b, output }, at): RegisterOperation => {
        const input: RegisterInput =
          kind === 'read'
            ? { kind, key: 0 }
            : kind === 'write'
              ? { kind, key: 0, value: b }
              : { kind, key: 0, expected: a, value: b };
        const seen = kind === 'read' ? output : kind === 'write' ? 1 : output % 2;
        // Times are made distinct: the fraction is the operation's own.
        const call = start + at / 100;
        return { client: at, input, call, end: lost ? NEVER : call + length + 0.5, output: lost ? null : seen };
      });
      const expected = bruteForce(operations) ? 'linearizable' : 'violation';
      if (expected === 'violation') violations++;
      expect(verdictOf(operations)).toBe(expected);
    }),
    { numRuns: 2000, seed: 7 },
  );
  expect(violations).toBeGreaterThan(100);
});

/** Tries every order of every choice of operations that holds all answered ones. Slow and obvious. */
function bruteForce(operations: readonly RegisterOperation[]): boolean {
  const extend = (done: ReadonlySet<number>, state: number): boolean => {
    if (operations.every(({ end }, at) => done.has(at) || end === NEVER)) return true;
    return operations.some((operation, at) => {
      if (done.has(at)) return false;
      // Whoever ended before this one was called must come first.
      if (operations.some((other, before) => !done.has(before) && other.end < operation.call)) return false;
      const next = registerModel.step(state, operation.input, operation.output);
      return next !== null && extend(new Set([...done, at]), next.state);
    });
  };
  return extend(new Set(), 0);
}
