import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Kafka, logLevel } from 'kafkajs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Called, call } from './call.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const NODE = ['--conditions=@biquorum/source', main];
const CLUSTER = 'abcdefghijklmnopqrstuA';
const running: ChildProcess[] = [];
let scratch = '';
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'biquorum-cli-'));
});
afterEach(async () => {
  await Promise.all(
    running.splice(0).map(async (child) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    }),
  );
  rmSync(scratch, { recursive: true, force: true, maxRetries: 10 });
});

function biquorum(...args: string[]): { readonly status: number | null; readonly out: string; readonly err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...NODE, ...args], { encoding: 'utf8' });
  return { status, out: stdout, err: stderr };
}

/** What was started: its first line, and later all that follow. */
interface Started<Line> {
  readonly child: ChildProcess;
  readonly line: Line;
  readonly rest: Promise<readonly string[]>;
}

/** Starts it and waits for its first line. */
async function start<Line>(...args: string[]): Promise<Started<Line>> {
  const child = spawn(process.execPath, [...NODE, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  running.push(child);
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const told: string[] = [];
  lines.on('line', (text: string) => told.push(text));
  const rest = once(lines, 'close').then(() => told.slice(1));
  const [line] = (await once(lines, 'line')) as [string];
  return { child, line: JSON.parse(line) as Line, rest };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  await once(server.close(), 'close');
  return port;
}

async function topicsOf(bootstrap: string): Promise<readonly string[]> {
  const admin = new Kafka({ brokers: bootstrap.split(','), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: 'orders' }], waitForLeaders: false });
  const topics = await admin.listTopics();
  await admin.disconnect();
  return topics;
}

it('formats the storage of a node and runs it, broker and controller in one, by Kafka’s own properties', async () => {
  const file = join(scratch, 'server.properties');
  const [client, controller] = [await freePort(), await freePort()];
  const properties = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${controller}`,
    listeners: `PLAINTEXT://127.0.0.1:${client},CONTROLLER://127.0.0.1:${controller}`,
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': join(scratch, 'data'),
  };
  const lines = Object.entries(properties).map(([key, value]) => `${key}=${value}\n`);
  writeFileSync(file, lines.join(''));

  const unformatted = biquorum('server', file);
  expect(unformatted.status).toBe(1);
  expect(unformatted.err).toContain('biquorum storage format');
  expect(biquorum('storage', 'format', '-t', CLUSTER, '-c', file)).toMatchObject({
    status: 0,
    out: `Formatting metadata directory ${scratch}/data with metadata.version 3.9-IV0.\n`,
  });
  const info = biquorum('storage', 'info', '-c', file);
  expect(info).toMatchObject({ status: 0 });
  expect(info.out).toContain(`cluster.id=${CLUSTER}`);
  expect(biquorum('storage', 'format', '-t', CLUSTER, '-c', file)).toMatchObject({ status: 1, out: '' });

  const { child, line, rest } = await start<{ event: string; id: number; address: string }>('server', file, '--json');
  const node = { id: 1, address: `127.0.0.1:${client}`, pid: child.pid };
  expect(line).toEqual({ event: 'ready', ...node, millis: expect.any(Number) });
  await topicsOf(line.address);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect((await rest).map((text) => JSON.parse(text))).toEqual([{ event: 'stopped', ...node, exitCode: 0 }]);

  const again = await start<{ address: string }>('server', file, '--json');
  expect(await topicsOf(again.line.address)).toContain('orders');
}, 120_000);

it('warns of keys of the file that nobody knows, and of data where the system clears up', async () => {
  const file = join(scratch, 'server.properties');
  const lines = ['process.roles=broker', 'node.id=1', 'controller.quorum.voters=9@127.0.0.1:1', 'num.partition=4'];
  lines.push('controller.listener.names=CONTROLLER', `log.dirs=${join(scratch, 'data')}`);
  writeFileSync(file, lines.join('\n'));
  // It is not formatted, so it ends by itself; what it was given it has reviewed by then.
  const { status, err } = biquorum('server', file);
  expect(status).toBe(1);
  const told = err.split('\n').filter((line) => line.startsWith('{'));
  const warnings = told.map((line) => JSON.parse(line)).filter(({ level }) => level === 'warn');
  expect(warnings.map(({ message }) => message)).toEqual([
    'num.partition is no setting of a broker; did you mean num.partitions?',
    expect.stringContaining(`${join(scratch, 'data')} of log.dirs is a temporary directory`),
  ]);
}, 60_000);

it('lets a second controller vote, and takes its vote away again', async () => {
  const [first, second] = [await freePort(), await freePort()];
  const controller = (id: number, port: number): string => {
    const file = join(scratch, `controller-${id}.properties`);
    const properties = [
      'process.roles=controller',
      `node.id=${id}`,
      `controller.quorum.bootstrap.servers=127.0.0.1:${first}`,
      `listeners=CONTROLLER://127.0.0.1:${port}`,
      'controller.listener.names=CONTROLLER',
      `log.dirs=${join(scratch, `controller-${id}`)}`,
    ];
    writeFileSync(file, properties.join('\n'));
    return file;
  };
  const [leader, newcomer] = [controller(1, first), controller(2, second)];
  expect(biquorum('storage', 'format', '-t', CLUSTER, '-c', leader, '--standalone')).toMatchObject({ status: 0 });
  expect(biquorum('storage', 'format', '-t', CLUSTER, '-c', newcomer, '-N')).toMatchObject({ status: 0 });
  await start('server', leader, '--json');
  await start('server', newcomer, '--json');
  const quorum = (...args: readonly string[]): Promise<Called> =>
    call('metadata-quorum', '--bootstrap-controller', `127.0.0.1:${first}`, ...args);
  const members = async (): Promise<unknown> => {
    const { voters, observers } = JSON.parse((await quorum('describe', '--status', '--json')).out);
    const ids = (replicas: readonly { readonly id: number }[]): readonly number[] => replicas.map(({ id }) => id);
    return { voters: ids(voters), observers: ids(observers) };
  };
  await expect.poll(members).toEqual({ voters: [1], observers: [2] });

  const add = ['add-controller', '--command-config', newcomer];
  const meta = readFileSync(join(scratch, 'controller-2', 'meta.properties'), 'utf8');
  const directoryId = /^directory\.id=(.*)$/m.exec(meta)?.[1] ?? '';
  const who = `controller 2 with directory id ${directoryId}`;
  const where = `and endpoints: CONTROLLER://127.0.0.1:${second}`;
  expect((await quorum(...add, '--dry-run')).out).toBe(`DRY RUN of adding ${who} ${where}`);
  expect(await members()).toEqual({ voters: [1], observers: [2] });
  expect(await quorum(...add)).toEqual({ code: 0, out: `Added ${who} ${where}`, err: '' });
  await expect.poll(members).toEqual({ voters: [1, 2], observers: [] });
  expect(await quorum(...add)).toMatchObject({
    code: 1,
    err: expect.stringContaining('controller 2: DUPLICATE_VOTER'),
  });

  const remove = ['remove-controller', '--controller-id', '2', '--controller-directory-id'];
  expect(await quorum(...remove, 'AAAAAAAAAAAAAAAAAAAAAQ')).toMatchObject({
    code: 1,
    err: expect.stringContaining('controller 2: VOTER_NOT_FOUND'),
  });
  expect(await quorum(...remove, directoryId)).toEqual({ code: 0, out: `Removed KRaft ${who}`, err: '' });
  await expect.poll(members).toEqual({ voters: [1], observers: [2] });
}, 120_000);

it('makes up ids that are no options', () => {
  const { status, out } = biquorum('storage', 'random-uuid');
  expect(status).toBe(0);
  expect(out).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_-]{21}\n$/);
}, 60_000);

describe('biquorum up with a process for each node', () => {
  it('writes a state from which others can kill a node and start it again', async () => {
    const state = join(scratch, 'state.json');
    const up = [
      'up',
      '--mode',
      'kraft',
      '--brokers',
      '1',
      '--controllers',
      '1',
      '--processes',
      '--state',
      state,
      '--json',
    ];
    const { child, line } = await start<{ mode: string; bootstrap: string }>(...up, '--data', join(scratch, 'data'));
    expect(line.mode).toBe('kraft');
    const { bootstrap, controllers, procs } = JSON.parse(readFileSync(state, 'utf8'));
    expect(bootstrap).toBe(line.bootstrap);
    expect(procs.map(({ role, id }: { role: string; id: number }) => `${role} ${id}`)).toEqual([
      'controller 101',
      'broker 1',
    ]);
    expect(controllers).toEqual([{ id: 101, port: procs[0].port }]);

    const { pid, dir, cmd } = procs[1];
    process.kill(pid, 'SIGKILL');
    const [program, ...args] = cmd;
    const broker = spawn(program, args, { cwd: dir, stdio: ['ignore', 'pipe', 'ignore'] });
    running.push(broker);
    const [ready] = (await once(createInterface({ input: broker.stdout }), 'line')) as [string];
    expect(JSON.parse(ready)).toEqual({ event: 'ready', id: 1, address: bootstrap });
    await topicsOf(bootstrap);

    child.kill('SIGKILL');
    await once(child, 'exit');
    // A node does not outlive the one that started it.
    await expect.poll(() => isAlive(procs[0].pid), { timeout: 20_000 }).toBe(false);
  }, 120_000);

  it('tells of the ensemble that it started, too', async () => {
    const state = join(scratch, 'zookeeper-state.json');
    const up = ['up', '--mode', 'zookeeper', '--brokers', '1', '--processes', '--state', state, '--json'];
    const { child, line } = await start<{ bootstrap: string; zookeeperConnect: string }>(...up);
    const { zookeeper, procs } = JSON.parse(readFileSync(state, 'utf8'));
    expect(zookeeper).toBe(line.zookeeperConnect);
    expect(procs.map(({ role, id }: { role: string; id: number }) => `${role} ${id}`)).toEqual([
      'zookeeper 201',
      'broker 1',
    ]);
    const { pid, dir, cmd } = procs[0];
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => isAlive(pid), { timeout: 20_000 }).toBe(false);
    const [program, ...args] = cmd;
    const server = spawn(program, args, { cwd: dir, stdio: ['ignore', 'pipe', 'ignore'] });
    running.push(server);
    const [ready] = (await once(createInterface({ input: server.stdout }), 'line')) as [string];
    expect(JSON.parse(ready)).toMatchObject({ event: 'ready', address: zookeeper });
    await topicsOf(line.bootstrap);
    child.kill('SIGKILL');
    await once(child, 'exit');
  }, 120_000);
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
