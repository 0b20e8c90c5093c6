import { type Finding, type Tree, treeOf } from '../src/index.ts';
import { exportEntry, nodeRange, packageScripts, packedFiles } from '../src/rules/manifests.ts';

/** A small workspace in memory, sound until a test plants something in it. */
export function plantedTree(files: Readonly<Record<string, string>>): Tree {
  return treeOf(new Map(Object.entries(files)));
}

/** The files of a sound package; `dependencies` are unscoped names of the workspace. */
export function soundPackage(
  name: string,
  sources: Readonly<Record<string, string>> = {},
  {
    dependencies = [],
    devDependencies = [],
  }: { dependencies?: readonly string[]; devDependencies?: readonly string[] } = {},
): Record<string, string> {
  const folder = `packages/${name}`;
  const manifest = {
    name: `@biquorum/${name}`,
    version: '0.0.0',
    description: 'A package',
    license: 'Apache-2.0',
    type: 'module',
    sideEffects: false,
    exports: {
      '.': exportEntry('index'),
      ...(sources['src/testing/index.ts'] === undefined ? {} : { './testing': exportEntry('testing/index') }),
      ...(sources['src/node/index.ts'] === undefined ? {} : { './node': exportEntry('node/index') }),
    },
    files: packedFiles,
    engines: { node: nodeRange },
    publishConfig: { access: 'public' },
    scripts: Object.fromEntries(Object.entries(packageScripts).filter(([script]) => script !== 'bench')),
    dependencies: rangesOf(dependencies),
    devDependencies: rangesOf(devDependencies),
  };
  const project = (references: readonly string[]): string =>
    JSON.stringify({ extends: '../../tsconfig.base.json', references: references.map((path) => ({ path })) });
  const files: Record<string, string> = {
    [`${folder}/package.json`]: JSON.stringify(manifest),
    [`${folder}/README.md`]: `# ${name}\n`,
    [`${folder}/tsconfig.json`]: project(dependencies.map((one) => `../${one}`)),
    [`${folder}/test/tsconfig.json`]: project([
      '..',
      ...[...dependencies, ...devDependencies].map((one) => `../../${one}`),
    ]),
    [`${folder}/src/index.ts`]: '/** A package. @packageDocumentation */\nexport {};\n',
  };
  for (const [path, text] of Object.entries(sources)) files[`${folder}/${path}`] = text;
  return files;
}

/** `path:line` and message of each finding, one string each. */
export function lines(findings: readonly Finding[]): string[] {
  return findings.map(({ path, line, message }) => `${path}:${line} ${message}`);
}

function rangesOf(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [`@biquorum/${name}`, 'workspace:^']));
}
