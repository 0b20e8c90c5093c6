import { BatchBuilder } from '@biquorum/kafka-wire';
import { produceRequest, produceResponse } from '@biquorum/kafka-wire/messages/produce';
import { expect, test } from 'vitest';
import { TestCluster } from './support/test-cluster.ts';

test('a broker whose log directory fails stops, and another one leads its partitions', async () => {
  const cluster = await new TestCluster(3).start();
  const client = cluster.client();
  await cluster.createTopic(client, 't', 1);
  const leader = cluster.leaderOf('t', 0)?.id ?? -1;
  const { disk } = cluster.world.host(`broker${leader}`);
  disk.capacityBytes = disk.usedBytes;

  const builder = new BatchBuilder();
  builder.append(0, null, new Uint8Array(100_000));
  const records = builder.build();
  const topicData = [{ name: 't', partitionData: [{ index: 0, records }] }];
  const lost = client.send(leader, produceRequest, produceResponse, 9, { acks: 1, timeoutMs: 1_000, topicData });
  await cluster.run(lost.catch(() => undefined));

  await cluster.world.time.runUntil(() => {
    const next = cluster.leaderOf('t', 0)?.id;
    return next !== undefined && next !== leader;
  });
  expect(cluster.brokers.find((broker) => broker.id === leader)?.core).toBeUndefined();
  await cluster.stop();
});
