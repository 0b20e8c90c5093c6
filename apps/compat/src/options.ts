import { parseArgs } from 'node:util';

/** What the command line asks for. */
export interface Options {
  /** Names of the suites to run; empty for all. */
  readonly suites: readonly string[];
  readonly list: boolean;
  /** Whether results go to standard output as JSON, and everything else to standard error. */
  readonly json: boolean;
  /** Parts of the names of the rows that are wanted; empty for all. */
  readonly only: readonly string[];
  readonly full: boolean;
  readonly seed: number;
}

/** Text that says how to call the program. */
export const USAGE = 'pnpm compat [--suite NAME]... [--seed N] [--full] [--row TEXT]... [--json] [--list]';

/**
 * Reads the command line.
 *
 * @param freshSeed seed to take if none is given
 * @throws {Error} naming what is wrong and the usage
 */
export function parseOptions(args: readonly string[], freshSeed: number): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      suite: { type: 'string', multiple: true, default: [] },
      seed: { type: 'string' },
      row: { type: 'string', multiple: true, default: [] },
      json: { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
    },
  });
  const seed = values.seed === undefined ? freshSeed : Number(values.seed);
  if (!Number.isSafeInteger(seed)) throw new Error(`--seed must be an integer, not '${values.seed}'; usage: ${USAGE}`);
  const { suite, list, full, json, row } = values;
  return { suites: suite, list, full, json, only: row, seed };
}
