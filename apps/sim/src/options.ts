import { parseArgs } from 'node:util';

/** What the command line asks for. */
export interface Options {
  /** Names of the scenarios to run; all of them unless one is chosen. */
  readonly scenarios: readonly string[];
  /** The first seed. */
  readonly seed: number;
  /** How many seeds, one after the other. */
  readonly seeds: number;
}

/** How to call the program. */
export const usage = 'pnpm sim [--scenario NAME] [--seed N] [--seeds COUNT]';

/**
 * Reads the command line.
 *
 * @throws Error that says what is wrong and what would be right.
 */
export function parseOptions(args: readonly string[], scenarios: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      scenario: { type: 'string' },
      seed: { type: 'string', default: '1' },
      seeds: { type: 'string', default: '20' },
    },
  });
  const { scenario } = values;
  if (scenario !== undefined && !scenarios.includes(scenario)) {
    throw new Error(`There is no scenario "${scenario}", but ${scenarios.join(', ')}. Usage: ${usage}`);
  }
  return {
    scenarios: scenario === undefined ? scenarios : [scenario],
    seed: wholeNumber('--seed', values.seed, 0),
    seeds: wholeNumber('--seeds', values.seeds, 1),
  };
}

function wholeNumber(name: string, text: string, least: number): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isSafeInteger(value) && value >= least) return value;
  throw new Error(`${name} is a whole number of at least ${least}, not "${text}". Usage: ${usage}`);
}
