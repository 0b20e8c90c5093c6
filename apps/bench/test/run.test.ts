import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const runPath = fileURLToPath(new URL('../src/run.ts', import.meta.url));
const fixtures = fileURLToPath(new URL('fixtures', import.meta.url));

const run = (folder: string, ...args: string[]) =>
  promisify(execFile)(process.execPath, ['--conditions=@biquorum/source', runPath, ...args], { cwd: folder });

describe('run.ts', () => {
  it('runs the bench files that are meant, and prints a JSON line for each case', async () => {
    const { stdout } = await run(fixtures, 'sample', '--quick', '--json');
    const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { suite: 'sample', baseline: 'split', quick: true, name: 'split', ratio: 1 },
      { suite: 'sample', baseline: 'split', quick: true, name: 'match' },
    ]);
    expect(stdout).toContain('against split');
  });

  it('fails when a bench file does', async () => {
    await expect(run(fixtures, 'other', '--quick')).rejects.toThrow('was not asked for');
  });

  it('says so when there is nothing to run', async () => {
    expect((await run(fixtures, 'nothing-like-this')).stdout).toContain('is meant by nothing-like-this');
    expect((await run(fileURLToPath(new URL('.', import.meta.url)))).stdout).toContain('no bench/*.bench.ts here');
  });
});
