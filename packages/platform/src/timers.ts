/**
 * Callbacks in the future. Meant for 10⁵ timers at once: setting and cancelling cost nanoseconds, so a session or a
 * delayed request keeps a timer of its own.
 */
export interface Timers {
  /**
   * Calls `callback` once, not before `delayMs` milliseconds of the monotonic clock have passed, and never from inside
   * this call. Timers fire in the order of their deadlines, to the resolution of one millisecond; a late loop makes
   * them late, never lost.
   *
   * @param delayMs 0 or more and finite; fractions are rounded up to the next millisecond.
   * @throws AssertionError when `delayMs` is negative, infinite or not a number.
   */
  set(delayMs: number, callback: () => void): Timer;

  /**
   * Calls `callback` at the end of this turn of the loop, after the input that is already here has been delivered.
   * First come, first served. It is the place to gather: many small pieces of work, one write, one sync.
   */
  soon(callback: () => void): void;
}

/** A callback that has been set and may be cancelled. */
export interface Timer {
  /** True until the timer fires or is cancelled; already false inside its own callback. */
  readonly pending: boolean;

  /** Takes the timer back; after it, the callback is not called. Does nothing when the timer is not pending. */
  cancel(): void;

  /**
   * Sets the timer again, whether it is pending, has fired or was cancelled: as cancelling it and setting another, but
   * cheaper. A session that is kept alive resets its one timer.
   *
   * @throws AssertionError when `delayMs` is negative, infinite or not a number.
   */
  reset(delayMs: number): void;
}
