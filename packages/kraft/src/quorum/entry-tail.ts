import type { Entry } from '@biquorum/consensus';

/**
 * The newest entries of the log, in memory: what is not in its files yet, always, and before that as much as fits into
 * the cache.
 */
export class EntryTail {
  readonly #cacheBytes: number;
  /** Ascending and without gaps; those before `#head` are gone. */
  #entries: (Entry | undefined)[] = [];
  #head = 0;
  #bytes = 0;

  constructor(cacheBytes: number) {
    this.#cacheBytes = cacheBytes;
  }

  /** First offset held; `Infinity` when there is none. */
  get start(): number {
    return this.#entries[this.#head]?.index ?? Number.POSITIVE_INFINITY;
  }

  push(entry: Entry): void {
    this.#entries.push(entry);
    this.#bytes += entry.payload.length;
  }

  /** Drops the entries from `end` on. */
  truncate(end: number): void {
    for (let last = this.#entries.at(-1); last !== undefined && last.index >= end; last = this.#entries.at(-1)) {
      this.#entries.pop();
      this.#bytes -= last.payload.length;
    }
    if (this.#entries.length <= this.#head) this.clear();
  }

  clear(): void {
    this.#entries = [];
    this.#head = 0;
    this.#bytes = 0;
  }

  /** Gives back memory: the oldest entries that end at `written` or before go while there is too much. */
  evict(written: number): void {
    while (this.#bytes > this.#cacheBytes) {
      const first = this.#entries[this.#head];
      if (first === undefined || first.index + first.span > written) break;
      this.#entries[this.#head++] = undefined;
      this.#bytes -= first.payload.length;
    }
    if (this.#head < 1024 || this.#head * 2 < this.#entries.length) return;
    this.#entries = this.#entries.slice(this.#head);
    this.#head = 0;
  }

  /** Whole entries from `from` on that start below `upTo`, as many as fit, at least one; null where `from` is not held. */
  range(from: number, upTo: number, bytesMax: number): Entry[] | null {
    if (from < this.start) return null;
    const found: Entry[] = [];
    let bytes = 0;
    for (let at = this.#find(from); at < this.#entries.length; at++) {
      const entry = this.#entries[at] as Entry;
      if (entry.index >= upTo) break;
      bytes += entry.payload.length;
      if (found.length > 0 && bytes > bytesMax) break;
      found.push(entry);
    }
    return found;
  }

  /** Place of the first entry that starts at `index` or later. */
  #find(index: number): number {
    let low = this.#head;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#entries[middle] as Entry).index < index) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
