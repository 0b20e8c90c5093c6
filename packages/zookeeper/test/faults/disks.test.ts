/** Servers in processes of their own whose disks are full, or whose files were damaged. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SocketClient } from '../quorum/socket-client.ts';
import { ProcessEnsemble } from './process-ensemble.ts';
import { until } from './server-process.ts';
import { SmallDisk } from './small-disk.ts';

/** Only a hang reaches it. */
const LIMIT_MS = 600_000;
const SMALL_KIB = 1_024;
const LARGE_KIB = 65_536;
const DATA = 'x'.repeat(20_000);

const mayMount = ((): boolean => {
  const path = mkdtempSync(join(tmpdir(), 'biquorum-mount-'));
  const disk = SmallDisk.mount(path, 64);
  disk?.[Symbol.dispose]();
  rmSync(path, { recursive: true, force: true });
  return disk !== undefined;
})();

/** The newest log of a server that does not run. */
function newestLog(ensemble: ProcessEnsemble, id: number): string {
  const directory = join(ensemble.dataDir(id), 'version-2');
  const zxidOf = (name: string): number => Number.parseInt(name.slice('log.'.length), 16);
  const logs = readdirSync(directory).filter((name) => name.startsWith('log.'));
  return join(directory, logs.toSorted((one, other) => zxidOf(one) - zxidOf(other)).at(-1) ?? '');
}

/** Where the last record begins and ends: after the header, each has a checksum, a length, a payload and 0x42. */
function lastRecord(log: string): { readonly start: number; readonly end: number; readonly count: number } {
  const bytes = readFileSync(log);
  let [start, end, count] = [16, 16, 0];
  for (let at = 16; at + 12 <= bytes.length; count++) {
    const length = bytes.readInt32BE(at + 8);
    if (length <= 0 || at + 12 + length >= bytes.length || bytes[at + 12 + length] !== 0x42) break;
    start = at;
    at += 12 + length + 1;
    end = at;
  }
  return { start, end, count };
}

function flip(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes[at] = (bytes[at] as number) ^ 0xff;
  writeFileSync(file, bytes);
}

async function write(client: SocketClient, count: number, from = 0): Promise<void> {
  for (let at = from; at < from + count; at++) {
    const { err } = await client.create(`/node-${at}`, `${at}`);
    expect(err).toBeUndefined();
  }
}

/** Every server has what was acknowledged. */
async function expectAll(ensemble: ProcessEnsemble, count: number): Promise<void> {
  await ensemble.untilServing();
  for (const id of ensemble.ids) {
    const client = await ensemble.client(id);
    expect((await client.sync()).err).toBeUndefined();
    for (let at = 0; at < count; at++) expect([id, at, await client.get(`/node-${at}`)]).toEqual([id, at, `${at}`]);
    expect(await ensemble.server(id).ask('mntr')).toMatch(/^zk_digest_mismatches_count\t0$/m);
    client.close();
  }
}

test.skipIf(!mayMount)(
  'a server alone whose disk is full acknowledges nothing more, ends with status 1, and has all it acknowledged when there is room',
  { timeout: LIMIT_MS },
  async () => {
    const path = mkdtempSync(join(tmpdir(), 'biquorum-full-'));
    using disk = SmallDisk.mount(path, SMALL_KIB) as SmallDisk;
    await using ensemble = await ProcessEnsemble.start({ servers: 1, dataDir: () => path });
    const server = ensemble.server(1);
    const client = await ensemble.client(1);
    let acknowledged = 0;
    while ((await client.create(`/node-${acknowledged}`, DATA)).err === undefined) acknowledged++;
    expect(acknowledged).toBeGreaterThan(5);
    expect(await server.exited).toBe(1);
    expect(server.said).toMatch(/no space left/);
    // There is room again, and whoever watches it starts it.
    disk.grow(LARGE_KIB);
    await server.start();
    const again = await ensemble.client(1);
    for (let at = 0; at < acknowledged; at++) expect(await again.get(`/node-${at}`)).toBe(DATA);
    expect((await again.create('/after', DATA)).err).toBeUndefined();
  },
);

test.skipIf(!mayMount)(
  'a member whose disk is full ends with status 1, the others go on, and it comes back when there is room',
  { timeout: LIMIT_MS },
  async () => {
    const path = mkdtempSync(join(tmpdir(), 'biquorum-full-'));
    using disk = SmallDisk.mount(path, SMALL_KIB) as SmallDisk;
    // By the largest id it is the one that leads.
    await using ensemble = await ProcessEnsemble.start({ servers: 3, dataDir: (id) => (id === 3 ? path : undefined) });
    const full = ensemble.server(3);
    expect(await ensemble.untilServing()).toBe(3);
    const ended = full.exited.then(() => true);
    let isOver = false;
    void ended.then(() => {
      isOver = true;
    });
    const acknowledged: string[] = [];
    let client = await ensemble.client(1);
    for (let at = 0; !isOver || acknowledged.length < 10; at++) {
      const { err } = await client.create(`/large-${at}`, DATA);
      if (err === undefined) acknowledged.push(`/large-${at}`);
      else {
        client.close();
        client = await ensemble.client(1);
      }
    }
    expect(await full.exited).toBe(1);
    expect(full.said).toMatch(/no space left/);
    await ensemble.untilServing([1, 2]);
    disk.grow(LARGE_KIB);
    await ensemble.start([3]);
    await ensemble.untilServing();
    for (const id of ensemble.ids) {
      const reader = await ensemble.client(id);
      await reader.sync();
      for (const node of acknowledged) expect([id, (await reader.get(node))?.length]).toEqual([id, DATA.length]);
      expect(await ensemble.server(id).ask('mntr')).toMatch(/^zk_digest_mismatches_count\t0$/m);
    }
  },
);

test('a log that was cut off, or damaged where it was acknowledged, keeps its server out or is made whole by the others', {
  timeout: LIMIT_MS,
}, async () => {
  await using ensemble = await ProcessEnsemble.start({ servers: 3 });
  await ensemble.untilServing();
  const client = await ensemble.client(1);
  await write(client, 20);
  const victim = 2;
  const server = ensemble.server(victim);

  // The end is missing: as Java, the server takes the log to end before it, and is sent the rest.
  await server.kill();
  const cut = newestLog(ensemble, victim);
  truncateSync(cut, lastRecord(cut).end - 9);
  await server.start();
  expect(server.isRunning).toBe(true);
  await expectAll(ensemble, 20);

  // The last bytes are others. It may be what a power failure left of an unfinished write: then it is cut off.
  await write(await ensemble.client(1), 5, 20);
  await server.kill();
  const torn = newestLog(ensemble, victim);
  flip(torn, lastRecord(torn).end - 5);
  await server.start();
  if (!server.isRunning) {
    expect(await server.exited).toBe(1);
    expect(server.said).toMatch(/log\.[0-9a-f]+/);
    lose(ensemble, victim);
    await server.start();
  }
  await expectAll(ensemble, 25);

  // What is damaged has others behind it: it was acknowledged, so the server says where it is and does not start.
  await write(await ensemble.client(1), 10, 25);
  await server.kill();
  const damaged = newestLog(ensemble, victim);
  expect(lastRecord(damaged).count).toBeGreaterThan(9);
  flip(damaged, 16 + 20);
  await server.start();
  expect(await server.exited).toBe(1);
  expect(server.said).toContain(damaged.slice(damaged.lastIndexOf('log.')));
  // The remedy that it names.
  expect(server.said).toMatch(/begin with an empty dataDir but for myid/);
  lose(ensemble, victim);
  await server.start();
  await expectAll(ensemble, 35);
});

test('the log of one server is cut off while all are down, and nothing that was acknowledged is lost', {
  timeout: LIMIT_MS,
}, async () => {
  await using ensemble = await ProcessEnsemble.start({ servers: 3 });
  const leader = await ensemble.untilServing();
  await write(await ensemble.client(leader), 15);
  // All have it: what was acknowledged may be on two disks only, and one of these is cut.
  await until(async () => {
    const zxids = await Promise.all(ensemble.ids.map((id) => ensemble.server(id).ask('srvr')));
    return new Set(zxids.map((text) => /^Zxid: (.*)$/m.exec(text)?.[1])).size === 1;
  });
  await ensemble.kill(...ensemble.ids);
  const log = newestLog(ensemble, leader);
  truncateSync(log, lastRecord(log).start + 6);
  await ensemble.start();
  await expectAll(ensemble, 15);
});

/** Takes away a server's data, but not its number. */
function lose(ensemble: ProcessEnsemble, id: number): void {
  const directory = join(ensemble.dataDir(id), 'version-2');
  rmSync(directory, { recursive: true });
  mkdirSync(directory);
}
