import { logConfig } from '@biquorum/log';
import { describe, expect, test } from 'vitest';
import { batchOf } from '../support/batches.ts';
import { DIRECTORY, inWorld, openLogs, PARTITION } from '../support/logs.ts';

const BATCH = batchOf([{ value: 'x'.repeat(1_000) }]);
const append = { leaderEpoch: 0 };

describe('write-back', () => {
  test('begins by itself when a log has more bytes waiting than it may', () =>
    inWorld(1, async (ports, world) => {
      const logs = await openLogs(ports, { settings: { unflushedBytesPerLog: 3 * BATCH.length } });
      const log = await logs.create(PARTITION);
      log.appendAsLeader(BATCH.slice(), append);
      log.appendAsLeader(BATCH.slice(), append);
      await world.time.runFor(1_000);
      expect([log.recoveryPoint, logs.unflushedBytes]).toEqual([0, 2 * BATCH.length]);
      log.appendAsLeader(BATCH.slice(), append);
      expect(logs.unflushedBytes).toBe(0);
      await world.time.runUntil(() => log.recoveryPoint === 3);
      await logs.close();
    }));

  test('begins with the log that has most, when all together have too much', () =>
    inWorld(2, async (ports, world) => {
      const logs = await openLogs(ports, { settings: { unflushedBytesTotal: 4 * BATCH.length } });
      const small = await logs.create({ topic: 'small', partition: 0 });
      const large = await logs.create({ topic: 'large', partition: 0 });
      for (let i = 0; i < 3; i++) large.appendAsLeader(BATCH.slice(), append);
      small.appendAsLeader(BATCH.slice(), append);
      await world.time.runUntil(() => large.recoveryPoint === 3);
      expect([small.recoveryPoint, logs.unflushedBytes]).toEqual([0, BATCH.length]);
      await logs.close();
    }));

  test('keeps flush.ms, and waits for nothing else', () =>
    inWorld(3, async (ports, world) => {
      const logs = await openLogs(ports, { configOf: () => logConfig({ flushMs: 500 }) });
      const log = await logs.create(PARTITION);
      log.appendAsLeader(BATCH.slice(), append);
      await world.time.runFor(490);
      expect(log.recoveryPoint).toBe(0);
      await world.time.runFor(50);
      expect(log.recoveryPoint).toBe(1);
      await logs.close();
    }));

  test('tells who appends when the records are durable, where flush.messages asks for it', () =>
    inWorld(4, async (ports) => {
      const logs = await openLogs(ports, { configOf: () => logConfig({ flushMessages: 2 }) });
      const log = await logs.create(PARTITION);
      expect(log.appendAsLeader(BATCH.slice(), append)).toMatchObject({ kind: 'appended', flushed: undefined });
      const second = log.appendAsLeader(BATCH.slice(), append);
      if (second.kind !== 'appended') throw new Error(second.kind);
      await second.flushed;
      expect(log.recoveryPoint).toBe(2);
      await logs.close();
    }));

  test('makes a closed segment durable without being asked', () =>
    inWorld(5, async (ports, world) => {
      const logs = await openLogs(ports);
      const log = await logs.create(PARTITION);
      log.appendAsLeader(BATCH.slice(), append);
      log.roll();
      await world.time.runUntil(() => log.recoveryPoint === 1);
      await logs.close();
    }));

  test('ends in one error when several files of a segment fail at once, some of them before they are open', () =>
    inWorld(6, async (ports, world) => {
      const failed: string[] = [];
      const logs = await openLogs(ports, {
        settings: { openFilesMax: 2 },
        onDirectoryFailure: (directory) => failed.push(directory),
      });
      const log = await logs.create(PARTITION);
      log.appendAsLeader(BATCH.slice(), append);
      const { disk } = world.host('broker');
      disk.onOperation = ({ operation, path }) =>
        (operation === 'sync' && /[.](log|index)$/.test(path)) || (operation === 'open' && path.endsWith('.timeindex'))
          ? { kind: 'fail', code: 'io' }
          : undefined;
      await expect(log.flush()).rejects.toThrow(/is offline/);
      // What nobody waits for would end the process: the runner counts it as an error of its own.
      await world.time.runFor(1_000);
      expect(failed).toEqual([DIRECTORY]);
      disk.onOperation = undefined;
      await logs.close();
    }));
});
