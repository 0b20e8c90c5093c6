/** The newest of many, as many as there is room for. */
export class Ring<T> {
  readonly #max: number;
  #items: T[] = [];

  constructor(max: number) {
    this.#max = max;
  }

  /** Oldest first. */
  get items(): readonly T[] {
    return this.#items.length > this.#max ? this.#items.slice(-this.#max) : this.#items;
  }

  add(item: T): void {
    this.#items.push(item);
    // Now and then, not at every step.
    if (this.#items.length >= 2 * this.#max) this.#items = this.#items.slice(-this.#max);
  }
}
