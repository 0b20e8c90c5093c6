import { parseArgs } from 'node:util';

/** What the command line asks for. */
export type Arguments =
  | { readonly kind: 'help' }
  /** What has to hold before a commit. */
  | { readonly kind: 'routine' }
  | { readonly kind: 'listMutants'; readonly of: string }
  | ({ readonly kind: 'scenario'; readonly scenario: string } & Seeds)
  | {
      readonly kind: 'swarm';
      readonly engine: string;
      readonly seeds: Seeds;
      /** Stop after so many seconds, whatever is left. */
      readonly seconds: number | null;
      /** Families of faults instead of those that each seed draws. */
      readonly families: readonly string[] | null;
      /** The broken build to run. */
      readonly mutant: string | null;
    }
  | {
      readonly kind: 'cluster';
      readonly cluster: string;
      /** Print what happens. */
      readonly verbose: boolean;
      readonly seeds: Seeds;
      readonly seconds: number | null;
      readonly families: readonly string[] | null;
      readonly mutant: string | null;
    };

/** Consecutive seeds. */
export interface Seeds {
  /** The first. */
  readonly seed: number;
  /** How many. */
  readonly seeds: number;
}

/** How to call the program. */
export const usage = `pnpm sim                          the standard routine: scenarios, swarms, the same seed twice, all mutants
pnpm sim --scenario NAME          a hand-written program on the ports, 20 seeds, each run twice
pnpm sim --engine raft --seeds N  N seeds from 1 on, or from --seed S on; also --engine zab
  --seed S                        the first seed; alone, only this one
  --seconds T                     at most so long
  --families a,b,c                faults instead of those that each seed draws
  --mutant NAME                   run a broken build; exits 1 when the violation is found
pnpm sim --engine raft --mutants  list the broken builds
pnpm sim --cluster kraft --seeds N  N whole clusters: every node of production, clients, faults; the rest as above;
                                  also --cluster zookeeper, and zookeeper-ensemble
  --verbose                       tell what happens in each
  --json                          with any of them: a line of JSON for each seed, and one with the sums at the end
pnpm sim --cluster kraft --mutants  list the broken builds that whole clusters have to find`;

const SCENARIO_SEEDS = 20;
const SWARM_SEEDS = 2000;
const CLUSTER_SEEDS = 50;

/** @throws Error that names the argument that is wrong and says how it would be right. */
export function parseArguments(argv: readonly string[]): Arguments {
  const given = read(argv);
  if (given.help === true) return { kind: 'help' };
  if (argv.length === 0) return { kind: 'routine' };
  if (given.mutants === true) return { kind: 'listMutants', of: given.cluster ?? given.engine ?? 'raft' };
  const seed = wholeNumber('seed', given.seed, 0);
  const seeds = wholeNumber('seeds', given.seeds, 1);
  if (given.scenario !== undefined) {
    for (const name of ['engine', 'cluster', 'seconds', 'families', 'mutant'] as const)
      if (given[name] !== undefined) throw new Error(`--${name} does not go with --scenario\n${usage}`);
    return { kind: 'scenario', scenario: given.scenario, seed: seed ?? 1, seeds: seeds ?? SCENARIO_SEEDS };
  }
  if (given.verbose === true && given.cluster === undefined) {
    throw new Error(`--verbose goes with --cluster only\n${usage}`);
  }
  if (given.cluster !== undefined && given.engine !== undefined) {
    throw new Error(`--engine does not go with --cluster\n${usage}`);
  }
  const many = given.cluster === undefined ? SWARM_SEEDS : CLUSTER_SEEDS;
  const common = {
    seeds: { seed: seed ?? 1, seeds: seeds ?? (seed === null ? many : 1) },
    seconds: wholeNumber('seconds', given.seconds, 1),
    families: given.families?.split(',').filter(Boolean) ?? null,
    mutant: given.mutant ?? null,
  };
  if (given.cluster !== undefined)
    return { kind: 'cluster', cluster: given.cluster, verbose: given.verbose === true, ...common };
  return { kind: 'swarm', engine: given.engine ?? 'raft', ...common };
}

const OPTIONS = {
  help: { type: 'boolean' },
  scenario: { type: 'string' },
  engine: { type: 'string' },
  cluster: { type: 'string' },
  verbose: { type: 'boolean' },
  seed: { type: 'string' },
  seeds: { type: 'string' },
  seconds: { type: 'string' },
  families: { type: 'string' },
  mutants: { type: 'boolean' },
  mutant: { type: 'string' },
} as const;

function read(argv: readonly string[]): ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'] {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS }).values;
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n${usage}`);
  }
}

function wholeNumber(name: string, text: string | undefined, least: number): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (text.trim() !== '' && Number.isSafeInteger(value) && value >= least) return value;
  throw new Error(`--${name} is a whole number of at least ${least}, not "${text}"`);
}
