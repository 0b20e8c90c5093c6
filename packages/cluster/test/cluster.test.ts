import { startCluster } from '@biquorum/cluster';
import { startTestCluster, type TestClusterMode } from '@biquorum/cluster/testing';
import { makeTemporaryDirectory } from '@biquorum/platform/node';
import { expect, test } from 'vitest';
import { kafkaJs } from './support/clients.ts';

test.each<TestClusterMode>(['reference', 'kraft'])(
  'three brokers start, and stop with nothing left open: %s',
  async (mode) => {
    await using cluster = await startTestCluster({ mode, brokers: 3 });
    expect(cluster.mode).toBe(mode);
    expect(cluster.bootstrap.split(',')).toHaveLength(3);
    const brokers = cluster.nodes.filter(({ role }) => role === 'broker');
    expect(brokers.map(({ state }) => state)).toEqual(['running', 'running', 'running']);
  },
  30_000,
);

test('a cluster in KRaft mode is found again by its data directory, topics and all', async () => {
  const dataDirectory = await makeTemporaryDirectory('biquorum-test-');
  const options = { brokers: 1, dataDirectory };
  const before = await startCluster(options);
  const admin = kafkaJs(before).admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: 'kept', numPartitions: 2 }], waitForLeaders: false });
  await before.untilInSync('kept');
  const { clusterId } = await admin.describeCluster();
  await admin.disconnect();
  await before.stop();

  await using after = await startCluster(options);
  await after.untilInSync('kept');
  const again = kafkaJs(after).admin();
  await again.connect();
  expect((await again.describeCluster()).clusterId).toBe(clusterId);
  expect((await again.fetchTopicMetadata({ topics: ['kept'] })).topics[0]?.partitions).toHaveLength(2);
  await again.disconnect();
}, 60_000);
