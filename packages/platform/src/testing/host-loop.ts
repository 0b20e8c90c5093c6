import type { Scheduled, VirtualTime } from './virtual-time.ts';

/** Thrown by synchronous ports of a host that has been stopped: its code must not get any further. */
export class HostStopped extends Error {
  override readonly name: string = 'HostStopped';

  constructor(host: string) {
    super(`host ${host} has been stopped; what still runs of it can touch nothing`);
  }
}

/**
 * The loop of one process in virtual time: everything that calls into its code goes through here. A process that is
 * paused gets nothing until it is resumed; one that is stopped gets nothing ever, and its promises stay open.
 */
export class HostLoop {
  readonly name: string;
  readonly time: VirtualTime;
  #state: 'running' | 'paused' | 'stopped' = 'running';
  /** What came due while the process was paused, in order. */
  #held: (() => void)[] = [];

  constructor(name: string, time: VirtualTime) {
    this.name = name;
    this.time = time;
  }

  get stopped(): boolean {
    return this.#state === 'stopped';
  }

  get paused(): boolean {
    return this.#state === 'paused';
  }

  /** Runs `run` after `delayMs`, if the process still lives, and not while it is paused. */
  after(delayMs: number, run: () => void): Scheduled {
    let cancelled = false;
    const event = this.time.after(delayMs, () =>
      this.enter(() => {
        if (!cancelled) run();
      }),
    );
    return {
      cancel() {
        cancelled = true;
        event.cancel();
      },
    };
  }

  /** Runs `run` now or, when the process is paused, as soon as it is resumed. To be called from an event. */
  enter(run: () => void): void {
    if (this.#state === 'paused') this.#held.push(run);
    else if (this.#state === 'running') this.#call(run);
  }

  /** The result of an operation that ends after `delayMs`: `complete` runs then, and its value or error is the result. */
  finish<Result>(delayMs: number, complete: () => Result): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.after(delayMs, () => {
        try {
          resolve(complete());
        } catch (error) {
          if (!this.stopped) reject(error);
        }
      });
    });
  }

  /** @throws HostStopped */
  check(): void {
    if (this.stopped) throw new HostStopped(this.name);
  }

  pause(): void {
    if (this.#state === 'running') this.#state = 'paused';
  }

  resume(): void {
    if (this.#state !== 'paused') return;
    this.#state = 'running';
    const held = this.#held;
    this.#held = [];
    // Each as an event of its own, so that promises come to rest between them.
    for (const run of held) this.after(0, run);
  }

  stop(): void {
    this.#state = 'stopped';
    this.#held = [];
  }

  #call(run: () => void): void {
    try {
      run();
    } catch (error) {
      // The process ended in the middle of its own code: that is how it is meant.
      if (!(this.stopped && error instanceof HostStopped)) throw error;
    }
  }
}
