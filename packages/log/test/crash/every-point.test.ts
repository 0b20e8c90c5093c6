import { resolveLogConfig } from '@biquorum/log';
import { atEveryCrashPoint } from '@biquorum/platform/testing';
import { Prng } from '@biquorum/std';
import { expect, test } from 'vitest';
import { randomBatch } from '../support/batches.ts';
import { openLogs, PARTITION, type ReadBatch, readAll } from '../support/logs.ts';

const config = resolveLogConfig(
  new Map([
    ['segment.bytes', '700'],
    ['index.interval.bytes', '100'],
    ['file.delete.delay.ms', '0'],
  ]),
);
const options = { configOf: () => config };

/** What a run was promised before it crashed. */
interface Promised {
  /** Every batch that was appended, in order, as the log had it. */
  readonly batches: ReadBatch[];
  flushedUpTo: number;
  /** The start may lie anywhere between: the new one is durable some time after it was set. */
  startUpTo: number;
}

test.each([1, 2, 3, 4, 5, 6])(
  'a crash before any write, sync or rename leaves what was flushed and a clean prefix of the rest (seed %i)',
  async (seed) => {
    const points = await atEveryCrashPoint<Promised>({
      seed,
      fate: seed % 3 === 0 ? 'kill' : 'random',
      createLog: () => ({ batches: [], flushedUpTo: 0, startUpTo: 0 }),
      async run(ports, promised) {
        const prng = new Prng(seed);
        const logs = await openLogs(ports, options);
        const log = await logs.create(PARTITION);
        const append = (count: number, leaderEpoch: number): void => {
          for (let index = 0; index < count; index++) {
            const bytes = randomBatch(prng, prng.between(1, 3), prng.between(20, 120));
            const baseOffset = log.endOffset;
            log.appendAsLeader(bytes, { leaderEpoch });
            promised.batches.push({ baseOffset, lastOffset: log.endOffset - 1, leaderEpoch, bytes });
          }
        };
        await log.assignEpoch(1);
        append(6, 1);
        await log.flush();
        promised.flushedUpTo = log.endOffset;
        await log.assignEpoch(2);
        append(6, 2);
        log.setHighWatermark(log.endOffset);
        promised.startUpTo = promised.batches[5]?.baseOffset ?? 0;
        log.advanceLogStart(promised.startUpTo);
        await log.removeOldSegments();
        await logs.checkpoint();
        append(3, 2);
        await logs.close();
        promised.flushedUpTo = log.endOffset;
      },
      async verify(ports, promised) {
        const logs = await openLogs(ports, options);
        expect(logs.failedLogs).toEqual([]);
        const log = logs.get(PARTITION);
        if (log === undefined) {
          // Its directory was not durable yet, so nothing in it had been promised.
          expect(promised.flushedUpTo).toBe(0);
          await logs.close();
          return;
        }
        expect(log.endOffset).toBeGreaterThanOrEqual(promised.flushedUpTo);
        expect(log.logStartOffset).toBeLessThanOrEqual(promised.startUpTo);
        const found = await readAll(log);
        const first = found[0]?.baseOffset ?? log.endOffset;
        const expected = promised.batches.filter(({ baseOffset }) => baseOffset >= first && baseOffset < log.endOffset);
        // An append that the crash has interrupted may be there, though nobody was told of it.
        expect(found.length - expected.length).toBeLessThanOrEqual(1);
        expect(found.slice(0, expected.length)).toEqual(expected);
        // It goes on from there.
        const { endOffset } = log;
        expect(log.appendAsLeader(randomBatch(new Prng(0), 2, 10), { leaderEpoch: 3 }).kind).toBe('appended');
        expect(await readAll(log, endOffset)).toHaveLength(1);
        await logs.close();
      },
    });
    expect(points).toBeGreaterThan(40);
  },
  120_000,
);
