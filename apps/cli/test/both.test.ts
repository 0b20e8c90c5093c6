import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { afterEach, describe, expect, it, vi } from 'vitest';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const start = fileURLToPath(new URL('../src/start.ts', import.meta.url));
const scratch: string[] = [];
const running: ChildProcess[] = [];
const PATIENCE = { timeout: 60_000, interval: 20 };
/** The smallest pair of clusters: what is asked for here does not hang on their size. */
const SMALL = ['--brokers', '1', '--zookeepers', '1', '--controllers', '1'];

afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
  for (const directory of scratch.splice(0)) rmSync(directory, { recursive: true, force: true });
});

interface Ready {
  readonly event: string;
  readonly mode: string;
  readonly millis: number;
  readonly page: string;
  readonly clusters: Readonly<
    Record<
      'zookeeper' | 'kraft',
      {
        readonly bootstrap: string;
        readonly zookeeperConnect?: string;
        readonly nodes: readonly { readonly role: string; readonly id: number }[];
      }
    >
  >;
}

/** Starts a program whose temporary files are its own. */
function begin(
  program: string,
  ...args: string[]
): { child: ChildProcess; temporary: string; lines: string[]; complaints: string[] } {
  const temporary = mkdtempSync(join(tmpdir(), 'biquorum-cli-'));
  scratch.push(temporary);
  const child = spawn(process.execPath, ['--conditions=@biquorum/source', program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: temporary },
  });
  running.push(child);
  const lines: string[] = [];
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => lines.push(line));
  const complaints: string[] = [];
  child.stderr?.setEncoding('utf8').on('data', (text: string) => complaints.push(text));
  return { child, temporary, lines, complaints };
}

/** Directories of clusters; a cache of compiled code may stay. */
function leftIn(temporary: string): string[] {
  return readdirSync(temporary).filter((name) => name.startsWith('biquorum-'));
}

async function both(...args: string[]): Promise<{ child: ChildProcess; temporary: string; ready: Ready }> {
  const { child, temporary, lines } = begin(main, 'up', '--mode', 'both', '--json', ...args);
  await vi.waitFor(() => expect(lines).toHaveLength(1), PATIENCE);
  return { child, temporary, ready: JSON.parse(lines[0] as string) as Ready };
}

describe('biquorum up --mode both', () => {
  it('runs three brokers in each mode that real clients use, and a page; SIGINT ends it with nothing left', async () => {
    const { child, temporary, ready } = await both();
    expect(ready).toMatchObject({ event: 'ready', mode: 'both' });
    const { zookeeper, kraft } = ready.clusters;
    expect(zookeeper.nodes.map(({ role, id }) => `${role} ${id}`)).toEqual([
      'zookeeper 201',
      'zookeeper 202',
      'zookeeper 203',
      'broker 1',
      'broker 2',
      'broker 3',
    ]);
    expect(kraft.nodes.map(({ id }) => id)).toEqual([101, 102, 103, 1, 2, 3]);
    expect(zookeeper.zookeeperConnect?.split(',')).toHaveLength(3);
    for (const { bootstrap } of [zookeeper, kraft]) {
      expect(bootstrap.split(',')).toHaveLength(3);
      const kafka = new Kafka({ brokers: bootstrap.split(','), logLevel: logLevel.NOTHING });
      const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
      const admin = kafka.admin();
      await Promise.all([producer.connect(), admin.connect()]);
      await admin.createTopics({ topics: [{ topic: 'mine' }], waitForLeaders: true });
      await producer.send({ topic: 'mine', acks: -1, messages: [{ value: 'hello' }] });
      const { topics } = await admin.fetchTopicMetadata({ topics: ['mine'] });
      expect(topics[0]?.partitions.map(({ replicas }) => replicas.length)).toEqual([3, 3, 3]);
      await Promise.all([producer.disconnect(), admin.disconnect()]);
    }
    const page = await fetch(ready.page);
    expect(new URL(ready.page).hostname).toBe('127.0.0.1');
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(await page.text()).toContain('<div id="page">');
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(leftIn(temporary)).toEqual([]);
  }, 120_000);

  it('keeps the data of each mode where it is told, and finds them there again', async () => {
    const data = mkdtempSync(join(tmpdir(), 'biquorum-both-'));
    scratch.push(data);
    for (const _ of ['made', 'found']) {
      const { child, ready } = await both(...SMALL, '--data', data);
      expect(readdirSync(data).sort()).toEqual(['kraft', 'zookeeper']);
      expect(ready.clusters.kraft.nodes.map(({ id }) => id)).toEqual([101, 1]);
      child.kill('SIGTERM');
      expect(await once(child, 'exit')).toEqual([0, null]);
    }
  }, 120_000);

  it.each(['--page-port', '--zookeeper-port', '--kraft-port'])(
    'names the port of %s that is taken, says what to do about it, and leaves nothing behind',
    async (flag) => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as { port: number };
      const { child, temporary, complaints } = begin(main, 'up', '--mode', 'both', ...SMALL, flag, String(port));
      expect(await once(child, 'close')).toEqual([1, null]);
      expect(complaints.join('')).toBe(
        `biquorum up: listen 127.0.0.1:${port}: address already in use: ${flag} ${port}. Choose another ${flag}, leave it out for free ports, or stop the program that listens there. Ports are set by --zookeeper-port, --kraft-port and --page-port.\n`,
      );
      expect(leftIn(temporary)).toEqual([]);
      server.close();
    },
    120_000,
  );

  it.each([
    [['--port', '9092'], '--port goes without --mode both: give --zookeeper-port and --kraft-port.'],
    [['--processes'], '--processes goes without --mode both'],
    [['--zookeeper-port', '9092', '--kraft-port', '9094'], 'closer than 3 brokers'],
  ])('refuses %j in words', (args, words) => {
    const argv = ['--conditions=@biquorum/source', main, 'up', '--mode', 'both', ...args];
    const { status, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
    expect(status).toBe(2);
    expect(stderr).toContain(words);
  });

  it('takes ports of both modes only where there are both', () => {
    const argv = ['--conditions=@biquorum/source', main, 'up', '--kraft-port', '9092'];
    const { status, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
    expect({ status, first: stderr.split('\n')[0] }).toEqual({
      status: 2,
      first: 'biquorum up: --kraft-port goes with --mode both.',
    });
  });
});

describe('pnpm start', () => {
  it('says where the brokers of both modes and the page are, and what to try; records flow', async () => {
    const { child, temporary, lines } = begin(start);
    await vi.waitFor(() => expect(lines.some((line) => line.startsWith('Ctrl-C'))).toBe(true), PATIENCE);
    const text = lines.join('\n');
    const url = /page +(http:\/\/127\.0\.0\.1:\d+\/)/.exec(text)?.[1] ?? '';
    const addresses = /((127\.0\.0\.1:\d+,){2}127\.0\.0\.1:\d+)/.source;
    for (const mode of ['ZooKeeper mode', 'KRaft mode']) expect(text).toMatch(new RegExp(`${mode} +${addresses}`));
    expect(text).toContain('kcat -b 127.0.0.1:');
    const calls = lines.flatMap((line) => / {2}npx -y pnpm@[\d.]+ biquorum (.+)/.exec(line)?.[1] ?? []);
    expect(calls).toHaveLength(4);
    for (const call of calls) {
      const argv = ['--conditions=@biquorum/source', main, ...call.split(' ')];
      const { status, stdout, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
      expect({ call, status, stderr }).toMatchObject({ status: 0 });
      expect(stdout).not.toBe('');
    }
    expect((await fetch(url)).status).toBe(200);
    await vi.waitFor(() => {
      const [, zookeeper, kraft] =
        /ZooKeeper mode .* (\d+) so far; KRaft mode .* (\d+) so far/.exec(lines.at(-1) ?? '') ?? [];
      expect(Number(zookeeper)).toBeGreaterThan(100);
      expect(Number(kraft)).toBeGreaterThan(100);
    }, PATIENCE);
    expect(lines.filter((line) => line === 'Records flow through both.')).toHaveLength(1);
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(lines.at(-1)).toBe('Stopped.');
    expect(leftIn(temporary)).toEqual([]);
  }, 120_000);

  it('asked again and again to stop, ends and leaves no directory behind', async () => {
    const { child, temporary, lines } = begin(start);
    await vi.waitFor(() => expect(lines.length).toBeGreaterThan(0), PATIENCE);
    expect(leftIn(temporary)).toHaveLength(2);
    const exited = once(child, 'exit');
    await vi.waitFor(() => {
      child.kill('SIGINT');
      // A stop that was quick enough ends with 0; at the very end nobody listens to the signal any more, and it ends it.
      expect([0, 130, 'SIGINT']).toContain(child.exitCode ?? child.signalCode);
    }, PATIENCE);
    await exited;
    expect(leftIn(temporary)).toEqual([]);
  }, 120_000);
});
