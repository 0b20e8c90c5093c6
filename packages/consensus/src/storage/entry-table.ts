import type { Entry } from '../contract.ts';

/** An entry and where its payload is: in memory, or in a file. */
export interface Slot {
  readonly index: number;
  readonly span: number;
  readonly epoch: number;
  readonly kind: Entry['kind'];
  readonly bytes: number;
  payload: Uint8Array | null;
  /** Which file, and the payload's position in it. */
  readonly segment: number;
  readonly position: number;
}

/** The entries of a log in order, with the payloads of the newest in memory. */
export class EntryTable {
  readonly #cacheBytesMax: number;
  #slots: Slot[] = [];
  /** Slots before this one were dropped from the front. */
  #head = 0;
  #cachedBytes = 0;
  /** The first slot whose payload is still in memory. */
  #cacheHead = 0;

  constructor(cacheBytesMax: number) {
    this.#cacheBytesMax = cacheBytesMax;
  }

  get size(): number {
    return this.#slots.length - this.#head;
  }

  get last(): Slot | undefined {
    return this.size === 0 ? undefined : this.#slots.at(-1);
  }

  push(slot: Slot): void {
    this.#slots.push(slot);
    this.#cachedBytes += slot.bytes;
    while (this.#cachedBytes > this.#cacheBytesMax && this.#cacheHead < this.#slots.length - 1) {
      const oldest = this.#slots[this.#cacheHead++] as Slot;
      // What the engine wrote for itself is few and small, and is needed whole at the next start.
      if (oldest.kind === 'data') oldest.payload = null;
      this.#cachedBytes -= oldest.bytes;
    }
  }

  /** Drops entries from index `end` on. */
  truncate(end: number): void {
    while (this.#slots.length > this.#head && (this.#slots.at(-1) as Slot).index >= end) {
      const slot = this.#slots.pop() as Slot;
      if (this.#slots.length >= this.#cacheHead) this.#cachedBytes -= slot.bytes;
    }
    this.#cacheHead = Math.min(this.#cacheHead, this.#slots.length);
  }

  /** Drops entries before index `start`. */
  deletePrefix(start: number): void {
    while (this.#head < this.#slots.length) {
      const slot = this.#slots[this.#head] as Slot;
      if (slot.index >= start) break;
      if (this.#head >= this.#cacheHead) this.#cachedBytes -= slot.bytes;
      this.#head++;
    }
    this.#cacheHead = Math.max(this.#cacheHead, this.#head);
    if (this.#head > 1024 && this.#head * 2 > this.#slots.length) {
      this.#slots = this.#slots.slice(this.#head);
      this.#cacheHead -= this.#head;
      this.#head = 0;
    }
  }

  clear(): void {
    this.#slots = [];
    this.#head = 0;
    this.#cacheHead = 0;
    this.#cachedBytes = 0;
  }

  /**
   * The slots from index `from` on that start below `upTo`, at most `bytesMax` of payload (at least one slot). Null when
   * no entry starts at `from`.
   */
  range(from: number, upTo: number, bytesMax: number): Slot[] | null {
    let at = this.#find(from);
    if (this.#slots[at]?.index !== from) return null;
    const found: Slot[] = [];
    let bytes = 0;
    for (; at < this.#slots.length; at++) {
      const slot = this.#slots[at] as Slot;
      bytes += slot.bytes;
      if (slot.index >= upTo || (found.length > 0 && bytes > bytesMax)) break;
      found.push(slot);
    }
    return found;
  }

  *[Symbol.iterator](): Generator<Slot, void, void> {
    for (let at = this.#head; at < this.#slots.length; at++) yield this.#slots[at] as Slot;
  }

  /** The place of the first slot whose index is not below `index`. */
  #find(index: number): number {
    let low = this.#head;
    let high = this.#slots.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#slots[middle] as Slot).index < index) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
