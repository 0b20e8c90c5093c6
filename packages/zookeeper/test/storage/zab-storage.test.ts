import { StorageError } from '@biquorum/consensus';
import { type MemoryHost, MemoryWorld } from '@biquorum/platform/testing';
import { Prng } from '@biquorum/std';
import { zxidOf } from '@biquorum/zookeeper-wire';
import { expect, test } from 'vitest';
import { LogAppender } from '../../src/storage/log-appender.ts';
import { cutAfter } from '../../src/storage/log-index.ts';
import { hex, LOGS } from './support/log.ts';
import { cutIndex, entriesOf, Opened } from './support/opened.ts';
import { type Made, State } from './support/state.ts';

function oneHost(seed: number): { world: MemoryWorld; host: MemoryHost } {
  const world = new MemoryWorld({ seed });
  return { world, host: world.addHost('one') };
}

/** Transactions of three epochs. */
function history(): { leader: State; made: Made[] } {
  const leader = new State();
  const made: Made[] = [];
  const make = (zxid: number, path: string): void => {
    made.push(leader.make({ type: 1, request: { path, data: null, acl: OPEN, flags: 0 } }, { zxid }));
  };
  for (let count = 1; count <= 5; count++) make(zxidOf(1, count), `/first${count}`);
  for (let count = 1; count <= 3; count++) make(zxidOf(2, count), `/second${count}`);
  for (let count = 1; count <= 4; count++) make(zxidOf(5, count), `/fifth${count}`);
  return { leader, made };
}

const OPEN = [{ perms: 31, id: { scheme: 'world', id: 'anyone' } }];

test('a log without gaps comes back after a restart, with the jumps between epochs that are in no file', async () => {
  const { world, host } = oneHost(1);
  const { leader, made } = history();
  const entries = entriesOf(made, 0);
  await world.run(async () => {
    const opened = new Opened(host.ports);
    const restored = await opened.open();
    expect(restored).toMatchObject({ durable: null, logStart: { epoch: 0, index: 0 }, entries: [] });
    expect(restored.snapshot?.id).toEqual({ epoch: 0, index: 0 });
    await opened.write({ append: entries.slice(0, 6), durable: { acceptedEpoch: 1, currentEpoch: 1 } });
    await opened.write({ append: entries.slice(6), durable: { acceptedEpoch: 5, currentEpoch: 5 } });
    await opened.applyUpTo(zxidOf(5, 4));
    expect(opened.state.facts()).toEqual(leader.facts());
  });
  host.powerOff('lost');
  host.start();
  await world.run(async () => {
    const opened = new Opened(host.ports);
    const restored = await opened.open();
    expect(restored.durable).toEqual({ acceptedEpoch: 5, currentEpoch: 5 });
    const shape = entries.map(({ index, span, epoch, kind }) => ({ index, span, epoch, kind }));
    expect([...restored.entries].map(({ index, span, epoch, kind }) => ({ index, span, epoch, kind }))).toEqual(shape);
    const read = await opened.read(0, zxidOf(5, 5));
    expect(read?.map(({ payload }) => hex(payload))).toEqual(entries.map(({ payload }) => hex(payload)));
    expect((await opened.read(zxidOf(1, 4), zxidOf(2, 2)))?.length).toBe(4);
    expect((await opened.read(zxidOf(1, 4), zxidOf(2, 2), 1))?.length).toBe(1);
    expect(await opened.read(zxidOf(3, 0), zxidOf(5, 1))).toBeNull();
    await opened.applyUpTo(zxidOf(5, 4));
    expect(opened.state.facts()).toEqual(leader.facts());
  });
});

test('epochs are in files of their own, as Java writes them, and must fit each other and the log', async () => {
  const { world, host } = oneHost(2);
  const { made } = history();
  const put = (name: string, text: string) => host.ports.disk.replace(`${LOGS}/${name}`, Buffer.from(text));
  const text = (name: string) => Buffer.from(host.disk.contents(`${LOGS}/${name}`) ?? []).toString();
  await world.run(async () => {
    const opened = new Opened(host.ports);
    await opened.open();
    await opened.write({ append: entriesOf(made, 0), durable: { acceptedEpoch: 7, currentEpoch: 5 } });
    expect([text('acceptedEpoch'), text('currentEpoch')]).toEqual(['7', '5']);
    await opened.storage.close();
    const reopened = async () => {
      const again = new Opened(host.ports);
      try {
        return (await again.open()).durable;
      } finally {
        await again.storage.close();
      }
    };
    await put('acceptedEpoch', '6\n');
    expect(await reopened()).toEqual({ acceptedEpoch: 6, currentEpoch: 5 });
    await put('acceptedEpoch', '4');
    await expect(reopened()).rejects.toThrow(/accepted epoch 4 is older than the current epoch 5/);
    await put('currentEpoch', '4');
    await expect(reopened()).rejects.toThrow(/current epoch 4 is older than the last transaction 0x500000004/);
    // Java adopts what had been written and not renamed.
    await put('acceptedEpoch', '6');
    await put('currentEpoch.tmp', '6');
    expect(await reopened()).toEqual({ acceptedEpoch: 6, currentEpoch: 6 });
    // Interrupted between the sync of a new leader's history and its epoch: the log is that of an earlier epoch's member.
    await put('currentEpoch', '2');
    expect(await reopened()).toEqual({ acceptedEpoch: 6, currentEpoch: 5 });
    await put('currentEpoch', 'five');
    await expect(reopened()).rejects.toThrow(/'five' is no epoch/);
    await host.ports.disk.remove(`${LOGS}/currentEpoch`);
    await host.ports.disk.remove(`${LOGS}/acceptedEpoch`);
    expect(await reopened()).toEqual({ acceptedEpoch: 5, currentEpoch: 5 });
    expect([text('acceptedEpoch'), text('currentEpoch')]).toEqual(['5', '5']);
  });
});

test('a cut drops transactions, later files, and snapshots that hold something of them (ZOOKEEPER-4837)', async () => {
  const { world, host } = oneHost(3);
  const { made } = history();
  const entries = entriesOf(made, 0);
  const upTo = (zxid: number) => entries.filter(({ index }) => index <= zxid);
  await world.run(async () => {
    const opened = new Opened(host.ports);
    await opened.open();
    await opened.write({ append: upTo(zxidOf(1, 3)), durable: { acceptedEpoch: 1, currentEpoch: 1 } });
    await opened.applyUpTo(zxidOf(1, 3));
    await opened.snapshot(cutAfter(zxidOf(1, 3)));
    await opened.write({ append: entries.filter(({ index }) => index > zxidOf(1, 3) && index <= zxidOf(2, 3)) });
    await opened.write({ durable: { acceptedEpoch: 2, currentEpoch: 2 } });
    await opened.applyUpTo(zxidOf(2, 3));
    await opened.snapshot(cutAfter(zxidOf(2, 3)));
    await opened.write({ truncateTo: zxidOf(1, 5) + 1 });
    expect(host.disk.paths().filter((path) => path.includes('snapshot'))).toEqual([
      `${LOGS}/snapshot.0`,
      `${LOGS}/snapshot.100000003`,
    ]);
    const other = new State();
    for (const { txn } of made.slice(0, 5)) other.apply(txn);
    const instead = other.make(
      { type: 1, request: { path: '/instead', data: null, acl: OPEN, flags: 0 } },
      { zxid: zxidOf(3, 1) },
    );
    await opened.write({
      append: entriesOf([instead], zxidOf(1, 6)),
      durable: { acceptedEpoch: 3, currentEpoch: 3 },
    });
    expect((await opened.read(zxidOf(1, 6), zxidOf(3, 2)))?.map(({ kind }) => kind)).toEqual(['control', 'data']);
    await opened.storage.close();
    const again = new Opened(host.ports);
    expect((await again.open()).snapshot?.id).toEqual(cutAfter(zxidOf(1, 3)));
    await again.applyUpTo(zxidOf(3, 1));
    expect(again.state.facts()).toEqual(other.facts());
    await again.storage.close();
  });
});

test('a fuzzy snapshot whose name lies before the cut and whose state goes beyond it does not outlive the cut', async () => {
  const { world, host } = oneHost(4);
  const leader = new State();
  const made = Array.from({ length: 400 }, (_, count) => leader.create(`/n${count}`, 'x'.repeat(500)));
  await world.run(async () => {
    const opened = new Opened(host.ports, { preAllocBytes: 1_000_000 });
    await opened.open();
    await opened.write({ append: entriesOf(made, 0) });
    await opened.applyUpTo(300);
    const snapshot = opened.snapshot(cutAfter(300));
    for (const { txn } of made.slice(300)) opened.state.apply(txn);
    await snapshot;
    expect(host.disk.paths()).toContain(`${LOGS}/snapshot.12c`);
    await opened.write({ truncateTo: 351 });
    expect(host.disk.paths().filter((path) => path.includes('snapshot'))).toEqual([`${LOGS}/snapshot.0`]);
    await opened.write({ truncateTo: 1 });
    expect(opened.failure).toBeNull();
  });
});

test.each(['none', 'gz', 'snappy'] as const)(
  'a snapshot (%s) goes to another member and takes the place of its log',
  async (compression) => {
    const world = new MemoryWorld({ seed: 5 });
    const [from, to] = [world.addHost('from'), world.addHost('to')];
    const leader = new State();
    const prng = new Prng(5);
    const made = Array.from({ length: 300 }, () => leader.draw(prng));
    await world.run(async () => {
      const source = new Opened(from.ports, { compression, preAllocBytes: 200_000 });
      await source.open();
      await source.write({ append: entriesOf(made, 0), durable: { acceptedEpoch: 50, currentEpoch: 50 } });
      await source.applyUpTo(leader.lastZxid);
      const id = cutAfter(leader.lastZxid);
      await source.snapshot(id);
      const body = await source.send(id);
      const target = new Opened(to.ports);
      await target.open();
      const stale = new State();
      const old = [stale.create('/old'), stale.create('/older')];
      await target.write({ append: entriesOf(old, 0), durable: { acceptedEpoch: 0, currentEpoch: 0 } });
      // A damaged one is dropped, and nothing else is.
      const damaged = Buffer.from(body);
      damaged.writeInt32BE(-2, 0);
      expect(await target.receive(id, damaged)).toBe(false);
      expect(await target.read(0, 3)).toHaveLength(3);
      expect(await target.receive(id, body)).toBe(true);
      expect(await target.read(0, 3)).toBeNull();
      await target.storage.loadSnapshot(id);
      target.state.lastZxid = leader.lastZxid;
      expect(target.state.facts()).toEqual(leader.facts());
      await target.write({ durable: { acceptedEpoch: 50, currentEpoch: 50 } });
      const next = leader.create('/next');
      await target.write({ append: entriesOf([next], id.index) });
      await target.storage.close();
      const again = new Opened(to.ports);
      const restored = await again.open();
      expect(restored).toMatchObject({ snapshot: { id }, logStart: id });
      await again.applyUpTo(next.zxid);
      expect(again.state.facts()).toEqual(leader.facts());
      expect(await again.storage.directory.snapshotFiles()).toHaveLength(1);
    });
  },
);

test('a snapshot of a state that is replaced meanwhile is given up', async () => {
  const { world, host } = oneHost(8);
  const leader = new State();
  const made = Array.from({ length: 300 }, (_, count) => leader.create(`/n${count}`, 'x'.repeat(1_000)));
  await world.run(async () => {
    const opened = new Opened(host.ports, { preAllocBytes: 1_000_000 });
    await opened.open();
    await opened.write({ append: entriesOf(made, 0) });
    await opened.applyUpTo(200);
    await opened.snapshot(cutAfter(200));
    await opened.applyUpTo(300);
    let written = false;
    void opened.snapshot(cutAfter(300)).then(() => {
      written = true;
    });
    await opened.storage.loadSnapshot(cutAfter(200));
    opened.state.lastZxid = 200;
    await opened.storage.purge(3);
    expect(written).toBe(false);
    expect(host.disk.paths().filter((path) => path.includes('snapshot'))).toEqual([
      `${LOGS}/snapshot.0`,
      `${LOGS}/snapshot.c8`,
    ]);
    await opened.applyUpTo(300);
    expect(opened.state.facts()).toEqual(leader.facts());
  });
});

test('purging keeps three snapshots and the logs that the oldest of them needs', async () => {
  const { world, host } = oneHost(6);
  const leader = new State();
  await world.run(async () => {
    const opened = new Opened(host.ports, { snapCount: 2 });
    await opened.open();
    let due = 0;
    opened.storage.onSnapshotDue = () => due++;
    for (let count = 1; count <= 24; count++) {
      const made = leader.create(`/n${count}`);
      await opened.write({ append: entriesOf([made], cutIndex(made.zxid - 1)) });
      await opened.applyUpTo(made.zxid);
      if (count % 5 === 0) await opened.snapshot(cutAfter(made.zxid));
    }
    expect(due).toBeGreaterThan(7);
    await expect(opened.storage.purge(2)).rejects.toThrow(/too few/);
  });
  host.kill();
  host.start();
  await world.run(async () => {
    const opened = new Opened(host.ports);
    await opened.open();
    // What cannot be removed now is removed the next time; the server goes on.
    host.disk.onOperation = ({ operation, path }) =>
      operation === 'remove' && path.includes('log.') ? { kind: 'fail', code: 'not-permitted' } : undefined;
    await expect(opened.storage.purge(3)).rejects.toMatchObject({ code: 'not-permitted' });
    host.disk.onOperation = undefined;
    expect(opened.failure).toBeNull();
    await opened.storage.purge(3);
    const names = host.disk.paths().map((path) => path.slice(LOGS.length + 1));
    const zxids = (prefix: string) =>
      names.filter((name) => name.startsWith(prefix)).map((name) => Number.parseInt(name.slice(prefix.length), 16));
    expect(zxids('snapshot.').toSorted((a, b) => a - b)).toEqual([10, 15, 20]);
    const logs = zxids('log.').toSorted((a, b) => a - b);
    expect(logs[0]).toBeLessThanOrEqual(10);
    expect(logs[1]).toBeGreaterThan(10);
    expect(await opened.read(5, 6)).toBeNull();
    await opened.applyUpTo(24);
    expect(opened.state.facts()).toEqual(leader.facts());
    await opened.storage.close();
    // Each of the three is enough.
    for (const newest of ['14', 'f']) {
      await host.ports.disk.remove(`${LOGS}/snapshot.${newest}`);
      const again = new Opened(host.ports);
      await again.open();
      await again.applyUpTo(24);
      expect(again.state.facts()).toEqual(leader.facts());
      await again.storage.close();
    }
  });
});

test('what calls for a snapshot is counted on over starts, and purging finds something to remove', async () => {
  const { world, host } = oneHost(9);
  const leader = new State();
  await world.run(async () => {
    for (let start = 1; start <= 24; start++) {
      const opened = new Opened(host.ports, { snapCount: 20 });
      await opened.open();
      await opened.applyUpTo(leader.lastZxid);
      let due = 0;
      opened.storage.onSnapshotDue = () => due++;
      opened.storage.serving(false);
      if (due > 0) await opened.snapshot(cutAfter(leader.lastZxid));
      // Fewer than half of what it takes: one start alone would never come to it.
      for (let count = 1; count <= 4; count++) {
        const made = leader.create(`/n${start}-${count}`);
        await opened.write({ append: entriesOf([made], cutIndex(made.zxid - 1)) });
        await opened.applyUpTo(made.zxid);
      }
      await opened.storage.purge(3);
      await opened.storage.close();
    }
    const names = (prefix: string) => host.disk.paths().filter((path) => path.includes(prefix));
    expect(names('snapshot.')).toHaveLength(3);
    // Each takes no more than 20 transactions of logs with them, which five starts write.
    expect(names('log.').length).toBeLessThanOrEqual(3 * 6 + 1);
    const again = new Opened(host.ports);
    await again.open();
    await again.applyUpTo(leader.lastZxid);
    expect(again.state.facts()).toEqual(leader.facts());
    await again.storage.close();
  });
});

test('a hole in the log is refused (ZOOKEEPER-4925), and so is a log that no snapshot reaches', async () => {
  const { world, host } = oneHost(7);
  const { made } = history();
  await world.run(async () => {
    const opened = new Opened(host.ports);
    await opened.open();
    expect(() => opened.storage.write({ id: 1, append: entriesOf(made.slice(1, 2), zxidOf(1, 2)) })).toThrow(
      /does not follow the end 0/,
    );
    await opened.storage.close();
    const options = { disk: host.ports.disk, directory: LOGS, preAllocBytes: 4096, sizeLimitBytes: -1 };
    const log = new LogAppender(options);
    for (const { zxid, payload } of [...made.slice(0, 2), ...made.slice(3, 5)]) log.append(zxid, payload);
    await log.commit();
    await log.close();
    await expect(new Opened(host.ports).open()).rejects.toThrow(/0x100000004 follows 0x100000002/);
    await host.ports.disk.remove(`${LOGS}/log.100000001`);
    const later = new LogAppender(options);
    for (const { zxid, payload } of made.slice(3, 5)) later.append(zxid, payload);
    await later.commit();
    await later.close();
    const failed = await new Opened(host.ports).open().catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(StorageError);
    expect(String(failed)).toMatch(/begins with 0x100000004, and the newest whole snapshot ends at 0x0/);
  });
});
