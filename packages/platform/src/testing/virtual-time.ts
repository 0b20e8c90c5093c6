import { assert, Heap, type Prng } from '@biquorum/std';
import { turn } from './turn.ts';

/** How a {@link VirtualTime} orders what is due together. */
export interface VirtualTimeOptions {
  /** Draws the order of events that are due at the same moment. By default they run in the order in which they were set. */
  readonly ties?: Prng;
}

/** How far to let the time run. */
export interface RunOptions {
  /** Virtual milliseconds after which the run is given up as fruitless. By default one hour. */
  readonly limitMs?: number;
}

/** An event that has been set. */
export interface Scheduled {
  /** Takes the event back. Does nothing once it has run. */
  cancel(): void;
}

/**
 * Time that passes only from event to event: one queue, in which everything that will happen has its moment. Hours go
 * by in milliseconds, and a run repeats exactly.
 *
 * Between two events all promises come to rest, so code that awaits sees each event by itself. The resolution is one
 * microsecond.
 */
export class VirtualTime {
  readonly #ties: Prng | undefined;
  readonly #onCancel = (): void => this.#eventCancelled();
  #queue: Heap<TimedEvent> = new Heap(earlierFirst);
  #cancelled = 0;
  #nowMicros = 0;
  #holds = 0;
  #fingerprint = 0;

  constructor(options: VirtualTimeOptions = {}) {
    this.#ties = options.ties;
  }

  /** Milliseconds since the beginning, with a fraction of whole microseconds. */
  get nowMs(): number {
    return this.#nowMicros / 1_000;
  }

  /** How many events are to come. */
  get size(): number {
    return this.#queue.size - this.#cancelled;
  }

  /** A digest of all that has happened and when: equal for two runs if they were the same, event for event. */
  get fingerprint(): number {
    return this.#fingerprint;
  }

  /** Runs `run` after `delayMs`, rounded up to a microsecond, as an event of its own. */
  after(delayMs: number, run: () => void): Scheduled {
    assert(delayMs >= 0 && delayMs < Number.POSITIVE_INFINITY, () => `delay of ${delayMs} ms is not finite, 0 or more`);
    const micros = this.#nowMicros + Math.ceil(Math.round(delayMs * 1e6) / 1e3);
    const event = new TimedEvent(micros, this.#ties?.uint32() ?? 0, run, this.#onCancel);
    this.#queue.push(event);
    return event;
  }

  /** Runs the next event, without waiting for promises. @returns False when there is none. */
  step(): boolean {
    for (;;) {
      const event = this.#queue.pop();
      if (event === undefined) return false;
      const { run } = event;
      if (run === undefined) {
        this.#cancelled--;
        continue;
      }
      event.run = undefined;
      this.#nowMicros = event.micros;
      this.note(event.micros);
      run();
      return true;
    }
  }

  /**
   * Lets the time run until `work` has ended.
   *
   * @returns What it resolves to.
   * @throws What it rejects with; or an error when no event is left that could bring its end, or the limit is reached.
   */
  async run<Result>(work: Promise<Result> | (() => Promise<Result>), options?: RunOptions): Promise<Result> {
    let ended = false;
    const result = (typeof work === 'function' ? work() : work).finally(() => {
      ended = true;
    });
    // Handled below; but it may reject while other events are still running.
    result.catch(() => {});
    await this.runUntil(() => ended, options);
    return result;
  }

  /** Lets the time run until the condition holds; it is looked at after every event. @throws As {@link run} does. */
  async runUntil(condition: () => boolean, options: RunOptions = {}): Promise<void> {
    const { limitMs = HOUR_MS } = options;
    const limitMicros = this.#nowMicros + limitMs * 1_000;
    for (;;) {
      await this.settle();
      if (condition()) return;
      const next = this.#peek();
      if (next === undefined) throw new Error(`stuck at ${this.nowMs} ms: what is awaited depends on no event to come`);
      if (next.micros > limitMicros) throw new Error(`what is awaited has not come within ${limitMs} virtual ms`);
      this.step();
    }
  }

  /** Lets so much time pass, with all that happens in it. */
  async runFor(durationMs: number): Promise<void> {
    const endMicros = this.#nowMicros + Math.round(durationMs * 1_000);
    await this.settle();
    for (;;) {
      const next = this.#peek();
      if (next === undefined || next.micros > endMicros) break;
      this.step();
      await this.settle();
    }
    this.#nowMicros = endMicros;
  }

  /** Lets the time run until nothing is left to happen. @throws When the limit is reached before that. */
  async runUntilIdle(options?: RunOptions): Promise<void> {
    await this.runUntil(() => this.size === 0, options);
  }

  /** Waits, in real time, for all promises to come to rest; virtual time stands still. */
  async settle(): Promise<void> {
    do await turn();
    while (this.#holds > 0);
  }

  /**
   * Keeps virtual time from moving until something real has ended that no event stands for, such as the loading of a
   * module.
   */
  async hold<Result>(work: Promise<Result>): Promise<Result> {
    this.#holds++;
    try {
      return await work;
    } finally {
      this.#holds--;
    }
  }

  /** Adds a number to the fingerprint: something that happened. */
  note(value: number): void {
    const mixed = Math.imul(this.#fingerprint ^ (value | 0), 0x9e3779b1) ^ ((value / 0x1_0000_0000) | 0);
    this.#fingerprint = (mixed ^ (mixed >>> 15)) >>> 0;
  }

  /** Cancelled events stay in the queue until their time, but never make up most of it. */
  #eventCancelled(): void {
    this.#cancelled++;
    if (this.#cancelled < 1_024 || this.#cancelled * 2 < this.#queue.size) return;
    const queue = new Heap(earlierFirst);
    for (let event = this.#queue.pop(); event !== undefined; event = this.#queue.pop()) {
      if (event.run !== undefined) queue.push(event);
    }
    this.#queue = queue;
    this.#cancelled = 0;
  }

  #peek(): TimedEvent | undefined {
    for (;;) {
      const event = this.#queue.peek();
      if (event === undefined || event.run !== undefined) return event;
      this.#queue.pop();
      this.#cancelled--;
    }
  }
}

const HOUR_MS = 3_600_000;

class TimedEvent implements Scheduled {
  readonly micros: number;
  readonly tie: number;
  /** Undefined once it has run or was cancelled. */
  run: (() => void) | undefined;
  readonly #onCancel: () => void;

  constructor(micros: number, tie: number, run: () => void, onCancel: () => void) {
    this.#onCancel = onCancel;
    this.micros = micros;
    this.tie = tie;
    this.run = run;
  }

  cancel(): void {
    if (this.run === undefined) return;
    this.run = undefined;
    this.#onCancel();
  }
}

function earlierFirst(a: TimedEvent, b: TimedEvent): number {
  return a.micros - b.micros || a.tie - b.tie;
}
