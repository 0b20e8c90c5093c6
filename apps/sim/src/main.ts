/**
 * `pnpm sim`: seeded simulations. Exits 1 when a violation is found, 0 when none is. The standard routine ends with the
 * line `N passed, N failed`.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Arguments, parseArguments, usage } from './arguments.ts';
import { applyMutant, checkMutant } from './mutate.ts';
import { parseOptions } from './options.ts';
import { raftMutants } from './raft-mutants.ts';
import { runScenarios, scenarios } from './scenarios.ts';
import { Tally } from './tally.ts';

const SWARM_SEEDS = 300;
const FRESH_SECONDS = 30;

const print = (line: string): void => console.log(line);

const names = scenarios.map(({ name }) => name);

try {
  if (process.argv.includes('--help')) print(usage);
  else if (process.argv.includes('--scenario')) await chosenScenario();
  else await routineOrEngine();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}

async function chosenScenario(): Promise<void> {
  const tally = new Tally();
  await runScenarios(parseOptions(process.argv.slice(2), names), tally, print);
  print(`${tally}`);
  if (tally.failed > 0) process.exitCode = 1;
}

async function routineOrEngine(): Promise<void> {
  const given = parseArguments(process.argv.slice(2));
  if (given.listMutants) for (const { name, breaks } of raftMutants) print(`${name.padEnd(40)}${breaks}`);
  else if (process.argv.length === 2) await routine();
  else await one(given);
}

/** Some seeds of one engine, whole or broken. */
async function one(given: Arguments): Promise<void> {
  if (given.mutant !== null) {
    const mutant = raftMutants.find(({ name }) => name === given.mutant);
    if (mutant === undefined) throw new Error(`no mutant ${given.mutant}; --mutants lists them`);
    applyMutant(mutant);
  }
  // Loaded only now, so that a mutant's sources are.
  const { engines } = await import('./engines.ts');
  const { familiesOf, report, swarm } = await import('./swarm.ts');
  const run = engines[given.engine];
  if (run === undefined) throw new Error(`no engine ${given.engine}; there are ${Object.keys(engines).join(', ')}`);
  const seeds = given.seeds ?? (given.seed === null ? 2000 : 1);
  const { failed } = await swarm(
    run,
    {
      from: given.seed ?? 1,
      seeds,
      seconds: given.seconds,
      families: given.families === null ? null : familiesOf(given.families),
      assertionsCount: given.mutant === null,
    },
    print,
  );
  if (failed === null) return;
  await report(run, failed, given.engine, given.mutant, print);
  process.exitCode = 1;
}

/** What has to hold before a commit: seeds that never fail, seeds nobody has seen, and every mutant found again. */
async function routine(): Promise<void> {
  const tally = new Tally();
  await runScenarios(parseOptions([], names), tally, print);
  for (const mutant of raftMutants) checkMutant(mutant);
  const { engines } = await import('./engines.ts');
  const { report, swarm } = await import('./swarm.ts');
  for (const [engine, run] of Object.entries(engines)) {
    const [first, second] = [await run(1), await run(1)];
    print(`${engine}: seed 1 twice, trace ${first.traceHash} and ${second.traceHash}`);
    tally.check(first.traceHash === second.traceHash);
    const fresh = Math.floor(Math.random() * 1e9);
    for (const [from, seconds] of [
      [1, 60],
      [fresh, FRESH_SECONDS],
    ] as const) {
      const options = { from, seeds: SWARM_SEEDS, seconds, families: null, assertionsCount: true };
      const { failed } = await swarm(run, options, (line) => print(`${engine}: ${line}`));
      if (tally.check(failed === null) || failed === null) continue;
      await report(run, failed, engine, null, print);
    }
  }
  for (const { name, seed } of raftMutants) {
    const { status } = spawnSync(
      process.execPath,
      [...process.execArgv, fileURLToPath(import.meta.url), '--engine', 'raft', '--mutant', name, '--seed', `${seed}`],
      { encoding: 'utf8' },
    );
    print(`mutant ${name}: seed ${seed} ${status === 1 ? 'finds it' : 'DOES NOT FIND IT'}`);
    tally.check(status === 1);
  }
  print(`${tally}`);
  if (tally.failed > 0) process.exitCode = 1;
}
