import { deflateSync } from 'node:zlib';
import { StorageError } from '@biquorum/consensus';
import { MemoryWorld } from '@biquorum/platform/testing';
import { ByteReader, ByteWriter } from '@biquorum/std';
import { loggedTxn, OpCode, toBytes, zxidOf } from '@biquorum/zookeeper-wire';
import { expect, test } from 'vitest';
import { DataDirectory } from '../../src/storage/data-directory.ts';
import { LogAppender } from '../../src/storage/log-appender.ts';
import { LOG_HEADER, writeRecord } from '../../src/storage/log-format.ts';
import { truncateLog } from '../../src/storage/recover-log.ts';
import { appender, DATA, hex, LOGS, openDirectory, readLog } from './support/log.ts';
import { State } from './support/state.ts';

/** From a Java server: a session of ten seconds, with the digest of a fresh tree. */
const CREATE_SESSION =
  '0100001eadf40000000000000000000100000001000001a1fb5856edfffffff60000271000000002' + '0000000051c6d660';

const MIB = 1024 * 1024;

test('the first bytes of a log, its length and its records are those of a Java server', async () => {
  const world = new MemoryWorld({ seed: 1 });
  const host = world.addHost('one');
  await world.run(async () => {
    const directory = await openDirectory(host.ports.disk);
    const log = appender(directory, 64 * MIB);
    const payload = Buffer.from(CREATE_SESSION, 'hex');
    expect(hex(toBytes(loggedTxn, loggedTxn.read(new ByteReader(payload))))).toBe(CREATE_SESSION);
    log.append(zxidOf(1, 1), payload);
    await log.commit();
    await log.close();
    await directory.close();
  });
  const bytes = host.disk.contents(`${LOGS}/log.100000001`) as Uint8Array;
  expect(bytes.length).toBe(67_108_880);
  expect(hex(bytes.subarray(0, 16))).toBe('5a4b4c47000000020000000000000000');
  // Adler-32 and length of the record, computed by zlib.
  const adler = deflateSync(Buffer.from(CREATE_SESSION, 'hex')).subarray(-4).toString('hex');
  expect(hex(bytes.subarray(16, 28))).toBe(`00000000${adler}00000030`);
  expect(hex(bytes.subarray(28, 76))).toBe(CREATE_SESSION);
  expect(bytes[76]).toBe(0x42);
  expect(hex(bytes.subarray(77, 89))).toBe('00'.repeat(12));
});

test('a log that goes on after a restart begins a file named by its next transaction, and is read from any on', async () => {
  const world = new MemoryWorld({ seed: 2 });
  const host = world.addHost('one');
  const state = new State();
  const made = [1, 2, 3].map((count) => state.create(`/n${count}`));
  made.push(state.make({ type: OpCode.createSession, timeoutMs: 4_000 }, { zxid: zxidOf(2, 1) }));
  await world.run(async () => {
    for (const [first, end] of [
      [0, 2],
      [2, 4],
    ] as const) {
      const directory = await openDirectory(host.ports.disk);
      const log = appender(directory);
      await readLog(directory);
      for (const { zxid, payload } of made.slice(first, end)) log.append(zxid, payload);
      await log.commit();
      await log.close();
      await directory.close();
    }
    const directory = await openDirectory(host.ports.disk);
    expect((await directory.logFiles()).map(({ name }) => name)).toEqual(['log.1', 'log.3']);
    expect(await readLog(directory)).toEqual(made.map(({ zxid, payload }) => ({ zxid, payload: hex(payload) })));
    expect((await readLog(directory, 3)).map(({ zxid }) => zxid)).toEqual([3, zxidOf(2, 1)]);
    expect((await readLog(directory, 4)).map(({ zxid }) => zxid)).toEqual([zxidOf(2, 1)]);
    expect(await readLog(directory, zxidOf(2, 2))).toEqual([]);
  });
});

test('what is appended while a sync is under way shares the next one', async () => {
  const world = new MemoryWorld({ seed: 3 });
  const host = world.addHost('one', { diskLatencyMs: () => 1 });
  const state = new State();
  let syncs = 0;
  host.disk.onOperation = ({ operation }) => {
    if (operation === 'sync') syncs++;
    return undefined;
  };
  await world.run(async () => {
    const directory = await openDirectory(host.ports.disk);
    const log = appender(directory, MIB);
    const first = state.create('/first');
    log.append(first.zxid, first.payload);
    await log.commit();
    const before = syncs;
    const append = (count: number): void => {
      const { zxid, payload } = state.create(`/n${count}`);
      log.append(zxid, payload);
    };
    append(0);
    const under = log.commit();
    for (let count = 1; count < 500; count++) append(count);
    await under;
    expect(log.pending).toBe(true);
    await log.commit();
    expect([log.pending, syncs - before]).toEqual([false, 2]);
    expect(await readLog(directory)).toHaveLength(501);
  });
});

test('padding grows before it is used up, and a file beyond its limit is not appended to', async () => {
  const world = new MemoryWorld({ seed: 4 });
  const host = world.addHost('one');
  const state = new State();
  await world.run(async () => {
    const directory = await openDirectory(host.ports.disk);
    const log = new LogAppender({
      disk: directory.disk,
      directory: directory.logs,
      preAllocBytes: 10_000,
      sizeLimitBytes: 35_000,
    });
    const sizes: number[] = [];
    for (let count = 0; count < 40; count++) {
      const { zxid, payload } = state.create(`/n${count}`, 'x'.repeat(1_500));
      log.append(zxid, payload);
      await log.commit();
      const [newest] = (await directory.logFiles()).slice(-1);
      sizes.push((await directory.disk.stat(`${LOGS}/${newest?.name}`))?.size ?? 0);
    }
    await log.close();
    expect([...new Set(sizes)]).toEqual([10_016, 20_016, 30_016, 40_016]);
    expect((await directory.logFiles()).length).toBe(3);
    expect(await readLog(directory)).toHaveLength(40);
  });
});

/** A log of three files of three transactions each. */
async function threeFiles(host: ReturnType<MemoryWorld['addHost']>): Promise<void> {
  const directory = await openDirectory(host.ports.disk);
  const log = appender(directory);
  const state = new State();
  for (let count = 0; count < 9; count++) {
    if (count % 3 === 0) log.roll();
    const { zxid, payload } = state.create(`/n${count}`, 'x'.repeat(100));
    log.append(zxid, payload);
    await log.commit();
  }
  await log.close();
  await directory.close();
}

test.each([
  [9, 9],
  [7, 7],
  [6, 6],
  [5, 5],
  [1, 1],
  [0, 0],
])('a log that is cut behind transaction %i ends there', async (cut, last) => {
  const world = new MemoryWorld({ seed: 5 });
  const host = world.addHost('one');
  await world.run(async () => {
    await threeFiles(host);
    const directory = await openDirectory(host.ports.disk);
    await truncateLog(directory, cut);
    expect((await readLog(directory)).map(({ zxid }) => zxid)).toEqual(Array.from({ length: last }, (_, at) => at + 1));
  });
});

test('a bit that flips in what was acknowledged is found, wherever it is', async () => {
  for (let count = 0; count < 150; count++) {
    const world = new MemoryWorld({ seed: count });
    const host = world.addHost('one');
    await world.run(async () => {
      await threeFiles(host);
      const newest = count % 3 === 2;
      const name = `${LOGS}/log.${[1, 4, 7][count % 3]}`;
      const ends = recordEnds(host.disk.contents(name) as Uint8Array);
      // Of the newest file's last batch nobody can tell whether its sync had come to its end.
      const position = (count * 37) % (ends[newest ? 1 : 2] as number);
      host.disk.flipBit(name, position, count % 8);
      const directory = await openDirectory(host.ports.disk);
      const found = await readLog(directory).catch((error: unknown) => error);
      // The database's id is of no meaning.
      if (position >= 8 && position < 16) expect(found).toHaveLength(9);
      else expect(found, `bit at ${position} of ${name}`).toBeInstanceOf(StorageError);
    });
  }
});

/** Where the records of a log end. */
function recordEnds(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const ends: number[] = [];
  for (let at = 16; view.getInt32(at + 8) !== 0; ) {
    at += 13 + view.getInt32(at + 8);
    ends.push(at);
  }
  return ends;
}

test('damage is an error as Java has it, what was torn is the end, and an empty newest file is removed', async () => {
  const world = new MemoryWorld({ seed: 6 });
  const host = world.addHost('one');
  const state = new State();
  const made = [state.create('/a'), state.create('/b')];
  // As Java writes it: no notes in the padding.
  const writer = new ByteWriter();
  writer.bytesOf(LOG_HEADER);
  for (const { payload } of made) writeRecord(writer, payload);
  const whole = writer.finish().slice();
  const put = async (name: string, bytes: Uint8Array): Promise<void> => {
    const file = host.ports.disk.open(`${LOGS}/${name}`, 'create');
    await file.truncate(0);
    file.write(0, [bytes]);
    await file.close();
  };
  await world.run(async () => {
    const directory = await openDirectory(host.ports.disk);
    await put('log.1', Uint8Array.from([...whole, ...new Uint8Array(500)]));
    expect(await readLog(directory)).toHaveLength(2);
    await put('log.1', whole.subarray(0, -1));
    expect(await readLog(directory)).toHaveLength(1);
    await put(
      'log.1',
      Uint8Array.from(whole, (byte, at) => (at === whole.length - 5 ? byte ^ 1 : byte)),
    );
    await expect(readLog(directory)).rejects.toThrow(/log\.1: at \d+: the checksum of a record/);
    await put('log.1', whole);
    await put('log.3', new Uint8Array(0));
    expect(await readLog(directory)).toHaveLength(2);
    expect((await directory.logFiles()).map(({ name }) => name)).toEqual(['log.1']);
    await put('log.3', Buffer.from('some other file, and no log'));
    await expect(readLog(directory)).rejects.toThrow(/log\.3: at 0: it has no header/);
  });
});

test("a directory is one server's alone, and logs and snapshots lie where they belong", async () => {
  const world = new MemoryWorld({ seed: 7 });
  const host = world.addHost('one');
  const { disk } = host.ports;
  await world.run(async () => {
    const first = await openDirectory(disk);
    await expect(openDirectory(disk)).rejects.toMatchObject({ code: 'locked' });
    await first.close();
    const split = { disk, dataDir: '/snapshots', dataLogDir: '/logs' };
    const both = await DataDirectory.open(split);
    const made = new State().create('/a');
    const log = appender(both);
    log.append(made.zxid, made.payload);
    await log.commit();
    await log.close();
    await both.close();
    expect(host.disk.paths().filter((path) => path.includes('log.'))).toEqual(['/logs/version-2/log.1']);
    await expect(DataDirectory.open({ disk, dataDir: '/logs', dataLogDir: '/other' })).rejects.toThrow(/log\.1 lies/);
    disk.open('/logs/version-2/snapshot.0', 'create');
    await expect(DataDirectory.open(split)).rejects.toThrow(/snapshot\.0 lies/);
    await expect(DataDirectory.open({ disk, dataDir: '/none', autocreate: false })).rejects.toThrow(/is missing/);
    await disk.replace(`${DATA}/myid`, Buffer.from('12\n'));
    const directory = await openDirectory(disk);
    expect(await directory.readMyId()).toBe(12);
    await disk.replace(`${DATA}/myid`, Buffer.from('one'));
    await expect(directory.readMyId()).rejects.toThrow(/'one' is no server's number/);
  });
});
