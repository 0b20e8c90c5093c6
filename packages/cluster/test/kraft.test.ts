import { startCluster } from '@biquorum/cluster';
import type { Kafka } from 'kafkajs';
import { describe, expect, test } from 'vitest';
import { createTopic, idempotentProducer, kafkaJs } from './support/clients.ts';

/** Kafka's own keys, lowered so that changes of leaders take a moment each. */
const QUICK = {
  'broker.session.timeout.ms': '1500',
  'broker.heartbeat.interval.ms': '200',
  'controller.quorum.election.timeout.ms': '400',
  'controller.quorum.fetch.timeout.ms': '800',
  'controller.quorum.election.backoff.max.ms': '200',
};

async function valuesOf(kafka: Kafka, topic: string, count: number): Promise<readonly string[]> {
  const values: string[] = [];
  const consumer = kafka.consumer({ groupId: `reader-of-${topic}`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const all = new Promise<void>((resolve) => {
    void consumer.run({
      eachMessage: ({ message }) => {
        values.push(String(message.value));
        if (values.length === count) resolve();
        return Promise.resolve();
      },
    });
  });
  await all;
  await consumer.disconnect();
  return values;
}

for (const processes of [false, true]) {
  describe(`a cluster in KRaft mode, ${processes ? 'a process for each node' : 'in one process'}`, () => {
    test('writes and reads on while controllers and brokers are killed, paused and restarted', async () => {
      await using cluster = await startCluster({
        mode: 'kraft',
        brokers: 3,
        controllers: 3,
        processes,
        properties: QUICK,
      });
      expect(cluster.nodes.map(({ role, state }) => `${role} ${state}`)).toEqual([
        ...Array.from({ length: 3 }, () => 'controller running'),
        ...Array.from({ length: 3 }, () => 'broker running'),
      ]);
      const kafka = kafkaJs(cluster);
      await createTopic(cluster, 't', 1, { 'min.insync.replicas': '2' });
      const producer = idempotentProducer(kafka);
      await producer.connect();
      const sent: string[] = [];
      const send = async (value: string): Promise<void> => {
        await producer.send({ topic: 't', acks: -1, messages: [{ partition: 0, value }] });
        sent.push(value);
      };
      await send('at first');

      const killed = await cluster.untilController();
      await cluster.kill(killed);
      await cluster.until('another controller', async () => (await cluster.untilController()) !== killed);
      await send('under the next controller');
      await cluster.restart(killed);

      const leader = await cluster.untilLeader('t', 0);
      await cluster.kill(leader);
      await send('under the next leader');
      await cluster.restart(leader);
      await cluster.untilInSync('t');

      const paused = await cluster.untilController();
      cluster.pause(paused);
      await cluster.until('a third controller', async () => (await cluster.untilController()) !== paused);
      await send('while a controller is paused');
      cluster.resume(paused);
      await createTopic(cluster, 'later', 3);

      const stopped = await cluster.untilLeader('t', 0);
      await cluster.stopBroker(stopped);
      await send('while a broker is stopped');
      await cluster.wipe(stopped);
      await cluster.restart(stopped);
      await cluster.untilInSync('t');
      await send('at last');

      expect(await valuesOf(kafka, 't', sent.length)).toEqual(sent);
      await producer.disconnect();
    }, 180_000);
  });
}
