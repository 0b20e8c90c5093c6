/**
 * `pnpm run pack [PACKAGE…]`: leaves the archives of packages, and of those that they need, in `dist`, to be installed
 * into projects outside of this workspace; without names those of all packages.
 */
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readFiles } from './files.ts';
import { call, closureOf, pack } from './pack.ts';
import { workspaceRoot } from './root.ts';
import { scope, treeOf } from './tree.ts';

const packages = treeOf(readFiles(workspaceRoot)).packages.filter(({ kind }) => kind === 'package');
const named = process.argv.slice(2);
try {
  const wanted = named.length === 0 ? packages : closureOf(packages, named);
  const filters = wanted.flatMap(({ name }) => ['--filter', `${scope}${name}`]);
  call('turbo', ['run', 'build', ...filters, '--output-logs=errors-only'], workspaceRoot);
  const destination = join(workspaceRoot, 'dist');
  rmSync(destination, { recursive: true, force: true });
  mkdirSync(destination);
  const archives = pack(wanted);
  for (const archive of archives.values()) copyFileSync(archive, join(destination, basename(archive)));
  console.log(`${archives.size} packages are in dist. In a project of yours: npm install ${destination}/*.tgz`);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
