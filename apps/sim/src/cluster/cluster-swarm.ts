import { shrinkFamilies } from '@biquorum/simulator';
import type { Report, SeedReport } from '../report.ts';
import type { ClusterRun } from './cluster-kinds.ts';
import type { ClusterFamily } from './families.ts';
import type { ClusterSimulationResult } from './simulation.ts';

/** How to run a swarm of clusters. */
export interface ClusterSwarmOptions {
  /** The first seed. */
  readonly seed: number;
  readonly seeds: number;
  readonly seconds: number | null;
  readonly families: ReadonlySet<ClusterFamily> | null;
}

/** What is run: a cluster by the name of its kind, whole or broken. */
export interface SimulatedKind {
  readonly cluster: string;
  readonly mutant: string | null;
}

/** Runs seeds until one fails, all are done, or the time is over; says what they came to. The one that fails is left to `tellClusterFailure`. */
export async function clusterSwarm(
  run: ClusterRun,
  { seed: first, seeds, seconds, families }: ClusterSwarmOptions,
  what: SimulatedKind,
  report: Pick<Report, 'print' | 'seed'>,
): Promise<{ readonly ran: number; readonly failed: ClusterSimulationResult | null }> {
  const startMs = performance.now();
  const totals: Record<string, number> = {};
  let ran = 0;
  let virtualMs = 0;
  let failed: ClusterSimulationResult | null = null;
  for (let seed = first; seed < first + seeds && failed === null; seed++) {
    if (seconds !== null && performance.now() - startMs >= seconds * 1000) break;
    const result = await run(families === null ? { seed } : { seed, families });
    ran += 1;
    virtualMs += result.virtualMs;
    for (const [name, count] of Object.entries(result.counts)) totals[name] = (totals[name] ?? 0) + count;
    if (result.violation !== null) failed = result;
    else report.seed(seedReport(result, what, []));
  }
  const perMinute = Math.round(ran / ((performance.now() - startMs) / 60_000));
  const facts = Object.entries(totals).map(([name, count]) => `${count} ${name}`);
  report.print(
    `${ran} clusters from seed ${first} on: ${perMinute} a minute, ${Math.round(virtualMs / 1000)} s of virtual time`,
  );
  report.print(`  ${facts.join(', ')}`);
  return { ran, failed };
}

/** Tells what failed, with the fewest families (of a broken build with all: that takes long), and how to see it again. */
export async function tellClusterFailure(
  run: ClusterRun,
  failed: ClusterSimulationResult,
  what: SimulatedKind,
  report: Pick<Report, 'print' | 'seed'>,
): Promise<void> {
  const { seed } = failed;
  const { cluster, mutant } = what;
  report.print(`seed ${seed}: ${failed.violation?.message}`);
  const isWhole = mutant === null;
  const smallest = !isWhole
    ? failed
    : await shrinkFamilies((families: ReadonlySet<ClusterFamily>) => run({ seed, families }), failed);
  if (smallest !== failed) report.print(`with fewer families: ${smallest.violation?.message}`);
  report.print(`smallest set of families: ${[...smallest.families].join(', ') || 'none'}`);
  const broken = isWhole ? '' : ` --mutant ${mutant}`;
  const families = ` --families ${[...smallest.families].join(',') || '""'}`;
  const replay = `pnpm sim --cluster ${cluster} --seed ${seed} --seeds 1${families}${broken}`;
  report.print(`replay: ${replay}`);
  const text = failed.violation?.message ?? '';
  report.seed(seedReport(failed, what, [{ text, families: [...smallest.families], replay }]));
}

function seedReport(
  { seed, families, traceHash, virtualMs, counts, faults }: ClusterSimulationResult,
  { cluster, mutant }: SimulatedKind,
  violations: SeedReport['violations'],
): SeedReport {
  const { faults: _, ...operations } = counts;
  return {
    kind: 'cluster',
    mode: cluster,
    mutant,
    seed,
    trace: traceHash,
    virtualMs,
    families: [...families],
    operations,
    faults,
    violations,
  };
}
