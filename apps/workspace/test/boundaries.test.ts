import { describe, expect, it } from 'vitest';
import {
  checkBoundaries,
  judgeArrow,
  packageRules,
  readFiles,
  ruleOf,
  treeOf,
  withFiles,
  workspaceRoot,
} from '../src/index.ts';
import type { PackageRule } from '../src/layers.ts';
import { exportEntry } from '../src/rules/manifests.ts';
import { lines, plantedTree, soundPackage } from './planted.ts';

/** What the architecture page allows, arrow by arrow, written out by hand: the table's rules must come to the same. */
const allowedArrows: Readonly<Record<string, string>> = {
  std: '',
  platform: 'std',
  compression: 'std kafka-wire',
  'kafka-wire': 'std platform',
  'kafka-znodes': 'std platform compression',
  'zookeeper-wire': 'std platform compression',
  consensus: 'std platform compression',
  raft: 'std platform compression consensus',
  zab: 'std platform compression consensus',
  log: 'std platform compression kafka-wire',
  metadata: 'std platform compression kafka-wire',
  coordinators: 'std platform compression kafka-wire',
  'kafka-network': 'std platform compression',
  'control-plane': 'std platform compression kafka-wire consensus kafka-network log metadata coordinators',
  kraft: 'std platform compression kafka-wire consensus raft kafka-network log metadata coordinators control-plane',
  zookeeper:
    'std platform compression kafka-wire kafka-znodes zookeeper-wire consensus zab kafka-network log metadata coordinators control-plane',
  'zookeeper-client':
    'std platform compression kafka-wire kafka-znodes zookeeper-wire consensus zab kafka-network log metadata coordinators control-plane zookeeper',
  'zookeeper-controller':
    'std platform compression kafka-wire kafka-znodes zookeeper-wire consensus zab kafka-network log metadata coordinators control-plane zookeeper zookeeper-client',
  broker: 'std platform compression kafka-wire consensus kafka-network log metadata coordinators control-plane',
  simulator: 'std platform consensus',
  cluster:
    'std platform compression kafka-wire kafka-znodes zookeeper-wire consensus raft zab kafka-network log metadata coordinators control-plane kraft zookeeper zookeeper-client zookeeper-controller broker',
};

function rule(name: string): PackageRule {
  const found = ruleOf(name);
  if (found === undefined) throw new Error(`${name} is not in the table`);
  return found;
}

/** Findings for one planted source file, in a workspace where every package of the table exists. */
function judgeSource(name: string, file: string, text: string): string[] {
  const files: Record<string, string> = {};
  for (const { name: other } of packageRules) {
    const node = other === 'platform' ? { 'src/node/index.ts': 'export {};' } : {};
    Object.assign(files, soundPackage(other, { 'src/testing/index.ts': 'export {};', ...node }));
  }
  files['apps/bench/package.json'] = JSON.stringify({ name: '@biquorum/bench', exports: { '.': {} } });
  files[`packages/${name}/${file}`] = text;
  return lines(checkBoundaries(plantedTree(files)));
}

describe('the arrows between packages', () => {
  it('allow exactly what the architecture page allows', () => {
    const seen = packageRules.map((from) => [
      from.name,
      packageRules
        .filter((to) => to !== from && judgeArrow(from, to, 'src') === undefined)
        .map((to) => to.name)
        .join(' '),
    ]);
    const inTableOrder = packageRules.map(({ name }) => [
      name,
      packageRules
        .map((to) => to.name)
        .filter((to) => (allowedArrows[name] ?? '').split(' ').includes(to))
        .join(' '),
    ]);
    expect(seen).toEqual(inTableOrder);
  });

  it('never let the packages import each other in a circle', () => {
    const visiting = new Set<string>();
    const reach = (from: PackageRule): void => {
      expect(visiting.has(from.name), `${from.name} reaches itself`).toBe(false);
      visiting.add(from.name);
      for (const to of packageRules) if (to !== from && judgeArrow(from, to, 'src') === undefined) reach(to);
      visiting.delete(from.name);
    };
    for (const name of ['cluster', 'simulator']) reach(rule(name));
  });

  it('let tests use the simulator, but not the tests of what the simulator stands on', () => {
    expect(judgeArrow(rule('raft'), rule('simulator'), 'test')).toBeUndefined();
    expect(judgeArrow(rule('broker'), rule('simulator'), 'test')).toBeUndefined();
    expect(judgeArrow(rule('raft'), rule('simulator'), 'src')).toContain('points up');
    for (const ground of ['std', 'platform', 'consensus']) {
      expect(judgeArrow(rule(ground), rule('simulator'), 'test')).toContain('would close a cycle');
    }
  });

  it('let compression implement what kafka-wire declares, and hand it in', () => {
    expect(judgeArrow(rule('compression'), rule('kafka-wire'), 'src')).toBeUndefined();
    for (const kind of ['src', 'test'] as const) {
      expect(judgeArrow(rule('kafka-wire'), rule('compression'), kind)).toContain('is handed in');
    }
  });

  it('let every bench use the bench runner, and nothing else use it', () => {
    expect(judgeArrow(rule('std'), rule('bench'), 'bench')).toBeUndefined();
    expect(judgeArrow(rule('std'), rule('bench'), 'test')).toContain('points up');
    expect(judgeArrow(rule('cluster'), rule('bench'), 'src')).toContain('points up');
  });
});

describe('a planted import', () => {
  it('that points up is found, with the arrow, the layers and a remedy', () => {
    expect(judgeSource('log', 'src/planted.ts', "\nimport { Broker } from '@biquorum/broker';\n")).toEqual([
      'packages/log/src/planted.ts:2 log → broker points up, from layer pure to layer services. Instead: declare the interface in log (or below) and let broker implement it or pass it in.',
    ]);
  });

  it.each([
    ['a type import', "import type { Broker } from '@biquorum/broker';"],
    ['a type among values', "import { type Broker } from '@biquorum/broker';"],
    ['an import for its effects', "import '@biquorum/broker';"],
    ['a re-export', "export { Broker } from '@biquorum/broker';"],
    ['a re-export of everything', "export * from '@biquorum/broker';"],
    ['a dynamic import', "const broker = await import('@biquorum/broker');"],
    ['an import type', "export let broker: import('@biquorum/broker').Broker;"],
    [
      'an import across lines with a comment inside',
      "import {\n  // the core\n  Broker,\n} from\n  '@biquorum/broker';",
    ],
    ['a subpath', "import { fake } from '@biquorum/broker/testing';"],
  ])('is found as %s', (_form, text) => {
    expect(judgeSource('log', 'src/planted.ts', text)).toEqual([expect.stringContaining('log → broker points up')]);
  });

  it.each([
    ['in a comment', "// import { Broker } from '@biquorum/broker';"],
    ['in a string', 'const text = "import { Broker } from \'@biquorum/broker\'";'],
    ['in a template', "const text = `import '@biquorum/broker'`;"],
    ['in a regular expression', "const pattern = /import '@biquorum\\/broker'/;"],
  ])('is no import %s', (_place, text) => {
    expect(judgeSource('log', 'src/planted.ts', text)).toEqual([]);
  });

  it('inside a layer is found unless the table names it', () => {
    expect(judgeSource('log', 'src/planted.ts', "import '@biquorum/metadata';")).toEqual([
      expect.stringContaining('log → metadata runs inside layer pure, where log may import only kafka-wire.'),
    ]);
    expect(judgeSource('log', 'src/planted.ts', "import '@biquorum/kafka-wire';")).toEqual([]);
  });

  it('by the simulator is found when it is more than std, platform and consensus', () => {
    expect(judgeSource('simulator', 'src/planted.ts', "import '@biquorum/raft';")).toEqual([
      expect.stringContaining('simulator → raft: simulator imports only std, platform, consensus.'),
    ]);
  });

  it.each([
    'raft',
    'zab',
    'kraft',
    'zookeeper',
    'zookeeper-wire',
    'zookeeper-client',
    'zookeeper-controller',
    'kafka-znodes',
  ])('of %s into the broker is found', (name) => {
    expect(judgeSource('broker', 'src/planted.ts', `import '@biquorum/${name}';`)).toEqual([
      expect.stringContaining(`broker → ${name}`),
    ]);
  });

  it('from one mode into the other is found below cluster, and is right in cluster', () => {
    expect(judgeSource('kraft', 'src/planted.ts', "import '@biquorum/zab';")).toEqual([
      expect.stringContaining('kraft → zab: zab belongs to the zookeeper mode and kraft is of the kraft mode'),
    ]);
    expect(judgeSource('control-plane', 'src/planted.ts', "import '@biquorum/raft';")).toEqual([
      expect.stringContaining('control-plane is of neither mode'),
    ]);
    expect(judgeSource('cluster', 'src/planted.ts', "import '@biquorum/raft';\nimport '@biquorum/zab';")).toEqual([]);
  });

  it("of Node's modules is found everywhere but in platform/src/node", () => {
    const text = "import { readFileSync } from 'node:fs';";
    const message = "only platform/src/node touches Node's modules";
    expect(judgeSource('platform', 'src/node/planted.ts', text)).toEqual([]);
    expect(judgeSource('platform', 'src/planted.ts', text)).toEqual([expect.stringContaining(message)]);
    expect(judgeSource('platform', 'src/testing/planted.ts', text)).toEqual([expect.stringContaining(message)]);
    expect(judgeSource('cluster', 'src/planted.ts', text)).toEqual([expect.stringContaining(message)]);
    expect(judgeSource('log', 'src/planted.ts', "import 'fs';")).toEqual([expect.stringContaining('log → node:fs')]);
    expect(judgeSource('log', 'src/planted.ts', '/// <reference types="node" />')).toEqual([
      expect.stringContaining(message),
    ]);
    expect(judgeSource('log', 'test/planted.test.ts', text)).toEqual([]);
  });

  it('of node:zlib is right in compression, and nothing else of Node is', () => {
    expect(judgeSource('compression', 'src/planted.ts', "import { gzipSync } from 'node:zlib';")).toEqual([]);
    expect(judgeSource('compression', 'src/planted.ts', "import 'node:worker_threads';")).toHaveLength(1);
  });

  it('from outside the workspace is found in sources, and is right in tests and in compression', () => {
    expect(judgeSource('std', 'src/planted.ts', "import Long from 'long';")).toEqual([
      expect.stringContaining('std → long: std has no dependencies outside the workspace.'),
    ]);
    expect(judgeSource('std', 'test/planted.test.ts', "import Long from 'long';")).toEqual([]);
    expect(judgeSource('compression', 'src/planted.ts', "import { compress } from 'snappy';")).toEqual([]);
  });

  it('of testing parts is found in what runs in production', () => {
    const text = "import { memoryDisk } from '@biquorum/platform/testing';";
    expect(judgeSource('log', 'src/planted.ts', text)).toEqual([expect.stringContaining('never uses testing parts')]);
    expect(judgeSource('log', 'src/testing/planted.ts', text)).toEqual([]);
    expect(judgeSource('log', 'test/planted.test.ts', text)).toEqual([]);
    expect(judgeSource('simulator', 'src/planted.ts', text)).toEqual([]);
    expect(judgeSource('log', 'src/planted.ts', "import './testing/builders.ts';")).toEqual([
      expect.stringContaining('sources never use their own testing folder'),
    ]);
  });

  it('of platform/node is found below cluster', () => {
    const text = "import { nodeDisk } from '@biquorum/platform/node';";
    expect(judgeSource('broker', 'src/planted.ts', text)).toEqual([
      expect.stringContaining('nothing above platform/node may need Node'),
    ]);
    expect(judgeSource('cluster', 'src/planted.ts', text)).toEqual([]);
    expect(judgeSource('log', 'test/planted.test.ts', text)).toEqual([]);
  });

  it('that leaves the package by a relative path is found', () => {
    expect(judgeSource('log', 'src/planted.ts', "import '../../std/src/index.ts';")).toEqual([
      expect.stringContaining('leaves the package. Instead: import the other package by its name'),
    ]);
    expect(judgeSource('log', 'src/planted.ts', "import '../test/helper.ts';")).toEqual([
      expect.stringContaining('only src is published'),
    ]);
  });

  it('of what a package does not export is found', () => {
    expect(judgeSource('log', 'src/planted.ts', "import '@biquorum/std/src/heap.ts';")).toEqual([
      expect.stringContaining('packages/std/package.json does not export "./src/heap.ts"'),
    ]);
  });

  it('of what a pattern in exports covers is right', () => {
    const files = {
      ...soundPackage('kafka-wire'),
      ...soundPackage('log', {
        'src/planted.ts': "import '@biquorum/kafka-wire/messages/fetch';\nimport '@biquorum/kafka-wire/messages/';",
      }),
    };
    const manifest = JSON.parse(files['packages/kafka-wire/package.json'] ?? '');
    manifest.exports['./messages/*'] = exportEntry('generated/messages/*');
    files['packages/kafka-wire/package.json'] = JSON.stringify(manifest);
    expect(lines(checkBoundaries(plantedTree(files)))).toEqual([
      expect.stringContaining('packages/log/src/planted.ts:2 @biquorum/kafka-wire/messages/:'),
    ]);
  });

  it('of a package that the table does not know is found', () => {
    expect(judgeSource('log', 'src/planted.ts', "import '@biquorum/utils';")).toEqual([
      expect.stringContaining('utils is not in the table of layers'),
    ]);
  });

  it('is found in the real workspace too', () => {
    const planted = { 'packages/std/src/planted.ts': "import type { Clock } from '@biquorum/platform';" };
    expect(lines(checkBoundaries(treeOf(withFiles(readFiles(workspaceRoot), planted))))).toEqual(
      expect.arrayContaining([
        expect.stringContaining('packages/std/src/planted.ts:1 std → platform runs inside layer base'),
      ]),
    );
  });
});
