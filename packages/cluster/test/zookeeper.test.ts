import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cluster, type ClusterOptions, startCluster, ZooKeeperSettingsError } from '@biquorum/cluster';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { killEnsembleLeader, untilEnsembleServes } from './support/ensemble.ts';

const SESSION_MS = '3000';

describe('a cluster in ZooKeeper mode', () => {
  it('serves clients, outlives its controller and the leader of its ensemble, and takes both back', {
    timeout: 120_000,
  }, async () => {
    await withCluster({ zookeepers: 3 }, async (cluster, kafka, admin) => {
      await admin.createTopics({ topics: [{ topic: 'a', numPartitions: 3, replicationFactor: 3 }] });
      await cluster.untilInSync('a');
      const producer = kafka.producer({ retry: { retries: 30 } });
      await producer.connect();
      const send = async (from: number): Promise<void> => {
        const messages = Array.from({ length: 100 }, (_, index) => ({ value: String(from + index) }));
        await producer.send({ topic: 'a', acks: -1, messages });
      };
      await send(0);
      const controller = await cluster.untilController();
      const server = await killEnsembleLeader(cluster);
      await cluster.kill(controller);
      expect(await cluster.untilController()).not.toBe(controller);
      await send(100);
      expect(await untilEnsembleServes(cluster)).not.toBe(server);
      await cluster.restart(server);
      await cluster.restart(controller);
      await untilEnsembleServes(cluster);
      await cluster.untilInSync('a');
      await producer.disconnect();
      expect(await readAll(kafka, 'a', 200)).toEqual(Array.from({ length: 200 }, (_, index) => index));
    });
  });

  it('creates a topic that a client asks for, whichever broker is asked', { timeout: 120_000 }, async () => {
    await withCluster({}, async (cluster) => {
      const controller = await cluster.untilController();
      const other = cluster.nodes.find(({ id, role }) => role === 'broker' && id !== controller);
      const kafka = new Kafka({ brokers: [other?.address ?? ''], logLevel: logLevel.NOTHING, retry: { retries: 30 } });
      const producer = kafka.producer({ allowAutoTopicCreation: true });
      await producer.connect();
      await producer.send({ topic: 'wanted', acks: -1, messages: [{ value: '7' }] });
      await producer.disconnect();
      expect(await readAll(kafka, 'wanted', 1)).toEqual([7]);
    });
  });

  it('deletes a topic everywhere', { timeout: 120_000 }, async () => {
    await withCluster({}, async (cluster, _kafka, admin) => {
      await admin.createTopics({ topics: [{ topic: 'gone', numPartitions: 2, replicationFactor: 3 }] });
      await cluster.untilInSync('gone');
      await admin.deleteTopics({ topics: ['gone'] });
      const ids = cluster.nodes.flatMap(({ role, id }) => (role === 'broker' ? [id] : []));
      await cluster.until('no log of the topic', async () => {
        const logs = await Promise.all(ids.map((id) => cluster.log(id, 'gone', 0)));
        return logs.every((log) => log === undefined);
      });
      await cluster.until('no broker to know the topic', async () => {
        const views = await Promise.all(ids.map((id) => cluster.view(id)));
        return views.every((view) => view?.topics.has('gone') === false);
      });
    });
  });

  it('shares an ensemble with others under paths of their own', { timeout: 120_000 }, async () => {
    await withCluster({ brokers: 1 }, async (cluster, _kafka, admin) => {
      await admin.createTopics({ topics: [{ topic: 'a', numPartitions: 1, replicationFactor: 1 }] });
      await cluster.untilInSync('a');
      const zookeeperConnect = `${cluster.zookeeperConnect}/second`;
      await withCluster({ brokers: 2, zookeeperConnect, processes: true }, async (second, _other, secondAdmin) => {
        expect(second.nodes.map(({ role, id }) => `${role} ${id}`)).toEqual(['broker 1', 'broker 2']);
        expect(second.zookeeperConnect).toBe(zookeeperConnect);
        expect(await secondAdmin.listTopics()).toEqual([]);
        await secondAdmin.createTopics({ topics: [{ topic: 'b', numPartitions: 1, replicationFactor: 2 }] });
        await second.untilInSync('b');
        expect(await admin.listTopics()).toEqual(['a']);
      });
    });
  });

  it('has a server of its own ensemble among its nodes and processes', { timeout: 120_000 }, async () => {
    await withCluster({ brokers: 1, processes: true }, async (cluster) => {
      const [server, broker] = cluster.nodes;
      expect([server?.role, server?.id, broker?.role, broker?.id]).toEqual(['zookeeper', 201, 'broker', 1]);
      expect(cluster.zookeeperConnect).toBe(server?.address);
      expect(cluster.bootstrap).toBe(broker?.address);
      expect(cluster.processes.map(({ role, id }) => `${role} ${id}`)).toEqual(['zookeeper 201', 'broker 1']);
    });
  });

  it.each([{ processes: false }, { processes: true }])(
    'goes on when servers of its ensemble are lost, one at a time: %o',
    { timeout: 180_000 },
    async (form) => {
      await withCluster({ ...form, zookeepers: 3 }, async (cluster, _kafka, admin) => {
        const controller = await cluster.untilController();
        for (const [index, server] of cluster.nodes.filter(({ role }) => role === 'zookeeper').entries()) {
          await cluster.kill(server.id);
          const topic = `without-${server.id}`;
          await admin.createTopics({ topics: [{ topic, numPartitions: 2, replicationFactor: 3 }] });
          await cluster.untilInSync(topic);
          await cluster.restart(server.id);
          await untilEnsembleServes(cluster);
          // Whoever is asked may be the last to hear of it.
          await expect.poll(() => admin.listTopics()).toHaveLength(index + 1);
        }
        // Sessions have moved from server to server, and outlived the leader.
        expect(await cluster.untilController()).toBe(controller);
      });
    },
  );

  it('is found again in its directory, its ensemble too', { timeout: 180_000 }, async () => {
    const dataDirectory = await mkdtemp(join(tmpdir(), 'biquorum-zookeeper-'));
    try {
      await withCluster({ dataDirectory, zookeepers: 3, processes: true }, async (cluster, kafka, admin) => {
        await admin.createTopics({ topics: [{ topic: 'kept', numPartitions: 1, replicationFactor: 3 }] });
        await cluster.untilInSync('kept');
        const producer = kafka.producer({ retry: { retries: 30 } });
        await producer.connect();
        await producer.send({ topic: 'kept', acks: -1, messages: [{ value: '7' }] });
        await producer.disconnect();
        await Promise.all(cluster.nodes.map(({ id }) => cluster.kill(id)));
      });
      await withCluster({ dataDirectory, zookeepers: 3 }, async (cluster, kafka) => {
        await cluster.untilInSync('kept');
        expect(await readAll(kafka, 'kept', 1)).toEqual([7]);
      });
    } finally {
      await rm(dataDirectory, { recursive: true, force: true, maxRetries: 10 });
    }
  });

  it.each<[ClusterOptions, RegExp]>([
    [{ zookeepers: 0 }, /^zookeepers=0 is no number of servers from 1 to 9/],
    [{ zookeepers: 2.5 }, /^zookeepers=2.5 is no number of servers from 1 to 9/],
    [{ zookeepers: 1, zookeeperConnect: '127.0.0.1:2181' }, /^zookeepers=1 goes without zookeeperConnect/],
  ])('is refused with a reason where there is no ensemble for it: %o', async (options, reason) => {
    const starting = startCluster({ mode: 'zookeeper', ...options });
    await expect(starting).rejects.toThrow(reason);
    await expect(starting).rejects.toBeInstanceOf(ZooKeeperSettingsError);
  });
});

/** Three brokers, and an ensemble of their own unless one is named. */
async function withCluster(
  options: ClusterOptions,
  body: (cluster: Cluster, kafka: Kafka, admin: Admin) => Promise<void>,
): Promise<void> {
  await using cluster = await startCluster({
    mode: 'zookeeper',
    brokers: 3,
    properties: { 'zookeeper.session.timeout.ms': SESSION_MS, 'offsets.topic.num.partitions': '1' },
    ...options,
  });
  const kafka = new Kafka({
    brokers: cluster.bootstrap.split(','),
    logLevel: logLevel.NOTHING,
    // An attempt that was given up and succeeds all the same would fail the next one.
    requestTimeout: 120_000,
    retry: { retries: 30 },
  });
  const admin = kafka.admin();
  await admin.connect();
  try {
    await body(cluster, kafka, admin);
  } finally {
    await admin.disconnect();
  }
}

async function readAll(kafka: Kafka, topic: string, count: number): Promise<readonly number[]> {
  const consumer = kafka.consumer({ groupId: `readers-of-${topic}`, retry: { retries: 30 } });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const values: number[] = [];
  await new Promise<void>((resolve) => {
    void consumer.run({
      eachMessage: async ({ message }) => {
        values.push(Number(message.value));
        if (values.length === count) resolve();
      },
    });
  });
  await consumer.disconnect();
  return values.sort((a, b) => a - b);
}
