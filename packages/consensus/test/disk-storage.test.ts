import { DiskStorage, type Entry, type Position, type Restored, StorageError } from '@biquorum/consensus';
import { declaredSynced } from '@biquorum/consensus/testing';
import type { Disk, Ports } from '@biquorum/platform';
import { atEveryCrashPoint, MemoryWorld } from '@biquorum/platform/testing';
import { describe, expect, test } from 'vitest';

const codec = {
  encode: (value: string) => new TextEncoder().encode(value),
  decode: (bytes: Uint8Array) => new TextDecoder().decode(bytes),
};
const DIRECTORY = '/data/replica';

const entry = (index: number, epoch = 1, text = `entry ${index}`): Entry => ({
  index,
  span: 1,
  epoch,
  kind: 'data',
  payload: new TextEncoder().encode(text),
});
const textOf = ({ payload }: Entry): string => new TextDecoder().decode(payload);

/** What the storage has confirmed. */
class Promised {
  durable: string | null = null;
  readonly entries: Map<number, string> = new Map();
  start = 0;
  snapshot = 0;
}

/** A storage whose writes can be awaited. */
class Opened {
  readonly storage: DiskStorage<string>;
  restored: Restored<string> | null = null;
  #nextWrite = 1;
  readonly #waiting: Map<number, () => void> = new Map();
  onSnapshotWritten: () => void = () => {};
  onInstalled: (context: Uint8Array | null) => void = () => {};
  failure: unknown = null;

  constructor(disk: Disk, segmentBytes = 300, snapshotBytesMax = 1000) {
    const options = { disk, directory: DIRECTORY, segmentBytes, cacheBytes: 100, snapshotBytesMax };
    this.storage = new DiskStorage(options, codec);
  }

  async open(): Promise<Restored<string>> {
    this.restored = await this.storage.open({
      written: (write) => this.#waiting.get(write)?.(),
      snapshotWritten: () => this.onSnapshotWritten(),
      snapshotInstalled: (_id, _size, context) => this.onInstalled(context),
      failed: (error) => {
        this.failure = error;
      },
    });
    return this.restored;
  }

  write(parts: { append?: Entry[]; truncateTo?: number; durable?: string; deletePrefix?: Position }): Promise<void> {
    const id = this.#nextWrite++;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.storage.write({ id, ...parts });
      this.storage.flush();
    });
  }

  read(from: number, upTo: number): Promise<string[] | null> {
    return new Promise((resolve) =>
      this.storage.readEntries(from, upTo, 1_000_000, (filling) =>
        resolve(filling.kind === 'entries' ? filling.entries.map(textOf) : null),
      ),
    );
  }

  snapshot(id: Position, text: string): Promise<void> {
    return new Promise((resolve) => {
      this.onSnapshotWritten = resolve;
      this.storage.writeSnapshot(id, codec.encode('context'), codec.encode(text));
    });
  }
}

describe('a disk storage', () => {
  test('gives back, after a restart, entries, state and snapshots as they were confirmed', async () => {
    const world = new MemoryWorld({ seed: 1 });
    const host = world.addHost('one');
    await world.run(async () => {
      const opened = new Opened(host.ports.disk);
      expect((await opened.open()).durable).toBeNull();
      await opened.write({ append: [entry(0), entry(1), entry(2)], durable: 'first' });
      await opened.write({ truncateTo: 2, append: [entry(2, 2, 'other')], durable: 'second' });
      await opened.snapshot({ epoch: 1, index: 2 }, 'state');
    });
    host.powerOff('lost');
    host.start();
    await world.run(async () => {
      const opened = new Opened(host.ports.disk);
      const restored = await opened.open();
      expect(restored.durable).toBe('second');
      expect(restored.snapshot).toMatchObject({ id: { epoch: 1, index: 2 } });
      expect(codec.decode(await opened.storage.loadSnapshot({ epoch: 1, index: 2 }))).toBe('state');
      expect(await opened.read(0, 3)).toEqual(['entry 0', 'entry 1', 'other']);
      expect([...restored.entries].map(({ index, epoch }) => [index, epoch])).toEqual([
        [0, 1],
        [1, 1],
        [2, 2],
      ]);
    });
  });

  test('reads what is no longer in memory from its segments, and cuts answers at the bytes allowed', async () => {
    const world = new MemoryWorld({ seed: 2 });
    const { ports } = world.addHost('one');
    await world.run(async () => {
      const opened = new Opened(ports.disk);
      await opened.open();
      for (let index = 0; index < 40; index++) await opened.write({ append: [entry(index)] });
      expect(await opened.read(0, 40)).toEqual(Array.from({ length: 40 }, (_, index) => `entry ${index}`));
      const some = await new Promise<number>((resolve) =>
        opened.storage.readEntries(0, 40, 20, (filling) =>
          resolve(filling.kind === 'entries' ? filling.entries.length : 0),
        ),
      );
      expect(some).toBe(2);
      expect(await opened.read(40, 50)).toBeNull();
    });
  });

  test('deletes segments and snapshots that lie before the start of the log', async () => {
    const world = new MemoryWorld({ seed: 3 });
    const host = world.addHost('one');
    await world.run(async () => {
      const opened = new Opened(host.ports.disk);
      await opened.open();
      for (let index = 0; index < 40; index++) await opened.write({ append: [entry(index)] });
      const files = host.disk.paths().length;
      await opened.snapshot({ epoch: 1, index: 10 }, 'old');
      await opened.snapshot({ epoch: 1, index: 30 }, 'new');
      await opened.write({ deletePrefix: { epoch: 1, index: 30 } });
      const snapshots = (): string[] => host.disk.paths().filter((path) => path.endsWith('.snapshot'));
      while (snapshots().length > 1) await new Promise<void>((resolve) => void world.time.after(1, resolve));
      expect(host.disk.paths().length).toBeLessThan(files);
      expect(snapshots()).toHaveLength(1);
      await opened.storage.close();
      const again = new Opened(host.ports.disk);
      expect((await again.open()).logStart).toEqual({ epoch: 1, index: 30 });
      expect(await again.read(30, 40)).toHaveLength(10);
      expect(await again.read(29, 40)).toBeNull();
    });
  });

  test('puts a received snapshot in place of the log, and drops a damaged one', async () => {
    const world = new MemoryWorld({ seed: 4 });
    const [source, target] = [world.addHost('source'), world.addHost('target')];
    await world.run(async () => {
      const from = new Opened(source.ports.disk);
      await from.open();
      await from.write({ append: [entry(0), entry(1)] });
      const id = { epoch: 1, index: 2 };
      await from.snapshot(id, 'whole state');
      const bytes = await new Promise<Uint8Array>((resolve) =>
        from.storage.readSnapshot(id, 0, 10_000, (filling) =>
          resolve(filling.kind === 'snapshot' ? filling.bytes : new Uint8Array(0)),
        ),
      );
      const to = new Opened(target.ports.disk);
      await to.open();
      await to.write({ append: [entry(0, 1, 'stale')] });
      const receive = (content: Uint8Array): Promise<Uint8Array | null> =>
        new Promise((resolve) => {
          to.onInstalled = resolve;
          to.storage.receiveSnapshot(id, 0, content.subarray(0, 7));
          to.storage.receiveSnapshot(id, 7, content.subarray(7));
          to.storage.installSnapshot(id, content.length);
        });
      const damaged = bytes.slice();
      damaged[30] = (damaged[30] as number) ^ 1;
      expect(await receive(damaged)).toBeNull();
      expect(await to.read(0, 1)).toEqual(['stale']);
      expect(codec.decode((await receive(bytes)) as Uint8Array)).toBe('context');
      expect(await to.read(0, 1)).toBeNull();
      expect(codec.decode(await to.storage.loadSnapshot(id))).toBe('whole state');
      await to.write({ append: [entry(2)] });
      expect(await to.read(2, 3)).toEqual(['entry 2']);
    });
  });

  test('refuses to start when something that had reached the disk is damaged, at whatever bit', async () => {
    let refused = 0;
    // The eighth entry vouches for seven; of itself nobody says that it was on the disk.
    let vouchedBytes = 1;
    for (let position = 0; position < vouchedBytes; position += 3) {
      const world = new MemoryWorld({ seed: 5 });
      const host = world.addHost('one');
      await world.run(async () => {
        const opened = new Opened(host.ports.disk, 100_000);
        await opened.open();
        for (let index = 0; index < 8; index++) await opened.write({ append: [entry(index)] });
      });
      host.kill();
      const path = host.disk.paths().find((name) => name.endsWith('.wal')) as string;
      vouchedBytes = declaredSynced(host.disk.contents(path) as Uint8Array, path);
      host.disk.flipBit(path, position, position % 8);
      host.start();
      await world.run(async () => {
        const error = await new Opened(host.ports.disk).open().catch((reason: unknown) => reason);
        expect(error, `bit at ${position}`).toBeInstanceOf(StorageError);
        refused++;
      });
    }
    expect(vouchedBytes).toBeGreaterThan(160);
    expect(refused).toBe(Math.ceil(vouchedBytes / 3));
  });

  test('refuses a directory that another storage has open, until that one is closed', async () => {
    const world = new MemoryWorld({ seed: 7 });
    const host = world.addHost('one');
    await world.run(async () => {
      const first = new Opened(host.ports.disk);
      await first.open();
      await first.write({ append: [entry(0)] });
      const second = new Opened(host.ports.disk);
      await expect(second.open()).rejects.toMatchObject({ name: 'DiskError', code: 'locked' });
      await second.storage.close();
      await expect(new Opened(host.ports.disk).open()).rejects.toMatchObject({ code: 'locked' });
      await first.write({ append: [entry(1)] });
      await first.storage.close();
      const third = new Opened(host.ports.disk);
      await third.open();
      expect(await third.read(0, 2)).toEqual(['entry 0', 'entry 1']);
    });
  });

  /** An opened storage whose first entries are no longer in memory. */
  const withColdEntries = async (disk: Disk): Promise<Opened> => {
    const opened = new Opened(disk, 100_000);
    await opened.open();
    for (let index = 0; index < 20; index++) await opened.write({ append: [entry(index)] });
    return opened;
  };

  test('finds out when an entry on the disk was spoiled after the start, instead of giving it out', async () => {
    const world = new MemoryWorld({ seed: 8 });
    const host = world.addHost('one');
    await world.run(async () => {
      const opened = await withColdEntries(host.ports.disk);
      const path = host.disk.paths().find((name) => name.endsWith('.wal')) as string;
      const text = new TextDecoder('latin1').decode(host.disk.contents(path));
      host.disk.flipBit(path, text.indexOf('entry 3'), 1);
      expect(await opened.read(2, 3)).toEqual(['entry 2']);
      void opened.read(2, 4);
      while (opened.failure === null) await new Promise<void>((resolve) => void world.time.after(1, resolve));
      expect(opened.failure).toBeInstanceOf(StorageError);
      expect(`${opened.failure}`).toContain('the entry 3 at');
    });
  });

  test('a disk that cannot be read any more is a failure, not a log that has lost its start', async () => {
    const world = new MemoryWorld({ seed: 9 });
    const host = world.addHost('one');
    await world.run(async () => {
      const opened = await withColdEntries(host.ports.disk);
      host.disk.onOperation = ({ operation }) => (operation === 'read' ? { kind: 'fail', code: 'io' } : undefined);
      void opened.read(0, 1);
      while (opened.failure === null) await new Promise<void>((resolve) => void world.time.after(1, resolve));
      expect(`${opened.failure}`).toContain('DiskError');
    });
  });

  test('does not send a snapshot that the disk has spoiled, and stops instead; one that is gone is missing', async () => {
    const world = new MemoryWorld({ seed: 12 });
    const host = world.addHost('one');
    await world.run(async () => {
      const opened = new Opened(host.ports.disk);
      await opened.open();
      await opened.write({ append: [entry(0)] });
      const id = { epoch: 1, index: 1 };
      const read = (at: Position): Promise<string> =>
        new Promise((resolve) => opened.storage.readSnapshot(at, 0, 10, ({ kind }) => resolve(kind)));
      await opened.snapshot(id, 'state');
      expect(await read(id)).toBe('snapshot');
      expect(await read({ epoch: 1, index: 9 })).toBe('missing');
      const path = host.disk.paths().find((name) => name.endsWith('.snapshot')) as string;
      host.disk.flipBit(path, 25, 3);
      void read(id);
      while (opened.failure === null) await new Promise<void>((resolve) => void world.time.after(1, resolve));
      expect(opened.failure).toBeInstanceOf(StorageError);
    });
  });

  test('a snapshot that could not be read any more is not written, and the way out is named', async () => {
    const world = new MemoryWorld({ seed: 13 });
    const host = world.addHost('one');
    await world.run(async () => {
      const opened = new Opened(host.ports.disk, 300, 40);
      await opened.open();
      const id = { epoch: 1, index: 1 };
      opened.storage.writeSnapshot(id, new Uint8Array(0), new Uint8Array(20));
      expect(opened.failure).toBeInstanceOf(StorageError);
      expect(`${opened.failure}`).toContain('48 bytes or more, and at most 40 are read; raise snapshotBytesMax');
    });
    expect(host.disk.paths().filter((path) => path.endsWith('.snapshot'))).toEqual([]);
  });

  test('keeps no more payloads in memory after a start than before it', async () => {
    const world = new MemoryWorld({ seed: 10 });
    const host = world.addHost('one');
    await world.run(async () => {
      const opened = await withColdEntries(host.ports.disk);
      await opened.storage.close();
      const again = new Opened(host.ports.disk);
      const payloads = [...(await again.open()).entries].map(({ payload }) => payload.length > 0);
      expect(payloads.filter(Boolean).length).toBeLessThan(15);
      expect(payloads.at(-1)).toBe(true);
      expect(await again.read(0, 20)).toEqual(Array.from({ length: 20 }, (_, index) => `entry ${index}`));
    });
  });

  test('tells of a failed disk once and confirms nothing after it', async () => {
    const world = new MemoryWorld({ seed: 6 });
    const host = world.addHost('one');
    await world.run(async () => {
      const opened = new Opened(host.ports.disk);
      await opened.open();
      host.disk.onOperation = ({ operation }) => (operation === 'sync' ? { kind: 'fail', code: 'io' } : undefined);
      let confirmed = false;
      void opened.write({ append: [entry(0)] }).then(() => {
        confirmed = true;
      });
      while (opened.failure === null) await new Promise<void>((resolve) => void world.time.after(1, resolve));
      expect(`${opened.failure}`).toContain('DiskError');
      expect(confirmed).toBe(false);
    });
  });
});

describe('crashed before each of its operations on the disk, a storage comes back with all that it had confirmed', () => {
  const run = async ({ disk }: Ports, promised: Promised): Promise<void> => {
    const opened = new Opened(disk);
    await opened.open();
    for (let index = 0; index < 12; index++) {
      await opened.write({ append: [entry(index)], durable: `state ${index}` });
      promised.entries.set(index, `entry ${index}`);
      promised.durable = `state ${index}`;
    }
    promised.entries.delete(11);
    await opened.write({ truncateTo: 11, append: [entry(11, 2, 'replaced')] });
    promised.entries.set(11, 'replaced');
    await opened.snapshot({ epoch: 1, index: 8 }, 'state at 8');
    promised.snapshot = 8;
    for (let index = 0; index < 8; index++) promised.entries.delete(index);
    await opened.write({ deletePrefix: { epoch: 1, index: 8 } });
    promised.start = 8;
    for (let index = 12; index < 20; index++) {
      await opened.write({ append: [entry(index, 2)] });
      promised.entries.set(index, `entry ${index}`);
    }
  };
  const verify = async ({ disk }: Ports, promised: Promised): Promise<void> => {
    const opened = new Opened(disk);
    const restored = await opened.open();
    if (promised.durable !== null)
      expect(Number(restored.durable?.slice(6))).toBeGreaterThanOrEqual(Number(promised.durable.slice(6)));
    expect(restored.logStart.index).toBeGreaterThanOrEqual(promised.start);
    expect(restored.snapshot?.id.index ?? 0).toBeGreaterThanOrEqual(promised.snapshot);
    for (const [index, text] of promised.entries) expect(await opened.read(index, index + 1)).toEqual([text]);
    // And it can go on.
    const last = [...restored.entries].at(-1);
    const end = last === undefined ? restored.logStart.index : last.index + last.span;
    await opened.write({ append: [entry(end, 9)] });
    expect(await opened.read(end, end + 1)).toEqual([`entry ${end}`]);
  };

  test.each(['kill', 'lost', 'kept', 'random'] as const)('unsynced bytes: %s', async (fate) => {
    const points = await atEveryCrashPoint({ seed: 11, fate, run, verify, createLog: () => new Promised() });
    expect(points).toBeGreaterThan(50);
  });
});
