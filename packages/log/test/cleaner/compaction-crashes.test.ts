import { atEveryCrashPoint } from '@biquorum/platform/testing';
import { expect, test } from 'vitest';
import { CompactedRun, readRecords, tableOf } from '../support/compacted-run.ts';
import { seeds } from '../support/seeds.ts';

test.each(seeds(1, 1))(
  'a crash at any step of a compaction leaves the table that the records make (seed %i)',
  async (seed) => {
    const points = await atEveryCrashPoint<{ run: CompactedRun; flushedUpTo: number }>({
      seed,
      fate: seed % 3 === 0 ? 'kill' : 'random',
      createLog: () => ({ run: new CompactedRun(seed, { segmentBytes: 300 }), flushedUpTo: 0 }),
      async run(ports, memory) {
        const { logs, log } = await memory.run.open(ports);
        memory.run.fill(log, 9);
        await log.flush();
        memory.flushedUpTo = log.endOffset;
        await logs.compactDirtiest();
        memory.run.fill(log, 1);
        await logs.close();
      },
      async verify(ports, { run, flushedUpTo }) {
        const { logs, log } = await run.open(ports);
        expect(logs.failedLogs).toEqual([]);
        expect(log.endOffset).toBeGreaterThanOrEqual(flushedUpTo);
        const records = await readRecords(log);
        for (const record of records) expect(run.records[record.offset]).toEqual(record);
        expect(tableOf(records)).toEqual(run.tableUpTo(log.endOffset));
        // It goes on from there, without what the crash has lost.
        run.records.length = log.endOffset;
        run.fill(log, 5);
        log.roll();
        await logs.compactDirtiest();
        expect(tableOf(await readRecords(log))).toEqual(run.tableUpTo(log.endOffset));
        await logs.close();
      },
    });
    expect(points).toBeGreaterThan(50);
  },
  120_000,
);
