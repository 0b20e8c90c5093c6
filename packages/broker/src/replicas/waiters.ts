/** Something that waits for a partition to change. */
export interface Waiter {
  /** The partition changed: look again. */
  check(): void;
}

/** Those who wait for one partition. Waking somebody who leaves, or adding while waking, is fine. */
export class Waiters {
  readonly #waiting: Set<Waiter> = new Set();
  #wakes = 0;

  get size(): number {
    return this.#waiting.size;
  }

  add(waiter: Waiter): void {
    this.#waiting.add(waiter);
  }

  delete(waiter: Waiter): void {
    this.#waiting.delete(waiter);
  }

  /** Grows with every change: who has looked, and finds it grown, looks again instead of waiting. */
  get wakes(): number {
    return this.#wakes;
  }

  wake(): void {
    this.#wakes += 1;
    if (this.#waiting.size === 0) return;
    for (const waiter of [...this.#waiting]) if (this.#waiting.has(waiter)) waiter.check();
  }
}
