import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const ARGS = ['--conditions=@biquorum/source', main];
const running: ChildProcess[] = [];
let scratch = '';

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'biquorum-cli-server-'));
});
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
  rmSync(scratch, { recursive: true, force: true, maxRetries: 10 });
});

it('runs brokers by a zookeeper.connect with a path, numbers those that have no id, and refuses an id twice', async () => {
  const { line: ensemble } = await start<{ connect: string }>('zookeeper', '--servers', '1', '--json');
  const path = `${ensemble.connect}, ${ensemble.connect}/my/path`;
  const numbered = properties('numbered', { 'zookeeper.connect': path });
  const { child, line } = await start<{ event: string; id: number }>('server', numbered, '--json');
  expect(line).toMatchObject({ event: 'ready', id: 1001 });
  expect(readFileSync(join(scratch, 'numbered', 'meta.properties'), 'utf8')).toContain('broker.id=1001\n');
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect((await start<{ id: number }>('server', numbered, '--json')).line.id).toBe(1001);

  const again = properties('again', {
    'zookeeper.connect': path,
    'broker.id': '1001',
    'reserved.broker.max.id': '2000',
  });
  const { status, stdout, stderr } = spawnSync(process.execPath, [...ARGS, 'server', again], { encoding: 'utf8' });
  const told = stderr.split('\n').filter((text) => text !== '' && !text.startsWith('{'));
  expect([status, stdout, told]).toEqual([
    1,
    '',
    [
      expect.stringMatching(
        /^biquorum server: broker\.id 1001 is registered under session 0x\w+: another broker has it/,
      ),
    ],
  ]);
}, 120_000);

/** A file of properties for a broker in a directory of its own. @returns its path */
function properties(name: string, given: Readonly<Record<string, string>>): string {
  const all = { listeners: 'PLAINTEXT://127.0.0.1:0', 'log.dirs': join(scratch, name), ...given };
  const file = join(scratch, `${name}.properties`);
  writeFileSync(
    file,
    Object.entries(all)
      .map(([key, value]) => `${key}=${value}\n`)
      .join(''),
  );
  return file;
}

/** @returns the process, and the first line that it printed */
async function start<Line>(...args: string[]): Promise<{ child: ChildProcess; line: Line }> {
  const child = spawn(process.execPath, [...ARGS, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  running.push(child);
  const [line] = (await once(createInterface({ input: child.stdout as NodeJS.ReadableStream }), 'line')) as [string];
  return { child, line: JSON.parse(line) as Line };
}
