import type { MeasuredClient } from './client.ts';

/** What a client is to do. */
export interface ClientRun {
  readonly topic: string;
  readonly partitions: number;
  readonly acks: 1 | -1;
  readonly records: number;
}

/** Records a second. */
export interface ClientRates {
  readonly produce: number;
  readonly consume: number;
}

const VALUE_BYTES = 1024;
const RECORDS_PER_REQUEST = 100;
const REQUESTS_IN_FLIGHT = 10;
const CONSUME_TIMEOUT_MS = 60_000;

/** Produces, a tenth of the records before the clock starts, then consumes everything: from the first record to the last. */
export async function measureClient(client: MeasuredClient, run: ClientRun): Promise<ClientRates> {
  const warmup = run.records / 10;
  const produce = await measureProducer(client, run, warmup);
  return { produce, consume: await measureConsumer(client, run.topic, run.records + warmup) };
}

async function measureProducer(client: MeasuredClient, run: ClientRun, warmup: number): Promise<number> {
  const producer = await client.producer(run.topic, run.acks);
  const values = Array.from({ length: RECORDS_PER_REQUEST }, () => Buffer.alloc(VALUE_BYTES, 'x'));
  let next = 0;
  const send = async (records: number): Promise<void> => {
    let left = records / RECORDS_PER_REQUEST;
    const lane = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        next += 1;
        await producer.send(next % run.partitions, values);
      }
    };
    await Promise.all(Array.from({ length: REQUESTS_IN_FLIGHT }, lane));
  };
  await send(warmup);
  const startedMs = performance.now();
  await send(run.records);
  const elapsedMs = performance.now() - startedMs;
  await producer.close();
  return (run.records * 1000) / elapsedMs;
}

async function measureConsumer(client: MeasuredClient, topic: string, records: number): Promise<number> {
  let seen = 0;
  let inFirst = 0;
  let firstMs = 0;
  const all = Promise.withResolvers<number>();
  const timer = setTimeout(
    () => all.reject(new Error(`only ${seen} of ${records} records after ${CONSUME_TIMEOUT_MS} ms`)),
    CONSUME_TIMEOUT_MS,
  );
  const consumer = await client.consumer(topic, (count) => {
    if (seen === 0) {
      firstMs = performance.now();
      inFirst = count;
    }
    seen += count;
    if (seen >= records) all.resolve(performance.now());
  });
  const lastMs = await all.promise;
  clearTimeout(timer);
  await consumer.close();
  return ((records - inFirst) * 1000) / (lastMs - firstMs);
}
