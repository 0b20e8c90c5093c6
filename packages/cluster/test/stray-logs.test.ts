import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestCluster, type TestClusterMode } from '@biquorum/cluster/testing';
import { expect, test } from 'vitest';
import { createTopic, idempotentProducer, kafkaJs } from './support/clients.ts';

const QUICK = { 'broker.session.timeout.ms': '1000', 'broker.heartbeat.interval.ms': '200' };

test.each<TestClusterMode>(['reference', 'kraft'])(
  'the log of a topic that was deleted while its broker was away is set aside, and its records stay on the disk: %s',
  async (mode) => {
    const dataDirectory = await mkdtemp(join(tmpdir(), 'biquorum-stray-'));
    try {
      await using cluster = await startTestCluster({ mode, brokers: 3, dataDirectory, properties: QUICK });
      const kafka = kafkaJs(cluster);
      for (const topic of ['gone', 'kept']) await createTopic(cluster, topic, 1);
      const producer = idempotentProducer(kafka);
      await producer.connect();
      for (const topic of ['gone', 'kept']) await producer.send({ topic, acks: -1, messages: [{ value: 'a' }] });
      await producer.disconnect();
      await cluster.stopBroker(3);
      const admin = kafka.admin();
      await admin.connect();
      await admin.deleteTopics({ topics: ['gone'] });
      await cluster.until('deletion', async () => (await cluster.view(1))?.topics.has('gone') === false);
      await admin.disconnect();
      await cluster.restart(3);
      await cluster.untilInSync('kept');
      const directory = join(dataDirectory, 'broker-3');
      const names = (await readdir(directory)).filter((name) => name.startsWith('gone-') || name.startsWith('kept-'));
      expect(names.toSorted()).toEqual([expect.stringMatching(/^gone-0\.[0-9a-f]{32}-stray$/), 'kept-0']);
      const stray = names.find((name) => name.endsWith('-stray')) as string;
      expect(await readdir(join(directory, stray))).toContain('00000000000000000000.log');
    } finally {
      await rm(dataDirectory, { recursive: true, force: true });
    }
  },
  120_000,
);
