import { assert } from './assert.ts';

/**
 * First in, first out, with room for at most `capacity` elements. A ring that doubles as it fills, so a queue that
 * stays short stays small; pushing and shifting take O(1).
 */
export class Queue<T> {
  /** The most elements that fit. */
  readonly capacity: number;
  #ring: (T | undefined)[] = new Array<T | undefined>(8).fill(undefined);
  #head = 0;
  #size = 0;

  /** @param capacity At least 1; unbounded when left out, for producers that are bounded elsewhere. */
  constructor(capacity: number = Number.POSITIVE_INFINITY) {
    assert(capacity >= 1, () => `capacity ${capacity} of a queue is not 1 or more`);
    this.capacity = capacity;
  }

  /** How many elements are queued. */
  get size(): number {
    return this.#size;
  }

  /** Whether a push would be one too many. */
  get full(): boolean {
    return this.#size >= this.capacity;
  }

  /** Adds an element at the end. @throws AssertionError when the queue is full: ask `full` first. */
  push(value: T): void {
    assert(!this.full, () => `queue of ${this.capacity} elements is full; ask full before pushing`);
    if (this.#size === this.#ring.length) this.#grow();
    this.#ring[(this.#head + this.#size) & (this.#ring.length - 1)] = value;
    this.#size++;
  }

  /** Takes the oldest element out; undefined when there is none. */
  shift(): T | undefined {
    if (this.#size === 0) return undefined;
    const value = this.#ring[this.#head];
    this.#ring[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#ring.length - 1);
    this.#size--;
    return value;
  }

  /** The oldest element, left in place; undefined when there is none. */
  peek(): T | undefined {
    return this.#ring[this.#head];
  }

  /** Drops all elements. */
  clear(): void {
    this.#ring = new Array<T | undefined>(8).fill(undefined);
    this.#head = 0;
    this.#size = 0;
  }

  /** The elements from the oldest to the newest. */
  *[Symbol.iterator](): Generator<T, void, void> {
    for (let index = 0; index < this.#size; index++) {
      yield this.#ring[(this.#head + index) & (this.#ring.length - 1)] as T;
    }
  }

  #grow(): void {
    const old = this.#ring;
    const ring = new Array<T | undefined>(old.length * 2).fill(undefined);
    for (let index = 0; index < this.#size; index++) ring[index] = old[(this.#head + index) & (old.length - 1)];
    this.#ring = ring;
    this.#head = 0;
  }
}
