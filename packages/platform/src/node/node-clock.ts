import type { Clock } from '../clock.ts';

/** The clocks of the machine. */
export const nodeClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};
