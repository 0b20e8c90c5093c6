import { suite } from '@biquorum/bench';
import { createNodePorts } from '@biquorum/platform/node';

const COUNT = 1_000;
const nothing = (): void => {};
const { timers } = createNodePorts();

await suite({
  title: 'timers of the port: set and cancel, 1,000 at a time, up to 30 s',
  baseline: 'setTimeout',
  opsPerCall: COUNT,
  cases: {
    setTimeout: () => {
      const pending = Array.from({ length: COUNT }, (_, index) => setTimeout(nothing, index * 30));
      for (const timer of pending) clearTimeout(timer);
    },
    'Timers.set': () => {
      const pending = Array.from({ length: COUNT }, (_, index) => timers.set(index * 30, nothing));
      for (const timer of pending) timer.cancel();
    },
  },
});

await suite({
  title: 'timers of the port: put off one of 100,000 (a session that is heard of)',
  baseline: 'setTimeout, refresh',
  opsPerCall: COUNT,
  cases: {
    'setTimeout, refresh': {
      setup: () => {
        const pending = Array.from({ length: 100_000 }, () => setTimeout(nothing, 30_000).unref());
        const some = pending.filter((_, index) => index % 100 === 0);
        return () => {
          for (const timer of some) timer.refresh();
        };
      },
    },
    'Timer.reset': {
      setup: () => {
        const pending = Array.from({ length: 100_000 }, (_, index) => timers.set(20_000 + (index % 10_000), nothing));
        const some = pending.filter((_, index) => index % 100 === 0);
        return () => {
          for (const timer of some) timer.reset(30_000);
        };
      },
    },
  },
});

process.exit();
