import { parseArgs } from 'node:util';

/** What the command line asks for. */
export type Arguments =
  | { readonly kind: 'help' }
  /** What has to hold before a commit. */
  | { readonly kind: 'routine' }
  | { readonly kind: 'listMutants' }
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
pnpm sim --engine raft --seeds N  N seeds from 1 on, or from --seed S on
  --seed S                        the first seed; alone, only this one
  --seconds T                     at most so long
  --families a,b,c                faults instead of those that each seed draws
  --mutant NAME                   run a broken build; exits 1 when the violation is found
pnpm sim --engine raft --mutants  list the broken builds`;

const SCENARIO_SEEDS = 20;
const SWARM_SEEDS = 2000;

/** @throws Error that names the argument that is wrong and says how it would be right. */
export function parseArguments(argv: readonly string[]): Arguments {
  const given = read(argv);
  if (given.help === true) return { kind: 'help' };
  if (argv.length === 0) return { kind: 'routine' };
  if (given.mutants === true) return { kind: 'listMutants' };
  const seed = wholeNumber('seed', given.seed, 0);
  const seeds = wholeNumber('seeds', given.seeds, 1);
  if (given.scenario !== undefined) {
    for (const name of ['engine', 'seconds', 'families', 'mutant'] as const)
      if (given[name] !== undefined) throw new Error(`--${name} does not go with --scenario\n${usage}`);
    return { kind: 'scenario', scenario: given.scenario, seed: seed ?? 1, seeds: seeds ?? SCENARIO_SEEDS };
  }
  return {
    kind: 'swarm',
    engine: given.engine ?? 'raft',
    seeds: { seed: seed ?? 1, seeds: seeds ?? (seed === null ? SWARM_SEEDS : 1) },
    seconds: wholeNumber('seconds', given.seconds, 1),
    families: given.families?.split(',').filter(Boolean) ?? null,
    mutant: given.mutant ?? null,
  };
}

const OPTIONS = {
  help: { type: 'boolean' },
  scenario: { type: 'string' },
  engine: { type: 'string' },
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
