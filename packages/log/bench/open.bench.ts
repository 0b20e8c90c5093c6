import fs from 'node:fs';
import { join } from 'node:path';
import { BatchBuilder } from '@biquorum/kafka-wire';
import { LogManager } from '@biquorum/log';
import { createNodePorts, makeTemporaryDirectory } from '@biquorum/platform/node';

// One run each: how long a clean start with many partitions takes, what an idle one costs, how fast a log is recovered.
const quick = process.argv.includes('--quick') || process.env['BENCH_QUICK'] === '1';
const PARTITIONS = quick ? 500 : 10_000;
const RECOVERED_BYTES = (quick ? 16 : 256) * 1_024 * 1_024;

const ports = createNodePorts();
const directory = await makeTemporaryDirectory('biquorum-bench-');
const show = (title: string, value: number, unit: string): void => {
  console.log(`${title.padEnd(56)}${value.toFixed(value < 10 ? 2 : 0).padStart(8)} ${unit}`);
};

const many = { ports, directories: [join(directory, 'many')] };
const made = await LogManager.open(many);
for (let partition = 0; partition < PARTITIONS; partition++) {
  const builder = new BatchBuilder();
  builder.append(1, null, new Uint8Array(100));
  (await made.create({ topic: 'many', partition })).appendAsLeader(builder.build(), { leaderEpoch: 0 });
}
await made.close();
globalThis.gc?.();
const heapBefore = process.memoryUsage().heapUsed;
const openedMs = performance.now();
const opened = await LogManager.open(many);
show(`open ${PARTITIONS} partitions after a clean stop`, (performance.now() - openedMs) / 1_000, 's');
globalThis.gc?.();
const perPartition = (process.memoryUsage().heapUsed - heapBefore) / PARTITIONS;
show(
  `heap of an idle partition${globalThis.gc === undefined ? ' (garbage included; run with --expose-gc)' : ''}`,
  perPartition,
  'B',
);
await opened.close();
// As a process leaves it that was killed when all had long been durable.
fs.rmSync(join(directory, 'many/.kafka_cleanshutdown'));
const killedMs = performance.now();
const afterKill = await LogManager.open(many);
show(`open ${PARTITIONS} partitions after a kill, all flushed`, (performance.now() - killedMs) / 1_000, 's');
await afterKill.close();

// Replicas that were led and got no record: elections and starts should cost them no write.
const idle = { ports, directories: [join(directory, 'idle')] };
const making = await LogManager.open(idle);
let next = 0;
const makingMs = performance.now();
await Promise.all(
  Array.from({ length: 32 }, async () => {
    while (next < PARTITIONS) {
      const log = await making.create({ topic: 'idle', partition: next++ }, { topicId: 'AAAAAAAAAAAAAAAAAAAAAQ' });
      await log.assignEpoch(0);
    }
  }),
);
show(`make ${PARTITIONS} partitions, 32 at a time, and lead them`, (performance.now() - makingMs) / 1_000, 's');
const electingMs = performance.now();
await Promise.all(Array.from(making.logs(), (log) => log.assignEpoch(1)));
show(`elect another leader for ${PARTITIONS} idle partitions`, (performance.now() - electingMs) / 1_000, 's');
await making.close();
const idleMs = performance.now();
const reopened = await LogManager.open(idle);
show(`open ${PARTITIONS} idle partitions after a clean stop`, (performance.now() - idleMs) / 1_000, 's');
await reopened.close();

const large = { ports, directories: [join(directory, 'large')] };
const writing = await LogManager.open(large);
const log = await writing.create({ topic: 'large', partition: 0 });
const builder = new BatchBuilder();
for (let index = 0; index < 16; index++) builder.append(1, null, new Uint8Array(1_000).fill(index));
const batch = builder.build();
while (log.byteLength < RECOVERED_BYTES) {
  new DataView(batch.buffer, batch.byteOffset).setBigInt64(0, 0n);
  log.appendAsLeader(batch, { leaderEpoch: 0 });
}
await writing.close();
// As a killed process leaves it: nothing says how far the log is sound.
fs.rmSync(join(directory, 'large/.kafka_cleanshutdown'));
fs.rmSync(join(directory, 'large/recovery-point-offset-checkpoint'));
const recoveredMs = performance.now();
const recovered = await LogManager.open(large);
const seconds = (performance.now() - recoveredMs) / 1_000;
show('recover a log, every batch read and checked', RECOVERED_BYTES / 1e6 / seconds, 'MB/s');
await recovered.close();
await ports.close();
fs.rmSync(directory, { recursive: true });
