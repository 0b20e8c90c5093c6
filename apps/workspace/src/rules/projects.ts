import { posix } from 'node:path';
import type { Finding } from '../finding.ts';
import { knowsBothModes, type PackageRule } from '../layers.ts';
import { type Tree, type WorkspacePackage, workspaceNames } from '../tree.ts';

/** What the rules read of a `tsconfig.json`; other fields are kept as they are. */
export interface Project {
  readonly extends?: string;
  readonly compilerOptions?: Readonly<Record<string, unknown>> & { readonly types?: readonly string[] };
  readonly include?: readonly string[];
  readonly files?: readonly string[];
  readonly references?: readonly { readonly path: string }[];
}

/**
 * The references each TypeScript project ought to have, by the path of its `tsconfig.json`: sources refer to the
 * workspace packages in `dependencies`, tests to those and the ones in `devDependencies`, the root to every project.
 */
export function expectedReferences(tree: Tree): ReadonlyMap<string, readonly string[]> {
  const expected = new Map<string, readonly string[]>();
  const folders = new Map(tree.packages.map(({ name, folder }) => [name, folder]));
  const everything: string[] = [];
  for (const owner of tree.packages) {
    const { dependencies, devDependencies } = owner.manifest;
    const lower = workspaceNames(dependencies).map((name) => folders.get(name) ?? `packages/${name}`);
    const tools = workspaceNames(devDependencies).map((name) => folders.get(name) ?? `packages/${name}`);
    const test = `${owner.folder}/test`;
    expected.set(`${owner.folder}/tsconfig.json`, fromRoot('../..', lower));
    expected.set(`${test}/tsconfig.json`, ['..', ...fromRoot('../../..', new Set([...lower, ...tools]))]);
    everything.push(owner.folder, test);
  }
  expected.set('tsconfig.json', everything);
  return expected;
}

/** Whether a package's sources may see Node's types; all others compile with `types: []`. */
export function mayUseNodeTypes(rule: PackageRule): boolean {
  return rule.name === 'platform' || rule.nodeModules !== undefined || knowsBothModes(rule) || rule.layer === 'apps';
}

/** Holds the TypeScript projects against the packages' dependencies and the table of layers. */
export function checkProjects(tree: Tree): readonly Finding[] {
  const findings: Finding[] = [];
  const report = (path: string, message: string): void => void findings.push({ path, line: 0, message });
  for (const [path, references] of expectedReferences(tree)) {
    const project = readProject(tree, path);
    if (project === undefined) {
      report(path, 'is missing. Instead: take one from a neighbour, then pnpm run sync.');
      continue;
    }
    const { missing, surplus } = compareReferences(path, project, references);
    if (missing.length + surplus.length > 0) {
      const list = [...missing.map((one) => `+${one}`), ...surplus.map((one) => `-${one}`)].join(' ');
      report(path, `references do not follow package.json: ${list}. Instead: pnpm run sync.`);
    }
  }
  for (const owner of tree.packages) findings.push(...checkOptions(tree, owner));
  return findings;
}

/** References to projects of other folders; those that begin with `./` are parts of the project itself. */
function foreignReferences(project: Project): readonly string[] {
  return (project.references ?? []).map(({ path }) => path).filter((path) => !path.startsWith('./'));
}

/** How a project's references differ from the expected ones, however their paths are spelt. */
export function compareReferences(
  path: string,
  project: Project,
  expected: readonly string[],
): { readonly missing: readonly string[]; readonly surplus: readonly string[] } {
  const folderOf = (reference: string): string => posix.join(posix.dirname(path), reference);
  const seen = foreignReferences(project);
  const seenFolders = new Set(seen.map(folderOf));
  const expectedFolders = new Set(expected.map(folderOf));
  return {
    missing: expected.filter((reference) => !seenFolders.has(folderOf(reference))),
    surplus: seen.filter((reference) => !expectedFolders.has(folderOf(reference))),
  };
}

/** A project file of the workspace, if it exists. They are plain JSON here, without comments. */
export function readProject(tree: Tree, path: string): Project | undefined {
  const text = tree.files.get(path);
  return text === undefined ? undefined : (JSON.parse(text) as Project);
}

function checkOptions(tree: Tree, owner: WorkspacePackage): Finding[] {
  const path = `${owner.folder}/tsconfig.json`;
  const project = readProject(tree, path);
  if (project === undefined || owner.rule === undefined) return [];
  const findings: Finding[] = [];
  if (project.extends !== '../../tsconfig.base.json') {
    findings.push({ path, line: 0, message: 'does not extend ../../tsconfig.base.json. Instead: extend it.' });
  }
  const allowed = new Set(['rootDir', 'outDir', 'tsBuildInfoFile', 'types']);
  for (const option of Object.keys(project.compilerOptions ?? {})) {
    if (allowed.has(option)) continue;
    findings.push({
      path,
      line: 0,
      message: `${option} is set for one package alone. Instead: set it for all in tsconfig.base.json, or for none.`,
    });
  }
  const types = project.compilerOptions?.types ?? [];
  if (types.length > 0 && !mayUseNodeTypes(owner.rule)) {
    const message = `types is ${JSON.stringify(types)}, but ${owner.name} must not see Node. Instead: leave types out and include ../../web-globals.d.ts.`;
    findings.push({ path, line: 0, message });
  }
  return findings;
}

function fromRoot(up: string, folders: Iterable<string>): string[] {
  return [...folders].map((folder) => `${up}/${folder}`);
}
