import { assert, TimingWheel, type Timer as WheelTimer } from '@biquorum/std';
import type { Clock } from '../clock.ts';
import type { Timer, Timers } from '../timers.ts';

/**
 * All timers of a node in one wheel over one timer of the host: setting and cancelling cost tens of nanoseconds where
 * `setTimeout` costs 150 (measured on Node 24).
 *
 * Invariant: while timers are pending, the host's timer is set to the wheel's next deadline or earlier. It may be
 * earlier, since cancelling leaves it alone; then it fires for nothing and is set again.
 */
export class NodeTimers implements Timers {
  readonly #clock: Clock;
  readonly #wheel: TimingWheel;
  #host: NodeJS.Timeout | undefined;
  #hostDeadlineMs = Number.POSITIVE_INFINITY;
  #advancing = false;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#wheel = new TimingWheel({ nowMs: clock.monotonicMs() });
  }

  set(delayMs: number, callback: () => void): Timer {
    const timer = this.#wheel.set(this.#deadline(delayMs), callback);
    this.#arm(timer.deadlineMs);
    return new NodeTimer(this, timer);
  }

  soon(callback: () => void): void {
    setImmediate(callback);
  }

  /** Cancels what is pending, so that the process can end. */
  close(): void {
    this.#disarm();
  }

  reset(timer: WheelTimer, delayMs: number): void {
    timer.reset(this.#deadline(delayMs));
    this.#arm(timer.deadlineMs);
  }

  /** Called after a timer was cancelled: without timers, nothing should keep the process alive. */
  cancelled(): void {
    if (this.#wheel.size === 0) this.#disarm();
  }

  #deadline(delayMs: number): number {
    assert(delayMs >= 0 && delayMs < Number.POSITIVE_INFINITY, () => `delay of ${delayMs} ms is not finite, 0 or more`);
    return this.#clock.monotonicMs() + delayMs;
  }

  #arm(deadlineMs: number): void {
    if (this.#advancing || deadlineMs >= this.#hostDeadlineMs) return;
    this.#disarm();
    this.#hostDeadlineMs = deadlineMs;
    const delayMs = Math.ceil(deadlineMs - this.#clock.monotonicMs());
    this.#host = setTimeout(() => this.#advance(), Math.min(Math.max(delayMs, 1), HOST_DELAY_MAX_MS));
  }

  #disarm(): void {
    clearTimeout(this.#host);
    this.#host = undefined;
    this.#hostDeadlineMs = Number.POSITIVE_INFINITY;
  }

  #advance(): void {
    this.#disarm();
    this.#advancing = true;
    try {
      this.#wheel.advance(this.#clock.monotonicMs());
    } finally {
      // Also when a callback threw: the other timers must not be lost.
      this.#advancing = false;
      const next = this.#wheel.nextDeadline();
      if (next !== undefined) this.#arm(next);
    }
  }
}

/** Above it, `setTimeout` fires at once; the wheel is then simply asked more often. */
const HOST_DELAY_MAX_MS = 0x7fff_ffff;

class NodeTimer implements Timer {
  readonly #timers: NodeTimers;
  readonly #timer: WheelTimer;

  constructor(timers: NodeTimers, timer: WheelTimer) {
    this.#timers = timers;
    this.#timer = timer;
  }

  get pending(): boolean {
    return this.#timer.pending;
  }

  cancel(): void {
    if (this.#timer.cancel()) this.#timers.cancelled();
  }

  reset(delayMs: number): void {
    this.#timers.reset(this.#timer, delayMs);
  }
}
