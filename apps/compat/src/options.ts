import { parseArgs } from 'node:util';
import { ENSEMBLES, type Ensemble, isEnsemble } from './ensemble.ts';
import { isMode, MODES, type Mode } from './mode.ts';

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
  /** Whether documents that a run makes are written, instead of compared with what is there. */
  readonly write: boolean;
  /** How the brokers under test are governed; undefined for every mode that a suite is about. */
  readonly mode: Mode | undefined;
  /** At what brokers in ZooKeeper mode meet; undefined for what a suite chooses by itself. */
  readonly ensemble: Ensemble | undefined;
  readonly seed: number;
  /** How often a live suite with failures is run again. */
  readonly retries: number;
}

/** Text that says how to call the program. */
export const USAGE =
  'pnpm compat [--suite NAME]... [--seed N] [--full] [--mode MODE] [--ensemble apache|ours] [--row TEXT]... [--retries N] [--write] [--json] [--list]';

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
      write: { type: 'boolean', default: false },
      mode: { type: 'string' },
      ensemble: { type: 'string' },
      retries: { type: 'string', default: '0' },
      json: { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
    },
  });
  const seed = values.seed === undefined ? freshSeed : Number(values.seed);
  if (!Number.isSafeInteger(seed)) throw new Error(`--seed must be an integer, not '${values.seed}'; usage: ${USAGE}`);
  const retries = Number(values.retries);
  if (!Number.isSafeInteger(retries) || retries < 0)
    throw new Error(`--retries must be a whole number from 0 on, not '${values.retries}'; usage: ${USAGE}`);
  const { suite, list, full, json, row, write, mode, ensemble } = values;
  if (mode !== undefined && !isMode(mode))
    throw new Error(`--mode must be one of ${MODES.join(', ')}, not '${mode}'; usage: ${USAGE}`);
  if (ensemble !== undefined && !isEnsemble(ensemble))
    throw new Error(`--ensemble must be one of ${ENSEMBLES.join(', ')}, not '${ensemble}'; usage: ${USAGE}`);
  return { suites: suite, list, full, json, only: row, write, mode, ensemble, seed, retries };
}
