import { assert } from '@biquorum/std';
import { HASH_WORDS, type KeyHash } from './key-hash.ts';

/** Bytes that an entry takes: the hash of its key and an offset. */
export const OFFSET_MAP_ENTRY_BYTES: number = HASH_WORDS * 4 + 8;
/** Share of the slots that may be taken. */
const LOAD_MAX = 0.9;

/**
 * The last offset of each key in a stretch of a log. Open addressing in typed arrays, 24 bytes a key.
 *
 * Source: `SkimpyOffsetMap`.
 */
export class OffsetMap {
  readonly #slots: number;
  readonly #capacity: number;
  readonly #hash: KeyHash;
  readonly #hashes: Uint32Array;
  /** Offset plus one; 0 marks a free slot. */
  readonly #offsets: Float64Array;
  #size = 0;

  /** @param keys how many keys must fit. */
  constructor(keys: number, hash: KeyHash) {
    this.#capacity = Math.max(1, keys);
    this.#slots = Math.ceil(this.#capacity / LOAD_MAX) + 1;
    this.#hash = hash;
    this.#hashes = new Uint32Array(this.#slots * HASH_WORDS);
    this.#offsets = new Float64Array(this.#slots);
  }

  /** How many keys fit into so many bytes. */
  static keysIn(bytes: number): number {
    return Math.floor((bytes / OFFSET_MAP_ENTRY_BYTES) * LOAD_MAX);
  }

  /** Whether another key may not fit. */
  get isFull(): boolean {
    return this.#size >= this.#capacity;
  }

  /** Notes the offset of a key, which is larger than all offsets before. */
  put(bytes: Uint8Array, start: number, end: number, offset: number): void {
    const slot = this.#find(bytes, start, end);
    if (this.#offsets[slot] === 0) {
      assert(!this.isFull, () => `offset map of ${this.#capacity} keys is full`);
      this.#hashes.set(this.#hash.words, slot * HASH_WORDS);
      this.#size++;
    }
    this.#offsets[slot] = offset + 1;
  }

  /** The last offset of a key; −1 if it is not in. */
  get(bytes: Uint8Array, start: number, end: number): number {
    return (this.#offsets[this.#find(bytes, start, end)] as number) - 1;
  }

  /** The slot of a key, or the free one that it would take. */
  #find(bytes: Uint8Array, start: number, end: number): number {
    this.#hash.hash(bytes, start, end);
    const [a, b, c, d] = this.#hash.words as unknown as [number, number, number, number];
    const hashes = this.#hashes;
    let slot = a % this.#slots;
    while (this.#offsets[slot] !== 0) {
      const at = slot * HASH_WORDS;
      if (hashes[at] === a && hashes[at + 1] === b && hashes[at + 2] === c && hashes[at + 3] === d) return slot;
      slot = slot + 1 === this.#slots ? 0 : slot + 1;
    }
    return slot;
  }
}
