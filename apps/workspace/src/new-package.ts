/**
 * `pnpm run new-package <name>`: lays out a package that the table of layers knows, in the form that all share.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageRules } from './layers.ts';
import { workspaceRoot } from './root.ts';
import { exportEntry, nodeRange, packageScripts, packedFiles } from './rules/manifests.ts';
import { type Manifest, scope } from './tree.ts';

const [name = ''] = process.argv.slice(2);
const rule = packageRules.find((candidate) => candidate.name === name);
const folder = join(workspaceRoot, 'packages', name);

if (rule === undefined) {
  const free = packageRules.filter((one) => !existsSync(join(workspaceRoot, 'packages', one.name)));
  console.error(`"${name}" is not in the table of layers (apps/workspace/src/layers.ts). Give it a line there first.`);
  console.error(`Planned and not there yet: ${free.map((one) => one.name).join(', ') || 'none'}.`);
  process.exitCode = 1;
} else if (existsSync(join(folder, 'package.json'))) {
  console.error(`packages/${name} exists already.`);
  process.exitCode = 1;
} else {
  const role = `${rule.role.charAt(0).toUpperCase()}${rule.role.slice(1)}`;
  writeJson('package.json', manifestOf(role));
  writeJson('tsconfig.json', {
    extends: '../../tsconfig.base.json',
    compilerOptions: { rootDir: 'src', outDir: 'dist', tsBuildInfoFile: 'dist/.tsbuildinfo' },
    include: ['src', '../../web-globals.d.ts'],
    references: [],
  });
  writeJson('test/tsconfig.json', {
    extends: '../../../tsconfig.test.json',
    include: ['.', '../bench'],
    references: [{ path: '..' }],
  });
  write('src/index.ts', `/**\n * ${role}.\n *\n * @packageDocumentation\n */\nexport {};\n`);
  write('README.md', `# ${scope}${name}\n\n${role}.\n`);
  console.log(
    `packages/${name} is laid out. Next: pnpm install, pnpm run sync, then the README: purpose, example, invariants, tests.`,
  );
}

function manifestOf(description: string): Manifest {
  const { version } = JSON.parse(readFileSync(join(workspaceRoot, 'packages/std/package.json'), 'utf8')) as Manifest;
  const { bench: _later, ...scripts } = packageScripts;
  const tools = ['vitest', 'publint', '@arethetypeswrong/cli'];
  return {
    name: `${scope}${name}`,
    ...(version === undefined ? {} : { version }),
    description,
    license: 'Apache-2.0',
    type: 'module',
    sideEffects: false,
    exports: { '.': exportEntry('index') },
    files: packedFiles,
    engines: { node: nodeRange },
    publishConfig: { access: 'public' },
    scripts,
    dependencies: {},
    devDependencies: Object.fromEntries(tools.map((tool) => [tool, 'catalog:'])),
  };
}

function writeJson(path: string, value: unknown): void {
  write(path, `${JSON.stringify(value, null, 2)}\n`);
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}
