import { leaderAndIsrRequest, leaderAndIsrResponse } from '@biquorum/kafka-wire/messages/leader-and-isr';
import { describe, expect, it } from 'vitest';
import { GovernedCluster } from './support/governed-cluster.ts';
import { createTopic, deleteTopic, growTopic, reassign } from './support/requests.ts';

const INVALID_REPLICA_ASSIGNMENT = 39;
const REASSIGNMENT_IN_PROGRESS = 60;
const NO_REASSIGNMENT_IN_PROGRESS = 85;
const TOPIC_ALREADY_EXISTS = 36;
const KAFKA_STORAGE_ERROR = 56;
const INVALID_PARTITIONS = 37;

/** The leader tells that these are in sync. */
async function inSync(cluster: GovernedCluster, topic: string, isr: readonly number[]): Promise<void> {
  const { leader, leaderEpoch, partitionEpoch } = cluster.partition(topic, 0);
  const broker = cluster.broker(leader);
  const [outcome] = await broker.plane.alterPartitions([
    {
      partition: { topic, topicId: broker.view?.topics.get(topic)?.id as never, partition: 0 },
      leaderEpoch,
      partitionEpoch,
      isr: isr.map((node) => ({ node: node as never, brokerEpoch: -1 })),
      recovering: false,
    },
  ]);
  expect(outcome).toMatchObject({ ok: true });
  await cluster.settle();
}

describe('topics', () => {
  it('are told to be created to who asked for it, whenever their write is carried out after its connection was lost', () =>
    GovernedCluster.run(1, async (cluster) => {
      // From before a new connection can be there to long after.
      for (let step = 0; step < 20; step++) {
        const lateMs = 5 * step;
        const name = `late-${step}`;
        const written = cluster.delayWrite(`/brokers/topics/${name}`, lateMs);
        expect([lateMs, await createTopic(cluster, name, [[1]])]).toEqual([lateMs, 0]);
        await written;
        // Whoever did not ask for it is told that it is there.
        expect(await createTopic(cluster, name, [[1]])).toBe(TOPIC_ALREADY_EXISTS);
      }
    }));

  it('are created, grow and go, and their znodes with them', () =>
    GovernedCluster.run(3, async (cluster) => {
      expect(
        await createTopic(
          cluster,
          'life',
          [
            [1, 2],
            [2, 3],
          ],
          { 'retention.ms': '7' },
        ),
      ).toBe(0);
      expect(await createTopic(cluster, 'life', [[1]])).toBe(TOPIC_ALREADY_EXISTS);
      expect(cluster.znode('/config/topics/life')).toEqual({ version: 1, config: { 'retention.ms': '7' } });
      expect(await growTopic(cluster, 'life', 2)).toBe(INVALID_PARTITIONS);
      expect(await growTopic(cluster, 'life', 5)).toBe(0);
      await cluster.settle();
      const { partitions } = cluster.znode('/brokers/topics/life') as { partitions: Record<string, number[]> };
      expect(Object.keys(partitions)).toEqual(['0', '1', '2', '3', '4']);
      expect(Object.values(partitions).every((nodes) => new Set(nodes).size === 2)).toBe(true);
      for (const index of [2, 3, 4]) expect(cluster.partition('life', index).leader).toBe(partitions[index]?.[0]);

      expect(await deleteTopic(cluster, 'life')).toBe(0);
      await cluster.until(() => !cluster.hasZnode('/admin/delete_topics/life'), 'the deletion');
      await cluster.settle();
      expect(cluster.hasZnode('/brokers/topics/life')).toBe(false);
      expect(cluster.hasZnode('/config/topics/life')).toBe(false);
      for (const { replicas, changes } of cluster.live) {
        expect([...replicas.keys()]).toEqual([]);
        expect(changes.some(({ to }) => to === 'delete')).toBe(true);
      }
    }));

  it('appear to watches in the order in which Kafka 3.9.2 makes their znodes', () =>
    GovernedCluster.run(2, async (cluster) => {
      const observer = await cluster.observer();
      const seen: string[] = [];
      await observer.addWatch('/brokers/topics', 'recursive', ({ type, path }) => void seen.push(`${type} ${path}`));
      await createTopic(cluster, 'seen', [
        [1, 2],
        [2, 1],
      ]);
      await cluster.settle();
      // As recorded of Apache's cluster by suite zookeeper-znodes of apps/compat.
      const made = ['', '/partitions', '/partitions/0', '/partitions/1', '/partitions/0/state', '/partitions/1/state'];
      expect(seen).toEqual(made.map((below) => `NodeCreated /brokers/topics/seen${below}`));
    }));

  it('wait with their end for a replica whose log cannot be deleted', () =>
    GovernedCluster.run(3, async (cluster) => {
      await createTopic(cluster, 'stuck', [[1, 2, 3]]);
      const three = cluster.broker(3);
      three.refuse = ({ to }) => (to === 'delete' ? 'KAFKA_STORAGE_ERROR' : 'NONE');
      await deleteTopic(cluster, 'stuck');
      await cluster.elapse(5_000);
      expect(cluster.hasZnode('/brokers/topics/stuck')).toBe(true);
      three.refuse = () => 'NONE';
      await cluster.close(three);
      await cluster.settle();
      await cluster.join(3);
      await cluster.until(() => !cluster.hasZnode('/brokers/topics/stuck'), 'the deletion');
    }));

  it('leave a broker whose directory fails, as it tells', () =>
    GovernedCluster.run(3, async (cluster) => {
      await createTopic(cluster, 'lost', [
        [2, 3],
        [3, 2],
      ]);
      const two = cluster.broker(2);
      // As a broker answers whose directory with partition 0 has failed, and that goes on with another one.
      two.answerPush = ({ apiKey, apiVersion, body }) => {
        if (apiKey !== 4) return undefined;
        const { topicStates } = leaderAndIsrRequest.fromBytes(body, apiVersion);
        const topics = topicStates.map(({ topicId, partitionStates }) => ({
          topicId,
          partitionErrors: partitionStates.map(({ partitionIndex }) => ({
            partitionIndex,
            errorCode: partitionIndex === 0 ? KAFKA_STORAGE_ERROR : 0,
          })),
        }));
        return leaderAndIsrResponse.toBytes({ topics }, apiVersion);
      };
      await two.plane.reportDirectories({ failed: ['directory'], placed: new Map() });
      await cluster.until(() => cluster.partition('lost', 0).leader === 3, 'another leader');
      await cluster.settle();
      expect(cluster.partition('lost', 0)).toMatchObject({ leader: 3, isr: [3], offline: [2] });
      expect(cluster.partition('lost', 1)).toMatchObject({ leader: 3, isr: [3, 2], offline: [] });
      expect(cluster.subject.ensemble.server.tree.children('/kafka/log_dir_event_notification')).toEqual([]);
    }));
});

describe('a reassignment', () => {
  it('adds replicas, waits until they are in sync, and takes the others away', () =>
    GovernedCluster.run(4, async (cluster) => {
      await createTopic(cluster, 'move', [[1, 2]]);
      expect(await reassign(cluster, 'move', 0, [3, 4])).toEqual([0, null]);
      await cluster.settle();
      expect(cluster.znode('/brokers/topics/move')).toMatchObject({
        partitions: { 0: [3, 4, 1, 2] },
        adding_replicas: { 0: [3, 4] },
        removing_replicas: { 0: [1, 2] },
      });
      expect(cluster.broker(3).replicas.get('move-0')).toMatchObject({
        to: 'follow',
        isNew: true,
        leader: 1,
        leaderEpoch: 1,
      });
      expect(await growTopic(cluster, 'move', 3)).toBe(REASSIGNMENT_IN_PROGRESS);
      await inSync(cluster, 'move', [1, 2, 3]);
      expect(cluster.znode('/brokers/topics/move')).toMatchObject({ adding_replicas: { 0: [3, 4] } });
      await inSync(cluster, 'move', [1, 2, 3, 4]);
      expect(cluster.znode('/brokers/topics/move')).toMatchObject({
        partitions: { 0: [3, 4] },
        adding_replicas: {},
        removing_replicas: {},
      });
      const { leader, isr, replicas } = cluster.partition('move', 0);
      expect([leader, [...isr].sort(), replicas]).toEqual([3, [3, 4], [3, 4]]);
      for (const id of [1, 2]) {
        expect(cluster.broker(id).replicas.has('move-0')).toBe(false);
        expect(cluster.broker(id).changes.at(-1)).toMatchObject({ to: 'delete' });
      }
    }));

  it('is called off, or refused where it cannot be', () =>
    GovernedCluster.run(3, async (cluster) => {
      await createTopic(cluster, 'stay', [[1, 2]]);
      expect(await reassign(cluster, 'stay', 0, null)).toEqual([NO_REASSIGNMENT_IN_PROGRESS, null]);
      expect((await reassign(cluster, 'stay', 0, [1, 9]))[0]).toBe(INVALID_REPLICA_ASSIGNMENT);
      expect((await reassign(cluster, 'stay', 0, [1, 1]))[0]).toBe(INVALID_REPLICA_ASSIGNMENT);
      expect(await reassign(cluster, 'stay', 0, [1, 3])).toEqual([0, null]);
      await cluster.settle();
      expect(cluster.broker(3).replicas.has('stay-0')).toBe(true);
      expect(await reassign(cluster, 'stay', 0, null)).toEqual([0, null]);
      await cluster.settle();
      expect(cluster.znode('/brokers/topics/stay')).toMatchObject({
        partitions: { 0: [1, 2] },
        adding_replicas: {},
        removing_replicas: {},
      });
      expect(cluster.broker(3).replicas.has('stay-0')).toBe(false);
      expect(cluster.partition('stay', 0)).toMatchObject({ leader: 1, replicas: [1, 2] });
    }));

  it('outlives the controller', () =>
    GovernedCluster.run(4, async (cluster) => {
      await createTopic(cluster, 'move', [[2, 3]]);
      await reassign(cluster, 'move', 0, [3, 4]);
      await cluster.settle();
      cluster.kill(cluster.broker(1));
      await cluster.until(() => cluster.active !== undefined, 'another controller');
      await cluster.settle();
      await inSync(cluster, 'move', [2, 3, 4]);
      expect(cluster.znode('/brokers/topics/move')).toMatchObject({ partitions: { 0: [3, 4] }, adding_replicas: {} });
      expect(cluster.partition('move', 0).leader).toBe(3);
    }));

  it('can be asked for through ZooKeeper, as old tools do', () =>
    GovernedCluster.run(3, async (cluster) => {
      await createTopic(cluster, 'old', [[1, 2]]);
      const outside = await cluster.observer();
      const wish = { version: 1, partitions: [{ topic: 'old', partition: 0, replicas: [2, 3] }] };
      await outside.create('/admin/reassign_partitions', new TextEncoder().encode(JSON.stringify(wish)));
      await cluster.until(() => cluster.broker(3).replicas.has('old-0'), 'a new replica');
      await cluster.settle();
      expect(cluster.hasZnode('/admin/reassign_partitions')).toBe(true);
      await inSync(cluster, 'old', [1, 2, 3]);
      expect(cluster.hasZnode('/admin/reassign_partitions')).toBe(false);
      expect(cluster.partition('old', 0)).toMatchObject({ leader: 2, replicas: [2, 3] });
      await outside.close();
    }));
});
