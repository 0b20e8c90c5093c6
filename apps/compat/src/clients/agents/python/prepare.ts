import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprint } from '../../../java/cache.ts';
import { runProgram } from '../../../java/run-program.ts';

const REMEDY =
  'install Python 3.9 or newer with venv and pip (Debian: apt-get install python3-venv), with PyPI in reach';
const CLIENTS = join(import.meta.dirname, 'requirements.txt');
const underWay = new Map<string, Promise<string>>();

/**
 * The Python of an environment that has what a file of requirements names, made once in the cache.
 *
 * @param requirements path of that file; that of the clients by default
 * @throws Error with the remedy if it cannot be made
 */
export function preparePython(cache: string, requirements: string = CLIENTS): Promise<string> {
  const key = `${cache} ${requirements}`;
  let prepared = underWay.get(key);
  if (prepared === undefined) {
    prepared = makeEnvironment(cache, requirements);
    underWay.set(key, prepared);
  }
  return prepared;
}

async function makeEnvironment(cache: string, requirements: string): Promise<string> {
  const environment = join(cache, `python-${fingerprint(readFileSync(requirements))}`);
  const python = join(environment, 'bin', 'python');
  const whole = join(environment, 'complete');
  if (existsSync(whole)) return python;
  // An environment knows its own path, so that it is made in its place, and marked when it is whole.
  rmSync(environment, { recursive: true, force: true });
  try {
    await runProgram({ command: 'python3', args: ['-m', 'venv', environment] });
    const quiet = ['--quiet', '--disable-pip-version-check', '--no-input'];
    await runProgram({ command: python, args: ['-m', 'pip', 'install', ...quiet, '--requirement', requirements] });
  } catch (error) {
    throw new Error(`what ${requirements} names cannot be installed: ${REMEDY}`, { cause: error });
  }
  mkdirSync(`${whole}.new`, { recursive: true });
  renameSync(`${whole}.new`, whole);
  return python;
}
