import { afterEach, expect, test } from 'vitest';
import { CooperativeConsumer, Ownership } from './support/cooperative-consumer.ts';
import { findCoordinator } from './support/group-member.ts';
import { TestCluster } from './support/test-cluster.ts';

const GROUP = 'cooperative';
const PARTITIONS = 6;
const HEARTBEAT_MS = 500;
let cluster: TestCluster;
afterEach(() => cluster.stop());

async function begin() {
  cluster = await new TestCluster(1).start();
  const client = cluster.client();
  await cluster.createTopic(client, 't', PARTITIONS);
  const coordinator = await findCoordinator(cluster, client, GROUP);
  const ownership = new Ownership();
  const failures: unknown[] = [];
  const { timers } = cluster.world.addHost('heart').ports;
  const pause = (): Promise<void> => new Promise((resolve) => void timers.set(HEARTBEAT_MS, resolve));
  const enter = (name: string, instanceId?: string): CooperativeConsumer => {
    const membership = instanceId === undefined ? { groupId: GROUP } : { groupId: GROUP, instanceId };
    const topic = { name: 't', partitions: PARTITIONS };
    const consumer = new CooperativeConsumer(name, cluster.client(name), coordinator, membership, topic, ownership);
    consumer.run(pause).catch((error: unknown) => failures.push(error));
    return consumer;
  };
  /** Lets the time run until so many partitions are owned by each of them, and for some more rounds. */
  const settled = async (...shares: readonly [CooperativeConsumer, number][]): Promise<void> => {
    await cluster.until(() => shares.every(([{ name }, count]) => ownership.of(name).length === count));
    await cluster.world.time.runFor(5 * HEARTBEAT_MS);
    for (const [{ name }, count] of shares) expect(ownership.of(name), name).toHaveLength(count);
    expect(failures).toEqual([]);
  };
  return { ownership, enter, settled };
}

test('a newcomer gets its share in a second rebalance, and nobody stops with what he keeps (KIP-429)', async () => {
  const { ownership, enter, settled } = await begin();
  const first = enter('first');
  await settled([first, 6]);
  expect(first.generations).toEqual([1]);

  const second = enter('second');
  await settled([first, 3], [second, 3]);
  // The first round only takes away, the second one gives.
  expect(first.revocations).toHaveLength(1);
  expect(first.revocations[0]).toHaveLength(3);
  expect(first.generations).toEqual([1, 2, 3]);
  expect(second.generations).toEqual([2, 3]);
  expect(second.revocations).toEqual([]);

  const third = enter('third');
  await settled([first, 2], [second, 2], [third, 2]);
  expect([first, second, third].map(({ generations }) => generations.at(-1))).toEqual([5, 5, 5]);
  expect(first.revocations.flat()).toHaveLength(4);
  expect(second.revocations.flat()).toHaveLength(1);
  expect(ownership.breaches).toEqual([]);
});

test('what a member that leaves has had goes to the others at once, and they keep theirs', async () => {
  const { ownership, enter, settled } = await begin();
  const [first, second, third] = [enter('first'), enter('second'), enter('third')];
  await settled([first, 2], [second, 2], [third, 2]);
  const kept = [first, second].flatMap(({ name }) => ownership.of(name));
  const revocations = [first, second].flatMap((it) => it.revocations).length;
  const generation = first.generations.at(-1) as number;
  void third.leave();
  await settled([first, 3], [second, 3]);
  for (const partition of kept) expect(['first', 'second']).toContain(ownership.owners.get(partition));
  expect([first, second].flatMap((it) => it.revocations)).toHaveLength(revocations);
  expect(first.generations.at(-1)).toBe(generation + 1);
  expect(ownership.breaches).toEqual([]);
});

test("the coordinator tells each round's leader what every member says it owns", async () => {
  const { enter, settled } = await begin();
  const first = enter('first');
  await settled([first, 6]);
  const second = enter('second');
  await settled([first, 3], [second, 3]);
  const described = cluster.broker(1).core?.groups.of(GROUP)?.describe(GROUP);
  // Subscription version 1: topics, no user data, then the owned partitions of the round before, as Kafka lays it out.
  const before = described?.members.map(({ metadata }) => metadata);
  const header = [0, 1, 0, 0, 0, 1, 0, 1, 0x74, 0xff, 0xff, 0xff, 0xff];
  expect(before).toHaveLength(2);
  for (const metadata of before ?? []) expect([...metadata.subarray(0, header.length)]).toEqual(header);
  const owned = (before ?? []).map((metadata) => metadata.length - header.length);
  // 4 bytes of count, and with one topic 2 + 1 of its name, 4 of a count and 4 for each partition.
  expect(owned.toSorted((a, b) => a - b)).toEqual([4, 4 + 3 + 4 + 3 * 4]);
});
