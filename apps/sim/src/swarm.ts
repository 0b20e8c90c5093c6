import { FAMILIES, type Family, type SimulationResult, shrinkFamilies } from '@biquorum/simulator';
import type { Run } from './engines.ts';
import type { Report, SeedReport } from './report.ts';

/** What a swarm did. */
export interface SwarmResult {
  readonly ran: number;
  readonly failed: SimulationResult | null;
}

/** How to run a swarm. */
export interface SwarmOptions {
  /** The first seed. */
  readonly seed: number;
  readonly seeds: number;
  readonly seconds: number | null;
  readonly families: ReadonlySet<Family> | null;
  /** Whether a broken assertion of the engine counts; the checkers alone must find mutants. */
  readonly assertionsCount: boolean;
}

/** What is run: an engine by its name, whole or broken. */
export interface Simulated {
  readonly engine: string;
  readonly mutant: string | null;
}

/** @throws Error when one is not known. */
export function familiesOf(names: readonly string[]): ReadonlySet<Family> {
  return new Set(
    names.map((name) => {
      const family = FAMILIES.find((candidate) => candidate === name);
      if (family === undefined) throw new Error(`unknown family ${name}; there are ${FAMILIES.join(', ')}`);
      return family;
    }),
  );
}

/** Runs seeds until one fails, all are done, or the time is over; says how fast it was. The one that fails is left to `tellFailure`. */
export async function swarm(
  run: Run,
  options: SwarmOptions,
  what: Simulated,
  report: Pick<Report, 'print' | 'seed'>,
): Promise<SwarmResult> {
  const startMs = performance.now();
  const startCpu = process.cpuUsage();
  let ran = 0;
  let answered = 0;
  let undecided = 0;
  let failed: SimulationResult | null = null;
  for (let { seed } = options; seed < options.seed + options.seeds && failed === null; seed++) {
    if (options.seconds !== null && performance.now() - startMs >= options.seconds * 1000) break;
    const result = await run(seed, options.families ?? undefined, options.assertionsCount);
    ran++;
    answered += result.answered;
    if (result.undecided) undecided++;
    if (result.violation !== null) failed = result;
    else report.seed(seedReport(result, what, []));
  }
  const minutes = (performance.now() - startMs) / 60_000;
  const cpu = process.cpuUsage(startCpu);
  const cpuMinutes = (cpu.user + cpu.system) / 60e6;
  report.print(
    `${ran} seeds from ${options.seed} on, ${answered} operations answered, ${undecided} histories undecided: ` +
      `${Math.round(ran / minutes)} seeds per minute, ${Math.round(ran / cpuMinutes)} per minute of CPU`,
  );
  return { ran, failed };
}

/** Tells what failed, with the fewest families, and how to see it again. */
export async function tellFailure(
  run: Run,
  failed: SimulationResult,
  what: Simulated,
  report: Pick<Report, 'print' | 'seed'>,
): Promise<void> {
  const { engine, mutant } = what;
  const assertionsCount = mutant === null;
  const smallest = await shrinkFamilies((families) => run(failed.seed, families, assertionsCount), failed);
  report.print(`seed ${failed.seed}: ${failed.violation?.message}`);
  if (smallest !== failed) report.print(`with fewer families: ${smallest.violation?.message}`);
  report.print(`smallest set of families: ${[...smallest.families].join(', ') || 'none'}`);
  const broken = mutant === null ? '' : ` --mutant ${mutant}`;
  const families = ` --families ${[...smallest.families].join(',') || '""'}`;
  const replay = `pnpm sim --engine ${engine} --seed ${failed.seed} --seeds 1${families}${broken}`;
  report.print(`replay: ${replay}`);
  const text = failed.violation?.message ?? '';
  report.seed(seedReport(failed, what, [{ text, families: [...smallest.families], replay }]));
}

function seedReport(
  result: SimulationResult,
  { engine, mutant }: Simulated,
  violations: SeedReport['violations'],
): SeedReport {
  const { seed, families, traceHash, virtualMs, events, operations, answered, faults } = result;
  return {
    kind: 'engine',
    mode: engine,
    mutant,
    seed,
    trace: traceHash.toString(16).padStart(8, '0'),
    virtualMs,
    families: [...families],
    operations: {
      events,
      'operations begun': operations,
      'operations answered': answered,
      'histories undecided': result.undecided ? 1 : 0,
    },
    faults,
    violations,
  };
}
