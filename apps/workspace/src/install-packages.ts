/**
 * Packs every package, installs each into an empty project with nothing but what it declares, and uses it there as a
 * stranger would: every exported module is imported by Node and type-checked by TypeScript, and the programs of its README
 * are checked and run.
 *
 * Wants the packages built; names of packages are the only ones that are tried. Needs the package registry for what they depend on outside of the workspace.
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFiles } from './files.ts';
import { formatFinding } from './finding.ts';
import { call, closureOf, pack } from './pack.ts';
import { workspaceRoot } from './root.ts';
import { modulesOf } from './rules/manifests.ts';
import { checkTypes } from './snippets/check-types.ts';
import { type Page, pageOf } from './snippets/page.ts';
import { inPage, layOut, runPage } from './snippets/run-page.ts';
import { treeOf, type WorkspacePackage } from './tree.ts';

const files = readFiles(workspaceRoot);
const packages = treeOf(files).packages.filter(({ kind }) => kind === 'package');
const named = process.argv.slice(2);
const wanted = named.length === 0 ? packages : packages.filter(({ name }) => named.includes(name));
const scratch = mkdtempSync(join(tmpdir(), 'biquorum-packages-'));
try {
  const closures = new Map(wanted.map((one) => [one, closureOf(packages, namesFor(one))]));
  const archives = pack([...new Set([...closures.values()].flat())]);
  for (const [one, closure] of closures) {
    try {
      const own = closure.map(({ name }) => archives.get(name) ?? name);
      console.log(`${one.manifest.name}: ${await tryOut(one, own)}`);
    } catch (error) {
      console.error(`${one.manifest.name}: FAILED, ${(error as Error).message}`);
      process.exitCode = 1;
    }
  }
} finally {
  rmSync(scratch, { recursive: true });
}

function readmeOf({ folder }: WorkspacePackage): Page {
  const path = `${folder}/README.md`;
  return pageOf(path, files.get(path) ?? '');
}

/** The package, and what the programs of its README say that they need besides. */
function namesFor(one: WorkspacePackage): string[] {
  const { snippets } = readmeOf(one);
  return [one.name, ...snippets.flatMap((snippet) => (snippet.kind === 'program' ? snippet.with : []))];
}

async function tryOut(one: WorkspacePackage, archives: readonly string[]): Promise<string> {
  const project = join(scratch, 'projects', one.name);
  mkdirSync(project, { recursive: true });
  const writeJson = (name: string, value: unknown): void => writeFileSync(join(project, name), JSON.stringify(value));
  writeJson('package.json', { name: 'stranger', private: true, type: 'module' });
  call(
    'npm',
    ['install', '--no-audit', '--no-fund', '--no-package-lock', '--prefer-offline', '--loglevel=error', ...archives],
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
  mkdirSync(join(project, 'node_modules/@types'), { recursive: true });
  symlinkSync(join(workspaceRoot, 'node_modules/@types/node'), join(project, 'node_modules/@types/node'));
  check('node', needsNode, ['node']);

  const readme = readmeOf(one);
  const stage = { folder: project, workspace: workspaceRoot, conditions: [], timeoutMs: 180_000, full: true };
  const mistyped = await checkTypes(project, layOut(readme, stage));
  if (mistyped !== undefined) throw new Error(`its README has wrong types:\n${inPage(readme, mistyped)}`);
  const { findings, ran } = await runPage(readme, stage);
  if (findings.length > 0) throw new Error(`its README is wrong:\n${findings.map(formatFinding).join('\n')}`);
  return `${modules.length} modules, ${values} values, ${ran} ${ran === 1 ? 'program' : 'programs'} of its README`;
}
