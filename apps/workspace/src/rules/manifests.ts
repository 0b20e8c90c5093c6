import type { Finding } from '../finding.ts';
import { type Manifest, scope, type Tree, type WorkspacePackage } from '../tree.ts';

/** The versions of Node that users may run. */
export const nodeRange = '^22.18.0 || ^24.0.0 || >=26.0.0';

/** What is packed: build output and the sources that its maps lead to, without the compiler's own bookkeeping. */
export const packedFiles: readonly string[] = ['dist', 'src', '!dist/.tsbuildinfo*'];

/** Scripts that every package has, word for word, so that turbo finds the same tasks everywhere; `bench` only where there is one. */
export const packageScripts: Readonly<Record<string, string>> = {
  build: 'tsc -b',
  'check:package': 'publint --strict && attw --pack . --profile esm-only',
  bench: 'node --conditions=@biquorum/source ../../apps/bench/src/run.ts',
};

/** Holds the fields of every `package.json` against the one form that all share. */
export function checkManifests(tree: Tree): readonly Finding[] {
  const version = tree.packages.find(({ kind }) => kind === 'package')?.manifest.version;
  return tree.packages.flatMap((owner) => {
    const faults = [
      ...commonFaults(owner),
      ...(owner.kind === 'app' ? appFaults(owner) : packageFaults(tree, owner, version)),
    ];
    return faults.map((message): Finding => ({ path: `${owner.folder}/package.json`, line: 0, message }));
  });
}

/** The `exports` entry of a module, by its path under `src` without the ending: `index`, `testing/index`. */
export function exportEntry(module: string): Readonly<Record<string, string>> {
  return {
    '@biquorum/source': `./src/${module}.ts`,
    types: `./dist/${module}.d.ts`,
    default: `./dist/${module}.js`,
  };
}

function commonFaults({ name, manifest }: WorkspacePackage): string[] {
  return [
    ...expectField(manifest, 'name', `${scope}${name}`),
    ...expectField(manifest, 'license', 'Apache-2.0'),
    ...expectField(manifest, 'type', 'module'),
    ...(manifest.description === undefined ? ['description is missing. Instead: say in one line what it is for.'] : []),
  ];
}

function appFaults({ manifest }: WorkspacePackage): string[] {
  return expectField(manifest, 'private', true);
}

function packageFaults(tree: Tree, owner: WorkspacePackage, version: string | undefined): string[] {
  const { manifest } = owner;
  return [
    ...expectField(manifest, 'private', undefined),
    ...expectField(manifest, 'version', version),
    ...expectField(manifest, 'sideEffects', false),
    ...expectField(manifest, 'engines', { node: nodeRange }),
    ...expectField(manifest, 'files', packedFiles),
    ...expectField(manifest, 'publishConfig', { access: 'public' }),
    ...Object.entries(packageScripts)
      .filter(([name]) => name !== 'bench' || hasBench(owner))
      .filter(([name, script]) => manifest.scripts?.[name] !== script)
      .map(
        ([name, script]) => `scripts["${name}"] differs from the other packages. Instead: ${JSON.stringify(script)}.`,
      ),
    ...(manifest.scripts?.['bench'] !== undefined && !hasBench(owner)
      ? ['scripts["bench"] has no bench/*.bench.ts to run. Instead: write one or remove the script.']
      : []),
    ...exportFaults(owner),
    ...(tree.files.has(`${owner.folder}/README.md`)
      ? []
      : ['README.md is missing. Instead: write purpose, a runnable example, invariants, how it is tested.']),
  ];
}

/**
 * The source files that an entry of `exports` leads to, and what its `*` stands for in each; one file unless the entry
 * is a pattern.
 */
export function modulesOf(
  owner: WorkspacePackage,
  source: string,
): readonly { readonly path: string; readonly star: string }[] {
  const [before = '', after] = `${owner.folder}/${source.slice(2)}`.split('*');
  if (after === undefined) return owner.sources.filter((path) => path === before).map((path) => ({ path, star: '' }));
  return owner.sources
    .filter((path) => path.length > before.length + after.length && path.startsWith(before) && path.endsWith(after))
    .map((path) => ({ path, star: path.slice(before.length, path.length - after.length) }));
}

function hasBench({ sources }: WorkspacePackage): boolean {
  return sources.some((path) => path.endsWith('.bench.ts'));
}

function exportFaults(owner: WorkspacePackage): string[] {
  const entries = Object.entries(owner.manifest.exports ?? {});
  const faults: string[] = [];
  if (!entries.some(([subpath]) => subpath === '.')) faults.push('exports has no ".". Instead: export src/index.ts.');
  for (const [subpath, entry] of entries) {
    const source = (entry as { '@biquorum/source'?: string })['@biquorum/source'] ?? '';
    const module = /^\.\/src\/(.+)\.ts$/.exec(source)?.[1];
    const right = module === undefined ? undefined : exportEntry(module);
    if (JSON.stringify(entry) !== JSON.stringify(right)) {
      const example = right ?? exportEntry(subpath === '.' ? 'index' : `${subpath.slice(2)}/index`);
      faults.push(`exports["${subpath}"] differs from the form all share. Instead: ${JSON.stringify(example)}.`);
    } else if (modulesOf(owner, source).length === 0) {
      faults.push(`exports["${subpath}"] leads nowhere. Instead: write ${source} or remove the entry.`);
    }
  }
  return faults;
}

function expectField(manifest: Manifest, field: keyof Manifest, right: unknown): string[] {
  const seen = JSON.stringify(manifest[field]);
  if (seen === JSON.stringify(right)) return [];
  const remedy = right === undefined ? 'remove it' : JSON.stringify(right);
  return [`${field} is ${seen ?? 'missing'}. Instead: ${remedy}.`];
}
