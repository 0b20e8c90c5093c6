import { type Cluster, startCluster } from '@biquorum/cluster';
import { createNodePorts } from '@biquorum/platform/node';
import { ClientListener, StandaloneServer } from '@biquorum/zookeeper';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { describe, expect, it } from 'vitest';

const SESSION_MS = '3000';

describe('a cluster in ZooKeeper mode', () => {
  it('serves clients, outlives its controller, and takes it back once its id is free', {
    timeout: 120_000,
  }, async () => {
    await withCluster('one', async (cluster, kafka, admin) => {
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
      await cluster.kill(controller);
      expect(await cluster.untilController()).not.toBe(controller);
      await send(100);
      await cluster.restart(controller);
      await cluster.untilInSync('a');
      await producer.disconnect();
      expect(await readAll(kafka, 'a', 200)).toEqual(Array.from({ length: 200 }, (_, index) => index));
    });
  });

  it('creates a topic that a client asks for, whichever broker is asked', { timeout: 120_000 }, async () => {
    await withCluster('two', async (cluster) => {
      const controller = await cluster.untilController();
      const other = cluster.nodes.find(({ id }) => id !== controller);
      const kafka = new Kafka({ brokers: [other?.address ?? ''], logLevel: logLevel.NOTHING, retry: { retries: 30 } });
      const producer = kafka.producer({ allowAutoTopicCreation: true });
      await producer.connect();
      await producer.send({ topic: 'wanted', acks: -1, messages: [{ value: '7' }] });
      await producer.disconnect();
      expect(await readAll(kafka, 'wanted', 1)).toEqual([7]);
    });
  });

  it('deletes a topic everywhere', { timeout: 120_000 }, async () => {
    await withCluster('three', async (cluster, _kafka, admin) => {
      await admin.createTopics({ topics: [{ topic: 'gone', numPartitions: 2, replicationFactor: 3 }] });
      await cluster.untilInSync('gone');
      await admin.deleteTopics({ topics: ['gone'] });
      const ids = cluster.nodes.map(({ id }) => id);
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
});

/** Three brokers beside a ZooKeeper in memory, under a path of their own. */
async function withCluster(
  chroot: string,
  body: (cluster: Cluster, kafka: Kafka, admin: Admin) => Promise<void>,
): Promise<void> {
  const ports = createNodePorts();
  const server = new StandaloneServer({ clock: ports.clock, tickMs: 500 });
  const door = new ClientListener(server.server, { host: '127.0.0.1', port: 0, connectionsPerHostMax: 0 });
  const port = await door.open(ports.network);
  let open = true;
  const beat = (): void => {
    server.tick();
    if (open) ports.timers.set(250, beat);
  };
  beat();
  try {
    await using cluster = await startCluster({
      mode: 'zookeeper',
      brokers: 3,
      zookeeperConnect: `127.0.0.1:${port}/${chroot}`,
      properties: { 'zookeeper.session.timeout.ms': SESSION_MS, 'offsets.topic.num.partitions': '1' },
    });
    const kafka = new Kafka({
      brokers: cluster.bootstrap.split(','),
      logLevel: logLevel.NOTHING,
      retry: { retries: 30 },
    });
    const admin = kafka.admin();
    await admin.connect();
    try {
      await body(cluster, kafka, admin);
    } finally {
      await admin.disconnect();
    }
  } finally {
    open = false;
    await door.close();
    await ports.close();
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
