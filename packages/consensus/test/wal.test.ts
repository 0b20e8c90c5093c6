import { DiskStorage, type Entry, StorageError } from '@biquorum/consensus';
import type { Disk } from '@biquorum/platform';
import { type MemoryDisk, MemoryWorld } from '@biquorum/platform/testing';
import { expect, test } from 'vitest';

const codec = { encode: (value: Uint8Array) => value, decode: (bytes: Uint8Array) => bytes };
const SEGMENT_BYTES = 200_000;

/** Opens a log, appends entries one after the other, each synced by itself. */
async function append(disk: Disk, count: number, payloadBytes: number): Promise<readonly Entry[]> {
  const storage = new DiskStorage({ disk, directory: '/log', segmentBytes: SEGMENT_BYTES, cacheBytes: 1000 }, codec);
  const waiting = new Map<number, () => void>();
  const ignore = (): void => {};
  const restored = await storage.open({
    written: (write) => waiting.get(write)?.(),
    snapshotWritten: ignore,
    snapshotInstalled: ignore,
    failed: ignore,
  });
  const found = [...restored.entries];
  for (let at = 0; at < count; at++) {
    const index = found.length + at;
    const entry: Entry = { index, span: 1, epoch: 1, kind: 'data', payload: new Uint8Array(payloadBytes).fill(index) };
    await new Promise<void>((resolve) => {
      waiting.set(at + 1, resolve);
      storage.write({ id: at + 1, append: [entry] });
      storage.flush();
    });
  }
  await storage.close();
  return found;
}

function segments(disk: MemoryDisk): readonly { readonly path: string; readonly bytes: Uint8Array }[] {
  const paths = disk.paths().filter((path) => path.endsWith('.wal'));
  return paths.map((path) => ({ path, bytes: disk.contents(path) ?? new Uint8Array(0) }));
}

test('where syncs are small, the log goes on in files that were written full of zeros before', async () => {
  const world = new MemoryWorld({ seed: 1 });
  const host = world.addHost('one');
  await world.run(() => append(host.ports.disk, 120, 1000));
  const [first, second] = segments(host.disk);
  // The first one grew until the second was ready; that is as long as it will ever be.
  expect(first?.bytes.length).toBeLessThan(SEGMENT_BYTES / 2);
  expect(second?.bytes.length).toBe(SEGMENT_BYTES);
  expect(second?.bytes[10_000]).not.toBe(0);
  expect(second?.bytes.at(-1)).toBe(0);
  host.powerOff('lost');
  host.start();
  const found = await world.run(() => append(host.ports.disk, 1, 1000));
  expect(found.map(({ index }) => index)).toEqual(Array.from({ length: 120 }, (_, index) => index));
  host.powerOff('lost');
  host.start();
  expect(await world.run(() => append(host.ports.disk, 0, 0))).toHaveLength(121);
});

test('where syncs are large, files grow: zeros would cost more than they save', async () => {
  const world = new MemoryWorld({ seed: 2 });
  const host = world.addHost('one');
  await world.run(() => append(host.ports.disk, 12, 50_000));
  const files = segments(host.disk);
  expect(files.length).toBeGreaterThan(2);
  for (const { bytes } of files) expect(bytes.length === 0 || bytes.at(-1) !== 0).toBe(true);
});

test('damage before the zeros is told from the end of the log', async () => {
  const world = new MemoryWorld({ seed: 3 });
  const host = world.addHost('one');
  await world.run(() => append(host.ports.disk, 120, 1000));
  host.kill();
  const [, second] = segments(host.disk);
  host.disk.flipBit(second?.path as string, 5_000, 3);
  host.start();
  const opened = world.run(() => append(host.ports.disk, 0, 0));
  await expect(opened).rejects.toBeInstanceOf(StorageError);
});

test('a file that was made and never used is gone after a restart', async () => {
  const world = new MemoryWorld({ seed: 4 });
  const host = world.addHost('one');
  // Past the half of the second file, so that the third is there.
  await world.run(() => append(host.ports.disk, 180, 1000));
  expect(segments(host.disk)).toHaveLength(3);
  expect(segments(host.disk)[2]?.bytes.every((byte) => byte === 0)).toBe(true);
  host.kill();
  host.start();
  expect(await world.run(() => append(host.ports.disk, 0, 0))).toHaveLength(180);
  // The two that hold the log, and the one that this start began.
  expect(segments(host.disk).map(({ bytes }) => bytes.some((byte) => byte !== 0))).toEqual([true, true, true]);
});
