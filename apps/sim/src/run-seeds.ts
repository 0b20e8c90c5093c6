import type { Report } from './report.ts';
import type { Outcome, Scenario } from './scenario.ts';

/** What many runs came to. */
export interface Summary {
  readonly passed: number;
  readonly failed: number;
  readonly virtualMs: number;
  readonly counts: Readonly<Record<string, number>>;
}

/**
 * Runs a scenario for consecutive seeds, each of them twice: the second run has to come to the same hash.
 *
 * @param report - Takes what each seed came to, and lines for each that fails: what broke and how to see it again.
 */
export async function runSeeds(
  scenario: Scenario,
  { seed, seeds }: { readonly seed: number; readonly seeds: number },
  report: Pick<Report, 'print' | 'seed'>,
): Promise<Summary> {
  const counts: Record<string, number> = {};
  let failed = 0;
  let virtualMs = 0;
  for (let current = seed; current < seed + seeds; current += 1) {
    const first = await scenario.run(current);
    const replay = `pnpm sim --scenario ${scenario.name} --seed ${current} --seeds 1`;
    const faults = faultsOf(first, await scenario.run(current));
    for (const fault of faults) report.print(`FAIL  seed ${current}: ${fault}`);
    if (faults.length > 0) {
      failed += 1;
      report.print(`      again: ${replay}`);
    }
    virtualMs += first.virtualMs;
    report.seed({
      kind: 'scenario',
      mode: scenario.name,
      mutant: null,
      seed: current,
      trace: first.hash,
      virtualMs: first.virtualMs,
      families: null,
      operations: first.counts,
      faults: first.faults,
      violations: faults.map((text) => ({ text, families: null, replay })),
    });
    for (const [name, count] of [...Object.entries(first.counts), ...Object.entries(first.faults)])
      counts[name] = (counts[name] ?? 0) + count;
  }
  return { passed: seeds - failed, failed, virtualMs, counts };
}

function faultsOf(first: Outcome, second: Outcome): readonly string[] {
  if (first.hash === second.hash) return first.violations;
  return [
    ...first.violations,
    `two runs of it differ (${first.hash}, ${second.hash}): something did not come from the seed`,
  ];
}
