import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { clusterMutants } from './cluster/cluster-mutants.ts';
import { engineMutants } from './engine-mutants.ts';
import { checkMutant, type Mutant } from './mutate.ts';
import type { Report } from './report.ts';
import { runScenario, scenarios } from './scenarios.ts';
import { Tally } from './tally.ts';

const SCENARIO_SEEDS = { seed: 1, seeds: 20 };
/** Seeds that every run looks at, and how long it may take. */
const KNOWN_SEEDS = { seed: 1, seeds: 300, seconds: 40 };
/** How long it looks at seeds that nobody has seen. */
const FRESH_SECONDS = 20;
/** Whole clusters that every run looks at, how long it may take, and how long it looks at clusters nobody has seen. */
const CLUSTERS = { seeds: 20, seconds: 20, freshSeconds: 15 };
/** Two kinds have the same brokers, and share the time. */
const CLUSTERS_OF: Readonly<Record<string, typeof CLUSTERS>> = {
  zookeeper: { seeds: 20, seconds: 20, freshSeconds: 8 },
  'zookeeper-ensemble': { seeds: 10, seconds: 14, freshSeconds: 8 },
};

/** What has to hold before a commit: scenarios, seeds that never fail, seeds nobody has seen, every mutant found again. */
export async function routine(report: Report): Promise<Tally> {
  const print = (line: string): void => report.print(line);
  const tally = new Tally();
  for (const scenario of scenarios) tally.add(await runScenario(scenario, SCENARIO_SEEDS, report));
  for (const mutant of [...Object.values(engineMutants), ...Object.values(clusterMutants)].flat()) checkMutant(mutant);
  const { engines } = await import('./engines.ts');
  const { swarm, tellFailure } = await import('./swarm.ts');
  for (const [name, engine] of Object.entries(engines)) {
    const [first, second] = [await engine(1), await engine(1)];
    tally.check(sameTrace(name, first, second, report));
    const what = { engine: name, mutant: null };
    const seed = Math.floor(Math.random() * 1e9);
    const fresh = { seed, seeds: Number.POSITIVE_INFINITY, seconds: FRESH_SECONDS };
    for (const seeds of [KNOWN_SEEDS, fresh]) {
      const options = { ...seeds, families: null, assertionsCount: true };
      const { failed } = await swarm(engine, options, what, {
        ...report,
        print: (line) => print(`${name}: ${line}`),
      });
      tally.check(failed === null);
      if (failed !== null) await tellFailure(engine, failed, what, report);
    }
  }
  await clusterRoutine(tally, report);
  for (const [mutants, which] of [
    ...Object.entries(engineMutants).map(([engine, mutants]) => [mutants, ['--engine', engine]] as const),
    ...Object.entries(clusterMutants).map(([kind, mutants]) => [mutants, ['--cluster', kind]] as const),
  ] as const) {
    for (const mutant of mutants) {
      const found = findsAgain(mutant, which);
      print(`mutant ${mutant.name}: seed ${mutant.seed} ${found ? 'finds it' : 'DOES NOT FIND IT'}`);
      report.check(`mutant ${mutant.name}`, found);
      tally.check(found);
    }
  }
  return tally;
}

/** Whole clusters: one seed twice, seeds that never fail, seeds nobody has seen. */
async function clusterRoutine(tally: Tally, report: Report): Promise<void> {
  const { clusterKinds } = await import('./cluster/cluster-kinds.ts');
  const { clusterSwarm, tellClusterFailure } = await import('./cluster/cluster-swarm.ts');
  for (const [name, run] of Object.entries(clusterKinds)) {
    const [first, second] = [await run({ seed: 1 }), await run({ seed: 1 })];
    tally.check(sameTrace(`${name} cluster`, first, second, report));
    const what = { cluster: name, mutant: null };
    const { freshSeconds, ...known } = CLUSTERS_OF[name] ?? CLUSTERS;
    const seed = Math.floor(Math.random() * 1e9);
    const fresh = { seed, seeds: Number.POSITIVE_INFINITY, seconds: freshSeconds };
    for (const seeds of [{ seed: 1, ...known }, fresh]) {
      const { failed } = await clusterSwarm(run, { ...seeds, families: null }, what, report);
      tally.check(failed === null);
      if (failed !== null) await tellClusterFailure(run, failed, what, report);
    }
  }
}

/** Whether one seed, run twice, did the same; says so. */
function sameTrace(
  name: string,
  first: { readonly traceHash: number | string },
  second: { readonly traceHash: number | string },
  report: Report,
): boolean {
  const same = first.traceHash === second.traceHash;
  report.print(
    `${name}: seed 1 twice, trace ${first.traceHash} ${same ? 'both times' : `and then ${second.traceHash}: FAIL`}`,
  );
  report.check(`${name}: seed 1 twice does the same`, same);
  return same;
}

/**
 * Whether a mutant's own seed still finds it; in a process of its own, where nothing is loaded yet. That the process
 * fails is not enough: it may have crashed.
 */
function findsAgain({ name, seed }: Mutant, which: readonly string[]): boolean {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const args = [...process.execArgv, main, ...which, '--mutant', name, '--seed', `${seed}`];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return status === 1 && stdout.includes(`\nseed ${seed}: `);
}
