import { type Entry, ORIGIN, type Position } from '@biquorum/consensus';
import { assert } from '@biquorum/std';

/** Where an epoch begins in the log. */
interface EpochStart {
  readonly epoch: number;
  readonly start: number;
}

/**
 * What the engine keeps of its log in memory: where it starts and ends and where each epoch begins, never a payload
 * (Kafka's leader epoch cache).
 */
export class LogShape {
  /** Ascending in both fields. */
  readonly #epochs: EpochStart[] = [];
  #start: Position;
  #end: number;

  constructor(start: Position = ORIGIN) {
    this.#start = start;
    this.#end = start.index;
  }

  /** The first index still held, and the epoch of the entry before it. */
  get start(): Position {
    return this.#start;
  }

  /** The index after the last entry. */
  get end(): number {
    return this.#end;
  }

  /** The epoch of the last entry; of the one before the start when there is none. */
  get lastEpoch(): number {
    return this.#epochs.at(-1)?.epoch ?? this.#start.epoch;
  }

  /** The cut after the last entry. */
  get endPosition(): Position {
    return { epoch: this.lastEpoch, index: this.#end };
  }

  append(entry: Pick<Entry, 'index' | 'span' | 'epoch'>): void {
    const { index, span, epoch } = entry;
    assert(
      index === this.#end && span >= 1,
      () => `entry at ${index} (+${span}) does not follow the log end ${this.#end}`,
    );
    const lastEpoch = this.lastEpoch;
    assert(epoch >= lastEpoch, () => `entry at ${index} is of epoch ${epoch}, older than ${lastEpoch} before it`);
    if (epoch > lastEpoch || this.#epochs.length === 0) this.#epochs.push({ epoch, start: index });
    this.#end = index + span;
  }

  /** Drops all entries from `end` on. */
  truncate(end: number): void {
    assert(
      end >= this.#start.index && end <= this.#end,
      () => `cut at ${end} is outside ${this.#start.index}..${this.#end}`,
    );
    while (this.#epochs.length > 0 && (this.#epochs.at(-1) as EpochStart).start >= end) this.#epochs.pop();
    this.#end = end;
  }

  /** Forgets everything before `start`, which is a cut of this log. */
  deletePrefix(start: Position): void {
    assert(
      start.index >= this.#start.index && start.index <= this.#end,
      () => `log start ${start.index} is outside the log`,
    );
    let first: EpochStart | undefined;
    while ((this.#epochs[0]?.start ?? Number.POSITIVE_INFINITY) < start.index) first = this.#epochs.shift();
    // The epoch that the cut falls into goes on after it.
    if (first !== undefined && start.index < (this.#epochs[0]?.start ?? this.#end)) {
      this.#epochs.unshift({ epoch: first.epoch, start: start.index });
    }
    this.#start = start;
  }

  /** Empties the log; it goes on from `start`. */
  reset(start: Position): void {
    this.#epochs.length = 0;
    this.#start = start;
    this.#end = start.index;
  }

  /**
   * The largest epoch of the log that is not above `epoch`, and where it ends. Null when the log starts later, so that
   * nothing can be said.
   */
  endOf(epoch: number): Position | null {
    if (epoch < this.#start.epoch) return null;
    for (let at = this.#epochs.length - 1, end = this.#end; at >= 0; at--) {
      const entry = this.#epochs[at] as EpochStart;
      if (entry.epoch <= epoch) return { epoch: entry.epoch, index: end };
      end = entry.start;
    }
    return this.#start;
  }

  /** The cut at `index`, with the epoch of the entry before it. @throws AssertionError outside the log. */
  cutAt(index: number): Position {
    assert(
      index >= this.#start.index && index <= this.#end,
      () => `cut at ${index} is outside ${this.#start.index}..${this.#end}`,
    );
    if (index === this.#start.index) return this.#start;
    for (let at = this.#epochs.length - 1; at >= 0; at--) {
      const entry = this.#epochs[at] as EpochStart;
      if (entry.start < index) return { epoch: entry.epoch, index };
    }
    return { epoch: this.#start.epoch, index };
  }
}
