/**
 * `pnpm sim`: runs simulations for many seeds, each of them twice, and checks that nothing breaks and that both runs of
 * a seed are the same, bit for bit.
 */
import { journal } from './journal/scenario.ts';
import { parseOptions } from './options.ts';
import { runSeeds } from './run-seeds.ts';
import type { Scenario } from './scenario.ts';

/** Everything that can be simulated. */
const scenarios: readonly Scenario[] = [journal];

const options = parseOptions(
  process.argv.slice(2),
  scenarios.map(({ name }) => name),
);
let passed = 0;
let failed = 0;
for (const scenario of scenarios.filter(({ name }) => options.scenarios.includes(name))) {
  console.log(`${scenario.name}: ${scenario.title}`);
  const started = performance.now();
  const summary = await runSeeds(scenario, options, (line) => console.log(line));
  const seconds = (performance.now() - started) / 1000;
  const { virtualMs, counts } = summary;
  console.log(
    `  seeds ${options.seed} to ${options.seed + options.seeds - 1}, each run twice, in ${seconds.toFixed(1)} s`,
  );
  console.log(
    `  ${Math.round((options.seeds * 60) / seconds)} seeds per minute, ${(virtualMs / 1000).toFixed(0)} s of virtual time`,
  );
  const facts = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
  console.log(`  ${facts.join(', ')}`);
  passed += summary.passed;
  failed += summary.failed;
}
console.log(`${passed} passed, ${failed} failed`);
if (failed > 0) process.exitCode = 1;
