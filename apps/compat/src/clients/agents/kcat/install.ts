import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runProgram } from '../../../java/run-program.ts';

/** A kcat that can be run. */
export interface Kcat {
  readonly command: string;
  readonly env: Readonly<Record<string, string>>;
}

/** kcat, and of what it is linked against that which a Debian need not have. */
const PACKAGES = ['kcat', 'librdkafka1', 'libyajl2'];
const REMEDY = 'install it (Debian: apt-get install kcat), or let apt-get download it';
const run = promisify(execFile);

/**
 * The kcat on the PATH; where there is none, Debian's, unpacked into the cache, which needs no rights.
 *
 * @throws Error with the remedy if there is none to be had
 */
export async function findKcat(cache: string): Promise<Kcat> {
  const installed: Kcat = { command: 'kcat', env: {} };
  if (await works(installed)) return installed;
  const root = join(cache, 'kcat');
  if (!existsSync(root)) await unpack(root);
  const libraries = join(root, 'usr', 'lib');
  const folders = existsSync(libraries) ? readdirSync(libraries).map((name) => join(libraries, name)) : [];
  const unpacked: Kcat = {
    command: join(root, 'usr', 'bin', 'kcat'),
    env: { LD_LIBRARY_PATH: [...folders, process.env['LD_LIBRARY_PATH'] ?? ''].join(':') },
  };
  if (await works(unpacked)) return unpacked;
  rmSync(root, { recursive: true, force: true });
  throw new Error(`kcat is not on the PATH, and Debian's does not run here: ${REMEDY}`);
}

async function works({ command, env }: Kcat): Promise<boolean> {
  return run(command, ['-V'], { env: { ...process.env, ...env } }).then(
    () => true,
    () => false,
  );
}

async function unpack(root: string): Promise<void> {
  const scratch = mkdtempSync(`${root}-`);
  try {
    await runProgram({ command: 'apt-get', args: ['--quiet', '--quiet', 'download', ...PACKAGES], cwd: scratch });
    const target = join(scratch, 'root');
    mkdirSync(target);
    for (const file of readdirSync(scratch).filter((name) => name.endsWith('.deb')))
      await runProgram({ command: 'dpkg-deb', args: ['--extract', join(scratch, file), target] });
    renameSync(target, root);
  } catch (error) {
    // Another run may have put the same files there first.
    if (!existsSync(root))
      throw new Error(`kcat is not on the PATH and cannot be downloaded: ${REMEDY}`, { cause: error });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
