import { type Cluster, startCluster } from '@biquorum/cluster';
import { describe, expect, test } from 'vitest';
import { kafkaJs } from './support/clients.ts';

/** What can be told of a cluster in words that do not hang on chance. */
async function facts(cluster: Cluster) {
  const [id] = cluster.nodes.filter(({ role }) => role === 'broker').map((node) => node.id) as [number];
  const view = await cluster.view(id);
  const topic = view?.topics.get('t');
  const logs = await Promise.all([1, 2].map((broker) => cluster.log(broker, 't', 0)));
  return {
    brokers: [...(view?.brokers.values() ?? [])]
      .toSorted((a, b) => a.id - b.id)
      .map(({ id: broker, fenced, endpoints }) => [
        broker,
        fenced,
        endpoints.map(({ listener, host, securityProtocol }) => [listener, host, securityProtocol]),
      ]),
    isSame: topic !== undefined && view?.topicById(topic.id) === topic,
    partitions: [0, 1].map((index) => [topic?.replicasOf(index).toSorted(), topic?.isrOf(index).toSorted()]),
    configs: [...(view?.configOf({ type: 'topic', name: 't' }) ?? [])],
    features: [...(view?.features.levels ?? [])],
    complete: view?.complete,
    logs: logs.map((log) => ({ ...log, directory: undefined, topicId: log?.topicId === topic?.id })),
  };
}

for (const processes of [false, true]) {
  describe(`a cluster, ${processes ? 'a process for each node' : 'in one process'}`, () => {
    test('tells of views, logs and groups of its brokers; nothing of those that are paused or gone', async () => {
      await using cluster = await startCluster({ brokers: 2, controllers: 1, processes });
      const kafka = kafkaJs(cluster);
      const admin = kafka.admin();
      await admin.connect();
      const configEntries = [{ name: 'retention.ms', value: '123456' }];
      const topics = [{ topic: 't', numPartitions: 2, replicationFactor: 2, configEntries }];
      await admin.createTopics({ topics, waitForLeaders: false });
      await cluster.untilInSync('t');
      const producer = kafka.producer();
      await producer.connect();
      for (const value of ['one', 'two', 'three']) {
        await producer.send({ topic: 't', acks: -1, messages: [{ partition: 0, value }] });
      }
      await producer.disconnect();
      // The follower hears of the high watermark with its next fetch.
      await cluster.until('every log complete', async () => {
        const logs = await Promise.all([1, 2].map((id) => cluster.log(id, 't', 0)));
        return logs.every((log) => log?.highWatermark === 3);
      });
      const log = {
        topicId: true,
        directory: undefined,
        logStartOffset: 0,
        endOffset: 3,
        highWatermark: 3,
        lastStableOffset: 3,
        byteLength: expect.any(Number),
        recoveryPoint: 0,
        segmentBaseOffsets: [0],
        epochs: [{ epoch: 0, startOffset: 0 }],
      };
      const listeners = [['PLAINTEXT', '127.0.0.1', 'PLAINTEXT']];
      expect(await facts(cluster)).toEqual({
        brokers: [
          [1, false, listeners],
          [2, false, listeners],
        ],
        isSame: true,
        partitions: Array.from({ length: 2 }, () => [
          [1, 2],
          [1, 2],
        ]),
        configs: [['retention.ms', '123456']],
        features: [['metadata.version', 21]],
        complete: true,
        logs: [log, log],
      });

      expect(await cluster.group('nobody')).toBeUndefined();
      const consumer = kafka.consumer({ groupId: 'g' });
      await consumer.connect();
      await consumer.subscribe({ topic: 't', fromBeginning: true });
      await consumer.run({ eachMessage: () => Promise.resolve() });
      await cluster.until('the group stable', async () => (await cluster.group('g'))?.state === 'Stable');
      const group = await cluster.group('g');
      expect(group).toMatchObject({ protocolType: 'consumer', protocolName: 'RoundRobinAssigner' });
      expect(group?.members).toMatchObject([{ clientId: 'kafkajs', groupInstanceId: null }]);
      // What DescribeGroups tells are the same bytes.
      const { groups } = await admin.describeGroups(['g']);
      expect(group?.members.map(({ metadata, assignment }) => [[...metadata], [...assignment]])).toEqual(
        groups[0]?.members.map(({ memberMetadata, memberAssignment }) => [[...memberMetadata], [...memberAssignment]]),
      );
      await consumer.disconnect();
      await admin.disconnect();

      expect(await cluster.view(101)).toBeUndefined();
      cluster.pause(1);
      expect(await cluster.view(1)).toBeUndefined();
      expect(await cluster.log(1, 't', 0)).toBeUndefined();
      cluster.resume(1);
      await cluster.until('an answer', async () => (await cluster.log(1, 't', 0)) !== undefined);
      await cluster.kill(1);
      expect(await cluster.view(1)).toBeUndefined();
      expect(await cluster.log(1, 't', 0)).toBeUndefined();
      await expect(async () => cluster.view(7)).rejects.toThrow('there is no node 7');
    }, 120_000);

    test('leaves nobody waiting for a broker that ends or is paused before it answers', async () => {
      await using cluster = await startCluster({ brokers: 2, controllers: 1, processes });
      const asked = Array.from({ length: 20 }, () => cluster.view(1));
      await cluster.kill(1);
      const answers = await Promise.all(asked);
      expect(answers.every((view) => view === undefined || view.brokers.has(2))).toBe(true);
      const late = Array.from({ length: 20 }, () => cluster.view(2));
      cluster.pause(2);
      expect(await Promise.all(late)).toHaveLength(20);
      cluster.resume(2);
    }, 120_000);
  });
}
