import { suite } from '@biquorum/bench';
import { Heap, Prng, type Timer, TimingWheel } from '@biquorum/std';

const COUNT = 1000;
const random = new Prng(1);
const delays = Array.from({ length: COUNT }, () => random.between(1, 30_000));
const nothing = (): void => {};

await suite({
  title: 'timer: set and cancel, 1,000 at a time, 1 ms to 30 s',
  baseline: 'setTimeout',
  opsPerCall: COUNT,
  cases: {
    setTimeout: () => {
      const timers = delays.map((delay) => setTimeout(nothing, delay));
      for (const timer of timers) clearTimeout(timer);
    },
    'timing wheel': {
      setup: () => {
        const wheel = new TimingWheel({ nowMs: 0 });
        return () => {
          const timers = delays.map((delay) => wheel.set(delay, nothing));
          for (const timer of timers) timer.cancel();
        };
      },
    },
  },
});

await suite({
  title: 'timer: put off, with 100,000 pending (a session that is heard of)',
  baseline: 'setTimeout, refresh',
  opsPerCall: COUNT,
  cases: {
    'setTimeout, refresh': {
      setup: () => {
        const timers = Array.from({ length: 100_000 }, () => setTimeout(nothing, 30_000).unref());
        const some = timers.filter((_, index) => index % 100 === 0);
        return () => {
          for (const timer of some) timer.refresh();
        };
      },
    },
    'timing wheel, reset': {
      setup: () => {
        const wheel = new TimingWheel({ nowMs: 0 });
        const timers = Array.from({ length: 100_000 }, () => wheel.set(random.between(1, 30_000), nothing));
        const some = timers.filter((_, index) => index % 100 === 0);
        let deadline = 30_000;
        return () => {
          deadline = deadline === 30_000 ? 30_001 : 30_000;
          for (const timer of some) timer.reset(deadline);
        };
      },
    },
  },
});

await suite({
  title: 'timer: set and fire, 1,000 at a time',
  baseline: 'setTimeout',
  opsPerCall: COUNT,
  cases: {
    setTimeout: () =>
      new Promise<void>((resolve) => {
        let left = COUNT;
        const fired = (): void => {
          if (--left === 0) resolve();
        };
        for (let index = 0; index < COUNT; index++) setTimeout(fired, 1);
      }),
    'timing wheel, one deadline': {
      setup: () => {
        const wheel = new TimingWheel({ nowMs: 0 });
        let nowMs = 0;
        return () => {
          nowMs++;
          for (let index = 0; index < COUNT; index++) wheel.set(nowMs, nothing);
          return wheel.advance(nowMs);
        };
      },
    },
    'timing wheel, deadlines over 30 s': {
      setup: () => {
        const wheel = new TimingWheel({ nowMs: 0 });
        let nowMs = 0;
        return () => {
          for (const delay of delays) wheel.set(nowMs + delay, nothing);
          nowMs += 30_000;
          return wheel.advance(nowMs);
        };
      },
    },
  },
});

await suite({
  title: 'timer: 1 ms in the life of 100,000 sessions of 30 s, each heard of every 10 s',
  baseline: 'heap, old entries skipped',
  cases: {
    'heap, old entries skipped': {
      setup: () => {
        const heap = new Heap<{ readonly atMs: number; readonly session: number }>((a, b) => a.atMs - b.atMs);
        const deadlines = Array.from({ length: 100_000 }, (_, session) => 30_000 + session / 10);
        for (const [session, atMs] of deadlines.entries()) heap.push({ atMs, session });
        let nowMs = 0;
        let next = 0;
        let expired = 0;
        return () => {
          nowMs++;
          for (let entry = heap.peek(); entry !== undefined && entry.atMs <= nowMs; entry = heap.peek()) {
            heap.pop();
            if (deadlines[entry.session] === entry.atMs) expired++;
          }
          for (let index = 0; index < 10; index++) {
            deadlines[next] = nowMs + 30_000;
            heap.push({ atMs: nowMs + 30_000, session: next });
            next = next === deadlines.length - 1 ? 0 : next + 1;
          }
          return expired;
        };
      },
    },
    'timing wheel': {
      setup: () => {
        const wheel = new TimingWheel({ nowMs: 0 });
        const timers: Timer[] = Array.from({ length: 100_000 }, (_, index) => wheel.set(30_000 + index / 10, nothing));
        let nowMs = 0;
        let next = 0;
        return () => {
          nowMs++;
          wheel.advance(nowMs);
          for (let index = 0; index < 10; index++) {
            (timers[next] as Timer).reset(nowMs + 30_000);
            next = next === timers.length - 1 ? 0 : next + 1;
          }
        };
      },
    },
  },
});
