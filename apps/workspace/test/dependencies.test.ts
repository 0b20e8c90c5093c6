import { describe, expect, it } from 'vitest';
import { checkDependencies } from '../src/index.ts';
import { lines, plantedTree, soundPackage } from './planted.ts';

const importStd = "import { assert } from '@biquorum/std';";

describe('package.json held against imports', () => {
  it('is sound when both say the same', () => {
    const tree = plantedTree({
      ...soundPackage('std'),
      ...soundPackage('log', { 'src/log.ts': importStd }, { dependencies: ['std'] }),
    });
    expect(checkDependencies(tree)).toEqual([]);
  });

  it('names what is imported but not declared', () => {
    const tree = plantedTree({ ...soundPackage('std'), ...soundPackage('log', { 'src/log.ts': importStd }) });
    expect(lines(checkDependencies(tree))).toEqual([
      'packages/log/src/log.ts:1 @biquorum/std is imported by sources but not declared. Instead: add it to dependencies in packages/log/package.json.',
    ]);
  });

  it('wants what sources import among dependencies, not among development dependencies', () => {
    const tree = plantedTree({
      ...soundPackage('std'),
      ...soundPackage('log', { 'src/log.ts': importStd }, { devDependencies: ['std'] }),
    });
    expect(lines(checkDependencies(tree))).toEqual([
      expect.stringContaining('imported by sources but not declared'),
      expect.stringContaining('move it to dependencies'),
    ]);
  });

  it('names what is declared but not imported', () => {
    const unused = plantedTree({ ...soundPackage('std'), ...soundPackage('log', {}, { dependencies: ['std'] }) });
    expect(lines(checkDependencies(unused))).toEqual([
      expect.stringContaining('no source imports it. Instead: remove it.'),
    ]);
    const inTestsOnly = plantedTree({
      ...soundPackage('std'),
      ...soundPackage('log', { 'test/log.test.ts': importStd }, { dependencies: ['std'] }),
    });
    expect(lines(checkDependencies(inTestsOnly))).toEqual([expect.stringContaining('move it to devDependencies')]);
  });

  it('judges the arrow of a declaration that nothing imports yet', () => {
    const tree = plantedTree({ ...soundPackage('broker'), ...soundPackage('log', {}, { dependencies: ['broker'] }) });
    expect(lines(checkDependencies(tree))).toEqual(
      expect.arrayContaining([expect.stringContaining('packages/log/package.json:0 log → broker points up')]),
    );
  });

  it('names a cycle, even one that only development dependencies close', () => {
    const tree = plantedTree({
      ...soundPackage('kafka-wire', { 'test/a.test.ts': "import '@biquorum/log';" }, { devDependencies: ['log'] }),
      ...soundPackage('log', { 'src/log.ts': "import '@biquorum/kafka-wire';" }, { dependencies: ['kafka-wire'] }),
    });
    expect(lines(checkDependencies(tree))).toEqual(
      expect.arrayContaining([expect.stringContaining('kafka-wire → log → kafka-wire is a cycle')]),
    );
  });

  it('wants workspace: and catalog: ranges', () => {
    const files = soundPackage('std', { 'test/a.test.ts': "import 'fast-check';" });
    const manifest = JSON.parse(files['packages/std/package.json'] ?? '') as {
      devDependencies: Record<string, string>;
    };
    manifest.devDependencies['fast-check'] = '^4.0.0';
    files['packages/std/package.json'] = JSON.stringify(manifest);
    expect(lines(checkDependencies(plantedTree(files)))).toEqual([
      expect.stringContaining('fast-check has the range "^4.0.0"'),
    ]);
  });
});
