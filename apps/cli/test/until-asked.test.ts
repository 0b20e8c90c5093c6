import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it, vi } from 'vitest';

const program = fileURLToPath(new URL('support/never-stops.ts', import.meta.url));
const temporary = mkdtempSync(join(tmpdir(), 'biquorum-asked-'));
let child: ChildProcess | undefined;

afterEach(() => {
  child?.kill('SIGKILL');
  rmSync(temporary, { recursive: true, force: true });
});

it('whoever asks again a while later ends a stop that hangs, and temporary directories are removed', async () => {
  child = spawn(process.execPath, ['--conditions=@biquorum/source', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TMPDIR: temporary },
  });
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const said: string[] = [];
  lines.on('line', (line) => said.push(line));
  await vi.waitFor(() => expect(said).toEqual(['runs']), { timeout: 30_000 });
  expect(readdirSync(temporary)).toHaveLength(1);
  const exited = once(child, 'exit');
  // A terminal and a package manager say it twice at once; that is one request.
  child.kill('SIGINT');
  child.kill('SIGINT');
  await vi.waitFor(() => expect(said).toEqual(['runs', 'asked']), { timeout: 30_000 });
  await vi.waitFor(
    () => {
      child?.kill('SIGINT');
      expect(child?.exitCode).toBe(130);
    },
    { timeout: 30_000 },
  );
  await exited;
  expect(readdirSync(temporary)).toEqual([]);
}, 60_000);
