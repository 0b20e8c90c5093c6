import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from './root.ts';
import { type WorkspacePackage, workspaceNames } from './tree.ts';

/**
 * The packages of these names and every package of the workspace that they need.
 *
 * @param names - Unscoped.
 * @throws Error when there is no such package.
 */
export function closureOf(
  packages: readonly WorkspacePackage[],
  names: readonly string[],
): readonly WorkspacePackage[] {
  const found = new Set<WorkspacePackage>();
  const visit = (name: string): void => {
    const one = packages.find((candidate) => candidate.name === name);
    if (one === undefined) {
      throw new Error(`There is no package "${name}"; there are ${packages.map((each) => each.name).join(', ')}.`);
    }
    if (found.has(one)) return;
    found.add(one);
    workspaceNames(one.manifest.dependencies).forEach(visit);
  };
  names.forEach(visit);
  return [...found];
}

/**
 * Makes the archives that would be published. Wants the packages built, and pnpm on the path.
 *
 * @param destination - Folder, made when it is not there; each archive lies in a folder of its package's name.
 * @returns Paths of the archives by unscoped names.
 */
export function pack(packages: readonly WorkspacePackage[], destination: string): ReadonlyMap<string, string> {
  const archives = new Map<string, string>();
  for (const { name, folder } of packages) {
    const own = join(destination, name);
    mkdirSync(own, { recursive: true });
    call('pnpm', ['pack', '--pack-destination', own], join(workspaceRoot, folder));
    const [archive] = readdirSync(own);
    if (archive === undefined) throw new Error(`pnpm pack left no archive of ${name} in ${own}.`);
    archives.set(name, join(own, archive));
  }
  return archives;
}

/** Standard output of a program. @throws Error with what it printed, when it fails. */
export function call(program: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, encoding: 'utf8' });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
  return stdout;
}
