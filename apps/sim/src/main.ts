/**
 * `pnpm sim`: seeded simulations. Exits 1 when a violation is found, 0 when none is, 2 when it is called wrongly. The
 * standard routine ends with the line `N passed, N failed`.
 */
import { type Arguments, parseArguments, usage } from './arguments.ts';
import { clusterMutants } from './cluster/cluster-mutants.ts';
import { engineMutants } from './engine-mutants.ts';
import { applyMutant, type Mutant } from './mutate.ts';
import { routine } from './routine.ts';
import { runScenario, scenarioNamed } from './scenarios.ts';

const print = (line: string): void => console.log(line);

try {
  if (!(await run(parseArguments(process.argv.slice(2))))) process.exitCode = 1;
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
      for (const { name, breaks } of engineMutants[given.of] ?? clusterMutants[given.of] ?? []) {
        print(`${name.padEnd(40)}${breaks}`);
      }
      return true;
    case 'routine': {
      const tally = await routine(print);
      print(`${tally}`);
      return tally.failed === 0;
    }
    case 'scenario': {
      const { passed, failed } = await runScenario(scenarioNamed(given.scenario), given, print);
      print(`${passed} passed, ${failed} failed`);
      return failed === 0;
    }
    case 'swarm':
      return runSwarm(given);
    case 'cluster':
      return runCluster(given);
  }
}

/** Some seeds of one engine, whole or broken. */
async function runSwarm(given: Extract<Arguments, { kind: 'swarm' }>): Promise<boolean> {
  const { mutant, families, seconds } = given;
  breakBuild(engineMutants[given.engine] ?? [], mutant);
  // Loaded only now, so that a mutant's sources are.
  const { engineNamed } = await import('./engines.ts');
  const { familiesOf, report, swarm } = await import('./swarm.ts');
  const engine = engineNamed(given.engine);
  const { failed } = await swarm(
    engine,
    {
      ...given.seeds,
      seconds,
      families: families === null ? null : familiesOf(families),
      assertionsCount: mutant === null,
    },
    print,
  );
  if (failed === null) return true;
  await report(engine, failed, given.engine, mutant, print);
  return false;
}

/** Some seeds of whole clusters, whole or broken. */
async function runCluster(given: Extract<Arguments, { kind: 'cluster' }>): Promise<boolean> {
  const { cluster, mutant, families, seconds } = given;
  breakBuild(clusterMutants[cluster] ?? [], mutant);
  const { clusterNamed } = await import('./cluster/cluster-kinds.ts');
  const { clusterSwarm, reportCluster } = await import('./cluster/cluster-swarm.ts');
  const { clusterFamiliesOf } = await import('./cluster/families.ts');
  const simulate = clusterNamed(cluster);
  const run: typeof simulate = given.verbose ? (how) => simulate({ ...how, tell: print }) : simulate;
  const options = { ...given.seeds, seconds, families: families === null ? null : clusterFamiliesOf(families) };
  const { failed } = await clusterSwarm(run, options, print);
  if (failed === null) return true;
  await reportCluster(run, failed, { cluster, mutant }, print);
  return false;
}

function breakBuild(mutants: readonly Mutant[], name: string | null): void {
  if (name === null) return;
  const found = mutants.find((mutant) => mutant.name === name);
  if (found === undefined) throw new Error(`no mutant ${name}; --mutants lists them`);
  applyMutant(found);
}
