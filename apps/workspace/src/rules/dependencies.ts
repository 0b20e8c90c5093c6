import { isBuiltin } from 'node:module';
import type { Finding } from '../finding.ts';
import { ruleOf } from '../layers.ts';
import { importsOf } from '../source.ts';
import { kindOf, type Manifest, scope, type Tree, type WorkspacePackage, workspaceNames } from '../tree.ts';
import { judgeArrow } from './boundaries.ts';

/** Packages whose command is not called like the package itself. */
const commandOf: Readonly<Record<string, string>> = {
  '@arethetypeswrong/cli': 'attw',
  '@biomejs/biome': 'biome',
  '@changesets/cli': 'changeset',
  typescript: 'tsc',
};

/** Packages that are declared only because another one asks for them beside itself. */
const companionOf: Readonly<Record<string, string>> = { typescript: 'typedoc' };

/** Every package may declare this without a test of its own yet: the first test then needs no new dependency. */
const testTools = new Set(['vitest', 'fast-check', `${scope}bench`]);

/**
 * Holds every `package.json` against the imports of its package, both ways: what is imported is declared, what is
 * declared is used, arrows follow the layers, and the graph has no cycle even with development dependencies.
 */
export function checkDependencies(tree: Tree): readonly Finding[] {
  return [...tree.packages.flatMap((owner) => checkManifest(tree, owner)), ...checkCycles(tree)];
}

function checkManifest(tree: Tree, owner: WorkspacePackage): Finding[] {
  const { manifest } = owner;
  const path = `${owner.folder}/package.json`;
  const findings: Finding[] = [];
  const report = (message: string): void => void findings.push({ path, line: 0, message });

  const used = importedPackages(tree, owner);
  const runtime = runtimeDependencies(manifest);
  const development = manifest.devDependencies ?? {};
  for (const [name, place] of used.src) {
    if (name in runtime || name === manifest.name) continue;
    findings.push({
      ...place,
      message: `${name} is imported by sources but not declared. Instead: add it to dependencies in ${path}.`,
    });
  }
  for (const [name, place] of used.other) {
    if (name in runtime || name in development || name === manifest.name) continue;
    findings.push({
      ...place,
      message: `${name} is imported but not declared. Instead: add it to devDependencies in ${path}.`,
    });
  }
  for (const name of Object.keys(runtime)) {
    if (used.src.has(name) || used.src.has(companionOf[name] ?? name)) continue;
    const remedy = used.other.has(name) ? 'move it to devDependencies' : 'remove it';
    report(`${name} stands in dependencies but no source imports it. Instead: ${remedy}.`);
  }
  for (const name of Object.keys(development)) {
    if (name in runtime) report(`${name} stands in dependencies and in devDependencies. Instead: keep the first.`);
    if (used.other.has(name) || testTools.has(name) || calledByScript(manifest, name)) continue;
    const remedy = used.src.has(name) ? 'move it to dependencies' : 'remove it';
    report(`${name} stands in devDependencies but no test, bench or script uses it. Instead: ${remedy}.`);
  }
  for (const [name, range] of [...Object.entries(runtime), ...Object.entries(development)]) {
    const right = name.startsWith(scope) ? range === 'workspace:^' : /^catalog:/.test(range);
    const remedy = name.startsWith(scope) ? '"workspace:^"' : '"catalog:", with the version in pnpm-workspace.yaml';
    if (!right) report(`${name} has the range "${range}". Instead: ${remedy}.`);
  }
  return [...findings, ...checkArrows(owner, path)];
}

function checkArrows(owner: WorkspacePackage, path: string): Finding[] {
  const { rule, manifest } = owner;
  if (rule === undefined) return [];
  const findings: Finding[] = [];
  const judgeAll = (names: readonly string[], kind: 'src' | 'bench'): void => {
    for (const name of names) {
      const to = ruleOf(name);
      const message =
        to === undefined ? `${scope}${name} is no package of this workspace.` : judgeArrow(rule, to, kind);
      if (message !== undefined) findings.push({ path, line: 0, message });
    }
  };
  judgeAll(workspaceNames(runtimeDependencies(manifest)), 'src');
  judgeAll(workspaceNames(manifest.devDependencies), 'bench');
  for (const name of Object.keys(runtimeDependencies(manifest))) {
    if (name.startsWith(scope) || rule.npm === true) continue;
    findings.push({
      path,
      line: 0,
      message: `${rule.name} → ${name}: ${rule.name} has no dependencies outside the workspace. Instead: take what it does as an argument.`,
    });
  }
  return findings;
}

interface Used {
  readonly src: Map<string, { readonly path: string; readonly line: number }>;
  readonly other: Map<string, { readonly path: string; readonly line: number }>;
}

function importedPackages(tree: Tree, owner: WorkspacePackage): Used {
  const used: Used = { src: new Map(), other: new Map() };
  for (const path of owner.sources) {
    const kind = kindOf(owner, path);
    const into = kind === 'src' || kind === 'testing' ? used.src : used.other;
    for (const { specifier, line } of importsOf(path, tree.files.get(path) ?? '')) {
      if (specifier.startsWith('.') || isBuiltin(specifier)) continue;
      const name = packageOf(specifier);
      if (!into.has(name)) into.set(name, { path, line });
    }
  }
  return used;
}

function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

function runtimeDependencies(manifest: Manifest): Readonly<Record<string, string>> {
  return { ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.optionalDependencies };
}

function calledByScript(manifest: Manifest, name: string): boolean {
  const command = commandOf[name] ?? name;
  return Object.values(manifest.scripts ?? {}).some((script) => script.split(/[\s;&|]+/).includes(command));
}

function checkCycles(tree: Tree): Finding[] {
  const edges = new Map(
    tree.packages.map(({ name, manifest }) => [
      name,
      [...workspaceNames(runtimeDependencies(manifest)), ...workspaceNames(manifest.devDependencies)],
    ]),
  );
  const findings: Finding[] = [];
  const done = new Set<string>();
  const visit = (name: string, trail: readonly string[]): void => {
    const start = trail.indexOf(name);
    if (start >= 0) {
      const cycle = [...trail.slice(start), name].join(' → ');
      const path = tree.packages.find((candidate) => candidate.name === name)?.folder ?? name;
      findings.push({
        path: `${path}/package.json`,
        line: 0,
        message: `${cycle} is a cycle, and turbo refuses those, development dependencies included. Instead: move the test that closes it to the higher package.`,
      });
      return;
    }
    if (done.has(name)) return;
    for (const next of edges.get(name) ?? []) visit(next, [...trail, name]);
    done.add(name);
  };
  for (const name of edges.keys()) visit(name, []);
  return findings;
}
