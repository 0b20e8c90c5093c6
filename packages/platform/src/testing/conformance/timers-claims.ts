import { breaksInvariant, check, elapse, equal, eventually } from './checks.ts';
import { type Claim, claim } from './kit.ts';

/** What all timers do. */
export const timersClaims: readonly Claim[] = [
  claim('a timer fires once, and not early', async ({ ports }) => {
    const { clock, timers } = ports;
    for (const delayMs of [0, 0.3, 1, 7.5, 40]) {
      let fired = 0;
      const setMs = clock.monotonicMs();
      let firedMs = 0;
      timers.set(delayMs, () => {
        fired++;
        firedMs = clock.monotonicMs();
      });
      equal(fired, 0, 'fired from inside set');
      await eventually(ports, () => fired > 0, `timer of ${delayMs} ms`);
      check(firedMs - setMs >= delayMs, `timer of ${delayMs} ms fired after ${firedMs - setMs} ms`);
      await elapse(ports, 3);
      equal(fired, 1, 'times fired');
    }
  }),

  claim(
    'timers fire in the order of their deadlines, and of their setting where those are equal',
    async ({ ports }) => {
      const { timers } = ports;
      const fired: string[] = [];
      for (const [index, delayMs] of [30, 10, 20, 10, 10, 0].entries()) {
        timers.set(delayMs, () => fired.push(`${delayMs} ms, set as number ${index}`));
      }
      await elapse(ports, 40);
      equal(
        fired,
        [
          '0 ms, set as number 5',
          '10 ms, set as number 1',
          '10 ms, set as number 3',
          '10 ms, set as number 4',
          '20 ms, set as number 2',
          '30 ms, set as number 0',
        ],
        'order',
      );
    },
  ),

  claim('a cancelled timer does not fire', async ({ ports }) => {
    const { timers } = ports;
    let fired = false;
    const timer = timers.set(5, () => {
      fired = true;
    });
    equal(timer.pending, true, 'pending before');
    timer.cancel();
    equal(timer.pending, false, 'pending after');
    timer.cancel();
    await elapse(ports, 15);
    equal(fired, false, 'fired');
  }),

  claim('a timer can be cancelled by another that fires at the same moment', async ({ ports }) => {
    const { timers } = ports;
    let fired = false;
    timers.set(5, () => later.cancel());
    const later = timers.set(5, () => {
      fired = true;
    });
    await elapse(ports, 15);
    equal(fired, false, 'fired');
  }),

  claim('a timer is no longer pending in its own callback', async ({ ports }) => {
    let pending: boolean | undefined;
    const timer = ports.timers.set(1, () => {
      pending = timer.pending;
    });
    await eventually(ports, () => pending !== undefined, 'timer');
    equal(pending, false, 'pending');
  }),

  claim('a timer that is reset counts from then on, also after it has fired', async ({ ports }) => {
    const { clock, timers } = ports;
    const firedMs: number[] = [];
    const timer = timers.set(10, () => firedMs.push(clock.monotonicMs()));
    await elapse(ports, 5);
    const resetMs = clock.monotonicMs();
    timer.reset(20);
    await eventually(ports, () => firedMs.length > 0, 'timer');
    check((firedMs[0] ?? 0) - resetMs >= 20, `fired ${(firedMs[0] ?? 0) - resetMs} ms after it was reset to 20`);
    equal(timer.pending, false, 'pending');
    timer.reset(1);
    equal(timer.pending, true, 'pending again');
    await eventually(ports, () => firedMs.length > 1, 'timer, again');
  }),

  claim('ten thousand timers fire, or not if they were cancelled', async ({ ports }) => {
    const { timers } = ports;
    let fired = 0;
    const set = Array.from({ length: 10_000 }, (_, index) => timers.set(index % 37, () => fired++));
    set.forEach((timer, index) => {
      if (index % 2 === 0) timer.cancel();
    });
    await eventually(ports, () => set.every((timer) => !timer.pending), 'all timers');
    equal(fired, 5_000, 'fired');
  }),

  claim('a timer may be set from a callback', async ({ ports }) => {
    const { timers } = ports;
    let fired = 0;
    const again = (): void => {
      if (++fired < 5) timers.set(1, again);
    };
    timers.set(1, again);
    await eventually(ports, () => fired === 5, 'five timers in a row');
  }),

  claim('a delay that is no time is a broken invariant', async ({ ports: { timers } }) => {
    for (const delayMs of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      breaksInvariant(() => timers.set(delayMs, () => {}), `a delay of ${delayMs}`);
    }
  }),

  claim('soon calls in order, and never from inside the call', async ({ ports }) => {
    const { timers } = ports;
    const called: number[] = [];
    for (let index = 0; index < 5; index++) {
      timers.soon(() => {
        called.push(index);
        if (index === 0) timers.soon(() => called.push(5));
      });
    }
    equal(called, [], 'called from inside');
    await eventually(ports, () => called.length === 6, 'all callbacks');
    equal(called, [0, 1, 2, 3, 4, 5], 'order');
  }),
];
