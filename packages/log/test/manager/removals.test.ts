import { type Log, type LogManager, logConfig } from '@biquorum/log';
import type { Ports } from '@biquorum/platform';
import { describe, expect, test } from 'vitest';
import { batchOf, EPOCH_MS } from '../support/batches.ts';
import { DIRECTORY, inWorld, openLogs, PARTITION } from '../support/logs.ts';

const LOG = `${DIRECTORY}/orders-0`;
const BATCH = batchOf([{ value: 'x'.repeat(100), timestamp: EPOCH_MS }]);
const NO_SEGMENT = { retentionMs: -1, segmentBytes: BATCH.length };

/** A log with one batch in each segment, all of it committed. */
async function filled(
  ports: Ports,
  segments: number,
  changes: Parameters<typeof logConfig>[0],
): Promise<{ readonly logs: LogManager; readonly log: Log }> {
  const logs = await openLogs(ports, { configOf: () => logConfig({ ...NO_SEGMENT, ...changes }) });
  const log = await logs.create(PARTITION);
  for (let i = 0; i < segments; i++) log.appendAsLeader(BATCH.slice(), { leaderEpoch: 0 });
  log.setHighWatermark(log.endOffset);
  return { logs, log };
}

async function namesIn(ports: Ports, directory: string): Promise<string[]> {
  return (await ports.disk.list(directory)).map(({ name }) => name);
}

describe('retention', () => {
  test('by size removes the oldest whole segments, never more than retention.bytes asks for', () =>
    inWorld(1, async (ports) => {
      const { logs, log } = await filled(ports, 5, { retentionBytes: 2 * BATCH.length + 1 });
      expect(await logs.removeOldSegments()).toBe(2);
      expect(log.segmentBaseOffsets).toEqual([2, 3, 4]);
      expect([log.logStartOffset, log.endOffset]).toEqual([2, 5]);
      await logs.close();
    }));

  test('by time removes all that is too old, the active segment too, and goes on behind it', () =>
    inWorld(2, async (ports, world) => {
      const { logs, log } = await filled(ports, 3, { retentionMs: 1_000 });
      expect(await logs.removeOldSegments()).toBe(0);
      await world.time.runFor(2_000);
      expect(await logs.removeOldSegments()).toBe(3);
      expect(log.segmentBaseOffsets).toEqual([3]);
      expect([log.logStartOffset, log.endOffset]).toEqual([3, 3]);
      expect(log.appendAsLeader(BATCH.slice(), { leaderEpoch: 0 })).toMatchObject({ firstOffset: 3 });
      await logs.close();
    }));

  test('leaves what is above the high watermark', () =>
    inWorld(3, async (ports) => {
      const { logs, log } = await filled(ports, 5, { retentionBytes: 0 });
      log.setHighWatermark(2);
      await logs.removeOldSegments();
      expect(log.segmentBaseOffsets).toEqual([2, 3, 4]);
      await logs.close();
    }));

  test('without the delete policy removes only what lies before the log start offset', () =>
    inWorld(4, async (ports) => {
      const { logs, log } = await filled(ports, 4, { compact: true, delete: false, retentionBytes: 0 });
      log.advanceLogStart(2);
      expect(await logs.removeOldSegments()).toBe(2);
      expect(log.segmentBaseOffsets).toEqual([2, 3]);
      await logs.close();
    }));

  test('happens by itself every five minutes', () =>
    inWorld(5, async (ports, world) => {
      const { logs, log } = await filled(ports, 4, { retentionBytes: 0 });
      await world.time.runFor(331_000);
      expect(log.logStartOffset).toBe(4);
      await logs.close();
    }));

  test('leaves readers the bytes that they have found, even after the files are gone', () =>
    inWorld(6, async (ports, world) => {
      const { logs, log } = await filled(ports, 3, { retentionBytes: 0, fileDeleteDelayMs: 1_000 });
      const request = { startOffset: 0, maxBytes: 1_000, upperBound: 3, atLeastOneBatch: true };
      const { slice } = await log.read(request);
      await logs.removeOldSegments();
      await world.time.runFor(5_000);
      expect((await namesIn(ports, LOG)).filter((name) => name.startsWith('00000000000000000000'))).toEqual([]);
      const bytes = await slice?.read();
      slice?.release();
      // Offsets and epoch lie before byte 17, which the checksum does not cover.
      expect(bytes?.subarray(17)).toEqual(BATCH.subarray(17));
      await expect(log.read(request)).rejects.toThrow('offset 0');
      await logs.close();
    }));
});

describe('files of removed segments', () => {
  test('are marked at once and erased after file.delete.delay.ms', () =>
    inWorld(7, async (ports, world) => {
      const { logs } = await filled(ports, 2, { retentionBytes: BATCH.length, fileDeleteDelayMs: 60_000 });
      await logs.removeOldSegments();
      const marked = ['index', 'log', 'timeindex'].map((ending) => `00000000000000000000.${ending}.deleted`);
      expect(await namesIn(ports, LOG)).toEqual(expect.arrayContaining(marked));
      await world.time.runFor(59_000);
      expect(await namesIn(ports, LOG)).toEqual(expect.arrayContaining(marked));
      await world.time.runFor(2_000);
      expect((await namesIn(ports, LOG)).filter((name) => name.endsWith('.deleted'))).toEqual([]);
      await logs.close();
    }));

  test('go at the next start if the process did not live to erase them', () =>
    inWorld(8, async (ports) => {
      const { logs } = await filled(ports, 2, { retentionBytes: BATCH.length });
      await logs.removeOldSegments();
      await logs.close();
      const again = await openLogs(ports);
      expect((await namesIn(ports, LOG)).filter((name) => name.endsWith('.deleted'))).toEqual([]);
      expect(again.get(PARTITION)?.logStartOffset).toBe(1);
      await again.close();
    }));
});

describe('a removed log', () => {
  test('makes room for one of the same name at once, and its files are erased later', () =>
    inWorld(9, async (ports, world) => {
      const { logs } = await filled(ports, 3, { fileDeleteDelayMs: 10_000 });
      expect(await logs.remove(PARTITION)).toBe(true);
      expect(await logs.remove(PARTITION)).toBe(false);
      const log = await logs.create(PARTITION);
      expect(log.endOffset).toBe(0);
      const doomed = async (): Promise<string[]> =>
        (await namesIn(ports, DIRECTORY)).filter((name) => name.endsWith('-delete'));
      expect(await doomed()).toEqual([expect.stringMatching(/^orders-0\.[0-9a-f]{32}-delete$/)]);
      await world.time.runFor(11_000);
      expect(await doomed()).toEqual([]);
      expect(logs.get(PARTITION)).toBe(log);
      await logs.close();
    }));

  test('that a crash kept from being erased goes after the next start', () =>
    inWorld(10, async (ports, world) => {
      const { logs } = await filled(ports, 3, { fileDeleteDelayMs: 10_000 });
      await logs.remove(PARTITION);
      await logs.close();
      const again = await openLogs(ports);
      expect(again.logCount).toBe(0);
      await world.time.runFor(61_000);
      expect((await namesIn(ports, DIRECTORY)).filter((name) => name.startsWith('orders'))).toEqual([]);
      await again.close();
    }));
});

describe('a log that was set aside', () => {
  test('keeps its files under another name, through later starts, and is no longer in use', () =>
    inWorld(11, async (ports, world) => {
      const { logs } = await filled(ports, 3, { fileDeleteDelayMs: 1_000 });
      const path = (await logs.setAside(PARTITION)) ?? '';
      expect(path).toMatch(/^\/logs\/orders-0\.[0-9a-f]{32}-stray$/);
      expect(logs.get(PARTITION)).toBeUndefined();
      expect(await logs.setAside(PARTITION)).toBeUndefined();
      const kept = await namesIn(ports, path);
      expect(kept.filter((name) => name.endsWith('.log'))).toHaveLength(3);
      await logs.close();
      const again = await openLogs(ports);
      await world.time.runFor(120_000);
      expect(again.logCount).toBe(0);
      expect(again.ignoredDirectories).toEqual([path.slice(DIRECTORY.length + 1)]);
      expect(await namesIn(ports, path)).toEqual(kept);
      await again.close();
    }));

  test('makes room for one of the same name, which begins empty', () =>
    inWorld(12, async (ports) => {
      const { logs } = await filled(ports, 3, {});
      await logs.setAside(PARTITION);
      expect(await logs.create(PARTITION)).toMatchObject({ endOffset: 0, highWatermark: 0, logStartOffset: 0 });
      await logs.close();
    }));
});
