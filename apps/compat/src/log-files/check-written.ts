import { deepStrictEqual } from 'node:assert';
import type { BatchFacts } from '../oracle/oracle.ts';
import type { Extent } from './check-dump.ts';
import type { JavaLogDirectory } from './java-logs.ts';
import type { WrittenBatch, WrittenLogs } from './write-ours.ts';

/** Checks that Apache's classes read in our log directory exactly what we put into it. */
export function checkWritten(written: WrittenLogs, java: JavaLogDirectory): string {
  deepStrictEqual([...java.partitions.keys()], [...written.keys()].map((topic) => `${topic}-0`).sort());
  for (const [topic, batches] of written) {
    const log = java.partitions.get(`${topic}-0`);
    const read = log?.segments.flatMap((segment) => segment.batches).map(writtenPart);
    deepStrictEqual(read, batches, topic);
    const end = (batches.at(-1)?.lastOffset ?? -1) + 1;
    deepStrictEqual(log?.snapshots?.at(-1)?.offset, end, `${topic}: offset of the last producer snapshot`);
    deepStrictEqual(java['recovery-point-offset-checkpoint']?.[`${topic}-0`], end, `${topic}: recovery point`);
    const segments = log?.segments ?? [];
    if (segments.length < 2) throw new Error(`${topic} has but ${segments.length} segment`);
    for (const { timeIndex, batches: held } of segments) {
      deepStrictEqual(timeIndex?.at(-1)?.[0], Math.max(...held.map(({ maxTimestamp }) => maxTimestamp)), topic);
    }
  }
  if (java.cleanShutdownBrokerEpoch === undefined) throw new Error('Java sees no clean shutdown');
  const { batches, records } = extentOf(written);
  return `${batches} batches, ${records} records`;
}

/** How many batches and records were written. */
export function extentOf(written: WrittenLogs): Extent {
  const batches = [...written.values()].flat();
  return { batches: batches.length, records: batches.reduce((sum, batch) => sum + batch.records.length, 0) };
}

function writtenPart(facts: BatchFacts): WrittenBatch {
  const { baseOffset, lastOffset, partitionLeaderEpoch, compression, timestampType, transactional, control } = facts;
  const { producerId, producerEpoch, baseSequence, records } = facts;
  return {
    baseOffset,
    lastOffset,
    partitionLeaderEpoch,
    compression,
    timestampType,
    transactional,
    control,
    producerId,
    producerEpoch,
    baseSequence,
    records: records.map(({ offset, timestamp, key, value, headers }) => ({ offset, timestamp, key, value, headers })),
  };
}
