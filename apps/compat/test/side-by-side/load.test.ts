import { startCluster } from '@biquorum/cluster';
import { expect, test } from 'vitest';
import { kafkajs } from '../../src/side-by-side/clients/kafkajs.ts';
import { measureClient } from '../../src/side-by-side/clients/measure-client.ts';
import { platformatic } from '../../src/side-by-side/clients/platformatic.ts';
import { firstRecord } from '../../src/side-by-side/first-record.ts';
import { measureLatency } from '../../src/side-by-side/latency.ts';
import { withTopic } from '../../src/side-by-side/topic.ts';

test('a broker takes the first record, the latency run and both clients, and the topics are gone afterwards', async () => {
  await using cluster = await startCluster({ brokers: 1 });
  const { bootstrap } = cluster;
  await firstRecord(bootstrap, 10_000);
  const { p50, p99 } = await measureLatency(bootstrap, -1, { records: 20, warmup: 5, valueBytes: 100 });
  expect(p50).toBeGreaterThan(0);
  expect(p99).toBeGreaterThanOrEqual(p50);
  for (const open of [kafkajs, platformatic]) {
    const rates = await withTopic(bootstrap, 2, async (topic) => {
      const rates = await measureClient(open(bootstrap), { topic, partitions: 2, acks: -1, records: 1_000 });
      const logs = await Promise.all([0, 1].map((partition) => cluster.log(1, topic, partition)));
      expect(logs.reduce((sum, log) => sum + (log?.endOffset ?? 0), 0)).toBe(1_100);
      return rates;
    });
    expect(rates.produce).toBeGreaterThan(0);
    expect(rates.consume).toBeGreaterThan(0);
  }
  const own = (name: string): boolean => name.startsWith('side-by-side');
  await cluster.until('the topics gone', async () => ![...((await cluster.view(1))?.topics.keys() ?? [])].some(own));
});
