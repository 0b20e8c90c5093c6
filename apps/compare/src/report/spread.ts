/** What repeated measurements of one thing come to, in its own unit. */
export interface Spread {
  /** How many measurements. */
  readonly count: number;
  readonly min: number;
  /** Of an even number: the mean of the two in the middle. */
  readonly median: number;
  /** By nearest rank; with fewer than a hundred measurements it is the greatest. */
  readonly p99: number;
  readonly max: number;
}

/**
 * Median, 99th percentile by nearest rank, and both ends.
 *
 * @returns undefined of no measurements
 */
export function spreadOf(values: readonly number[]): Spread | undefined {
  const sorted = [...values].sort((left, right) => left - right);
  const at = (index: number): number => sorted[index] as number;
  const count = sorted.length;
  if (count === 0) return undefined;
  const middle = count >> 1;
  return {
    count,
    min: at(0),
    median: count % 2 === 1 ? at(middle) : (at(middle - 1) + at(middle)) / 2,
    p99: at(Math.ceil(count * 0.99) - 1),
    max: at(count - 1),
  };
}
