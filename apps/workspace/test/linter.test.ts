import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { workspaceRoot } from '../src/index.ts';

const scratch = mkdtempSync(join(tmpdir(), 'biquorum-lint-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** Rules that Biome, under this workspace's configuration, finds broken in a planted file. */
function lint(path: string, text: string): string[] {
  const {
    vcs: _vcs,
    $schema: _schema,
    ...config
  } = JSON.parse(readFileSync(join(workspaceRoot, 'biome.json'), 'utf8'));
  writeFileSync(join(scratch, 'biome.json'), JSON.stringify(config));
  mkdirSync(join(scratch, dirname(path)), { recursive: true });
  writeFileSync(join(scratch, path), text);
  const biome = join(workspaceRoot, 'node_modules/.bin/biome');
  const { stdout } = spawnSync(biome, ['lint', '--reporter=json', path], { cwd: scratch, encoding: 'utf8' });
  rmSync(join(scratch, path));
  const report = JSON.parse(stdout) as { diagnostics: readonly { category: string; severity: string }[] };
  return report.diagnostics.filter(({ severity }) => severity === 'error').map(({ category }) => category);
}

const ambient = [
  'setTimeout(() => {}, 1);',
  'export const home = process.env;',
  'export const b = Buffer.alloc(1);',
  'console.log(1);',
];

describe("the linter's bans", () => {
  it.each(ambient)('keep %s out of sources, and in platform/node', (text) => {
    expect(lint('packages/std/src/a.ts', text)).toEqual(['lint/style/noRestrictedGlobals']);
    expect(lint('packages/platform/src/testing/a.ts', text)).toEqual(['lint/style/noRestrictedGlobals']);
    expect(lint('packages/platform/src/node/a.ts', text)).toEqual([]);
  });

  it('let a package have a method or a port of a banned name', () => {
    const text =
      'export const f = (timers: { setTimeout(run: () => void): void }): void => timers.setTimeout(() => {});';
    expect(lint('packages/std/src/a.ts', text)).toEqual([]);
  });

  it('keep time out of tests', () => {
    const text =
      "import { it } from 'vitest';\nit('waits', () => new Promise<void>((resolve) => setTimeout(resolve, 5)));";
    expect(lint('packages/std/test/a.test.ts', text)).toEqual(['lint/style/noRestrictedGlobals']);
  });

  it.each([
    ['export default 1;', 'lint/style/noDefaultExport'],
    ["describe.only('a', () => {});", 'lint/suspicious/noFocusedTests'],
    ["it.skip('a', () => {});", 'lint/suspicious/noSkippedTests'],
    ['export const a: any = 1;', 'lint/suspicious/noExplicitAny'],
  ])('refuse %s', (text, rule) => {
    expect(lint('packages/std/test/a.test.ts', text)).toContain(rule);
  });

  it('want file names in kebab-case', () => {
    expect(lint('packages/std/src/BadName.ts', 'export {};')).toContain('lint/style/useFilenamingConvention');
  });
});
