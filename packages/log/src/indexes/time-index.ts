import { NO_TIMESTAMP } from '@biquorum/kafka-wire';
import { assert, lowerBound } from '@biquorum/std';
import type { LogFile } from '../handles/open-files.ts';
import { type IndexContext, IndexFile } from './index-file.ts';
import { getInt64, setInt64 } from './int64.ts';

/** Bytes of an entry: timestamp int64, relative offset int32. */
export const TIME_INDEX_ENTRY_SIZE = 12;

/** A timestamp in ms and the offset that it belongs to. */
export interface TimestampOffset {
  readonly timestamp: number;
  readonly offset: number;
}

/**
 * The largest timestamp of a segment so far, from time to time, and the last offset of the batch that has it.
 *
 * Entries rise strictly in timestamp and do not fall in offset: all records up to an entry's offset have at most its
 * timestamp. Look-ups are synchronous on what is in memory, as in `OffsetIndex`. Source: `TimeIndex`.
 */
export class TimeIndex {
  readonly baseOffset: number;
  readonly #entries: IndexFile;
  readonly #countMax: number;
  /** The newest entry; undefined as long as it has not been read. */
  #last: TimestampOffset | undefined;

  /**
   * @param bytesMax size at which the index is full.
   * @param count number of entries in the file.
   */
  constructor(context: IndexContext, file: LogFile, baseOffset: number, bytesMax: number, count: number) {
    this.baseOffset = baseOffset;
    this.#entries = new IndexFile(context, file, TIME_INDEX_ENTRY_SIZE, count);
    this.#countMax = Math.floor(bytesMax / TIME_INDEX_ENTRY_SIZE);
    this.#last = count === 0 ? this.#none() : undefined;
  }

  /** The file beneath, for flushing, loading and closing. */
  get entries(): IndexFile {
    return this.#entries;
  }

  /** Whether the segment must be closed before more is indexed: one entry is kept for the closing itself. */
  get isFull(): boolean {
    return this.#entries.count >= this.#countMax - 1;
  }

  /** Whether `last` is known without I/O. */
  get isLastKnown(): boolean {
    return this.#last !== undefined || this.#entries.firstLoaded < this.#entries.count;
  }

  /** The newest entry; (−1, base offset) if there is none. It must be known or in memory. */
  get last(): TimestampOffset {
    this.#last ??= this.#at(this.#entries.count - 1);
    return this.#last;
  }

  /** Tells what `last` is, where somebody has read it from the file. */
  noteLast(last: TimestampOffset): void {
    this.#last = last;
  }

  /** Adds an entry if the timestamp is larger than all before. Offsets that fall break the index. */
  appendIfLarger(timestamp: number, offset: number): void {
    if (timestamp <= this.last.timestamp) return;
    assert(
      this.#entries.count === 0 || offset >= this.last.offset,
      () => `offset ${offset} cannot follow ${this.last.offset} in the time index of segment ${this.baseOffset}`,
    );
    const at = this.#entries.push();
    setInt64(this.#entries.view, at, timestamp);
    this.#entries.view.setInt32(at + 8, offset - this.baseOffset);
    this.#last = { timestamp, offset };
  }

  /** The last entry with at most this timestamp, (−1, base offset) if there is none; the index must be loaded. */
  lookup(timestamp: number): TimestampOffset {
    const after = lowerBound(this.#entries.count, (entry) => this.#timestampAt(entry) <= timestamp);
    return after === 0 ? this.#none() : this.#at(after - 1);
  }

  /** Drops the entries at and behind `offset`. Loads the index if need be. */
  async truncateTo(offset: number): Promise<void> {
    if (this.#entries.count === 0) return;
    await this.#entries.whileLoaded(() =>
      this.keepFirst(lowerBound(this.#entries.count, (entry) => this.#at(entry).offset < offset)),
    );
  }

  /** Drops all but the first `count` entries; the index must be loaded. */
  async keepFirst(count: number): Promise<void> {
    this.#last = count === 0 ? this.#none() : this.#at(count - 1);
    await this.#entries.truncate(count);
  }

  /** Drops all entries. */
  async clear(): Promise<void> {
    await this.keepFirst(0);
  }

  /** Number of leading entries that hold together; the index must be loaded. */
  countSound(): number {
    const { count } = this.#entries;
    let { timestamp, offset } = this.#none();
    for (let entry = 0; entry < count; entry++) {
      const here = this.#at(entry);
      const isZero = here.timestamp === 0 && here.offset === this.baseOffset;
      if (isZero || here.timestamp <= timestamp || here.offset < offset) return entry;
      ({ timestamp, offset } = here);
    }
    return count;
  }

  #none(): TimestampOffset {
    return { timestamp: NO_TIMESTAMP, offset: this.baseOffset };
  }

  #at(entry: number): TimestampOffset {
    const relative = this.#entries.view.getInt32(this.#entries.positionOf(entry) + 8);
    return { timestamp: this.#timestampAt(entry), offset: this.baseOffset + relative };
  }

  #timestampAt(entry: number): number {
    return getInt64(this.#entries.view, this.#entries.positionOf(entry));
  }
}
