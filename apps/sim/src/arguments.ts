/** What the command line asks for. */
export interface Arguments {
  readonly engine: string;
  /** First seed; null for the standard routine. */
  readonly seed: number | null;
  readonly seeds: number | null;
  /** Stop after so many seconds, whatever is left. */
  readonly seconds: number | null;
  readonly families: readonly string[] | null;
  readonly mutant: string | null;
  readonly listMutants: boolean;
}

export const usage = `pnpm sim                          the standard routine: scenarios, a swarm, the same seed twice, all mutants
pnpm sim --scenario NAME [--seed S] [--seeds N]
pnpm sim --engine raft --seeds N  N seeds from 1 on, or from --seed S on
  --seconds T                     at most so long
  --families a,b,c                instead of those that the seed draws
  --mutants                       list the broken builds
  --mutant NAME                   run a broken build; exits 1 when the violation is found`;

/** @throws Error saying which argument is wrong. */
export function parseArguments(argv: readonly string[]): Arguments {
  const given = new Map<string, string>();
  for (let at = 0; at < argv.length; at++) {
    const name = argv[at] as string;
    if (name === '--mutants') given.set(name, '');
    else if (!VALUED.has(name)) throw new Error(`unknown argument ${name}\n${usage}`);
    else given.set(name, argv[++at] ?? '');
  }
  const families = given.get('--families');
  return {
    engine: given.get('--engine') ?? 'raft',
    seed: wholeNumber(given, '--seed'),
    seeds: wholeNumber(given, '--seeds'),
    seconds: wholeNumber(given, '--seconds'),
    families: families === undefined ? null : families.split(',').filter(Boolean),
    mutant: given.get('--mutant') ?? null,
    listMutants: given.has('--mutants'),
  };
}

const VALUED: ReadonlySet<string> = new Set(['--engine', '--seed', '--seeds', '--seconds', '--families', '--mutant']);

function wholeNumber(given: ReadonlyMap<string, string>, name: string): number | null {
  const text = given.get(name);
  if (text === undefined) return null;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`${name} is "${text}", not a whole number`);
  return value;
}
