import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { digestOf } from '../src/pack.ts';

const scratch = mkdtempSync(join(tmpdir(), 'biquorum-pack-'));
afterAll(() => rmSync(scratch, { recursive: true }));

function plant(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(scratch, 'package-'));
  for (const part of ['dist', 'src/deep']) mkdirSync(join(folder, part), { recursive: true });
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
  return folder;
}

describe('what an archive is made of', () => {
  const files = { 'package.json': '{}', 'README.md': 'read', 'dist/index.js': 'a', 'src/deep/index.ts': 'b' };
  const digest = digestOf(plant(files), 'around');

  it('is the same wherever the package lies, and whatever lies beside it', () => {
    const more = { ...files, 'dist/.tsbuildinfo': '1', 'tsconfig.json': '2' };
    expect(digestOf(plant(more), 'around')).toBe(digest);
  });

  it.each([
    ['its manifest', { ...files, 'package.json': '{ }' }],
    ['its README', { ...files, 'README.md': 'read on' }],
    ['what was built', { ...files, 'dist/index.js': 'A' }],
    ['a source', { ...files, 'src/deep/index.ts': 'B' }],
    ['a further file', { ...files, 'dist/more.js': '' }],
  ])('is another one after a change of %s', (_what, changed) => {
    expect(digestOf(plant(changed), 'around')).not.toBe(digest);
  });

  it('is another one after a change of versions around it', () => {
    expect(digestOf(plant(files), 'other')).not.toBe(digest);
  });
});
