import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import type { Finding } from '../finding.ts';
import { heightOf, knowsBothModes, type PackageRule, ruleOf } from '../layers.ts';
import { type Import, importsOf } from '../source.ts';
import { kindOf, type SourceKind, scope, type Tree, type WorkspacePackage } from '../tree.ts';

/** Judges every import of every source file against the table of layers. */
export function checkBoundaries(tree: Tree): readonly Finding[] {
  const findings: Finding[] = [];
  for (const owner of tree.packages) {
    if (owner.rule === undefined) {
      findings.push({ path: `${owner.folder}/package.json`, line: 0, message: unknownPackage(owner.name) });
      continue;
    }
    for (const path of owner.sources) {
      for (const imported of importsOf(path, tree.files.get(path) ?? '')) {
        const message = judge(tree, owner, owner.rule, path, imported);
        if (message !== undefined) findings.push({ path, line: imported.line, message });
      }
    }
  }
  return findings;
}

/**
 * Whether `from` may depend on `to`, by the layers alone.
 *
 * @param kind - What the importing file is for; `src` is judged most strictly.
 * @returns What is wrong with the arrow and what to do instead, or nothing when it is right.
 */
export function judgeArrow(from: PackageRule, to: PackageRule, kind: SourceKind): string | undefined {
  const arrow = `${from.name} → ${to.name}`;
  if (to.name === 'bench' && kind === 'bench') return undefined;
  if (to.name === 'simulator' && kind !== 'src' && kind !== 'testing' && from.only === undefined) {
    const ground = ['std', ...(to.only ?? [])];
    return ground.includes(from.name)
      ? `${arrow}: the simulator stands on ${from.name}, so its tests would close a cycle. Instead: test it with builders of its own.`
      : undefined;
  }
  if (from.implements?.includes(to.name)) return undefined;
  if (to.implements?.includes(from.name)) {
    return `${arrow}: ${to.name} implements an interface of ${from.name} and is handed in. Instead: take it as an argument; its own tests hold both together.`;
  }
  if (from.only !== undefined && !from.only.includes(to.name)) {
    const list = from.only.length === 0 ? 'no workspace package' : `only ${from.only.join(', ')}`;
    return `${arrow}: ${from.name} imports ${list}. Instead: hand what it needs in from above, as an argument.`;
  }
  if (heightOf(to.layer) > heightOf(from.layer)) {
    return `${arrow} points up, from layer ${from.layer} to layer ${to.layer}. Instead: declare the interface in ${from.name} (or below) and let ${to.name} implement it or pass it in.`;
  }
  if (to.layer === from.layer && !(from.beside ?? []).includes(to.name)) {
    const allowed = from.beside === undefined ? 'nothing' : `only ${from.beside.join(', ')}`;
    return `${arrow} runs inside layer ${from.layer}, where ${from.name} may import ${allowed}. Instead: move what both need into a lower layer, or let what stands above pass it in.`;
  }
  if (to.mode !== undefined && to.mode !== from.mode && !knowsBothModes(from)) {
    const knows = from.mode === undefined ? 'of neither mode' : `of the ${from.mode} mode`;
    return `${arrow}: ${to.name} belongs to the ${to.mode} mode and ${from.name} is ${knows}; only cluster and the apps know both. Instead: go through control-plane or consensus.`;
  }
  return undefined;
}

function judge(tree: Tree, owner: WorkspacePackage, rule: PackageRule, path: string, imported: Import) {
  const { specifier } = imported;
  const kind = kindOf(owner, path);
  if (specifier.startsWith('.')) return judgeRelative(owner, path, kind, specifier);
  if (specifier.startsWith(scope)) return judgeWorkspaceImport(tree, owner, rule, kind, specifier);
  if (isBuiltin(specifier)) return judgeNodeImport(owner, rule, path, kind, specifier);
  return judgeForeignImport(rule, kind, specifier);
}

function judgeRelative(owner: WorkspacePackage, path: string, kind: SourceKind, specifier: string) {
  const target = posix.join(posix.dirname(path), specifier);
  if (!target.startsWith(`${owner.folder}/`)) {
    return `${specifier} leaves the package. Instead: import the other package by its name, @biquorum/….`;
  }
  if ((kind === 'src' || kind === 'testing') && !target.startsWith(`${owner.folder}/src/`)) {
    return `${specifier} leaves src, and only src is published. Instead: move the module into src, or the importer out of it.`;
  }
  if (kind === 'src' && owner.kind === 'package' && target.startsWith(`${owner.folder}/src/testing/`)) {
    return `${specifier}: sources never use their own testing folder. Instead: move the module out of src/testing.`;
  }
  return undefined;
}

function judgeWorkspaceImport(
  tree: Tree,
  owner: WorkspacePackage,
  rule: PackageRule,
  kind: SourceKind,
  specifier: string,
) {
  const [name = '', ...rest] = specifier.slice(scope.length).split('/');
  const subpath = rest.length === 0 ? '.' : `./${rest.join('/')}`;
  if (name === owner.name) {
    return kind === 'src' || kind === 'testing'
      ? `${specifier} imports the package into itself. Instead: import the module by its relative path.`
      : undefined;
  }
  const to = ruleOf(name);
  if (to === undefined) return unknownPackage(name);
  const wrong = judgeArrow(rule, to, kind);
  if (wrong !== undefined) return wrong;
  const target = tree.packages.find((candidate) => candidate.name === name);
  if (target !== undefined && !exportsSubpath(target, subpath)) {
    return `${specifier}: ${target.folder}/package.json does not export "${subpath}". Instead: import what it exports, or export it there on purpose.`;
  }
  const outside = kind !== 'src' || knowsBothModes(rule);
  if (subpath === './testing' && !outside && rule.name !== 'simulator') {
    return `${specifier}: what runs in production never uses testing parts. Instead: take a port or an interface as an argument; tests pass the testing part in.`;
  }
  if (subpath === './node' && (kind === 'testing' || !outside)) {
    return `${specifier}: nothing above platform/node may need Node. Instead: take the port from @biquorum/platform as an argument; cluster and the apps choose its implementation.`;
  }
  return undefined;
}

function exportsSubpath({ manifest }: WorkspacePackage, subpath: string): boolean {
  return Object.keys(manifest.exports ?? {}).some((pattern) => {
    const [before = '', after] = pattern.split('*');
    return after === undefined
      ? pattern === subpath
      : subpath.length > before.length + after.length && subpath.startsWith(before) && subpath.endsWith(after);
  });
}

function judgeNodeImport(
  owner: WorkspacePackage,
  rule: PackageRule,
  path: string,
  kind: SourceKind,
  specifier: string,
) {
  if (owner.kind === 'app' || (kind !== 'src' && kind !== 'testing')) return undefined;
  if (rule.name === 'platform' && path.startsWith(`${owner.folder}/src/node/`)) return undefined;
  const name = specifier.startsWith('node:') ? specifier : `node:${specifier}`;
  if (rule.nodeModules?.includes(name)) return undefined;
  return `${rule.name} → ${name}: only platform/src/node touches Node's modules. Instead: use a port of @biquorum/platform, and add one there when none fits.`;
}

function judgeForeignImport(rule: PackageRule, kind: SourceKind, specifier: string) {
  if (rule.npm === true || (kind !== 'src' && kind !== 'testing')) return undefined;
  return `${rule.name} → ${specifier}: ${rule.name} has no dependencies outside the workspace. Instead: take what it does as an argument, or write it in a package of the base layer.`;
}

function unknownPackage(name: string): string {
  return `${name} is not in the table of layers. Instead: give it a line in apps/workspace/src/layers.ts and in docs/architecture.md first.`;
}
