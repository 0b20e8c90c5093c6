import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '../java/run-program.ts';
import type { ApacheKafka } from './apache-kafka.ts';
import type { ClientRates } from './clients/measure-client.ts';
import { measureLatency } from './latency.ts';
import { consumerPerfTest, producerPerfTest } from './perf-tools.ts';
import type { RunningSide } from './side.ts';
import { withTopic } from './topic.ts';

/** What measurements work with. */
export interface MeasurementContext {
  readonly apache: ApacheKafka;
  /** Directory for payload files. */
  readonly scratch: string;
  /** How many records the rows take, relative to the usual. */
  readonly scale: number;
}

/** A piece of load on one running server that gives the figures of one or more rows. */
export interface Measurement {
  /** Ids of the rows, in the order of the figures. */
  readonly rows: readonly string[];
  measure(side: RunningSide, context: MeasurementContext): Promise<readonly number[]>;
}

const PARTITIONS = 6;
const VALUE_BYTES = 1024;
const PERF_RECORDS = 240_000;
const CLIENT_RECORDS = 40_000;
const LATENCY_RECORDS = 3_000;

/** All load, in the order in which it is put on a server in each round. */
export const MEASUREMENTS: readonly Measurement[] = [
  perfTools(16, '1'),
  perfTools(16, 'all'),
  perfTools(128, '1'),
  perfTools(128, 'all'),
  nodeClient('kafkajs', '1'),
  nodeClient('kafkajs', 'all'),
  nodeClient('platformatic', '1'),
  nodeClient('platformatic', 'all'),
  latency('1'),
  latency('all'),
];

function perfTools(batchKiB: 16 | 128, acks: '1' | 'all'): Measurement {
  const consumes = acks === 'all';
  return {
    rows: [`producer-${batchKiB}k-${acks}`, ...(consumes ? [`consumer-${batchKiB}k`] : [])],
    measure: ({ bootstrap }, { apache, scratch, scale }) =>
      withTopic(bootstrap, PARTITIONS, async (topic) => {
        const records = Math.round(PERF_RECORDS * scale);
        const rate = await producerPerfTest(apache, {
          bootstrap,
          topic,
          acks,
          batchBytes: batchKiB * 1024,
          records,
          warmupRecords: Math.round(records / 3),
          payloadFile: payloadFile(scratch),
        });
        return consumes ? [rate, await consumerPerfTest(apache, { bootstrap, topic, records })] : [rate];
      }),
  };
}

function nodeClient(client: 'kafkajs' | 'platformatic', acks: '1' | 'all'): Measurement {
  const consumes = acks === 'all';
  return {
    rows: [`${client}-produce-${acks}`, ...(consumes ? [`${client}-consume`] : [])],
    measure: ({ bootstrap }, { scale }) =>
      withTopic(bootstrap, PARTITIONS, async (topic) => {
        const main = join(import.meta.dirname, 'clients', 'main.ts');
        const run = [client, bootstrap, topic, acks, String(Math.round(CLIENT_RECORDS * scale)), String(PARTITIONS)];
        const { stdout } = await runProgram({ command: process.execPath, args: [main, ...run] });
        const { produce, consume }: ClientRates = JSON.parse(stdout);
        return consumes ? [produce, consume] : [produce];
      }),
  };
}

function latency(acks: '1' | 'all'): Measurement {
  return {
    rows: [`latency-${acks}-p50`, `latency-${acks}-p99`],
    async measure({ bootstrap }, { scale }) {
      const records = Math.round(LATENCY_RECORDS * scale);
      const run = { records, warmup: Math.round(records / 3), valueBytes: 100 };
      const { p50, p99 } = await measureLatency(bootstrap, acks === 'all' ? -1 : 1, run);
      return [p50, p99];
    },
  };
}

/** A thousand lines of text that do not repeat within a batch, which is what the tool sends in turn. */
function payloadFile(scratch: string): string {
  const path = join(scratch, 'payload.txt');
  if (existsSync(path)) return path;
  const lines = Array.from({ length: 1000 }, () => randomBytes(VALUE_BYTES).toString('base64').slice(0, VALUE_BYTES));
  writeFileSync(path, lines.join('\n'));
  return path;
}
