/** What kind of figure a row holds. It decides what is better, and what we aim for. */
export type RowKind = 'throughput' | 'median-latency' | 'tail-latency' | 'start' | 'memory' | 'processor';

/** One row of the table. */
export interface Row {
  /** Stands for the row in JSON and in `--row`. */
  readonly id: string;
  readonly title: string;
  readonly kind: RowKind;
}

interface KindFacts {
  readonly unit: 'records/s' | 'ms' | 'MiB';
  readonly better: 'more' | 'less';
  /** How many times as good as Apache we want to be; undefined where no aim is set. */
  readonly aim: number | undefined;
}

export const KINDS: Readonly<Record<RowKind, KindFacts>> = {
  throughput: { unit: 'records/s', better: 'more', aim: 1.5 },
  'median-latency': { unit: 'ms', better: 'less', aim: undefined },
  'tail-latency': { unit: 'ms', better: 'less', aim: 2 },
  start: { unit: 'ms', better: 'less', aim: 20 },
  memory: { unit: 'MiB', better: 'less', aim: 4 },
  processor: { unit: 'ms', better: 'less', aim: undefined },
};

/** Every row, in the order of the table. */
export const ROWS: readonly Row[] = [
  row('start', 'start of the process to the first record acknowledged', 'start'),
  row('memory-start', 'resident memory after start', 'memory'),
  row('producer-16k-1', 'kafka-producer-perf-test, 1 KiB, 16 KiB batches, acks=1', 'throughput'),
  row('producer-16k-all', 'kafka-producer-perf-test, 1 KiB, 16 KiB batches, acks=all', 'throughput'),
  row('producer-128k-1', 'kafka-producer-perf-test, 1 KiB, 128 KiB batches, acks=1', 'throughput'),
  row('producer-128k-all', 'kafka-producer-perf-test, 1 KiB, 128 KiB batches, acks=all', 'throughput'),
  row('consumer-16k', 'kafka-consumer-perf-test, 1 KiB, 16 KiB batches', 'throughput'),
  row('consumer-128k', 'kafka-consumer-perf-test, 1 KiB, 128 KiB batches', 'throughput'),
  row('kafkajs-produce-1', 'kafkajs, 1 KiB, produce, acks=1', 'throughput'),
  row('kafkajs-produce-all', 'kafkajs, 1 KiB, produce, acks=all', 'throughput'),
  row('kafkajs-consume', 'kafkajs, 1 KiB, consume', 'throughput'),
  row('platformatic-produce-1', '@platformatic/kafka, 1 KiB, produce, acks=1', 'throughput'),
  row('platformatic-produce-all', '@platformatic/kafka, 1 KiB, produce, acks=all', 'throughput'),
  row('platformatic-consume', '@platformatic/kafka, 1 KiB, consume', 'throughput'),
  row('latency-1-p50', 'one outstanding, 100 B, acks=1, p50', 'median-latency'),
  row('latency-1-p99', 'one outstanding, 100 B, acks=1, p99', 'tail-latency'),
  row('latency-all-p50', 'one outstanding, 100 B, acks=all, p50', 'median-latency'),
  row('latency-all-p99', 'one outstanding, 100 B, acks=all, p99', 'tail-latency'),
  row('memory-load', 'resident memory after load', 'memory'),
  processor('producer-16k-1', 'kafka-producer-perf-test, 16 KiB, acks=1'),
  processor('producer-16k-all', 'kafka-producer-perf-test, 16 KiB, acks=all, and consumer'),
  processor('producer-128k-1', 'kafka-producer-perf-test, 128 KiB, acks=1'),
  processor('producer-128k-all', 'kafka-producer-perf-test, 128 KiB, acks=all, and consumer'),
  processor('kafkajs-produce-1', 'kafkajs, acks=1, and consume'),
  processor('kafkajs-produce-all', 'kafkajs, acks=all, and consume'),
  processor('platformatic-produce-1', '@platformatic/kafka, acks=1, and consume'),
  processor('platformatic-produce-all', '@platformatic/kafka, acks=all, and consume'),
];

function row(id: string, title: string, kind: RowKind): Row {
  return { id, title, kind };
}

/**
 * What a run cost the server. Clients take most of a small machine, and whatever else runs on it takes from both: this
 * row tells servers apart where throughput only tells how busy the machine is.
 */
function processor(run: string, title: string): Row {
  return row(processorRow(run), `processor time of the server: ${title}`, 'processor');
}

/** Id of the row with the processor time of a run, by the id of the run's first row. */
export function processorRow(run: string): string {
  return `processor-${run}`;
}
