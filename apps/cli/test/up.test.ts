import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { Kafka, logLevel } from 'kafkajs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { call } from './call.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});

interface Ready {
  readonly event: string;
  readonly mode: string;
  readonly bootstrap: string;
  readonly zookeeperConnect?: string;
  readonly millis: number;
  readonly nodes: readonly {
    readonly role: string;
    readonly id: number;
    readonly address: string;
    readonly pid: number;
  }[];
}

async function up(...args: string[]): Promise<{ child: ChildProcess; ready: Ready }> {
  const child = spawn(process.execPath, ['--conditions=@biquorum/source', main, 'up', '--json', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.push(child);
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const [line] = (await once(lines, 'line')) as [string];
  return { child, ready: JSON.parse(line) as Ready };
}

describe('biquorum up', () => {
  it('says in one line when it is ready, serves clients, and ends with 0 when it is asked to', async () => {
    const { child, ready } = await up('--brokers', '2', '--controllers', '1', '--set', 'num.partitions=4');
    expect(ready).toMatchObject({ event: 'ready', mode: 'kraft' });
    expect(ready.nodes.map(({ role, id, pid }) => ({ role, id, pid }))).toEqual([
      { role: 'controller', id: 101, pid: child.pid },
      { role: 'broker', id: 1, pid: child.pid },
      { role: 'broker', id: 2, pid: child.pid },
    ]);
    const brokers = ready.nodes.filter(({ role }) => role === 'broker');
    expect(ready.bootstrap).toBe(brokers.map(({ address }) => address).join(','));

    const admin = new Kafka({ brokers: ready.bootstrap.split(','), logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: 'orders' }] });
    const { topics } = await admin.fetchTopicMetadata({ topics: ['orders'] });
    expect(topics[0]?.partitions).toHaveLength(4);
    await admin.disconnect();

    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  }, 60_000);

  it('in ZooKeeper mode starts an ensemble of its own, unless it is told one', async () => {
    const { child, ready } = await up('--mode', 'zookeeper', '--brokers', '2');
    expect(ready.nodes.map(({ role, id }) => `${role} ${id}`)).toEqual(['zookeeper 201', 'broker 1', 'broker 2']);
    const [server] = ready.nodes;
    expect(ready).toMatchObject({ mode: 'zookeeper', zookeeperConnect: server?.address });

    const second = await up('--mode', 'zookeeper', '--zookeeper-connect', `${ready.zookeeperConnect}/second`);
    expect(second.ready.nodes.map(({ role, id }) => `${role} ${id}`)).toEqual(['broker 1']);
    for (const one of [second.child, child]) {
      one.kill('SIGTERM');
      expect(await once(one, 'exit')).toEqual([0, null]);
    }
  }, 60_000);

  it('warns of a key that nobody knows, and names the one that was meant', async () => {
    const child = spawn(
      process.execPath,
      ['--conditions=@biquorum/source', main, 'up', '--json', '--set', 'num.partition=4'],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    running.push(child);
    const lines = createInterface({ input: child.stderr as NodeJS.ReadableStream });
    const [warning] = (await once(lines, 'line')) as [string];
    expect(warning).toContain('num.partition');
    expect(warning).toContain('num.partitions');
  }, 60_000);

  it.each([
    ['num.partitions=0', 'num.partitions=0: must be a whole number from 1 to 2147483647'],
    ['log.cleanup.policy=shred', 'log.cleanup.policy=shred: must be a list of compact, delete'],
    ['controller.quorum.fetch.timeout.ms=soon', 'controller.quorum.fetch.timeout.ms=soon: must be a whole number'],
  ])(
    'refuses %s in one line that names key, value and what is allowed',
    (property, complaint) => {
      for (const more of [[], ['--processes']]) {
        const { status, stdout, stderr } = spawnSync(
          process.execPath,
          ['--conditions=@biquorum/source', main, 'up', '--json', '--set', property, ...more],
          { encoding: 'utf8' },
        );
        expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
        expect(stderr.trimEnd().split('\n')).toEqual([expect.stringContaining(`biquorum up: ${complaint}`)]);
      }
    },
    60_000,
  );

  it('says which node found its address taken, also where each has a process of its own', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const args = [main, 'up', '--processes', '--port', String(port)];
    const child = spawn(process.execPath, ['--conditions=@biquorum/source', ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    running.push(child);
    const [complaint, [code]] = await Promise.all([text(child.stderr as NodeJS.ReadableStream), once(child, 'close')]);
    server.close();
    expect(code).toBe(1);
    expect(complaint).toContain(
      `biquorum up: broker 1: listen 127.0.0.1:${port}: address already in use: --port ${port}. Choose another --port,`,
    );
    expect(complaint).not.toContain('    at ');
  }, 60_000);

  it.each([
    { form: 'in one process', more: [], seen: '' },
    { form: 'in one process', more: [], seen: 'broker-1' },
    { form: 'in processes', more: ['--processes'], seen: '' },
    { form: 'in processes', more: ['--processes'], seen: 'broker-1.log' },
  ])(
    'leaves nothing behind when it is asked to stop before everything runs, $form: "$seen"',
    async ({ more, seen }) => {
      const temporary = mkdtempSync(join(tmpdir(), 'up-test-'));
      const own = (): string[] => readdirSync(temporary).filter((name) => name.startsWith('biquorum-'));
      const child = spawn(process.execPath, ['--conditions=@biquorum/source', main, 'up', '--json', ...more], {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, TMPDIR: temporary },
      });
      running.push(child);
      const begun = (): boolean => own().some((name) => existsSync(join(temporary, name, seen)));
      await vi.waitFor(() => expect(begun()).toBe(true), { timeout: 60_000, interval: 1 });
      child.kill('SIGTERM');
      expect(await once(child, 'close')).toEqual([0, null]);
      expect(own()).toEqual([]);
      rmSync(temporary, { recursive: true });
    },
    60_000,
  );

  it('leaves nothing behind when it cannot start', () => {
    const temporary = mkdtempSync(join(tmpdir(), 'up-test-'));
    const args = ['--conditions=@biquorum/source', main, 'up', '--set', 'num.partitions=0'];
    const env = { ...process.env, TMPDIR: temporary };
    expect(spawnSync(process.execPath, args, { env }).status).toBe(1);
    expect(readdirSync(temporary).filter((name) => name.startsWith('biquorum-'))).toEqual([]);
    rmSync(temporary, { recursive: true });
  }, 60_000);

  it.each([
    [['--brokers', 'many'], '--brokers many is no whole number from 1 to 100.'],
    [
      ['--port', '65534', '--brokers', '3'],
      '--port 65534 takes 3 ports, to 65536, and 65535 is the last there is; give 65533 or less.',
    ],
    [['--mode', 'both', '--kraft-port', '65535'], '--kraft-port 65535 takes 3 ports, to 65537'],
    [['--mode', 'both', '--page-port', '65536'], '--page-port 65536 is no whole number from 1 to 65535.'],
    [['--port', '1', '--port', '2'], '--port is given twice.'],
    [['--set', 'num.partitions'], '--set num.partitions is no key=value.'],
    [['--processes', '--state', '/nope/s.json'], '--state /nope/s.json: there is no folder /nope; make it first.'],
    [['--processes', '--state', tmpdir()], `--state ${tmpdir()} is a folder; name a file in it.`],
  ])('refuses %j before anything starts', async (args, complaint) => {
    expect(await call('up', ...args)).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining(`biquorum up: ${complaint}`),
    });
  });
});
