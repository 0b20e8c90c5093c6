import type { Timers } from '@biquorum/platform';
import { Queue } from '@biquorum/std';

/**
 * Calls for the follower of the log, made in their order and never from within a step of Raft or an append: a follower
 * may append from any of them. They run at the end of the turn.
 */
export class FollowerQueue {
  readonly #timers: Timers;
  readonly #onError: (error: unknown) => void;
  readonly #calls: Queue<() => void> = new Queue();
  #scheduled = false;
  #open = false;

  constructor(timers: Timers, onError: (error: unknown) => void) {
    this.#timers = timers;
    this.#onError = onError;
  }

  push(call: () => void): void {
    this.#calls.push(call);
    this.#schedule();
  }

  /** Begins to make calls, at the end of this turn at the earliest. */
  open(): void {
    this.#open = true;
    this.#schedule();
  }

  /** No more calls. */
  close(): void {
    this.#open = false;
    this.#calls.clear();
  }

  #schedule(): void {
    if (this.#scheduled || !this.#open || this.#calls.size === 0) return;
    this.#scheduled = true;
    this.#timers.soon(() => {
      this.#scheduled = false;
      this.#run();
    });
  }

  #run(): void {
    try {
      for (let call = this.#calls.shift(); call !== undefined && this.#open; call = this.#calls.shift()) call();
    } catch (error) {
      this.close();
      this.#onError(error);
    }
  }
}
