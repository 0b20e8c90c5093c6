/** Something that waits for a partition to change. */
export interface Waiter {
  /** The partition changed: look again. */
  check(): void;
}

/** Those who wait for one partition. Waking somebody who leaves, or adding while waking, is fine. */
export class Waiters {
  readonly #waiting: Set<Waiter> = new Set();

  get size(): number {
    return this.#waiting.size;
  }

  add(waiter: Waiter): void {
    this.#waiting.add(waiter);
  }

  delete(waiter: Waiter): void {
    this.#waiting.delete(waiter);
  }

  wake(): void {
    if (this.#waiting.size === 0) return;
    for (const waiter of [...this.#waiting]) if (this.#waiting.has(waiter)) waiter.check();
  }
}
