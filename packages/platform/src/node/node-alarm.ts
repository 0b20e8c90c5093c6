import type { Alarm } from '../wheel-timers.ts';

/** `setTimeout` as the alarm under all timers of the process. */
export function createNodeAlarm(): Alarm {
  let timeout: NodeJS.Timeout | undefined;
  return {
    set(delayMs, callback) {
      // Going off too early, for a far deadline, only means that the alarm is set again.
      timeout = setTimeout(callback, Math.min(Math.ceil(delayMs), DELAY_MAX_MS));
    },
    clear() {
      clearTimeout(timeout);
    },
  };
}

/** With more, `setTimeout` would go off at once. */
const DELAY_MAX_MS = 0x7fff_ffff;
