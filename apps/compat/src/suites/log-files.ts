import { deepStrictEqual } from 'node:assert';
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { BatchBuilder } from '@biquorum/kafka-wire';
import { type Log, type LogConfig, logConfig } from '@biquorum/log';
import { Prng } from '@biquorum/std';
import { consumeTopics, fillBroker, prepareFillableBroker } from '../apache/fill-broker.ts';
import { compareDumpsOfTheirs } from '../cli-tools/dump-calls.ts';
import { Pair } from '../cli-tools/pair.ts';
import { ToolServer } from '../java/tool-server.ts';
import { checkDamageIsSeen, checkDump } from '../log-files/check-dump.ts';
import { checkAcknowledged, checkLookUps, checkReading } from '../log-files/check-reading.ts';
import { checkWritten } from '../log-files/check-written.ts';
import { extentOf, readJavaLogs } from '../log-files/java-logs.ts';
import { checkMirror } from '../log-files/mirror.ts';
import { SEGMENT_BYTES, withOurLogs } from '../log-files/our-logs.ts';
import { OUR_COMPACTED_TOPIC, writeOurLogs } from '../log-files/write-ours.ts';
import type { Suite } from '../suite.ts';

const LOG_CONFIG = logConfig({ segmentBytes: SEGMENT_BYTES, retentionMs: -1 });
const COMPACTED_CONFIG: LogConfig = { ...LOG_CONFIG, compact: true, delete: false };
/** The timestamps that FillBroker draws lie years back, and so would the expiry of its producers. */
const FOR_EVER = 1e13;
const TOPICS = ['codec-none', 'codec-gzip', 'codec-snappy', 'codec-lz4', 'codec-zstd', 'idempotent', 'append-time'];

export const suite: Suite = {
  name: 'log-files',
  title: "log directories: Apache's tools and broker read ours, we read those of Apache's broker",
  needs: ['java', 'javac', 'mvn'],
  async run({ check, java: prepare, seed, full, scratch }) {
    const java = await prepare();
    const random = new Prng(seed);
    const options = {
      configOf: (topic: string) => (topic.endsWith('compacted') ? COMPACTED_CONFIG : LOG_CONFIG),
      settings: { producerIdExpirationMs: FOR_EVER },
    };
    const directory = (name: string): string => {
      const path = join(scratch, name);
      mkdirSync(path);
      return path;
    };

    const ours = directory('ours');
    const written = await writeOurLogs(ours, random);
    const javaOurs = await readJavaLogs(java, ours, 'closed');
    await check("Apache's classes read in our directory what we put into it", () => checkWritten(written, javaOurs));
    await check('kafka-dump-log finds nothing wrong with it', () =>
      checkDump(java, ours, extentOf(javaOurs), [OUR_COMPACTED_TOPIC]),
    );
    await check('kafka-dump-log sees a changed bit', () => checkDamageIsSeen(java, ours));

    await using broker = await prepareFillableBroker(java, directory('broker'));
    await broker.start();
    const stopped = await fillBroker(java, broker, 'stopped-', seed);
    await broker.stop();
    const closed = directory('closed');
    cpSync(broker.dataDirectory, closed, { recursive: true });
    const javaClosed = await readJavaLogs(java, closed, 'closed');

    await check('given the batches of a leader of Apache, our log writes the same files', () => {
      const topics = [...TOPICS, 'broker-compressed', 'transactional'].map((topic) => `stopped-${topic}`);
      return checkMirror(closed, topics, directory('mirror'));
    });
    await check('our dump-log says of it what kafka-dump-log says', async () => {
      await using tools = new ToolServer(java);
      const pair = new Pair(tools);
      await compareDumpsOfTheirs(pair, closed, directory('dumps'));
      return `${pair.count} calls`;
    });
    await withOurLogs(closed, options, async (logs) => {
      await check('we read a directory that Apache closed as Apache reads it, and find nothing wrong', () => {
        deepStrictEqual([logs.findings, logs.failedLogs], [[], []]);
        deepStrictEqual(logs.directories[0]?.wasClosedCleanly, true);
        return checkReading(logs, javaClosed);
      });
      await check('we find offsets and times in it', () => checkLookUps(logs, javaClosed, random, full ? 200 : 20));
      await check('everything that was acknowledged is in it', () => checkAcknowledged(logs, stopped));
    });

    await broker.start();
    const killed = await fillBroker(java, broker, 'killed-', seed + 1);
    await broker.kill();
    const left = broker.dataDirectory;
    const javaLeft = await readJavaLogs(java, left, 'open');
    const appended: string[] = [];
    await withOurLogs(left, options, async (logs) => {
      await check('we recover a directory that Apache left when it was killed, and read it as Apache reads it', () => {
        deepStrictEqual(logs.failedLogs, []);
        deepStrictEqual(logs.directories[0]?.wasClosedCleanly, false);
        deepStrictEqual(
          logs.findings.filter(({ droppedBytes }) => droppedBytes > 0),
          [],
        );
        return checkReading(logs, javaLeft);
      });
      await check('everything that was acknowledged is in it', () => checkAcknowledged(logs, killed));
      for (const log of logs.logs()) {
        if (TOPICS.some((topic) => log.partition.topic === `killed-${topic}`)) appended.push(appendOne(log));
      }
    });

    await check('kafka-dump-log finds nothing wrong with what we recovered, continued and closed', () => {
      const { batches, records } = extentOf(javaLeft);
      const extent = { batches: batches + appended.length, records: records + appended.length };
      return checkDump(java, left, extent, [stopped.compacted, killed.compacted]);
    });
    await check("Apache's broker starts on it and its consumer reads everything, ours included", async () => {
      await broker.start();
      const consumed = await consumeTopics(java, broker, 'read_uncommitted', appended);
      const expected = killed.records.filter(({ topic }) => appended.includes(topic));
      for (const topic of appended) {
        const values = consumed.filter((record) => record.topic === topic).map(({ offset, value }) => [offset, value]);
        const before = expected.filter((record) => record.topic === topic).map(({ offset, value }) => [offset, value]);
        deepStrictEqual(values, [...before, [before.length, OUR_VALUE.toString('base64')]], topic);
      }
      await broker.stop();
      return `${consumed.length} records`;
    });
  },
};

const OUR_VALUE = Buffer.from('appended by us');

/** Continues a log that Apache began; returns its topic. */
function appendOne(log: Log): string {
  const builder = new BatchBuilder();
  builder.append(1_700_000_900_000, Buffer.from('ours'), OUR_VALUE);
  const result = log.appendAsLeader(builder.build().slice(), { leaderEpoch: log.latestEpoch ?? 0 });
  if (result.kind !== 'appended') throw new Error(`our log refuses our batch: ${JSON.stringify(result)}`);
  return log.partition.topic;
}
