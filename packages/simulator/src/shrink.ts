import type { Family } from './families.ts';
import type { SimulationResult } from './simulation.ts';

/**
 * The smallest set of families with which a seed still fails that leaving out one after the other finds, and what
 * happens then.
 *
 * @param run Runs the seed with a set of families.
 * @param failed A result with a violation.
 */
export async function shrinkFamilies(
  run: (families: ReadonlySet<Family>) => Promise<SimulationResult>,
  failed: SimulationResult,
): Promise<SimulationResult> {
  let smallest = failed;
  for (const family of failed.families) {
    const fewer = new Set(smallest.families);
    fewer.delete(family);
    const result = await run(fewer);
    if (result.violation !== null) smallest = result;
  }
  return smallest;
}
