import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatFinding, readFiles, treeOf, workspaceRoot } from '../src/index.ts';
import { allRules } from '../src/rules/index.ts';

describe('this workspace', () => {
  const tree = treeOf(readFiles(workspaceRoot));
  const exists = (path: string): boolean => existsSync(join(workspaceRoot, path));

  it('is the one that the rules were read from', () => {
    expect(tree.packages.map(({ name }) => name)).toEqual(expect.arrayContaining(['std', 'platform', 'workspace']));
  });

  for (const [sentence, rule] of Object.entries(allRules)) {
    it(sentence, () => {
      expect(rule(tree, exists).map(formatFinding)).toEqual([]);
    });
  }
});
