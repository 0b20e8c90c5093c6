import { assert } from './assert.ts';

/**
 * A map that holds at most `capacity` entries and lets the least recently used one go: open file handles, caches.
 * Lookups and changes take O(1). Iteration goes from the least to the most recently used.
 */
export class LruMap<K, V> {
  /** The most entries that are held. */
  readonly capacity: number;
  // A Map iterates in order of insertion; an entry that is used is taken out and put in again.
  readonly #entries = new Map<K, V>();
  readonly #onEvict: ((value: V, key: K) => void) | undefined;

  /**
   * @param capacity At least 1.
   * @param onEvict Called with an entry that was dropped for want of room, after the newer one is in. Not called for
   *   entries that are deleted, cleared or overwritten: those are in the caller's hands.
   */
  constructor(capacity: number, onEvict?: (value: V, key: K) => void) {
    assert(
      Number.isSafeInteger(capacity) && capacity >= 1,
      () => `capacity ${capacity} of an LRU map is not 1 or more`,
    );
    this.capacity = capacity;
    this.#onEvict = onEvict;
  }

  /** How many entries are held. */
  get size(): number {
    return this.#entries.size;
  }

  /** The value, which becomes the most recently used; undefined when there is none. */
  get(key: K): V | undefined {
    const entries = this.#entries;
    const value = entries.get(key);
    if (value === undefined && !entries.has(key)) return undefined;
    entries.delete(key);
    entries.set(key, value as V);
    return value;
  }

  /** The value, without counting as a use. */
  peek(key: K): V | undefined {
    return this.#entries.get(key);
  }

  /** Whether there is an entry, without counting as a use. */
  has(key: K): boolean {
    return this.#entries.has(key);
  }

  /** Puts an entry in as the most recently used, and drops the least recently used one when that is one too many. */
  set(key: K, value: V): void {
    const entries = this.#entries;
    entries.delete(key);
    entries.set(key, value);
    if (entries.size <= this.capacity) return;
    for (const [oldestKey, oldest] of entries) {
      entries.delete(oldestKey);
      this.#onEvict?.(oldest, oldestKey);
      return;
    }
  }

  /** Takes an entry out; false when there was none. */
  delete(key: K): boolean {
    return this.#entries.delete(key);
  }

  /** Takes all entries out. */
  clear(): void {
    this.#entries.clear();
  }

  /** The entries from the least to the most recently used. */
  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.#entries[Symbol.iterator]();
  }
}
