import { journal } from './journal/scenario.ts';
import type { Report } from './report.ts';
import { runSeeds, type Summary } from './run-seeds.ts';
import type { Scenario } from './scenario.ts';

/** What is simulated apart from engines, by hand-written programs on the ports. */
export const scenarios: readonly Scenario[] = [journal];

/** @throws Error when there is none of this name. */
export function scenarioNamed(name: string): Scenario {
  const found = scenarios.find((scenario) => scenario.name === name);
  if (found !== undefined) return found;
  throw new Error(`no scenario ${name}; there are ${scenarios.map((scenario) => scenario.name).join(', ')}`);
}

/** Runs a scenario, every seed twice, and says what came of it. */
export async function runScenario(
  scenario: Scenario,
  { seed, seeds }: { readonly seed: number; readonly seeds: number },
  report: Pick<Report, 'print' | 'seed'>,
): Promise<Summary> {
  report.print(`${scenario.name}: ${scenario.title}`);
  const started = performance.now();
  const summary = await runSeeds(scenario, { seed, seeds }, report);
  const seconds = (performance.now() - started) / 1000;
  const perMinute = Math.round((seeds * 60) / seconds);
  const facts = Object.entries(summary.counts).map(([name, count]) => `${count} ${name}`);
  report.print(`  ${seeds} seeds from ${seed} on, each run twice: ${seconds.toFixed(1)} s, ${perMinute} a minute`);
  report.print(`  ${(summary.virtualMs / 1000).toFixed(0)} s of virtual time, ${facts.join(', ')}`);
  return summary;
}
