import { deepStrictEqual } from 'node:assert';
import { compressionCodecs } from '@biquorum/compression';
import type { Log, LogManager } from '@biquorum/log';
import type { Prng } from '@biquorum/std';
import type { AcknowledgedRecord, Filling } from '../apache/fill-broker.ts';
import { batchFacts } from '../oracle/batch-facts.ts';
import type { BatchFacts } from '../oracle/oracle.ts';
import { checkCompacted, contentOf } from './check-compacted.ts';
import type { JavaLog, JavaLogDirectory, JavaProducer } from './java-logs.ts';

const codecs = compressionCodecs();

/** Every batch of a log, as our reader tells it. */
export async function readOurBatches(log: Log): Promise<readonly BatchFacts[]> {
  const facts: BatchFacts[] = [];
  for await (const batch of log.batches()) {
    facts.push(...batchFacts(batch.bytes.subarray(batch.position, batch.end), codecs));
  }
  return facts;
}

/**
 * Holds what we read in a log directory against what Apache's classes read in it.
 *
 * @returns how many logs and batches there were
 * @throws {Error} naming the first log that differs
 */
export async function checkReading(logs: LogManager, java: JavaLogDirectory): Promise<string> {
  let batchCount = 0;
  for (const log of logs.logs()) {
    const facts = javaLogOf(log, java);
    await labelled(log, async () => {
      const batches = facts.segments.flatMap((segment) => segment.batches);
      batchCount += batches.length;
      deepStrictEqual(await readOurBatches(log), batches);
      deepStrictEqual(
        log.segmentBaseOffsets,
        facts.segments.map((segment) => segment.baseOffset),
        'segments',
      );
      deepStrictEqual(
        log.epochs.map(({ epoch, startOffset }) => [epoch, startOffset]),
        // An epoch without records goes when a log is loaded, in Apache's broker as well.
        facts.epochs.filter(([, startOffset]) => startOffset < log.endOffset),
        'leader epochs',
      );
      deepStrictEqual(log.topicId, facts.metadata?.topicId, 'topic id');
      const last = facts.snapshots?.at(-1);
      if (last === undefined) return;
      deepStrictEqual(last.offset, log.endOffset, 'the last producer snapshot is one of the end of the log');
      deepStrictEqual(producersOf(log), [...last.producers].sort(byProducerId), 'producers');
    });
  }
  deepStrictEqual(
    logs.logCount,
    [...java.partitions.keys()].filter((name) => !name.startsWith('__cluster_metadata')).length,
  );
  return `${logs.logCount} logs, ${batchCount} batches`;
}

/** Checks that every record that Apache's broker acknowledged is there, but for those that compaction may drop. */
export async function checkAcknowledged(logs: LogManager, { records, compacted }: Filling): Promise<string> {
  for (const [topic, answers] of byTopic(records)) {
    // A producer that is not idempotent may send a batch again behind its successor.
    const acknowledged = answers.toSorted((left, right) => left.offset - right.offset);
    const log = logs.get({ topic, partition: 0 });
    if (log === undefined) throw new Error(`there is no log of ${topic}`);
    await labelled(log, async () => {
      const batches = await readOurBatches(log);
      const found = batches.filter(({ control }) => !control).flatMap((batch) => batch.records.map(contentOf));
      if (topic !== compacted) deepStrictEqual(found, acknowledged.map(contentOf));
      else checkCompacted(found, acknowledged.map(contentOf));
    });
  }
  return `${records.length} records`;
}

/** Looks up offsets and timestamps in every log, and compares with a search through all that Java reads. */
export async function checkLookUps(
  logs: LogManager,
  java: JavaLogDirectory,
  random: Prng,
  count: number,
): Promise<string> {
  let lookUps = 0;
  for (const log of logs.logs()) {
    const batches = javaLogOf(log, java).segments.flatMap((segment) => segment.batches);
    // Apache's search counts control records too.
    const records = batches.flatMap((batch) => batch.records);
    const timestamps = records.map(({ timestamp }) => timestamp);
    if (records.length === 0) continue;
    await labelled(log, async () => {
      for (let i = 0; i < count; i++) {
        const offset = random.between(log.logStartOffset, log.endOffset - 1);
        const batch = batches.find(({ lastOffset }) => lastOffset >= offset);
        deepStrictEqual(await firstBatchAt(log, offset), batch, `the batch with offset ${offset}`);
        const time = random.pick(timestamps) + random.between(-1, 1);
        const expected = records.find(({ timestamp }) => timestamp >= time);
        const found = await log.findByTimestamp(time);
        deepStrictEqual(found?.offset, expected?.offset, `the first record of time ${time} or later`);
        lookUps += 2;
      }
    });
  }
  return `${lookUps} look-ups`;
}

async function firstBatchAt(log: Log, startOffset: number): Promise<BatchFacts | undefined> {
  const read = await log.read({ startOffset, maxBytes: 1, upperBound: log.endOffset, atLeastOneBatch: true });
  if (read.slice === undefined) return undefined;
  using slice = read.slice;
  return batchFacts(await slice.read(), codecs)[0];
}

function javaLogOf(log: Log, java: JavaLogDirectory): JavaLog {
  const name = `${log.partition.topic}-${log.partition.partition}`;
  const facts = java.partitions.get(name);
  if (facts === undefined) throw new Error(`Java reads no log named ${name}`);
  return facts;
}

function producersOf(log: Log): readonly JavaProducer[] {
  return [...log.producers()]
    .map(({ producerId, epoch, batches, lastTimestamp, coordinatorEpoch, transactionFirstOffset }) => ({
      producerId,
      producerEpoch: epoch,
      lastSequence: batches.at(-1)?.lastSequence ?? -1,
      lastOffset: batches.at(-1)?.lastOffset ?? -1,
      offsetDelta: batches.at(-1)?.offsetDelta ?? 0,
      timestamp: lastTimestamp,
      coordinatorEpoch,
      currentTransactionFirstOffset: transactionFirstOffset,
    }))
    .sort(byProducerId);
}

function byProducerId(left: JavaProducer, right: JavaProducer): number {
  return left.producerId - right.producerId;
}

function byTopic(records: readonly AcknowledgedRecord[]): ReadonlyMap<string, readonly AcknowledgedRecord[]> {
  return Map.groupBy(records, ({ topic }) => topic);
}

async function labelled(log: Log, body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } catch (error) {
    throw new Error(`${log.partition.topic}: ${(error as Error).message}`, { cause: error });
  }
}
