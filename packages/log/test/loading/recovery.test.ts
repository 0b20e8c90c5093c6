import { formatOffsetCheckpoint, type Log, type LogConfig, type LogManager, logConfig } from '@biquorum/log';
import type { Ports } from '@biquorum/platform';
import { MemoryWorld } from '@biquorum/platform/testing';
import { describe, expect, test } from 'vitest';
import { batchOf } from '../support/batches.ts';
import { CompactedRun, readRecords } from '../support/compacted-run.ts';
import { DIRECTORY, inWorld, openLogs, PARTITION, readAll } from '../support/logs.ts';

const BATCH = batchOf([{ value: 'x'.repeat(100) }]);
const FIRST = `${DIRECTORY}/orders-0/00000000000000000000.log`;

/** Makes a log of so many batches, with so many in each segment, and stops in order. */
async function fill(ports: Ports, batches: number, perSegment: number): Promise<LogConfig> {
  const config = logConfig({ segmentBytes: perSegment * BATCH.length });
  const logs = await openLogs(ports, { configOf: () => config });
  const log = await logs.create(PARTITION);
  for (let i = 0; i < batches; i++) log.appendAsLeader(BATCH.slice(), { leaderEpoch: 0 });
  await logs.close();
  return config;
}

/** Opens the logs as if the process before had been killed, with this recovery point on disk. */
async function openAfterKill(ports: Ports, config: LogConfig, recoveryPoint: number): Promise<LogManager> {
  await ports.disk.remove(`${DIRECTORY}/.kafka_cleanshutdown`);
  const checkpoint = formatOffsetCheckpoint([{ ...PARTITION, offset: recoveryPoint }]);
  await ports.disk.replace(`${DIRECTORY}/recovery-point-offset-checkpoint`, checkpoint);
  return openLogs(ports, { configOf: () => config });
}

async function change(ports: Ports, path: string, position: number, bytes: Uint8Array): Promise<void> {
  const file = ports.disk.open(path, 'write');
  file.write(position, [bytes]);
  await file.close();
}

async function cut(ports: Ports, path: string, size: number): Promise<void> {
  const file = ports.disk.open(path, 'write');
  await file.truncate(size);
  await file.close();
}

describe('after an unclean stop', () => {
  test('a torn batch at the end is cut off and reported with file, position and size', () =>
    inWorld(1, async (ports) => {
      const config = await fill(ports, 3, 10);
      await cut(ports, FIRST, 3 * BATCH.length - 7);
      const logs = await openAfterKill(ports, config, 1);
      expect(logs.findings).toEqual([
        {
          kind: 'tail-cut',
          log: 'orders-0',
          file: FIRST,
          position: 2 * BATCH.length,
          reason: expect.stringMatching(/./),
          droppedBytes: BATCH.length - 7,
        },
      ]);
      expect(logs.get(PARTITION)?.endOffset).toBe(2);
      await logs.close();
    }));

  test('a changed bit behind the recovery point ends the log there, whatever follows', () =>
    inWorld(2, async (ports) => {
      const config = await fill(ports, 5, 2);
      await change(ports, FIRST, BATCH.length + 70, Uint8Array.of(0xff));
      const logs = await openAfterKill(ports, config, 0);
      expect(logs.get(PARTITION)?.endOffset).toBe(1);
      expect(logs.findings.map(({ kind, droppedBytes }) => [kind, droppedBytes])).toEqual([
        ['segments-dropped', 2 * BATCH.length],
        ['segments-dropped', BATCH.length],
        ['tail-cut', BATCH.length],
      ]);
      await logs.close();
    }));

  test('damage before the recovery point is reported, the log is not served, and its files stay as they are', () =>
    inWorld(3, async (ports) => {
      const config = await fill(ports, 3, 10);
      await change(ports, FIRST, 8, Uint8Array.of(0, 0, 0, 1));
      const before = await ports.disk.readWhole(FIRST, 1 << 20);
      const logs = await openAfterKill(ports, config, 2);
      expect(logs.findings).toMatchObject([
        { kind: 'corrupt', log: 'orders-0', file: FIRST, position: 0, droppedBytes: 0 },
      ]);
      expect(logs.failedLogs).toHaveLength(1);
      expect(logs.get(PARTITION)).toBeUndefined();
      await expect(logs.create(PARTITION)).rejects.toThrow(FIRST);
      await logs.close();
      expect(await ports.disk.readWhole(FIRST, 1 << 20)).toEqual(before);
    }));

  test('a log that ends before its recovery point says so', () =>
    inWorld(4, async (ports) => {
      const config = await fill(ports, 2, 10);
      const logs = await openAfterKill(ports, config, 9);
      expect(logs.findings.map(({ kind }) => kind)).toEqual(['end-before-recovery-point']);
      expect(logs.get(PARTITION)?.endOffset).toBe(2);
      await logs.close();
    }));

  test('segments behind a hole are no part of the log any more', () =>
    inWorld(5, async (ports) => {
      const config = await fill(ports, 5, 2);
      await cut(ports, FIRST, BATCH.length);
      const logs = await openAfterKill(ports, config, 0);
      expect(logs.get(PARTITION)?.endOffset).toBe(1);
      expect(logs.findings.map(({ kind }) => kind)).toEqual(['segments-dropped', 'segments-dropped']);
      await logs.close();
    }));

  test('the gaps that compaction left are no holes, even in a log that is no longer compacted', () =>
    inWorld(6, async (ports) => {
      const run = new CompactedRun(6, { segmentBytes: 500 });
      const { logs, log } = await run.open(ports);
      run.fill(log, 60);
      log.roll();
      while (await logs.compactDirtiest());
      const kept = await readRecords(log);
      const bases = log.segmentBaseOffsets;
      const ends = bases
        .slice(1)
        .map((base) => Math.max(...kept.map(({ offset }) => offset).filter((at) => at < base)));
      expect(ends.some((end, index) => end + 1 < (bases[index + 1] as number))).toBe(true);
      await logs.close();
      const again = await openAfterKill(ports, { ...run.config, compact: false, delete: true, retentionMs: -1 }, 0);
      expect(again.findings).toEqual([]);
      const found = again.get(PARTITION);
      expect(found === undefined ? [] : await readRecords(found)).toEqual(kept);
      await again.close();
    }));

  test('where Apache was killed, whose indexes of the active segment are preallocated, a gap is compaction that it had not noted', () =>
    inWorld(7, async (ports) => {
      const config = await fill(ports, 5, 2);
      // What compaction leaves of a segment whose records have all been replaced.
      await cut(ports, FIRST, 0);
      for (const [ending, entrySize] of [
        ['index', 8],
        ['timeindex', 12],
      ] as const) {
        const { segmentIndexBytes } = config;
        await cut(ports, FIRST.replace('0.log', `4.${ending}`), segmentIndexBytes - (segmentIndexBytes % entrySize));
      }
      const logs = await openAfterKill(ports, config, 0);
      const log = logs.get(PARTITION);
      expect(log?.endOffset).toBe(5);
      expect(logs.findings).toEqual([]);
      expect(log === undefined ? [] : await readAll(log)).toHaveLength(3);
      await logs.close();
    }));

  test('nothing is synced where the recovery point stands at the end of the log, and all of it elsewhere', () =>
    inWorld(8, async (ports, world) => {
      const config = await fill(ports, 5, 10);
      const syncs = async (recoveryPoint: number): Promise<number> => {
        let count = 0;
        world.host('broker').disk.onOperation = ({ operation, path }) => {
          if (operation === 'sync' && path.startsWith(`${DIRECTORY}/orders-0/0000`)) count += 1;
          return undefined;
        };
        const logs = await openAfterKill(ports, config, recoveryPoint);
        world.host('broker').disk.onOperation = undefined;
        expect(logs.get(PARTITION)).toMatchObject({ endOffset: 5, recoveryPoint: 5 });
        await logs.close();
        return count;
      };
      expect(await syncs(5)).toBe(0);
      expect(await syncs(4)).toBeGreaterThan(0);
    }));

  test('a cut that a kill has interrupted is made durable, though the recovery point was at its end', async () => {
    const world = new MemoryWorld({ seed: 9 });
    const host = world.addHost('broker');
    const append = (log: Log): void => void log.appendAsLeader(BATCH.slice(), { leaderEpoch: 0 });
    const open = (): Promise<Log> =>
      world.run(async () => (await openLogs(host.ports)).create(PARTITION, { topicId: 'AAAAAAAAAAAAAAAAAAAAAQ' }));
    const log = await open();
    for (let i = 0; i < 3; i++) append(log);
    await world.run(log.flush());
    for (let i = 0; i < 3; i++) append(log);
    // The system writes the tail back by itself.
    const file = host.ports.disk.open(FIRST, 'write');
    await world.run(file.sync());
    let cuts = 0;
    host.disk.onOperation = ({ operation }) => {
      // What is done after the cut is never done: the process is killed.
      if (cuts > 0) return { kind: 'halt', halt: () => host.kill() };
      if (operation === 'truncate') cuts += 1;
      return undefined;
    };
    void log.truncateTo(3);
    await world.time.runUntil(() => !host.running);
    host.disk.onOperation = undefined;
    host.start();
    expect((await open()).endOffset).toBe(3);
    host.powerOff('lost');
    host.start();
    // The old tail, which was durable once, is not back.
    expect((await open()).endOffset).toBe(3);
  });

  test('indexes that are missing or broken are made anew', () =>
    inWorld(7, async (ports) => {
      const config = await fill(ports, 5, 2);
      await ports.disk.remove(FIRST.replace('.log', '.index'));
      const logs = await openAfterKill(ports, config, 5);
      expect(logs.findings.map(({ kind }) => kind)).toContain('index-rebuilt');
      const log = logs.get(PARTITION);
      expect(log === undefined ? 0 : (await readAll(log)).length).toBe(5);
      await logs.close();
    }));
});
