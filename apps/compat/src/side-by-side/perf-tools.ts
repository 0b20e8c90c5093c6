import type { ApacheKafka } from './apache-kafka.ts';

/** A run of `kafka-producer-perf-test`. */
export interface ProducerRun {
  readonly bootstrap: string;
  readonly topic: string;
  readonly acks: '1' | 'all';
  /** `batch.size` in bytes. */
  readonly batchBytes: number;
  /** All records, and how many of them come before the clock is started. */
  readonly records: number;
  readonly warmupRecords: number;
  /** One record a line. With `--record-size` the tool draws every byte as it sends, which measures the tool. */
  readonly payloadFile: string;
}

/** Records a second once warm, by Apache's own `kafka-producer-perf-test`. */
export async function producerPerfTest(apache: ApacheKafka, run: ProducerRun): Promise<number> {
  const { stdout } = await apache.tool(
    'org.apache.kafka.tools.ProducerPerformance',
    [
      ...['--topic', run.topic, '--num-records', String(run.records), '--warmup-records', String(run.warmupRecords)],
      ...['--payload-file', run.payloadFile, '--throughput', '-1', '--command-property'],
      ...[`bootstrap.servers=${run.bootstrap}`, `acks=${run.acks}`, `batch.size=${run.batchBytes}`, 'linger.ms=5'],
      // Idempotence is the default where it is possible: with acks=all.
      ...(run.acks === 'all' ? [] : ['enable.idempotence=false']),
    ],
    'performanceTool',
  );
  return readProducerPerf(stdout);
}

/** Records a second of a consumer in a new group, without the time to join it, by Apache's `kafka-consumer-perf-test`. */
export async function consumerPerfTest(
  apache: ApacheKafka,
  { bootstrap, topic, records }: Pick<ProducerRun, 'bootstrap' | 'topic' | 'records'>,
): Promise<number> {
  const { stdout } = await apache.tool(
    'org.apache.kafka.tools.ConsumerPerformance',
    ['--bootstrap-server', bootstrap, '--topic', topic, '--num-records', String(records), '--hide-header'],
    'performanceTool',
  );
  return readConsumerPerf(stdout);
}

/** The last line of results: those without the warm-up. @throws Error when there is none */
export function readProducerPerf(output: string): number {
  const results = [...output.matchAll(/^\d+ (?:steady state )?records sent, ([\d.]+) records\/sec.* 99th/gm)];
  const rate = Number(results.at(-1)?.[1]);
  if (!(rate > 0)) throw new Error(`kafka-producer-perf-test printed no result:\n${output.slice(-2000)}`);
  return rate;
}

/** Tenth column of the last line: records a second of the time spent fetching. @throws Error when there is none */
export function readConsumerPerf(output: string): number {
  const rate = Number(output.trim().split('\n').at(-1)?.split(', ')[9]);
  if (!(rate > 0)) throw new Error(`kafka-consumer-perf-test printed no result:\n${output.slice(-2000)}`);
  return rate;
}
