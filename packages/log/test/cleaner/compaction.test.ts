import { describe, expect, test } from 'vitest';
import { CompactedRun, readRecords, tableOf } from '../support/compacted-run.ts';
import { inWorld, PARTITION, passTime } from '../support/logs.ts';
import { seeds } from '../support/seeds.ts';

describe('compaction', () => {
  test.each(seeds(60, 1))('keeps the table that the records make, and the last record of each key (seed %i)', (seed) =>
    inWorld(seed, async (ports) => {
      const run = new CompactedRun(seed);
      const { logs, log } = await run.open(ports);
      for (let round = 0; round < 4; round++) {
        run.fill(log, 30);
        const cleanable = log.segmentBaseOffsets.at(-1) as number;
        const { byteLength } = log;
        expect(await logs.compactDirtiest()).toBe(true);
        const records = await run.read(log);
        // Nothing is made up, moved or brought back.
        for (const record of records) expect(run.records[record.offset]).toEqual(record);
        expect(tableOf(records)).toEqual(run.tableUpTo(log.endOffset));
        // Of each key only the last record before the active segment is left.
        const cleaned = records.filter(({ offset }) => offset < cleanable);
        expect(new Set(cleaned.map(({ key }) => key)).size).toBe(cleaned.length);
        for (const { key, offset } of cleaned) {
          const last = run.records.findLast((record) => record.key === key && record.offset < cleanable);
          expect(last?.offset).toBe(offset);
        }
        expect(log.byteLength).toBeLessThan(byteLength);
        expect(await logs.compactDirtiest(), 'nothing is left to compact').toBe(false);
        await passTime(ports, 100);
      }
      await logs.close();
      const again = await run.open(ports);
      expect(again.logs.findings).toEqual([]);
      expect(tableOf(await readRecords(again.log))).toEqual(run.tableUpTo(log.endOffset));
      await again.logs.close();
    }),
  );

  test('gives tombstones delete.retention.ms from the compaction that first saw them, then drops them', () =>
    inWorld(1, async (ports) => {
      const run = new CompactedRun(1, { deleteRetentionMs: 1_000 });
      const { logs, log } = await run.open(ports);
      run.fill(log, 60);
      log.roll();
      await logs.compactDirtiest();
      const tombstones = async (): Promise<number> =>
        (await readRecords(log)).filter(({ value }) => value === undefined).length;
      const before = await tombstones();
      expect(before).toBeGreaterThan(0);
      // Another pass within the time leaves them.
      run.fill(log, 1);
      log.roll();
      await logs.compactDirtiest();
      const within = await tombstones();
      expect(within).toBeGreaterThan(0);
      await passTime(ports, 1_001);
      run.fill(log, 1);
      log.roll();
      await logs.compactDirtiest();
      expect(await tombstones()).toBeLessThan(within);
      expect(tableOf(await readRecords(log))).toEqual(run.tableUpTo(log.endOffset));
      await logs.close();
    }));

  test('leaves a log alone whose dirty part is small', () =>
    inWorld(2, async (ports) => {
      const run = new CompactedRun(2, { minCleanableDirtyRatio: 0.5 });
      const { logs, log } = await run.open(ports);
      run.fill(log, 60);
      log.roll();
      expect(await logs.compactDirtiest()).toBe(true);
      run.fill(log, 1);
      log.roll();
      expect(await logs.compactDirtiest()).toBe(false);
      await logs.close();
    }));

  test('leaves records alone that are younger than min.compaction.lag.ms', () =>
    inWorld(3, async (ports) => {
      const run = new CompactedRun(3, { minCompactionLagMs: 10_000 });
      const { logs, log } = await run.open(ports);
      run.fill(log, 60);
      log.roll();
      expect(await logs.compactDirtiest()).toBe(false);
      await passTime(ports, 20_000);
      expect(await logs.compactDirtiest()).toBe(true);
      await logs.close();
    }));

  test('compacts a log that is not dirty enough once its records are older than max.compaction.lag.ms', () =>
    inWorld(4, async (ports) => {
      const run = new CompactedRun(4, { minCleanableDirtyRatio: 1, maxCompactionLagMs: 60_000 });
      const { logs, log } = await run.open(ports);
      run.fill(log, 60);
      log.roll();
      expect(await logs.compactDirtiest()).toBe(false);
      await passTime(ports, 61_000);
      expect(await logs.compactDirtiest()).toBe(true);
      await logs.close();
    }));

  test('never touches what is above the high watermark', () =>
    inWorld(5, async (ports) => {
      const run = new CompactedRun(5);
      const { logs, log } = await run.open(ports);
      run.fill(log, 60);
      log.roll();
      log.setHighWatermark(0);
      expect(await logs.compactDirtiest()).toBe(false);
      expect(await readRecords(log)).toEqual(run.records);
      await logs.close();
    }));

  test('lets appends and reads go on while it works, and gives up when the log is cut', () =>
    inWorld(6, async (ports) => {
      const run = new CompactedRun(6);
      const { logs, log } = await run.open(ports);
      run.fill(log, 60);
      log.roll();
      const compacting = logs.compactDirtiest();
      run.fill(log, 5);
      expect(log.endOffset).toBe(run.records.length);
      await log.truncateTo(40);
      run.records.length = log.endOffset;
      await compacting;
      expect(tableOf(await readRecords(log))).toEqual(run.tableUpTo(log.endOffset));
      await logs.close();
    }));

  test('forgets how far it had come when the log is cut before that', () =>
    inWorld(7, async (ports) => {
      const run = new CompactedRun(7);
      const { logs, log } = await run.open(ports);
      run.fill(log, 60);
      log.roll();
      await logs.compactDirtiest();
      await log.truncateFullyAndStartAt(0);
      run.records.length = 0;
      run.fill(log, 60);
      log.roll();
      expect(await logs.compactDirtiest()).toBe(true);
      const records = await readRecords(log);
      expect(new Set(records.map(({ key }) => key)).size).toBe(records.length);
      await logs.close();
    }));

  test('remembers across a restart how far it had come', () =>
    inWorld(8, async (ports) => {
      const run = new CompactedRun(8);
      const { logs, log } = await run.open(ports);
      run.fill(log, 60);
      log.roll();
      await logs.compactDirtiest();
      await logs.close();
      const again = await run.open(ports);
      expect(await again.logs.compactDirtiest()).toBe(false);
      expect(again.logs.get(PARTITION)?.endOffset).toBe(log.endOffset);
      await again.logs.close();
    }));

  test('that fails leaves the log as it is, and is tried again after a while, longer each time', () =>
    inWorld(9, async (ports, world) => {
      const { disk } = world.host('broker');
      const run = new CompactedRun(9);
      const { logs, log } = await run.open(ports);
      run.fill(log, 60);
      log.roll();
      const break_ = (): void => {
        disk.onOperation = ({ operation, path }) =>
          operation === 'write' && path.endsWith('.log.cleaned') ? { kind: 'fail', code: 'no-space' } : undefined;
      };
      for (const waitMs of [60_000, 120_000, 240_000]) {
        break_();
        expect(await logs.compactDirtiest()).toBe(true);
        expect(await readRecords(log)).toEqual(run.records);
        disk.onOperation = undefined;
        await passTime(ports, waitMs - 1_000);
        expect(await logs.compactDirtiest(), 'not yet').toBe(false);
        await passTime(ports, 1_000);
      }
      expect(await logs.compactDirtiest()).toBe(true);
      const records = await run.read(log);
      expect(records.length).toBeLessThan(run.records.length);
      expect(tableOf(records)).toEqual(run.tableUpTo(log.endOffset));
      // Once it has worked, a failure counts as the first one again.
      run.fill(log, 60);
      log.roll();
      break_();
      await logs.compactDirtiest();
      disk.onOperation = undefined;
      await passTime(ports, 60_000);
      expect(await logs.compactDirtiest()).toBe(true);
      expect(tableOf(await readRecords(log))).toEqual(run.tableUpTo(log.endOffset));
      await logs.close();
    }));
});
