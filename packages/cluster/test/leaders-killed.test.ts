import { startTestCluster, type TestClusterOptions } from '@biquorum/cluster/testing';
import { expect, test } from 'vitest';
import { createTopic, PartitionWriter, readWithPlatformatic } from './support/clients.ts';

/** `BIQUORUM_LOAD_RECORDS=1000000` for the full form. */
const RECORDS = Number(process.env['BIQUORUM_LOAD_RECORDS'] ?? (process.env['CI'] === undefined ? 20_000 : 100_000));
const IS_FULL = RECORDS >= 1_000_000;
const LEADER_CHANGES_MIN = IS_FULL ? 10 : 3;
const CONTROLLER_CHANGES_MIN = 3;
const PARTITIONS = 6;
const BATCH = Math.max(20, Math.ceil(RECORDS / 2_000));
/** After so many leaders a controller is lost as well: by turns killed and paused. */
const CONTROLLER_EVERY = IS_FULL ? 3 : 1;
const TIMEOUT_MS = IS_FULL ? 1_800_000 : 300_000;

/** Kafka's own keys, lowered so that changes of leaders take a moment each. */
const QUICK = {
  'broker.session.timeout.ms': '1000',
  'broker.heartbeat.interval.ms': '100',
  'controller.quorum.election.timeout.ms': '300',
  'controller.quorum.fetch.timeout.ms': '600',
  'controller.quorum.election.backoff.max.ms': '200',
  'zookeeper.session.timeout.ms': '2000',
};

const FORMS: readonly (readonly [string, TestClusterOptions])[] = [
  ['reference plane', { mode: 'reference' }],
  ['KRaft mode in processes', { mode: 'kraft', controllers: 3, processes: true }],
  ['ZooKeeper mode in processes, on an ensemble of three', { mode: 'zookeeper', zookeepers: 3, processes: true }],
];

test.each(FORMS)(
  `${RECORDS} records survive leaders that are killed, each once and in order: %s`,
  async (_, form) => {
    await using cluster = await startTestCluster({ ...form, brokers: 3, properties: QUICK });
    await createTopic(cluster, 'load', PARTITIONS, { 'min.insync.replicas': '2' });
    let leaderChanges = 0;
    let controllerChanges = 0;
    const controllersMin = form.mode === 'reference' ? 0 : CONTROLLER_CHANGES_MIN;
    const enough = (): boolean => leaderChanges >= LEADER_CHANGES_MIN && controllerChanges >= controllersMin;

    /** Takes the active controller away until another one is active. */
    const loseController = async (kind: 'kill' | 'pause'): Promise<void> => {
      const lost = await cluster.untilController();
      if (kind === 'kill') await cluster.kill(lost);
      else cluster.pause(lost);
      await cluster.until('another controller', async () => (await cluster.untilController()) !== lost);
      controllerChanges += 1;
      if (kind === 'kill') await cluster.restart(lost);
      else cluster.resume(lost);
    };

    const servers = cluster.nodes.flatMap(({ id, role }) => (role === 'zookeeper' ? [id] : []));
    let produced = 0;
    let killing = true;
    const kill = async (): Promise<void> => {
      for (let round = 0; !enough() || produced < RECORDS / 2; round++) {
        const partition = round % PARTITIONS;
        const leader = await cluster.untilLeader('load', partition);
        // Where there is an ensemble, it loses a server in the same moment.
        const lost = [leader, ...servers.slice(round % 3, (round % 3) + 1)];
        await Promise.all(lost.map((id) => cluster.kill(id)));
        const before = produced;
        const next = await cluster.untilLeader('load', partition);
        if (next !== leader) leaderChanges += 1;
        await cluster.until('records under the next leader', () => produced > before);
        await Promise.all(lost.map((id) => cluster.restart(id)));
        await cluster.untilInSync('load');
        if (controllersMin > 0 && round % CONTROLLER_EVERY === 0) {
          await loseController(round % (2 * CONTROLLER_EVERY) === 0 ? 'kill' : 'pause');
          // Where a broker governs, it has replicas, too.
          await cluster.untilInSync('load');
        }
      }
      killing = false;
    };

    const acknowledged = Array.from({ length: PARTITIONS }, (): string[] => []);
    const writers = acknowledged.map((_, partition) => new PartitionWriter(cluster, 'load', partition));
    await Promise.all(writers.map((writer) => writer.connect()));
    const produce = async (partition: number): Promise<void> => {
      const own = acknowledged[partition] as string[];
      const writer = writers[partition] as PartitionWriter;
      while (produced < RECORDS || killing) {
        const values = Array.from({ length: BATCH }, (_, index) => `${own.length + index}`);
        await writer.write(values);
        own.push(...values);
        produced += values.length;
      }
      await writer.disconnect();
    };
    const producing = acknowledged.map((_, partition) => produce(partition));
    await Promise.all([...producing, kill()]);

    expect(leaderChanges).toBeGreaterThanOrEqual(LEADER_CHANGES_MIN);
    expect(controllerChanges).toBeGreaterThanOrEqual(controllersMin);
    expect(produced).toBeGreaterThanOrEqual(RECORDS);
    const read = await readWithPlatformatic(cluster, 'load', produced);
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const [was, is] = [acknowledged[partition] as string[], read.get(partition) ?? []];
      const differs = was.findIndex((value, index) => is[index] !== value);
      expect(differs, `partition ${partition}: ${is[differs]} where ${was[differs]} was acknowledged`).toBe(-1);
      expect(is.length).toBe(was.length);
    }
  },
  TIMEOUT_MS,
);
