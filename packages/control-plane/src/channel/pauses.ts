import type { Timer, Timers } from '@biquorum/platform';

/** Waits that can all be cut short. */
export class Pauses {
  readonly #timers: Timers;
  readonly #waiting: Map<Timer, () => void> = new Map();
  #ended = false;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /** Resolves after so long, or earlier when all are woken. */
  wait(delayMs: number): Promise<void> {
    if (this.#ended) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = this.#timers.set(delayMs, () => {
        this.#waiting.delete(timer);
        resolve();
      });
      this.#waiting.set(timer, resolve);
    });
  }

  /** Ends the waits of this moment. */
  wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const [timer, resolve] of waiting) {
      timer.cancel();
      resolve();
    }
  }

  /** Ends all waits, later ones at once. */
  end(): void {
    this.#ended = true;
    this.wake();
  }
}
