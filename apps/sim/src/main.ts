/**
 * `pnpm sim`: seeded simulations. Exits 1 when a violation is found, 0 when none is, 2 when it is called wrongly. The
 * standard routine ends with the line `N passed, N failed`.
 */
import { type Arguments, parseArguments, usage } from './arguments.ts';
import { clusterMutants } from './cluster/cluster-mutants.ts';
import { engineMutants } from './engine-mutants.ts';
import { applyMutant, type Mutant } from './mutate.ts';
import { jsonReport, type Report, textReport } from './report.ts';
import { routine } from './routine.ts';
import { runScenario, scenarioNamed } from './scenarios.ts';

const print = (line: string): void => console.log(line);

const words = process.argv.slice(2);
const args = words.filter((word) => word !== '--json');
const nowMs = (): number => performance.now();
const report: Report =
  words.length === args.length ? textReport(print, (line) => console.error(line), nowMs) : jsonReport(print, nowMs);

try {
  if (!(await run(parseArguments(args)))) process.exitCode = 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}

/** @returns Whether everything held. */
async function run(given: Arguments): Promise<boolean> {
  switch (given.kind) {
    case 'help':
      print(usage);
      return true;
    case 'listMutants':
      for (const mutant of engineMutants[given.of] ?? clusterMutants[given.of] ?? []) report.mutant(mutant);
      return true;
    case 'routine': {
      const tally = await routine(report);
      report.print(`${tally}`);
      report.end();
      return tally.failed === 0;
    }
    case 'scenario': {
      const { passed, failed } = await runScenario(scenarioNamed(given.scenario), given, report);
      report.print(`${passed} passed, ${failed} failed`);
      report.end();
      return failed === 0;
    }
    case 'swarm':
      return ended(await runSwarm(given));
    case 'cluster':
      return ended(await runCluster(given));
  }
}

function ended(held: boolean): boolean {
  report.end();
  return held;
}

/** Some seeds of one engine, whole or broken. */
async function runSwarm(given: Extract<Arguments, { kind: 'swarm' }>): Promise<boolean> {
  const { mutant, families, seconds } = given;
  breakBuild(engineMutants[given.engine] ?? [], mutant);
  // Loaded only now, so that a mutant's sources are.
  const { engineNamed } = await import('./engines.ts');
  const { familiesOf, swarm, tellFailure } = await import('./swarm.ts');
  const engine = engineNamed(given.engine);
  const { failed } = await swarm(
    engine,
    {
      ...given.seeds,
      seconds,
      families: families === null ? null : familiesOf(families),
      assertionsCount: mutant === null,
    },
    given,
    report,
  );
  if (failed === null) return true;
  await tellFailure(engine, failed, given, report);
  return false;
}

/** Some seeds of whole clusters, whole or broken. */
async function runCluster(given: Extract<Arguments, { kind: 'cluster' }>): Promise<boolean> {
  const { cluster, mutant, families, seconds } = given;
  breakBuild(clusterMutants[cluster] ?? [], mutant);
  const { clusterNamed } = await import('./cluster/cluster-kinds.ts');
  const { clusterSwarm, tellClusterFailure } = await import('./cluster/cluster-swarm.ts');
  const { clusterFamiliesOf } = await import('./cluster/families.ts');
  const simulate = clusterNamed(cluster);
  const run: typeof simulate = given.verbose
    ? (how) => simulate({ ...how, tell: (line) => report.told(how.seed, line) })
    : simulate;
  const options = { ...given.seeds, seconds, families: families === null ? null : clusterFamiliesOf(families) };
  const { failed } = await clusterSwarm(run, options, given, report);
  if (failed === null) return true;
  await tellClusterFailure(run, failed, given, report);
  return false;
}

function breakBuild(mutants: readonly Mutant[], name: string | null): void {
  if (name === null) return;
  const found = mutants.find((mutant) => mutant.name === name);
  if (found === undefined) throw new Error(`no mutant ${name}; --mutants lists them`);
  applyMutant(found);
}
