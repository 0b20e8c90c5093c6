/**
 * Seeds for tests that draw what happens. `BIQUORUM_SEEDS=20` runs twenty times as many; `BIQUORUM_SEED=4711` runs that
 * one alone, as a failure names it.
 */
export function seeds(count: number, first: number): number[] {
  const { BIQUORUM_SEED: only, BIQUORUM_SEEDS: factor } = process.env;
  if (only !== undefined) return [Number(only)];
  return Array.from({ length: count * Number(factor ?? 1) }, (_, index) => first + index);
}
