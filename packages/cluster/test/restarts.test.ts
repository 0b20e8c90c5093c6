import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type ClusterOptions, startCluster } from '@biquorum/cluster';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTopic, idempotentProducer, kafkaJs, readWithPlatformatic } from './support/clients.ts';

const PARTITIONS = 3;
let dataDirectory = '';
beforeEach(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'biquorum-restarts-'));
});
afterEach(() => rm(dataDirectory, { recursive: true, force: true, maxRetries: 10 }));

const FORMS: readonly (readonly [string, ClusterOptions])[] = [
  ['in KRaft mode, in one process', {}],
  ['in KRaft mode, in processes', { processes: true }],
  ['in ZooKeeper mode, in processes, on an ensemble of three', { mode: 'zookeeper', zookeepers: 3, processes: true }],
];
/** Ids of brokers that were killed are free soon. */
const SESSION = { 'zookeeper.session.timeout.ms': '3000' };

describe.each(FORMS)('a cluster %s', (_, form) => {
  test.each(['stopped', 'killed'])(
    'that was %s as a whole goes on where it was, on its data',
    async (how) => {
      const before = await startCluster({ ...form, dataDirectory, properties: SESSION });
      const kafka = kafkaJs(before);
      await createTopic(before, 't', PARTITIONS, { 'min.insync.replicas': '2' });
      const expected = Array.from({ length: PARTITIONS }, (): string[] => []);
      const producer = idempotentProducer(kafka);
      await producer.connect();
      for (let index = 0; index < 100; index++) {
        const partition = index % PARTITIONS;
        await producer.send({ topic: 't', acks: -1, messages: [{ partition, value: `${index}` }] });
        expected[partition]?.push(`${index}`);
      }
      await producer.disconnect();
      if (how === 'killed') await Promise.all(before.nodes.map(({ id }) => before.kill(id)));
      await before.stop();
      expect(before.nodes.map(({ state }) => state)).toEqual(before.nodes.map(() => 'stopped'));

      await using after = await startCluster({ ...form, dataDirectory, properties: SESSION });
      await after.untilInSync('t');
      const read = await readWithPlatformatic(after, 't', 100);
      expect([...read].toSorted(([a], [b]) => a - b).map(([, values]) => values)).toEqual(expected);
    },
    120_000,
  );

  test('refills a broker that was killed and lost its disk', async () => {
    const properties = { ...SESSION, 'offsets.topic.num.partitions': '3' };
    await using cluster = await startCluster({ ...form, dataDirectory, properties });
    const kafka = kafkaJs(cluster);
    await createTopic(cluster, 't', 1, { 'min.insync.replicas': '2' });
    const producer = idempotentProducer(kafka);
    await producer.connect();
    const sent: string[] = [];
    const send = async (value: string): Promise<void> => {
      await producer.send({ topic: 't', acks: -1, messages: [{ partition: 0, value }] });
      sent.push(value);
    };
    for (let index = 0; index < 20; index++) await send(`before ${index}`);
    // The first group makes the topic of offsets, which takes three brokers.
    await readWithPlatformatic(cluster, 't', sent.length);
    const lost = await cluster.untilLeader('t', 0);
    await cluster.kill(lost);
    await cluster.wipe(lost);
    await send('without it');
    await cluster.restart(lost);
    await cluster.untilInSync('t');
    await cluster.untilInSync('__consumer_offsets');
    // It alone has to know everything now.
    for (const { id, role } of cluster.nodes) if (role === 'broker' && id !== lost) await cluster.stopBroker(id);
    expect((await readWithPlatformatic(cluster, 't', sent.length)).get(0)).toEqual(sent);
    await producer.disconnect();
  }, 120_000);

  test('restarts a killed broker as soon as its id is free', async () => {
    const sessionMs = 4_000;
    const properties = {
      'broker.session.timeout.ms': String(sessionMs),
      'broker.heartbeat.interval.ms': '200',
      'zookeeper.session.timeout.ms': String(sessionMs),
    };
    await using cluster = await startCluster({ ...form, dataDirectory, properties, detectResets: false });
    await createTopic(cluster, 't', 1);
    const killed = await cluster.untilLeader('t', 0);
    const killedMs = performance.now();
    await cluster.kill(killed);
    await cluster.restart(killed);
    // The session began with the last heartbeat before the kill.
    expect(performance.now() - killedMs).toBeGreaterThan(sessionMs - 2_000);
    await cluster.untilInSync('t');
  }, 120_000);
});

test('no process of a cluster outlives the one that started it, not even one that is paused', async () => {
  const program = fileURLToPath(new URL('./support/cluster-program.ts', import.meta.url));
  const options = ['--conditions=@biquorum/source', '--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...options, program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const { pids } = JSON.parse(line) as { readonly pids: readonly number[] };
  expect(pids).toHaveLength(3);
  expect(pids.filter(isAlive)).toEqual(pids);
  child.kill('SIGKILL');
  await once(child, 'exit');
  await expect.poll(() => pids.filter(isAlive), { timeout: 30_000 }).toEqual([]);
}, 120_000);

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
