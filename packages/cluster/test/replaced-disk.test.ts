import { startCluster } from '@biquorum/cluster';
import { expect, test } from 'vitest';
import { createTopic, idempotentProducer, kafkaJs } from './support/clients.ts';

// Found by the simulation of whole clusters, seed 51: the controller went on to believe the replicas in the directory that
// was lost, and never elected them.
test('a broker that came back with an empty disk leads again when it is the only one in sync', async () => {
  await using cluster = await startCluster({
    mode: 'kraft',
    brokers: 3,
    controllers: 1,
    properties: {
      'broker.session.timeout.ms': '1500',
      'broker.heartbeat.interval.ms': '200',
    },
  });
  await createTopic(cluster, 't', 1);
  const producer = idempotentProducer(kafkaJs(cluster));
  await producer.connect();
  const send = (value: string) => producer.send({ topic: 't', acks: -1, messages: [{ partition: 0, value }] });
  await send('on all');
  const replaced = await cluster.untilLeader('t', 0);
  await cluster.stopBroker(replaced);
  await cluster.wipe(replaced);
  await cluster.restart(replaced);
  await cluster.untilInSync('t');
  for (const other of [1, 2, 3].filter((id) => id !== replaced)) await cluster.stopBroker(other);
  expect(await cluster.untilLeader('t', 0)).toBe(replaced);
  await send('on the new disk');
  await producer.disconnect();
}, 60_000);
