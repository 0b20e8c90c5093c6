import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

// A clock that stood a hair below a timer's deadline set its alarm again and again, and time stood still.
test('seed 1839 of raft comes to an end', () => {
  const args = ['--conditions=@biquorum/source', main, '--engine', 'raft', '--seed', '1839'];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 60_000 });
  expect(stdout).toContain('1 seeds from 1839');
  expect(status).toBe(0);
}, 70_000);
