import { shrinkFamilies } from '@biquorum/simulator';
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

/** Runs seeds until one fails, all are done, or the time is over; says what they came to. */
export async function clusterSwarm(
  run: ClusterRun,
  { seed: first, seeds, seconds, families }: ClusterSwarmOptions,
  print: (line: string) => void,
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
  }
  const perMinute = Math.round(ran / ((performance.now() - startMs) / 60_000));
  const facts = Object.entries(totals).map(([name, count]) => `${count} ${name}`);
  print(
    `${ran} clusters from seed ${first} on: ${perMinute} a minute, ${Math.round(virtualMs / 1000)} s of virtual time`,
  );
  print(`  ${facts.join(', ')}`);
  return { ran, failed };
}

/** Prints what failed, with the fewest families (of a broken build with all: that takes long), and how to see it again. */
export async function reportCluster(
  run: ClusterRun,
  failed: ClusterSimulationResult,
  { cluster, mutant }: { readonly cluster: string; readonly mutant: string | null },
  print: (line: string) => void,
): Promise<void> {
  const { seed } = failed;
  print(`seed ${seed}: ${failed.violation?.message}`);
  const isWhole = mutant === null;
  const smallest = !isWhole
    ? failed
    : await shrinkFamilies((families: ReadonlySet<ClusterFamily>) => run({ seed, families }), failed);
  if (smallest !== failed) print(`with fewer families: ${smallest.violation?.message}`);
  print(`smallest set of families: ${[...smallest.families].join(', ') || 'none'}`);
  const broken = isWhole ? '' : ` --mutant ${mutant}`;
  const families = ` --families ${[...smallest.families].join(',') || '""'}`;
  print(`replay: pnpm sim --cluster ${cluster} --seed ${seed} --seeds 1${families}${broken}`);
}
