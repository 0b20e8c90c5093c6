import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
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
 * Makes the archives that would be published. Packing takes a second for each package, so an archive is kept for as long as
 * the package is what it was. Wants the packages built, and pnpm on the path.
 *
 * @returns Paths of the archives by unscoped names; they are kept there, not to be changed.
 */
export function pack(packages: readonly WorkspacePackage[]): ReadonlyMap<string, string> {
  const around = readAround();
  return new Map(
    packages.map(({ name, folder }) => {
      const path = join(workspaceRoot, folder);
      const kept = join(KEPT, name, digestOf(path, around));
      if (!existsSync(kept)) packInto(kept, path);
      const [archive] = readdirSync(kept);
      if (archive === undefined) throw new Error(`pnpm pack left no archive of ${name} in ${kept}.`);
      return [name, join(kept, archive)];
    }),
  );
}

/** What manifests draw from: versions of the packages, and those of the catalog. */
function readAround(): string {
  const manifests = readdirSync(join(workspaceRoot, 'packages')).map((name) => `packages/${name}/package.json`);
  const versions = manifests
    .filter((path) => existsSync(join(workspaceRoot, path)))
    .map((path) => {
      const { version } = JSON.parse(readFileSync(join(workspaceRoot, path), 'utf8')) as { readonly version: string };
      return `${path} ${version}`;
    });
  const shared = ['pnpm-workspace.yaml', 'LICENSE'].map((path) => readFileSync(join(workspaceRoot, path), 'utf8'));
  return [...versions, ...shared].join('\n');
}

const KEPT = join(workspaceRoot, 'node_modules/.cache/biquorum/archives');
const KEPT_MS = 24 * 3_600_000;

/** At once or not at all: others may pack at the same time. */
function packInto(kept: string, packageFolder: string): void {
  const all = dirname(kept);
  mkdirSync(all, { recursive: true });
  for (const old of readdirSync(all)) {
    const path = join(all, old);
    if (Date.now() - statSync(path).mtimeMs > KEPT_MS) rmSync(path, { recursive: true, force: true });
  }
  const fresh = mkdtempSync(`${kept}-`);
  call('pnpm', ['pack', '--pack-destination', fresh], packageFolder);
  try {
    renameSync(fresh, kept);
  } catch (error) {
    if (!existsSync(kept)) throw error;
    rmSync(fresh, { recursive: true });
  }
}

/**
 * A digest of all that an archive of a package is made of.
 *
 * @param folder - Absolute, of the package.
 * @param around - What its manifest draws from the rest of the workspace.
 */
export function digestOf(folder: string, around: string): string {
  const digest = createHash('sha256').update(around);
  const paths = ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md'].filter((path) =>
    existsSync(join(folder, path)),
  );
  for (const part of ['dist', 'src']) {
    if (!existsSync(join(folder, part))) continue;
    const entries = readdirSync(join(folder, part), { recursive: true, withFileTypes: true });
    for (const entry of entries) {
      if (entry.isFile() && !entry.name.startsWith('.tsbuildinfo'))
        paths.push(relative(folder, join(entry.parentPath, entry.name)));
    }
  }
  for (const path of paths.sort()) {
    const bytes = readFileSync(join(folder, path));
    digest.update(`${path}\n${bytes.length}\n`).update(bytes);
  }
  return digest.digest('hex').slice(0, 16);
}

/** Standard output of a program. @throws Error with what it printed, when it fails. */
export function call(program: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, encoding: 'utf8' });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
  return stdout;
}
