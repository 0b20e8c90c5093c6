import type { Cluster } from '@biquorum/cluster';
import { startTestCluster, type TestClusterMode } from '@biquorum/cluster/testing';
import type { Kafka } from 'kafkajs';
import { expect, test } from 'vitest';
import { createTopic, idempotentProducer, kafkaJs } from './support/clients.ts';
import { killEnsembleLeader } from './support/ensemble.ts';

const QUICK = {
  'broker.session.timeout.ms': '500',
  'broker.heartbeat.interval.ms': '100',
  'zookeeper.session.timeout.ms': '2000',
};

/** A member of a group of kafkajs that notes what it reads. */
async function reader(kafka: Kafka, groupId: string): Promise<{ readonly values: string[]; stop(): Promise<void> }> {
  const values: string[] = [];
  const consumer = kafka.consumer({
    groupId,
    sessionTimeout: 6_000,
    rebalanceTimeout: 3_000,
    heartbeatInterval: 200,
    maxWaitTimeInMs: 100,
  });
  await consumer.connect();
  await consumer.subscribe({ topic: 't', fromBeginning: true });
  await consumer.run({
    autoCommitInterval: 100,
    eachMessage: ({ message }) => {
      values.push(String(message.value));
      return Promise.resolve();
    },
  });
  return { values, stop: () => consumer.disconnect() };
}

async function leaderOf(cluster: Cluster): Promise<number> {
  return cluster.untilLeader('t', 0);
}

test.each<TestClusterMode>(['reference', 'kraft', 'zookeeper'])(
  'kafkajs writes and reads across kill, pause, resume, restart and a wiped disk: %s',
  async (mode) => {
    const own = mode === 'zookeeper' ? { zookeepers: 3 } : {};
    await using cluster = await startTestCluster({ mode, brokers: 3, properties: QUICK, ...own });
    const kafka = kafkaJs(cluster);
    await createTopic(cluster, 't', 1, { 'min.insync.replicas': '2' });
    const producer = idempotentProducer(kafka);
    await producer.connect();
    const group = await reader(kafka, 'g');
    const sent: string[] = [];
    const send = async (value: string): Promise<void> => {
      await producer.send({ topic: 't', acks: -1, messages: [{ partition: 0, value }] });
      sent.push(value);
      await cluster.until(`${value} read`, () => group.values.includes(value));
    };

    await send('at first');
    const killed = await leaderOf(cluster);
    // Where there is an ensemble, its leader is lost in the same moment.
    const lost = await killEnsembleLeader(cluster);
    await cluster.kill(killed);
    await send('under the next leader');
    if (lost >= 0) await cluster.restart(lost);
    await cluster.restart(killed);
    await cluster.untilInSync('t');

    const paused = await leaderOf(cluster);
    cluster.pause(paused);
    await cluster.until(
      'another leader',
      async () => (await cluster.view(killed))?.topics.get('t')?.leaderOf(0) !== paused,
    );
    // Nothing is sent meanwhile: kafkajs 2.2.4 asks a broker that hangs again and again, and never another one.
    cluster.resume(paused);
    await cluster.untilInSync('t');
    await send('after one was paused');

    const stopped = await leaderOf(cluster);
    await cluster.stopBroker(stopped);
    await send('while one is stopped');
    await cluster.wipe(stopped);
    await cluster.restart(stopped);
    await cluster.untilInSync('t');
    await send('at last');

    await cluster.until('every replica complete', async () => {
      const logs = await Promise.all([1, 2, 3].map((id) => cluster.log(id, 't', 0)));
      return logs.every((log) => log?.endOffset === sent.length);
    });
    // At least once, in order of first sight; the log itself has each once.
    expect([...new Set(group.values)]).toEqual(sent);
    await group.stop();
    await producer.disconnect();
  },
  120_000,
);
