import { describe, expect, it } from 'vitest';
import { checkLinks, checkManifests, checkProjects, checkSnippets, checkStyle } from '../src/index.ts';
import { checkArchitecturePage, withPackageTable } from '../src/rules/architecture-page.ts';
import { packageScripts } from '../src/rules/manifests.ts';
import { lines, plantedTree, soundPackage } from './planted.ts';

const rootProject = (...paths: string[]): Record<string, string> => ({
  'tsconfig.json': JSON.stringify({ files: [], references: paths.map((path) => ({ path })) }),
});

/** A package with one field of one JSON file replaced. */
function withField(files: Record<string, string>, path: string, field: string, value: unknown): Record<string, string> {
  return { ...files, [path]: JSON.stringify({ ...JSON.parse(files[path] ?? '{}'), [field]: value }) };
}

function styleOf(name: string, file: string, text: string): string[] {
  return lines(checkStyle(plantedTree(soundPackage(name, { [file]: text }))));
}

describe('the form of package.json', () => {
  const sound = soundPackage('std');
  const path = 'packages/std/package.json';

  it('is sound as the other packages have it', () => {
    expect(checkManifests(plantedTree(sound))).toEqual([]);
  });

  it.each([
    ['license', 'MIT', 'license is "MIT". Instead: "Apache-2.0".'],
    ['engines', { node: '>=20' }, 'engines is {"node":">=20"}.'],
    ['files', ['dist'], 'files is ["dist"].'],
    ['private', true, 'private is true. Instead: remove it.'],
    ['scripts', {}, 'scripts["build"] differs from the other packages.'],
    ['exports', { '.': './src/index.ts' }, 'exports["."] differs from the form all share.'],
    ['exports', {}, 'exports has no "."'],
  ])('is found broken in %s', (field, value, message) => {
    expect(lines(checkManifests(plantedTree(withField(sound, path, field, value))))).toEqual(
      expect.arrayContaining([expect.stringContaining(message)]),
    );
  });

  it('wants a bench script exactly where there is a bench', () => {
    const bench = soundPackage('std', { 'bench/crc32c.bench.ts': 'export {};' });
    expect(lines(checkManifests(plantedTree(bench)))).toEqual([expect.stringContaining('scripts["bench"] differs')]);
    const script = withField(sound, path, 'scripts', packageScripts);
    expect(lines(checkManifests(plantedTree(script)))).toEqual([expect.stringContaining('no bench/*.bench.ts to run')]);
  });

  it('wants one version everywhere', () => {
    const tree = plantedTree({
      ...sound,
      ...withField(soundPackage('log'), 'packages/log/package.json', 'version', '1.0.0'),
    });
    expect(lines(checkManifests(tree))).toEqual([expect.stringContaining('version is "1.0.0". Instead: "0.0.0".')]);
  });

  it('wants a README in every package, and exports that lead somewhere', () => {
    const { 'packages/std/README.md': _readme, 'packages/std/src/index.ts': _index, ...rest } = sound;
    expect(lines(checkManifests(plantedTree(rest)))).toEqual([
      expect.stringContaining('exports["."] leads nowhere'),
      expect.stringContaining('README.md is missing'),
    ]);
  });
});

describe('TypeScript projects', () => {
  const folders = ['packages/std', 'packages/std/test', 'packages/log', 'packages/log/test'];
  const sound = {
    ...rootProject(...folders),
    ...soundPackage('std'),
    ...soundPackage('log', {}, { dependencies: ['std'] }),
  };

  it('are sound when references follow the dependencies', () => {
    expect(checkProjects(plantedTree(sound))).toEqual([]);
  });

  it('are found when a reference is missing, surplus, or not in the root', () => {
    const missing = plantedTree(withField(sound, 'packages/log/tsconfig.json', 'references', []));
    expect(lines(checkProjects(missing))).toEqual([
      expect.stringContaining('+../../packages/std. Instead: pnpm run sync.'),
    ]);
    const surplus = plantedTree(withField(sound, 'packages/std/tsconfig.json', 'references', [{ path: '../log' }]));
    expect(lines(checkProjects(surplus))).toEqual([expect.stringContaining('-../log')]);
    const root = plantedTree({ ...sound, ...rootProject(...folders.slice(1)) });
    expect(lines(checkProjects(root))).toEqual([expect.stringContaining('tsconfig.json:0 references do not follow')]);
  });

  it("are found when a package that must not see Node asks for Node's types or for options of its own", () => {
    const options = { types: ['node'], strict: false };
    const tree = plantedTree(withField(sound, 'packages/std/tsconfig.json', 'compilerOptions', options));
    expect(lines(checkProjects(tree))).toEqual([
      expect.stringContaining('strict is set for one package alone'),
      expect.stringContaining('std must not see Node'),
    ]);
  });
});

describe('style', () => {
  it.each([
    ['Date.now()', 'Instead: the clock port'],
    ['new Date()', 'Instead: the clock port'],
    ['performance.now()', 'Instead: the clock port'],
    ['Math.random()', 'Instead: the random port'],
  ])('bans %s in sources and names the replacement', (expression, message) => {
    const text = `export const value = ${expression};`;
    expect(styleOf('broker', 'src/a.ts', text)).toEqual([expect.stringContaining(message)]);
    expect(styleOf('platform', 'src/testing/a.ts', text)).toEqual([expect.stringContaining(message)]);
    expect(styleOf('platform', 'src/node/a.ts', text)).toEqual([]);
  });

  it('lets sources format a time that they were given', () => {
    expect(styleOf('broker', 'src/a.ts', 'export const text = (ms: number) => new Date(ms).toISOString();')).toEqual(
      [],
    );
  });

  it.each([
    'export async function step() {}',
    'export const step = async () => {};',
    'export class Engine { async step() {} }',
    'export let pending: Promise<void>;',
    'export const done = Promise.resolve();',
    'await 1;',
  ])('bans %s where the core is synchronous', (text) => {
    expect(styleOf('raft', 'src/a.ts', text)).toEqual([expect.stringContaining('this code is synchronous')]);
    expect(styleOf('zookeeper', 'src/tree/a.ts', text)).toHaveLength(1);
    expect(styleOf('zookeeper', 'src/a.ts', text)).toEqual([]);
    expect(styleOf('raft', 'test/a.test.ts', text)).toEqual([]);
  });

  it.each(['isKraft', 'raftLeader', 'ZooKeeperSession', 'zab'])('keeps the name %s out of the broker', (name) => {
    expect(styleOf('broker', 'src/a.ts', `export const ${name} = 1;`)).toEqual([
      expect.stringContaining('must not know which mode it runs in'),
    ]);
    expect(styleOf('cluster', 'src/a.ts', `export const ${name} = 1;`)).toEqual([]);
  });

  it('does not mistake part of another word for a name of a mode', () => {
    expect(styleOf('broker', 'src/a.ts', "export const draft = 'aircraft';")).toEqual([]);
  });

  it('bans tests that sleep, stand for work not done, or cannot be replayed', () => {
    expect(styleOf('std', 'test/a.test.ts', "import { setTimeout } from 'node:timers/promises';")).toEqual([
      expect.stringContaining('tests never sleep'),
    ]);
    expect(styleOf('std', 'test/a.test.ts', "import { setImmediate } from 'node:timers/promises';")).toEqual([]);
    expect(styleOf('std', 'test/a.test.ts', 'await sleep(10);')).toEqual([
      expect.stringContaining('tests never sleep'),
    ]);
    expect(styleOf('std', 'test/a.test.ts', "it.todo('works');")).toEqual([expect.stringContaining('work not done')]);
    expect(styleOf('std', 'test/a.test.ts', 'const n = Math.random();')).toEqual([
      expect.stringContaining('cannot be replayed'),
    ]);
  });

  it('bans marks of unfinished work, in prose too', () => {
    const mark = ['TO', 'DO'].join('');
    expect(styleOf('std', 'src/a.ts', `export const a = 1; // ${mark} later`)).toEqual([
      expect.stringContaining('nothing unfinished is left in the tree'),
    ]);
    expect(lines(checkStyle(plantedTree({ 'docs/a.md': `# A\n\n${mark}\n` })))).toEqual([
      expect.stringContaining('docs/a.md:3'),
    ]);
  });

  it('wants a comment on every public module', () => {
    expect(styleOf('std', 'src/index.ts', 'export {};')).toEqual([
      expect.stringContaining('a public module has no comment'),
    ]);
  });
});

describe('the architecture page', () => {
  const page = '# A\n\n<!-- packages: written by pnpm run sync -->\n<!-- /packages -->\n';

  it('is sound once its table is written, and no longer when a package comes or the table is edited', () => {
    const written = withPackageTable(page, plantedTree(soundPackage('std'))) ?? '';
    expect(written).toMatch(/^\| `std` +\| base +\| here /m);
    expect(written).toMatch(/^\| `raft` +\| pure +\| planned +\| `consensus` /m);
    const check = (text: string, ...names: string[]): string[] =>
      lines(
        checkArchitecturePage(
          plantedTree({
            'docs/architecture.md': text,
            ...Object.assign({}, ...names.map((name) => soundPackage(name))),
          }),
        ),
      );
    expect(check(written, 'std')).toEqual([]);
    expect(check(written, 'std', 'raft')).toEqual([expect.stringContaining('Instead: pnpm run sync.')]);
    expect(check(written.replace('planned', 'here'), 'std')).toEqual([
      expect.stringContaining('Instead: pnpm run sync.'),
    ]);
    expect(check('# A\n')).toEqual([expect.stringContaining('has no place for the package table')]);
  });
});

describe('links in Markdown', () => {
  const check = (text: string): string[] =>
    lines(
      checkLinks(plantedTree({ 'docs/a.md': text, 'docs/b.md': '# One `two` three\n' }), (path) => path === 'LICENSE'),
    );

  it('are sound when page, file and heading exist', () => {
    const text =
      '[b](b.md) [b](./b.md#one-two-three) [l](../LICENSE) [x](https://kafka.apache.org/) [a](#here)\n\n# Here\n';
    expect(check(text)).toEqual([]);
  });

  it('are found when the page, the heading or the repository ends', () => {
    expect(check('\n[c](c.md)\n')).toEqual([expect.stringContaining('docs/a.md:2 c.md does not exist')]);
    expect(check('[b](b.md#four)')).toEqual([
      expect.stringContaining('no such heading. Instead: one of one-two-three'),
    ]);
    expect(check('[up](../../elsewhere.md)')).toEqual([expect.stringContaining('leaves the repository')]);
    expect(check('[c]: c.md')).toEqual([expect.stringContaining('does not exist')]);
    expect(check('<img alt="c" src="c.png">')).toEqual([expect.stringContaining('c.png does not exist')]);
    expect(check('<source srcset="c-dark.png">')).toEqual([expect.stringContaining('c-dark.png does not exist')]);
  });

  it('lead to every decision record from the list of them', () => {
    const files = {
      'docs/adr/README.md': '[1](0001-a.md)\n',
      'docs/adr/0001-a.md': '# 1\n',
      'docs/adr/0002-b.md': '# 2\n',
    };
    expect(lines(checkLinks(plantedTree(files), () => false))).toEqual([
      expect.stringContaining('docs/adr/0002-b.md:0 is not listed'),
    ]);
  });

  it('are not looked for in code', () => {
    expect(check('`[c](c.md)`\n\n```md\n[c](c.md)\n```\n')).toEqual([]);
  });
});

describe('blocks of pages', () => {
  it('say what they are, and a package without a program in its README is found', () => {
    const files = {
      'docs/a.md': '# A\n\n```\nx\n```\n',
      'docs/adr/notes.txt': '```\n',
      'packages/std/README.md': '# std\n',
      'apps/cli/README.md': '```\nx\n```\n',
    };
    expect(lines(checkSnippets(plantedTree(files)))).toEqual([
      'docs/a.md:3 says no language. Instead: "text" where it is none.',
      'packages/std/README.md:0 has no program. Instead: show one that uses the package, in a block "ts".',
    ]);
  });
});
