import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';

const app = fileURLToPath(new URL('..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'biquorum-bundle-'));
// Inside of the app: there the bundle finds what it does not hold.
mkdirSync(join(app, 'dist'), { recursive: true });
const bundle = mkdtempSync(join(app, 'dist', 'bundle-test-'));
let child: ChildProcess | undefined;

beforeAll(() => {
  const rolldown = join(app, 'node_modules', 'rolldown', 'bin', 'cli.mjs');
  execFileSync(process.execPath, [rolldown, '--config', 'rolldown.config.ts', '--dir', bundle], {
    cwd: app,
    stdio: 'ignore',
  });
}, 60_000);

afterAll(() => {
  child?.kill('SIGKILL');
  for (const directory of [scratch, bundle]) rmSync(directory, { recursive: true, force: true });
});

function bytesOfLog(data: string, partition: string): number {
  const directory = join(data, 'broker-1', partition);
  const logs = readdirSync(directory).filter((name) => name.endsWith('.log'));
  return logs.reduce((bytes, name) => bytes + statSync(join(directory, name)).size, 0);
}

it('a bundled broker compresses with native code and compacts in a worker, with nothing but the bundle', async () => {
  const data = join(scratch, 'data');
  const settings = ['log.cleaner.backoff.ms=50', 'log.cleaner.min.cleanable.ratio=0', 'log.initial.task.delay.ms=0'];
  const up = ['up', '--json', '--data', data, ...settings.flatMap((setting) => ['--set', setting])];
  child = spawn(process.execPath, [join(bundle, 'main.js'), ...up], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const [line] = (await once(lines, 'line')) as [string];
  const kafka = new Kafka({ brokers: [JSON.parse(line).bootstrap], logLevel: logLevel.NOTHING });

  const admin = kafka.admin();
  await admin.connect();
  const configEntries = Object.entries({
    'cleanup.policy': 'compact',
    'compression.type': 'lz4',
    'segment.bytes': '4096',
  }).map(([name, value]) => ({ name, value }));
  await admin.createTopics({ topics: [{ topic: 'compacted', configEntries }], waitForLeaders: true });
  await admin.disconnect();
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  // Text that does not repeat, so that compression does not make it small.
  const value = (number: number): string => `${number} `.repeat(8) + (number * 0.123456789).toString(36).repeat(4);
  for (let number = 0; number < 200; number++) {
    await producer.send({ topic: 'compacted', messages: [{ key: 'same', value: value(number) }] });
  }
  await producer.disconnect();
  // Of two hundred records with one key, only those of the active segment and one more are left.
  await vi.waitFor(() => expect(bytesOfLog(data, 'compacted-0')).toBeLessThan(2 * 4096), { timeout: 50_000 });

  const bootstrap = JSON.parse(line).bootstrap as string;
  const tool = (...args: string[]): string =>
    execFileSync(process.execPath, [join(bundle, 'main.js'), ...args], { encoding: 'utf8' });
  const read = ['--topic', 'compacted', '--partition', '0', '--offset', 'earliest', '--timeout-ms', '60000', '--json'];
  const [first = ''] = tool('console-consumer', '--bootstrap-server', bootstrap, ...read, '--max-messages', '1').split(
    '\n',
  );
  expect(JSON.parse(first)).toMatchObject({ topic: 'compacted', key: 'same', value: expect.stringMatching(/^\d+ /) });

  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
}, 60_000);

it('a Node that is too old is told which one is needed, before anything is loaded that it does not know', () => {
  const main = join(bundle, 'main.js');
  // Names that an old Node does not export would end it before it could say anything.
  expect(readFileSync(main, 'utf8')).not.toMatch(/import\s*\{[^}]*\}\s*from\s*["']node:/);
  const older = "data:text/javascript,Object.defineProperty(process.versions,'node',{value:'20.20.2'})";
  const { status, stderr } = spawnSync(process.execPath, ['--import', older, main, 'topics'], { encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).toContain('biquorum needs Node.js 24, or 22.18 and newer of 22, or 26 and newer; this is 20.20.2.');
  expect(stderr).toContain(`npx -y node@24 ${main}`);
});

it('a bundle by itself, far from the sources, simulates', () => {
  const alone = join(scratch, 'alone');
  cpSync(bundle, alone, { recursive: true });
  const call = (...args: string[]) =>
    spawnSync(process.execPath, [join(alone, 'main.js'), 'sim', ...args], { encoding: 'utf8' });
  expect(call('--engine', 'zab', '--seeds', '2', '--json')).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('"held":true'),
  });
  expect(call('--mutants')).toMatchObject({ status: 1, stderr: expect.stringContaining('needs the sources') });
}, 60_000);
