/**
 * Packs every package, installs each into an empty project with nothing but what it declares, and uses it there as a
 * stranger would: every exported module is imported by Node and type-checked by TypeScript.
 *
 * Wants the packages built. Needs the package registry for what they depend on outside of the workspace.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFiles } from './files.ts';
import { workspaceRoot } from './root.ts';
import { modulesOf } from './rules/manifests.ts';
import { treeOf, type WorkspacePackage, workspaceNames } from './tree.ts';

const packages = treeOf(readFiles(workspaceRoot)).packages.filter(({ kind }) => kind === 'package');
const scratch = mkdtempSync(join(tmpdir(), 'biquorum-packages-'));
try {
  const archives = new Map(packages.map((one) => [one.name, pack(one)]));
  for (const one of packages) {
    try {
      console.log(`${one.manifest.name}: ${tryOut(one, archives)}`);
    } catch (error) {
      console.error(`${one.manifest.name}: FAILED, ${(error as Error).message}`);
      process.exitCode = 1;
    }
  }
} finally {
  rmSync(scratch, { recursive: true });
}

/** Makes the archive that would be published. */
function pack({ name, folder }: WorkspacePackage): string {
  const destination = join(scratch, 'archives', name);
  mkdirSync(destination, { recursive: true });
  call('pnpm', ['pack', '--pack-destination', destination], join(workspaceRoot, folder));
  const [archive] = readdirSync(destination);
  if (archive === undefined) throw new Error(`pnpm pack left no archive of ${name} in ${destination}.`);
  return join(destination, archive);
}

function tryOut(one: WorkspacePackage, archives: ReadonlyMap<string, string>): string {
  const project = join(scratch, 'projects', one.name);
  mkdirSync(project, { recursive: true });
  const writeJson = (name: string, value: unknown): void => writeFileSync(join(project, name), JSON.stringify(value));
  writeJson('package.json', { name: 'stranger', private: true, type: 'module' });
  const wanted = [...closureOf(one)].map((name) => archives.get(name) ?? name);
  call(
    'npm',
    ['install', '--no-audit', '--no-fund', '--no-package-lock', '--prefer-offline', '--loglevel=error', ...wanted],
    project,
  );

  const modules = Object.entries(one.manifest.exports ?? {}).flatMap(([subpath, entry]) =>
    modulesOf(one, (entry as { '@biquorum/source': string })['@biquorum/source']).map(
      ({ star }) => `${one.manifest.name}${subpath.slice(1).replace('*', star)}`,
    ),
  );
  if (modules.length === 0) throw new Error('its exports lead to no module.');
  const program = modules.map((module, index) => `import * as m${index} from '${module}';`).join('\n');
  const count = modules.map((_, index) => `Object.keys(m${index}).length`).join(' + ');
  writeFileSync(join(project, 'use.mjs'), `${program}\nconsole.log(${count});\n`);
  const values = call('node', ['use.mjs'], project).trim();

  const compilerOptions = {
    module: 'nodenext',
    target: 'es2023',
    lib: ['es2024', 'esnext.disposable'],
    strict: true,
    noEmit: true,
  };
  const needsNode = modules.filter((module) => module.endsWith('/node'));
  const portable = modules.filter((module) => !needsNode.includes(module));
  const check = (name: string, imported: readonly string[], types: readonly string[]): void => {
    if (imported.length === 0) return;
    const uses = imported.map((module, index) => `import * as m${index} from '${module}';\nvoid m${index};\n`);
    writeFileSync(join(project, `${name}.ts`), uses.join(''));
    writeJson(`tsconfig.${name}.json`, { compilerOptions: { ...compilerOptions, types }, files: [`${name}.ts`] });
    call('tsc', ['-p', `tsconfig.${name}.json`], project);
  };
  check('portable', portable, []);
  if (needsNode.length > 0) {
    mkdirSync(join(project, 'node_modules/@types'), { recursive: true });
    symlinkSync(join(workspaceRoot, 'node_modules/@types/node'), join(project, 'node_modules/@types/node'));
    check('node', needsNode, ['node']);
  }
  return `${modules.length} modules, ${values} values`;
}

/** The package and every workspace package that it needs, by name. */
function closureOf(one: WorkspacePackage, found: Set<string> = new Set()): Set<string> {
  found.add(one.name);
  for (const name of workspaceNames(one.manifest.dependencies)) {
    const next = packages.find((candidate) => candidate.name === name);
    if (next !== undefined && !found.has(name)) closureOf(next, found);
  }
  return found;
}

/** Standard output of a program. @throws Error with what it printed, when it fails. */
function call(program: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, encoding: 'utf8' });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
  return stdout;
}
