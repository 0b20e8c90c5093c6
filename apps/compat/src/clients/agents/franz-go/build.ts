import { existsSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprint } from '../../../java/cache.ts';
import { runProgram } from '../../../java/run-program.ts';
import { findGo } from './toolchain.ts';

/** Folder of the agent's Go sources, of the file that names its modules and of that with their checksums. */
const SOURCES = join(import.meta.dirname, '..', '..', '..', '..', 'go');

/**
 * Builds the agent into the cache, under a name that says its content: what is there needs no Go any more.
 *
 * @returns the program's path
 * @throws {Error} naming what is missing and the remedy
 */
export async function buildAgent(cache: string, scratch: string): Promise<string> {
  const names = readdirSync(SOURCES).filter((name) => /\.(?:go|mod|sum)$/.test(name));
  const contents = names.sort().flatMap((name) => [name, readFileSync(join(SOURCES, name))]);
  const target = join(cache, `franz-go-agent-${fingerprint(...contents)}`);
  if (existsSync(target)) return target;
  const go = await findGo(scratch);
  const fresh = `${target}.${process.pid}`;
  await runProgram({
    command: go,
    args: ['build', '-mod=readonly', '-trimpath', '-o', fresh, '.'],
    cwd: SOURCES,
    env: { GOTOOLCHAIN: 'local', CGO_ENABLED: '0' },
  });
  renameSync(fresh, target);
  return target;
}
