import type { Cluster } from '@biquorum/cluster';
import { startTestCluster, type TestClusterOptions } from '@biquorum/cluster/testing';
import { describe, expect, test } from 'vitest';
import { createTopic, kafkaJs, PartitionWriter, readWithPlatformatic } from './support/clients.ts';
import { killEnsembleLeader, untilEnsembleServes } from './support/ensemble.ts';

const PARTITIONS = 12;
const BATCH = 20;

/** Writes to every partition of a topic until it is told to stop. An error of any send fails it. */
class Load {
  readonly #acknowledged: string[][] = Array.from({ length: PARTITIONS }, () => []);
  readonly #running: Promise<unknown>;
  readonly #cluster: Cluster;
  readonly #topic: string;
  #failure: unknown;
  #stopping = false;

  constructor(cluster: Cluster, topic: string) {
    this.#cluster = cluster;
    this.#topic = topic;
    this.#running = this.#run().catch((error: unknown) => {
      this.#failure = error;
    });
  }

  get count(): number {
    return this.#acknowledged.reduce((sum, { length }) => sum + length, 0);
  }

  /** Resolves when every partition has taken records that were sent from now on. */
  async untilServed(): Promise<void> {
    const before = this.#acknowledged.map(({ length }) => length + BATCH);
    await this.#cluster.until('records in every partition', () => {
      if (this.#failure !== undefined) throw this.#failure;
      return this.#acknowledged.every(({ length }, partition) => length > (before[partition] as number));
    });
  }

  /** Stops, and compares what another client reads with what was acknowledged. */
  async finish(): Promise<void> {
    this.#stopping = true;
    await this.#running;
    expect(this.#failure).toBeUndefined();
    const read = await readWithPlatformatic(this.#cluster, this.#topic, this.count);
    for (const [partition, was] of this.#acknowledged.entries()) {
      const is = read.get(partition) ?? [];
      const differs = was.findIndex((value, index) => is[index] !== value);
      expect(differs, `partition ${partition}: ${is[differs]} where ${was[differs]} was acknowledged`).toBe(-1);
      expect(is.length).toBe(was.length);
    }
  }

  async #run(): Promise<void> {
    await Promise.all(
      this.#acknowledged.map(async (own, partition) => {
        const writer = new PartitionWriter(this.#cluster, this.#topic, partition);
        await writer.connect();
        while (!this.#stopping && this.#failure === undefined) {
          const values = Array.from({ length: BATCH }, (_, index) => `${own.length + index}`);
          await writer.write(values);
          own.push(...values);
        }
        await writer.disconnect();
      }),
    );
  }
}

const FORMS: readonly (readonly [string, TestClusterOptions])[] = [
  ['KRaft mode in one process', { mode: 'kraft' }],
  ['KRaft mode in processes', { mode: 'kraft', processes: true }],
  ['ZooKeeper mode in processes, on an ensemble of three', { mode: 'zookeeper', zookeepers: 3, processes: true }],
];

describe.each(FORMS)('operations under load: %s', (_, form) => {
  test('a third of the partitions move to a broker that is added, and no error reaches a client', async () => {
    await using cluster = await startTestCluster(form);
    const kafka = kafkaJs(cluster);
    await createTopic(cluster, 't', PARTITIONS, { 'min.insync.replicas': '2' });
    const load = new Load(cluster, 't');
    await load.untilServed();

    const added = await cluster.addBroker();
    expect(added).toBe(4);
    const admin = kafka.admin();
    await admin.connect();
    const { topics } = await admin.fetchTopicMetadata({ topics: ['t'] });
    const moved = (topics[0]?.partitions ?? []).filter(({ partitionId }) => partitionId % 3 === 0);
    expect(moved).toHaveLength(PARTITIONS / 3);
    // The present leader goes, so that leaderships move as well.
    const partitionAssignment = moved.map(({ partitionId, leader, replicas }) => {
      return { partition: partitionId, replicas: [added, ...replicas.filter((id) => id !== leader)] };
    });
    await admin.alterPartitionReassignments({ topics: [{ topic: 't', partitionAssignment }], timeout: 30_000 });
    // Where there is an ensemble, its leader is lost in the middle of it.
    const lost = await killEnsembleLeader(cluster);
    await cluster.until('the end of the reassignment', async () => {
      const { topics: under } = await admin.listPartitionReassignments({ timeout: 30_000 });
      return under.length === 0;
    });
    await cluster.untilInSync('t');
    await load.untilServed();
    const after = await admin.fetchTopicMetadata({ topics: ['t'] });
    for (const { partition, replicas } of partitionAssignment) {
      const now = after.topics[0]?.partitions.find(({ partitionId }) => partitionId === partition);
      expect(now?.replicas).toEqual(replicas);
      expect(now?.isr.toSorted()).toEqual(replicas.toSorted());
    }
    await admin.disconnect();
    if (lost >= 0) await cluster.restart(lost);
    await load.finish();
  }, 240_000);

  test('all nodes are restarted one after the other, and no error reaches a client', async () => {
    await using cluster = await startTestCluster(form);
    await createTopic(cluster, 't', PARTITIONS, { 'min.insync.replicas': '2' });
    const load = new Load(cluster, 't');
    await load.untilServed();
    for (const { id, role } of cluster.nodes) {
      await cluster.stopNode(id);
      await load.untilServed();
      await cluster.restart(id);
      if (role === 'zookeeper') await untilEnsembleServes(cluster);
      await cluster.untilController();
      await cluster.untilInSync('t');
      await load.untilServed();
    }
    await load.finish();
  }, 240_000);
});
