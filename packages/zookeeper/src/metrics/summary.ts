/** How many of the last values percentiles are taken from. */
const KEPT = 1_024;

/** Average, least, most, number and sum of values. Source: Java `AvgMinMaxCounter`. */
export class Summary {
  #sum = 0;
  #count = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;

  add(value: number): void {
    this.#sum += value;
    this.#count++;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
  }

  /** Rounded to four places, as Java does. */
  get avg(): number {
    return this.#count === 0 ? 0 : Math.round((this.#sum / this.#count) * 10_000) / 10_000;
  }

  get min(): number {
    return this.#count === 0 ? 0 : this.#min;
  }

  get max(): number {
    return this.#count === 0 ? 0 : this.#max;
  }

  get count(): number {
    return this.#count;
  }

  get sum(): number {
    return this.#sum;
  }

  reset(): void {
    this.#sum = 0;
    this.#count = 0;
    this.#min = Number.POSITIVE_INFINITY;
    this.#max = Number.NEGATIVE_INFINITY;
  }
}

/** A {@link Summary} with percentiles, which are those of the last 1,024 values. */
export class PercentileSummary extends Summary {
  #kept: Float64Array | null = null;
  #next = 0;

  override add(value: number): void {
    super.add(value);
    this.#kept ??= new Float64Array(KEPT);
    this.#kept[this.#next++ % KEPT] = value;
  }

  /** @param shares from 0 to 1 @returns A value for each. */
  percentiles(shares: readonly number[]): number[] {
    const sorted = this.#kept?.slice(0, Math.min(this.#next, KEPT)).sort() ?? new Float64Array(0);
    return shares.map((share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  }

  override reset(): void {
    super.reset();
    this.#next = 0;
  }
}
