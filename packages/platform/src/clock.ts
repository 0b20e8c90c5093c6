/**
 * What time it is, read synchronously. Logic never asks a global for it.
 *
 * The two readings answer different questions: the wall clock is what is written into records and shown to people,
 * and it may jump when somebody sets it; the monotonic clock measures intervals and deadlines, and never goes back.
 */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z, a whole number. May jump in either direction. */
  wallMs(): number;

  /** Milliseconds since an arbitrary moment, with a fraction where the clock has one. Never decreases. */
  monotonicMs(): number;
}
