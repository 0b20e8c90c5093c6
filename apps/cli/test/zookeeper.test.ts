import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { createNodePorts } from '@biquorum/platform/node';
import { ZooKeeperClient } from '@biquorum/zookeeper-client';
import { afterEach, describe, expect, it } from 'vitest';
import { call } from './call.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const SOURCE = '--conditions=@biquorum/source';
const running: ChildProcess[] = [];
const directories: string[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

interface Ready {
  readonly event: string;
  readonly connect: string;
  readonly nodes: readonly { readonly role: string; readonly address: string; readonly pid: number }[];
}

/** A server that has stopped by itself, as it is told of. */
interface Stopped {
  readonly event: string;
  readonly role: string;
  readonly address: string;
  readonly pid: number;
  readonly reason: string;
}

interface Started {
  readonly child: ChildProcess;
  readonly ready: Ready;
  /** The next event that it tells of. */
  readonly next: () => Promise<Stopped>;
}

function start(...args: string[]): Promise<Started> {
  return follow(spawn(process.execPath, callOf(...args), { stdio: ['ignore', 'pipe', 'inherit'] }));
}

function callOf(...args: string[]): string[] {
  return [SOURCE, main, 'zookeeper', ...args, '--json'];
}

async function follow(child: ChildProcess): Promise<Started> {
  running.push(child);
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
  const next = async (): Promise<unknown> => {
    const { done, value } = await lines.next();
    if (done === true) throw new Error('it tells of nothing more');
    return JSON.parse(value);
  };
  return { child, ready: (await next()) as Ready, next: async () => (await next()) as Stopped };
}

function temporary(): string {
  const directory = mkdtempSync(join(tmpdir(), 'biquorum-cli-zookeeper-'));
  directories.push(directory);
  return directory;
}

/** A four-letter word's answer. */
function ask(server: string, word: string): Promise<string> {
  const [host = '', port = ''] = server.split(':');
  const socket = connect({ host, port: Number(port) });
  socket.write(word);
  return text(socket);
}

async function writeAndRead(servers: string, value: string): Promise<string> {
  const ports = createNodePorts({});
  const client = new ZooKeeperClient({ connect: servers, ports });
  try {
    await client.create('/said', Buffer.from(value));
    return Buffer.from((await client.getData('/said')).data ?? []).toString();
  } finally {
    await client.close();
    await ports.close();
  }
}

describe('biquorum zookeeper', () => {
  it('says in one line which file is damaged, and what to do', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'zookeeper-'));
    directories.push(directory);
    const logs = join(directory, 'data', 'version-2');
    mkdirSync(logs, { recursive: true });
    writeFileSync(join(logs, 'log.1'), 'this is no log of transactions');
    const file = join(directory, 'zoo.cfg');
    writeFileSync(file, `dataDir=${join(directory, 'data')}\nclientPort=0\n`);
    const { code, err } = await call('zookeeper', file);
    expect(code).toBe(1);
    expect(err).toMatch(/^biquorum zookeeper: .*log\.1: at 0: .*; bring the file back from a copy; [^\n]*$/);
  });

  it('runs one server by a zoo.cfg, and ends with 0 when it is asked to', async () => {
    const directory = temporary();
    const file = join(directory, 'zoo.cfg');
    writeFileSync(file, `tickTime=500\ndataDir=${directory}\nclientPort=0\nclientPortAddress=127.0.0.1\n`);
    const { child, ready } = await start(file, '-Djute.maxbuffer=2000000');
    expect(ready).toMatchObject({ event: 'ready', nodes: [{ role: 'zookeeper', pid: child.pid }] });
    expect(await writeAndRead(ready.connect, 'alone')).toBe('alone');
    expect(await ask(ready.connect, 'srvr')).toContain('Mode: standalone\n');
    expect(await ask(ready.connect, 'mntr')).toBe('mntr is not executed because it is not in the whitelist.\n');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  }, 60_000);

  it('runs an ensemble, in one process or in one each, that is ready when it serves', async () => {
    for (const more of [[], ['--processes']]) {
      const { child, ready } = await start('--servers', '3', ...more);
      const servers = ready.connect.split(',');
      expect(new Set(servers).size).toBe(3);
      expect(new Set(ready.nodes.map(({ pid }) => pid)).size).toBe(more.length === 0 ? 1 : 3);
      const modes = await Promise.all(servers.map((server) => ask(server, 'srvr')));
      expect(modes.filter((answer) => answer.includes('Mode: leader'))).toHaveLength(1);
      expect(modes.filter((answer) => answer.includes('Mode: follower'))).toHaveLength(2);
      expect(await writeAndRead(ready.connect, 'together')).toBe('together');
      child.kill('SIGTERM');
      expect(await once(child, 'exit')).toEqual([0, null]);
    }
  }, 120_000);

  it('tells of servers whose processes die, goes on with the others, and ends with 1', async () => {
    const { child, ready, next } = await start('--servers', '3', '--processes');
    const [first, ...others] = ready.nodes;
    process.kill(first?.pid ?? 0, 'SIGKILL');
    expect(await next()).toEqual({ event: 'stopped', ...first, reason: 'its process was ended by SIGKILL' });
    expect(await writeAndRead(others.map(({ address }) => address).join(), 'by two')).toBe('by two');
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await ended).toEqual([1, null]);
  }, 120_000);

  it('ends with 1 when no server is left', async () => {
    const { child, ready, next } = await start('--servers', '2', '--processes');
    const ended = once(child, 'exit');
    for (const { pid } of ready.nodes) process.kill(pid, 'SIGKILL');
    const told = [await next(), await next()];
    expect(new Set(told.map(({ pid }) => pid))).toEqual(new Set(ready.nodes.map(({ pid }) => pid)));
    expect(await ended).toEqual([1, null]);
  }, 120_000);

  it('ends with 1, and says why, when the disk of a server fails', async () => {
    const directory = temporary();
    const file = join(directory, 'zoo.cfg');
    writeFileSync(file, `dataDir=${directory}\nclientPort=0\nclientPortAddress=127.0.0.1\npreAllocSize=64\n`);
    // No file may grow beyond 256 KiB.
    const script = 'ulimit -f 256; exec "$@"';
    const limited = ['-c', script, 'limited', process.execPath, ...callOf(file)];
    const { child, ready, next } = await follow(spawn('bash', limited, { stdio: ['ignore', 'pipe', 'ignore'] }));
    const ended = once(child, 'exit');
    const ports = createNodePorts({});
    const client = new ZooKeeperClient({ connect: ready.connect, ports });
    const told = next();
    const writing = Array.from({ length: 20 }, (_, at) => client.create(`/large-${at}`, Buffer.alloc(20_000)));
    const written = Promise.allSettled(writing);
    expect(await told).toMatchObject({ event: 'stopped', role: 'zookeeper', address: ready.connect });
    expect((await told).reason).toMatch(/log\.1/);
    expect(await ended).toEqual([1, null]);
    client.abandon();
    expect((await written).some(({ status }) => status === 'rejected')).toBe(true);
    await ports.close();
  }, 120_000);

  it('says in one line what is wrong with a zoo.cfg, and with the call', () => {
    const directory = temporary();
    const file = join(directory, 'zoo.cfg');
    const run = (...args: string[]) =>
      spawnSync(process.execPath, [SOURCE, main, 'zookeeper', ...args], { encoding: 'utf8' });
    writeFileSync(file, `dataDir=${directory}\nclientPort=2181\nsecureClientPort=2281\n`);
    const refused = run(file);
    expect([refused.status, refused.stderr]).toEqual([
      1,
      'biquorum zookeeper: secureClientPort=2281 cannot be: TLS is not here yet; leave it out\n',
    ]);
    writeFileSync(file, `dataDir=${directory}\nclientPort=x\n`);
    expect(run(file).stderr).toBe('biquorum zookeeper: clientPort=x is no whole number; write one\n');
    const none = join(directory, 'none.cfg');
    expect(run(none).stderr).toContain(`biquorum zookeeper: ${none} cannot be read: ENOENT`);
    expect(run().status).toBe(2);
    expect(run('--servers', '0').status).toBe(2);
    expect(run('--servers', '3', '--port', '65535')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--port 65535 takes 3 ports, to 65537, and 65535 is the last there is'),
    });
    expect(run(file, '-Dx').stderr).toContain('biquorum zookeeper: -D x is no key=value.');
    expect(run(file, '--servers', '3').status).toBe(2);
    const inFile = run('--servers', '1', '--data', file);
    expect([inFile.status, inFile.stderr]).toEqual([
      1,
      `biquorum zookeeper: ${file}/server-1 cannot be made (ENOTDIR); give another directory to --data.\n`,
    ]);
  }, 120_000);
});
