import type { Clock } from '../clock.ts';

/** How often the loop shows that it turns. Well below what a turn may count for. */
const BEAT_MS = 20;

/** A monotonic clock for which a turn of the event loop lasts no longer than it may, and its end. */
export interface TurnClock extends Clock {
  /** It no longer looks at the loop; only to be read after that by who does not care what it says. */
  close(): void;
}

/**
 * Makes a clock that counts what holds up the event loop for no more than `turnMsMax`. Where all sides of a cluster run
 * in one loop, whatever stands between two turns is a time in which nobody could say that he is alive: by this clock
 * nobody is silent for it, and timers that came due meanwhile go off in turns of their own, with what was said in
 * between. Without hold-ups it runs as the machine's clock does; it never runs faster.
 *
 * @param base the clock of the machine; its wall time is told unchanged
 * @param turnMsMax at least 50
 */
export function createTurnClock(base: Clock, turnMsMax: number): TurnClock {
  if (!(turnMsMax >= BEAT_MS * 2.5))
    throw new RangeError(`turns of ${turnMsMax} ms are too short; give them 50 or more`);
  let beatMs = base.monotonicMs();
  let countedMs = beatMs;
  const monotonicMs = (): number => countedMs + Math.min(base.monotonicMs() - beatMs, turnMsMax);
  const beat = setInterval(() => {
    countedMs = monotonicMs();
    beatMs = base.monotonicMs();
  }, BEAT_MS);
  // It keeps no process alive.
  beat.unref();
  return { wallMs: () => base.wallMs(), monotonicMs, close: () => clearInterval(beat) };
}
