import type { Files } from './files.ts';
import { type PackageRule, ruleOf } from './layers.ts';

/** What a `package.json` of the workspace says, as far as the rules care. */
export interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly private?: boolean;
  readonly description?: string;
  readonly license?: string;
  readonly type?: string;
  readonly sideEffects?: boolean;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly files?: readonly string[];
  readonly engines?: Readonly<Record<string, string>>;
  readonly publishConfig?: Readonly<Record<string, unknown>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** One package or app that exists. */
export interface WorkspacePackage {
  /** Unscoped name, taken from the folder. */
  readonly name: string;
  /** `packages/std`, `apps/cli`. */
  readonly folder: string;
  readonly kind: 'package' | 'app';
  readonly manifest: Manifest;
  /** Absent when the table of layers does not know the package. */
  readonly rule: PackageRule | undefined;
  /** Paths of its TypeScript files. */
  readonly sources: readonly string[];
}

/** The workspace as the rules see it. */
export interface Tree {
  readonly files: Files;
  readonly packages: readonly WorkspacePackage[];
}

/** What a source file is for; each kind may import different things. */
export type SourceKind = 'src' | 'testing' | 'test' | 'bench' | 'scripts';

/** The scope of every package of the workspace. */
export const scope = '@biquorum/';

/**
 * Finds the packages among the files.
 *
 * @throws SyntaxError when a `package.json` is no JSON.
 */
export function treeOf(files: Files): Tree {
  const packages: WorkspacePackage[] = [];
  for (const [path, text] of files) {
    const match = /^(packages|apps)\/([^/]+)\/package\.json$/.exec(path);
    if (match === null) continue;
    const folder = `${match[1]}/${match[2]}`;
    const name = match[2] ?? '';
    packages.push({
      name,
      folder,
      kind: match[1] === 'apps' ? 'app' : 'package',
      manifest: JSON.parse(text) as Manifest,
      rule: ruleOf(name),
      sources: [...files.keys()].filter((file) => file.startsWith(`${folder}/`) && isSource(file)),
    });
  }
  return { files, packages };
}

/** Which kind of source a file of this package is, judged by its folder. */
export function kindOf(owner: WorkspacePackage, path: string): SourceKind {
  const inside = path.slice(owner.folder.length + 1);
  if (inside.startsWith('src/testing/')) return 'testing';
  if (inside.startsWith('src/')) return 'src';
  if (inside.startsWith('test/')) return 'test';
  if (inside.startsWith('bench/')) return 'bench';
  return 'scripts';
}

/** Workspace packages named in a table of dependencies, unscoped. */
export function workspaceNames(dependencies: Readonly<Record<string, string>> | undefined): string[] {
  return Object.keys(dependencies ?? {})
    .filter((name) => name.startsWith(scope))
    .map((name) => name.slice(scope.length));
}

function isSource(path: string): boolean {
  return /\.(ts|tsx|mts)$/.test(path) && !path.endsWith('.d.ts');
}
