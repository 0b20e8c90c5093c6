import { startCluster } from '@biquorum/cluster';
import { expect, test } from 'vitest';
import { createTopic, idempotentProducer, kafkaJs, readWithPlatformatic } from './support/clients.ts';

/** `BIQUORUM_LOAD_RECORDS=1000000` for the whole of it. */
const RECORDS = Number(process.env['BIQUORUM_LOAD_RECORDS'] ?? 20_000);
const LEADER_CHANGES_MIN = 10;
const PARTITIONS = 6;
const BATCH = Math.max(20, Math.ceil(RECORDS / 2_000));

test(`${RECORDS} records of an idempotent producer survive leaders that are killed, each once and in order`, async () => {
  await using cluster = await startCluster({
    brokers: 3,
    properties: { 'broker.session.timeout.ms': '500', 'broker.heartbeat.interval.ms': '100' },
  });
  const kafka = kafkaJs(cluster);
  await createTopic(cluster, kafka, 'load', PARTITIONS, { 'min.insync.replicas': '2' });
  const changes = (): number => {
    const topic = [1, 2, 3].map((id) => cluster.view(id)?.topics.get('load')).find((it) => it !== undefined);
    let sum = 0;
    for (let partition = 0; partition < PARTITIONS; partition++) sum += topic?.leaderEpochOf(partition) ?? 0;
    return sum;
  };

  let produced = 0;
  let killing = true;
  const kill = async (): Promise<void> => {
    for (let round = 0; changes() < LEADER_CHANGES_MIN || produced < RECORDS / 2; round++) {
      const partition = round % PARTITIONS;
      const leader = await cluster.untilLeader('load', partition);
      await cluster.kill(leader);
      const before = produced;
      await cluster.untilLeader('load', partition);
      await cluster.until('records under the next leader', () => produced > before);
      await cluster.restart(leader);
      await cluster.untilInSync('load');
    }
    killing = false;
  };

  const acknowledged = Array.from({ length: PARTITIONS }, (): string[] => []);
  const producer = idempotentProducer(kafka);
  await producer.connect();
  // One partition a send: in one to several, kafkajs 2.2.4 mixes up what it has to repeat when a leader moves meanwhile.
  const produce = async (partition: number): Promise<void> => {
    const own = acknowledged[partition] as string[];
    while (produced < RECORDS || killing) {
      const messages = Array.from({ length: BATCH }, (_, index) => ({ partition, value: `${own.length + index}` }));
      await producer.send({ topic: 'load', acks: -1, messages });
      own.push(...messages.map(({ value }) => value));
      produced += messages.length;
    }
  };
  const producing = acknowledged.map((_, partition) => produce(partition));
  await Promise.all([...producing, kill()]);
  await producer.disconnect();

  expect(changes()).toBeGreaterThanOrEqual(LEADER_CHANGES_MIN);
  expect(produced).toBeGreaterThanOrEqual(RECORDS);
  const read = await readWithPlatformatic(cluster, 'load', produced);
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const [was, is] = [acknowledged[partition] as string[], read.get(partition) ?? []];
    const differs = was.findIndex((value, index) => is[index] !== value);
    expect(differs, `partition ${partition}: ${is[differs]} where ${was[differs]} was acknowledged`).toBe(-1);
    expect(is.length).toBe(was.length);
  }
}, 600_000);
