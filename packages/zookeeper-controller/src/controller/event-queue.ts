/**
 * The controller's events: one at a time, first come, first served. Source: Java `ControllerEventManager`.
 *
 * Who waits for an event is answered; for one that nobody waits for, a failure goes to `onFault`.
 */
export class EventQueue {
  readonly #waiting: Event[] = [];
  readonly #onFault: (event: string, error: unknown) => Promise<void>;
  #head = 0;
  #running: Promise<void> | undefined;
  #closed = false;

  /** @param onFault called between events, with what one has thrown; must not throw */
  constructor(onFault: (event: string, error: unknown) => Promise<void>) {
    this.#onFault = onFault;
  }

  /** Puts an event at the end. Rejects with what it throws, or with {@link EventDropped}. */
  put<Result>(name: string, run: () => Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (this.#closed) {
        reject(new EventDropped(name));
        return;
      }
      this.#waiting.push({
        name,
        run: async () => {
          try {
            resolve(await run());
          } catch (error) {
            // Whoever waits hears of it when the queue has dealt with it, and finds the office as it is then.
            await this.#onFault(name, error);
            reject(error);
          }
        },
        drop: () => reject(new EventDropped(name)),
      });
      this.#running ??= this.#work();
    });
  }

  /** Puts an event that nobody waits for. */
  tell(name: string, run: () => Promise<void>): void {
    this.put(name, run).catch(() => {});
  }

  /** Drops what waits; what runs goes on. */
  clear(): void {
    for (const event of this.#waiting.splice(0).slice(this.#head)) event.drop();
    this.#head = 0;
  }

  /** Drops what waits and takes nothing more. Resolves when nothing runs. */
  async close(): Promise<void> {
    this.#closed = true;
    this.clear();
    await this.idle();
  }

  /** Resolves when nothing runs or waits. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #work(): Promise<void> {
    // Whoever puts an event goes on first.
    await Promise.resolve();
    for (let event = this.#next(); event !== undefined; event = this.#next()) await event.run();
    this.#running = undefined;
  }

  #next(): Event | undefined {
    const event = this.#waiting[this.#head];
    if (event === undefined) {
      this.#waiting.length = 0;
      this.#head = 0;
      return undefined;
    }
    this.#head += 1;
    if (this.#head >= COMPACT_AT) {
      this.#waiting.splice(0, this.#head);
      this.#head = 0;
    }
    return event;
  }
}

const COMPACT_AT = 1_024;

/** The event was not worked on: this node resigned or stops. */
export class EventDropped extends Error {
  override readonly name: string = 'EventDropped';

  constructor(event: string) {
    super(`${event} was dropped: this node no longer is the controller, or stops`);
  }
}

interface Event {
  readonly name: string;
  readonly run: () => Promise<void>;
  readonly drop: () => void;
}
