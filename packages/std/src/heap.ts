/** Negative when `a` comes first, positive when `b` does, 0 when their order does not matter. */
export type Compare<T> = (a: T, b: T) => number;

/**
 * A priority queue. The order is stable: of elements that compare equal, the one that was pushed first comes out
 * first, so a run that depends on the order of events repeats exactly.
 *
 * A binary heap in two parallel arrays, the elements and their serial numbers. Push and pop take O(log n).
 */
export class Heap<T> {
  readonly #compare: Compare<T>;
  readonly #values: T[] = [];
  readonly #serials: number[] = [];
  #nextSerial = 0;

  constructor(compare: Compare<T>) {
    this.#compare = compare;
  }

  /** How many elements are in. */
  get size(): number {
    return this.#values.length;
  }

  /** The first element in order, left in place; undefined when the heap is empty. */
  peek(): T | undefined {
    return this.#values[0];
  }

  /** Adds an element. */
  push(value: T): void {
    const values = this.#values;
    const serials = this.#serials;
    const serial = this.#nextSerial++;
    let hole = values.length;
    values.push(value);
    serials.push(serial);
    // The new element has the highest serial, so against an equal parent it stays below: no tie to break.
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      const above = values[parent] as T;
      if (this.#compare(value, above) >= 0) break;
      values[hole] = above;
      serials[hole] = serials[parent] as number;
      hole = parent;
    }
    values[hole] = value;
    serials[hole] = serial;
  }

  /** Takes the first element in order out; undefined when the heap is empty. */
  pop(): T | undefined {
    const values = this.#values;
    const first = values[0];
    const last = values.pop();
    const lastSerial = this.#serials.pop();
    if (values.length === 0) {
      this.#nextSerial = 0;
      return first;
    }
    this.#sink(last as T, lastSerial as number);
    return first;
  }

  /** Takes all elements out and drops them. */
  clear(): void {
    this.#values.length = 0;
    this.#serials.length = 0;
    this.#nextSerial = 0;
  }

  /** Places an element into the hole at the root. */
  #sink(value: T, serial: number): void {
    const values = this.#values;
    const serials = this.#serials;
    const size = values.length;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= size) break;
      if (child + 1 < size && this.#precedes(child + 1, values[child] as T, serials[child] as number)) child++;
      if (!this.#precedes(child, value, serial)) break;
      values[hole] = values[child] as T;
      serials[hole] = serials[child] as number;
      hole = child;
    }
    values[hole] = value;
    serials[hole] = serial;
  }

  #precedes(index: number, value: T, serial: number): boolean {
    const order = this.#compare(this.#values[index] as T, value);
    return order < 0 || (order === 0 && (this.#serials[index] as number) < serial);
  }
}
