import { journal } from './journal/scenario.ts';
import type { Options } from './options.ts';
import { runSeeds } from './run-seeds.ts';
import type { Scenario } from './scenario.ts';
import type { Tally } from './tally.ts';

/** What is simulated apart from engines, by hand-written programs on the ports. */
export const scenarios: readonly Scenario[] = [journal];

/** Runs the chosen scenarios, every seed twice, and counts the seeds. */
export async function runScenarios(options: Options, tally: Tally, print: (line: string) => void): Promise<void> {
  for (const scenario of scenarios.filter(({ name }) => options.scenarios.includes(name))) {
    print(`${scenario.name}: ${scenario.title}`);
    const started = performance.now();
    const summary = await runSeeds(scenario, options, print);
    const seconds = (performance.now() - started) / 1000;
    const perMinute = Math.round((options.seeds * 60) / seconds);
    const facts = Object.entries(summary.counts).map(([name, count]) => `${count} ${name}`);
    print(
      `  ${options.seeds} seeds from ${options.seed} on, each run twice: ${seconds.toFixed(1)} s, ${perMinute} a minute`,
    );
    print(`  ${(summary.virtualMs / 1000).toFixed(0)} s of virtual time, ${facts.join(', ')}`);
    tally.add(summary);
  }
}
