/**
 * `pnpm start`: the newcomer's cluster. Three brokers, a trickle of records through a real client, and what to type next.
 */
import { readFileSync } from 'node:fs';
import { NodeStartError, startCluster } from '@biquorum/cluster';
import { stderrTelemetry } from '@biquorum/platform/node';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { untilAsked } from './until-asked.ts';

const TOPIC = 'trickle';
const BATCH = 20;
const EVERY_MS = 200;

const startedMs = performance.now();
// A signal that comes before everything runs must find somebody who clears up.
const asked = untilAsked();
await using cluster = await startCluster({
  interrupted: asked,
  mode: 'kraft',
  brokers: 3,
  controllers: 3,
  properties: { 'default.replication.factor': '3', 'num.partitions': '3', 'min.insync.replicas': '2' },
  telemetry: stderrTelemetry({ level: 'error' }),
}).catch((error: unknown): never => {
  if (error instanceof NodeStartError && error.code === 'interrupted') process.exit(0);
  throw error;
});
const { bootstrap } = cluster;
const [first] = bootstrap.split(',');
console.log(`Three brokers are up in ${Math.round(performance.now() - startedMs)} ms, replication 3.

  bootstrap servers   ${bootstrap}
  governed by         a quorum of three controllers (KRaft mode); the other mode: pnpm biquorum up --mode zookeeper

Try, in another terminal:

  kcat -b ${first} -L
  kcat -b ${first} -t ${TOPIC} -C -o end
  echo hello | kcat -b ${first} -t my-topic -P && kcat -b ${first} -t my-topic -C -e

or with kafkajs:

  new Kafka({ brokers: ['${first}'] }).consumer({ groupId: 'mine' })

Ctrl-C stops it.
`);

const kafka = new Kafka({ clientId: 'biquorum-start', brokers: bootstrap.split(','), logLevel: logLevel.NOTHING });
const admin = kafka.admin();
await admin.connect();
await admin.createTopics({ topics: [{ topic: TOPIC, numPartitions: 3, replicationFactor: 3 }], waitForLeaders: false });
// Brokers hear of a topic a moment after it is made.
await cluster.untilInSync(TOPIC);
await admin.disconnect();
const producer = kafka.producer({ idempotent: true, createPartitioner: Partitioners.DefaultPartitioner });
const consumer = kafka.consumer({ groupId: 'biquorum-start' });
await Promise.all([producer.connect(), consumer.connect()]);
await consumer.subscribe({ topics: [TOPIC], fromBeginning: true });

let produced = 0;
let consumed = 0;
await consumer.run({
  eachBatch: ({ batch }) => {
    consumed += batch.messages.length;
    return Promise.resolve();
  },
});

const lines = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8').split('\n');
let sending: Promise<unknown> = Promise.resolve();
const trickle = setInterval(() => {
  const messages = Array.from({ length: BATCH }, () => {
    const number = produced++;
    return { key: String(number), value: lines[number % lines.length] ?? '' };
  });
  sending = producer.send({ topic: TOPIC, acks: -1, messages }).catch((error: unknown) => console.error(String(error)));
}, EVERY_MS);
let shown = { produced, consumed };
const rate = setInterval(() => {
  const line = `${produced - shown.produced} records/s in, ${consumed - shown.consumed} out; ${consumed} so far`;
  shown = { produced, consumed };
  if (process.stdout.isTTY) process.stdout.write(`\r${line}   `);
  else console.log(line);
}, 1_000);

await asked;
clearInterval(trickle);
clearInterval(rate);
await sending;
await Promise.all([producer.disconnect(), consumer.disconnect()]);
console.log('\nStopped.');
