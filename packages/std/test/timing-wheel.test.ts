import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { AssertionError, type Timer, TimingWheel } from '@biquorum/std';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

/** The slow obvious wheel: a list, sorted whenever time moves on. */
class ListOfTimers {
  readonly #tickMs: number;
  #pending: { readonly id: number; readonly deadlineMs: number }[] = [];

  constructor(tickMs: number) {
    this.#tickMs = tickMs;
  }

  get size(): number {
    return this.#pending.length;
  }

  has(id: number): boolean {
    return this.#pending.some((timer) => timer.id === id);
  }

  set(id: number, deadlineMs: number): void {
    this.cancel(id);
    this.#pending.push({ id, deadlineMs });
  }

  cancel(id: number): boolean {
    const before = this.#pending.length;
    this.#pending = this.#pending.filter((timer) => timer.id !== id);
    return this.#pending.length < before;
  }

  /** When the earliest timer fires, not before `nowMs`. */
  next(nowMs: number): number | undefined {
    if (this.#pending.length === 0) return undefined;
    return Math.max(nowMs, Math.min(...this.#pending.map((timer) => this.#dueMs(timer.deadlineMs))));
  }

  advance(nowMs: number): number[] {
    const present = Math.floor(nowMs / this.#tickMs) * this.#tickMs;
    const due = this.#pending.filter((timer) => this.#dueMs(timer.deadlineMs) <= present);
    this.#pending = this.#pending.filter((timer) => !due.includes(timer));
    return due.sort((a, b) => a.deadlineMs - b.deadlineMs).map((timer) => timer.id);
  }

  /** The deadline, rounded up to a tick. */
  #dueMs(deadlineMs: number): number {
    return Math.ceil(deadlineMs / this.#tickMs) * this.#tickMs;
  }
}

// Spans of time that reach each level of the wheel, and beyond the last.
const spans = fc.oneof(
  fc.integer({ min: -3, max: 70 }),
  fc.double({ min: -2, max: 5, noNaN: true }),
  fc.integer({ min: 0, max: 40_000 }),
  fc.integer({ min: 0, max: 2 ** 31 }),
  fc.integer({ min: 2 ** 32 - 40, max: 2 ** 32 + 40 }),
  fc.integer({ min: 0, max: 2 ** 36 }),
);
const starts = fc.constantFrom(0, 31, 1023, 2 ** 31 - 2, 2 ** 32 - 5, 1.7e12, 123_456.789, -40);
const ticks = fc.constantFrom(1, 1, 1, 10, 7);
const ids = fc.nat({ max: 30 });
const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('set' as const), id: ids, span: spans }),
    fc.record({ kind: fc.constant('set' as const), id: ids, span: spans }),
    fc.record({ kind: fc.constant('cancel' as const), id: ids }),
    fc.record({ kind: fc.constant('advance' as const), span: spans }),
    fc.record({ kind: fc.constant('sleep' as const) }),
  ),
  { maxLength: 120, size: 'max' },
);

describe('TimingWheel', () => {
  it('fires what a sorted list fires, in the same order, wherever time goes', () => {
    fc.assert(
      fc.property(starts, ticks, steps, (startMs, tickMs, all) => {
        const wheel = new TimingWheel({ nowMs: startMs, tickMs });
        const model = new ListOfTimers(tickMs);
        const timers = new Map<number, Timer>();
        let fired: number[] = [];
        let nowMs = startMs;
        for (const step of all) {
          if (step.kind === 'set') {
            const deadlineMs = nowMs + step.span;
            const timer = timers.get(step.id);
            if (timer === undefined)
              timers.set(
                step.id,
                wheel.set(deadlineMs, () => fired.push(step.id)),
              );
            else timer.reset(deadlineMs);
            model.set(step.id, deadlineMs);
            expect(timers.get(step.id)?.deadlineMs).toBe(deadlineMs);
          } else if (step.kind === 'cancel') {
            expect(timers.get(step.id)?.cancel() ?? false).toBe(model.cancel(step.id));
          } else {
            nowMs = step.kind === 'advance' ? nowMs + Math.abs(step.span) : (wheel.nextDeadline() ?? nowMs);
            fired = [];
            const count = wheel.advance(nowMs);
            expect(fired).toEqual(model.advance(nowMs));
            expect(count).toBe(fired.length);
          }
          expect(wheel.size).toBe(model.size);
          const next = wheel.nextDeadline();
          const exact = model.next(nowMs);
          if (exact === undefined) expect(next).toBeUndefined();
          else expect(next !== undefined && next >= nowMs && next <= exact).toBe(true);
          expect([...timers].every(([id, timer]) => timer.pending === model.has(id))).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('wakes whoever sleeps until its next deadline exactly when a timer is due, when none was cancelled', () => {
    fc.assert(
      fc.property(starts, ticks, fc.array(spans, { maxLength: 60, size: 'max' }), (startMs, tickMs, delays) => {
        const wheel = new TimingWheel({ nowMs: startMs, tickMs });
        const due = new Set<number>();
        for (const delay of delays) {
          const deadlineMs = startMs + delay;
          wheel.set(deadlineMs, () => undefined);
          due.add(Math.max(Math.ceil(deadlineMs / tickMs) * tickMs, startMs));
        }
        const woken: number[] = [];
        for (let next = wheel.nextDeadline(); next !== undefined; next = wheel.nextDeadline()) {
          // A tick of −0 is one of 0.
          woken.push(next + 0);
          expect(wheel.advance(next)).toBeGreaterThan(0);
        }
        expect(woken).toEqual([...due].sort((a, b) => a - b));
      }),
    );
  });

  it('always gets further when it is advanced to its next deadline, whatever was cancelled', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(spans, fc.boolean()), { maxLength: 60, size: 'max' }), (delays) => {
        const wheel = new TimingWheel({ nowMs: 0 });
        for (const [delay, cancelled] of delays) {
          const timer = wheel.set(delay, () => undefined);
          if (cancelled) timer.cancel();
        }
        // A timer comes down one level per useless wake-up, so there are at most eight of them for each.
        let wakeUps = 0;
        for (let next = wheel.nextDeadline(); next !== undefined; next = wheel.nextDeadline()) {
          wheel.advance(next);
          wakeUps++;
        }
        expect(wakeUps).toBeLessThanOrEqual(9 * delays.length);
      }),
    );
  });

  it('never fires before the deadline, nor more than a tick after it', () => {
    const wheel = new TimingWheel({ nowMs: 1000.25, tickMs: 1 });
    const fired: number[] = [];
    for (const deadlineMs of [1000.3, 1001, 1001.7]) wheel.set(deadlineMs, () => fired.push(deadlineMs));
    wheel.advance(1000.9);
    expect(fired).toEqual([]);
    wheel.advance(1001);
    expect(fired).toEqual([1000.3, 1001]);
    wheel.advance(1001.9);
    expect(fired).toEqual([1000.3, 1001]);
    wheel.advance(1002);
    expect(fired).toEqual([1000.3, 1001, 1001.7]);
  });

  it('fires the timers of one tick in the order of their deadlines', () => {
    const wheel = new TimingWheel({ nowMs: 0, tickMs: 100 });
    const fired: number[] = [];
    for (const deadlineMs of [30, 10, 99, 10.5, 10]) wheel.set(deadlineMs, () => fired.push(deadlineMs));
    wheel.advance(100);
    expect(fired).toEqual([10, 10, 10.5, 30, 99]);
  });

  it('fires what a callback sets in a later advance, even when that is due at once', () => {
    const wheel = new TimingWheel({ nowMs: 0 });
    let fired = 0;
    const again = (): void => {
      fired++;
      wheel.set(wheel.nowMs, again);
    };
    wheel.set(10, again);
    expect(wheel.advance(1_000_000)).toBe(1);
    expect(wheel.nextDeadline()).toBe(1_000_000);
    expect(wheel.advance(1_000_000)).toBe(1);
    expect(fired).toBe(2);
  });

  it('tells callbacks the time that it was advanced to, so a jump brings one catch-up, not one for each period', () => {
    const wheel = new TimingWheel({ nowMs: 0 });
    const at: number[] = [];
    const timer = wheel.set(10, () => {
      at.push(wheel.nowMs);
      timer.reset(wheel.nowMs + 10);
    });
    wheel.advance(1000);
    wheel.advance(1009);
    wheel.advance(1010);
    expect(at).toEqual([1000, 1010]);
  });

  it('lets a callback cancel and put off others that are due in the same advance', () => {
    const wheel = new TimingWheel({ nowMs: 0 });
    const fired: string[] = [];
    wheel.set(5, () => {
      fired.push('first');
      expect(cancelled.cancel()).toBe(true);
      putOff.reset(50);
      expect(first.pending).toBe(false);
    });
    const first = wheel.set(5, () => fired.push('second'));
    first.reset(5);
    const cancelled = wheel.set(5, () => fired.push('cancelled'));
    const putOff = wheel.set(6, () => fired.push('put off'));
    wheel.set(7, () => fired.push('last'));
    first.cancel();
    wheel.advance(40);
    expect(fired).toEqual(['first', 'last']);
    wheel.advance(50);
    expect(fired).toEqual(['first', 'last', 'put off']);
    expect(wheel.size).toBe(0);
  });

  it('keeps the others due when a callback throws', () => {
    const wheel = new TimingWheel({ nowMs: 0 });
    const fired: string[] = [];
    wheel.set(1, () => fired.push('before'));
    wheel.set(2, () => {
      throw new Error('disk is gone');
    });
    wheel.set(3, () => fired.push('after'));
    expect(() => wheel.advance(10)).toThrow('disk is gone');
    expect([wheel.size, wheel.nextDeadline(), fired]).toEqual([1, 10, ['before']]);
    wheel.set(2.5, () => fired.push('overdue'));
    expect(wheel.advance(10)).toBe(2);
    expect(fired).toEqual(['before', 'overdue', 'after']);
  });

  it('stops a program that turns back time, advances from a callback, or sets no real deadline', () => {
    const wheel = new TimingWheel({ nowMs: 100 });
    expect(() => wheel.advance(99)).toThrow(AssertionError);
    expect(() => wheel.advance(Number.NaN)).toThrow(AssertionError);
    expect(() => wheel.set(Number.NaN, () => undefined)).toThrow(AssertionError);
    expect(() => wheel.set(Number.POSITIVE_INFINITY, () => undefined)).toThrow(AssertionError);
    wheel.set(100, () => wheel.advance(200));
    expect(() => wheel.advance(150)).toThrow(AssertionError);
    expect(() => new TimingWheel({ nowMs: Number.NaN })).toThrow(AssertionError);
    expect(() => new TimingWheel({ nowMs: 0, tickMs: 0.5 })).toThrow(AssertionError);
    expect(wheel.size).toBe(0);
  });

  it('carries a million timers', () => {
    const wheel = new TimingWheel({ nowMs: 0 });
    let lastMs = 0;
    let inOrder = true;
    const timers = Array.from({ length: 1_000_000 }, (_, index) => {
      const deadlineMs = (index * 7919) % 3_600_000;
      return wheel.set(deadlineMs, () => {
        inOrder &&= deadlineMs >= lastMs;
        lastMs = deadlineMs;
      });
    });
    for (let index = 0; index < timers.length; index += 2) timers[index]?.cancel();
    let fired = 0;
    for (let nowMs = 0; wheel.size > 0; nowMs += 997) fired += wheel.advance(nowMs);
    expect([fired, inOrder]).toEqual([500_000, true]);
  });

  it('holds on to no timer that fired or was cancelled', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const wheel = new TimingWheel({ nowMs: 0 });
    wheel.set(10, () => undefined);
    wheel.set(1e9, () => undefined);
    const gone = [5, 40_000, 1e12].map((deadlineMs) => {
      const timer = wheel.set(deadlineMs, () => undefined);
      if (deadlineMs > 5) timer.cancel();
      return new WeakRef(timer);
    });
    wheel.advance(7);
    // A weak reference holds its target until the end of the job in which it was made.
    await Promise.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    collect();
    expect(gone.map((timer) => timer.deref())).toEqual([undefined, undefined, undefined]);
    expect(wheel.size).toBe(2);
  });
});
