import type { Telemetry, Timer, Timers } from '@biquorum/platform';

/** Tasks that come back: each run begins a fixed time after the one before has ended, and never beside it. */
export class Schedule {
  readonly #timers: Timers;
  readonly #telemetry: Telemetry;
  readonly #waiting = new Set<Timer>();
  readonly #running = new Set<Promise<void>>();
  #closed = false;

  constructor(timers: Timers, telemetry: Telemetry) {
    this.#timers = timers;
    this.#telemetry = telemetry;
  }

  /** Runs a task from time to time. A run that fails is reported, and the next one comes all the same. */
  every(name: string, firstDelayMs: number, intervalMs: number, task: () => Promise<void>): void {
    if (this.#closed || intervalMs === Number.POSITIVE_INFINITY) return;
    const timer = this.#timers.set(firstDelayMs, () => {
      this.#waiting.delete(timer);
      const run = task()
        .catch((error: unknown) => {
          const fact = error instanceof Error ? error : String(error);
          this.#telemetry.log('error', 'task failed', { task: name, error: fact });
        })
        .finally(() => {
          this.#running.delete(run);
          this.every(name, intervalMs, intervalMs, task);
        });
      this.#running.add(run);
    });
    this.#waiting.add(timer);
  }

  /** Begins nothing more; resolves when what was begun has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#waiting) timer.cancel();
    this.#waiting.clear();
    await Promise.all(this.#running);
  }
}

/** Items after which a long loop lets others have their turn. */
const BREATH = 64;

/** Runs a step for each item, one after the other, and leaves the loop to others in between. */
export async function eachInTurn<Item>(
  timers: Timers,
  items: Iterable<Item>,
  step: (item: Item) => Promise<void> | undefined,
): Promise<void> {
  let count = 0;
  for (const item of [...items]) {
    const pending = step(item);
    if (pending !== undefined) await pending;
    count++;
    if (count % BREATH === 0) await new Promise<void>((resolve) => timers.soon(resolve));
  }
}

/** Runs a step for each item, at most `concurrency` at a time. Rejects with the first failure, once all have ended. */
export async function eachConcurrently<Item>(
  items: readonly Item[],
  concurrency: number,
  step: (item: Item) => Promise<void>,
): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < items.length) await step(items[next++] as Item);
  };
  const workers = Array.from({ length: Math.min(concurrency, items.length) }, work);
  const outcomes = await Promise.allSettled(workers);
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
