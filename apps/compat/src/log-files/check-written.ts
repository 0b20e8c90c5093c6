import { deepStrictEqual } from 'node:assert';
import type { BatchFacts } from '../oracle/oracle.ts';
import { checkCompacted, contentOf, type RecordContent } from './check-compacted.ts';
import { extentOf, type JavaLog, type JavaLogDirectory } from './java-logs.ts';
import { OUR_COMPACTED_TOPIC, type WrittenBatch, type WrittenLogs } from './write-ours.ts';

/** Checks that Apache's classes read in our log directory exactly what we put into it. */
export function checkWritten(written: WrittenLogs, java: JavaLogDirectory): string {
  deepStrictEqual([...java.partitions.keys()], [...written.keys()].map((topic) => `${topic}-0`).sort());
  for (const [topic, batches] of written) {
    const log = java.partitions.get(`${topic}-0`) as JavaLog;
    const read = log.segments.flatMap((segment) => segment.batches);
    if (topic === OUR_COMPACTED_TOPIC) checkCompacted(recordsOf(read), recordsOf(batches));
    else deepStrictEqual(read.map(writtenPart), batches, topic);
    const end = (batches.at(-1)?.lastOffset ?? -1) + 1;
    deepStrictEqual(log.snapshots?.at(-1)?.offset, end, `${topic}: offset of the last producer snapshot`);
    deepStrictEqual(java['recovery-point-offset-checkpoint']?.[`${topic}-0`], end, `${topic}: recovery point`);
    if (log.segments.length < 2) throw new Error(`${topic} has but one segment`);
    for (const { timeIndex, batches: held } of log.segments) {
      deepStrictEqual(timeIndex?.at(-1)?.[0], Math.max(...held.map(({ maxTimestamp }) => maxTimestamp)), topic);
    }
  }
  if (java.cleanShutdownBrokerEpoch === undefined) throw new Error('Java sees no clean shutdown');
  const { batches, records } = extentOf(java);
  return `${batches} batches, ${records} records`;
}

function recordsOf(batches: readonly (BatchFacts | WrittenBatch)[]): readonly RecordContent[] {
  return batches.flatMap((batch) => batch.records.map(contentOf));
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
