import { afterEach, describe, expect, test } from 'vitest';
import { alterConfig, electLeader } from './support/administration.ts';
import { produce, readAll } from './support/data.ts';
import { TestCluster } from './support/test-cluster.ts';

const UNCLEAN = 'unclean.leader.election.enable';
let cluster: TestCluster;
afterEach(() => cluster.stop());

/** Two brokers; the one that still runs is not in sync: it lacks the last record, and its leader is dead. */
async function leaderless(properties: Record<string, string> = {}, configs: Record<string, string> = {}) {
  cluster = await new TestCluster(2, properties).start();
  const client = cluster.client();
  await cluster.createTopic(client, 't', 1, configs);
  const leader = await cluster.untilLeader('t');
  await cluster.untilIsr('t', 0, 2);
  const lagging = leader === 1 ? 2 : 1;
  await cluster.run(produce(client, leader, 't', ['on both']));
  cluster.kill(lagging);
  await cluster.untilIsr('t', 0, 1);
  await cluster.run(produce(client, leader, 't', ['on one']));
  cluster.kill(leader);
  await cluster.restart(lagging);
  return { client, lagging, dead: leader };
}

/** Long enough for everything that happens by itself. */
async function stays(leaderless: () => boolean): Promise<void> {
  for (let at = 0; at < 30_000; at += 1_000) {
    await cluster.world.time.runFor(1_000);
    expect(leaderless()).toBe(true);
  }
}

describe('a partition whose only in-sync replica is dead', () => {
  test('has no leader until that one is back, and loses nothing', async () => {
    const { client, lagging, dead } = await leaderless();
    await stays(() => cluster.leaderOf('t', 0) === undefined);
    expect((await cluster.run(produce(client, lagging, 't', ['refused']))).error).toBe('NOT_LEADER_OR_FOLLOWER');
    expect(await electLeader(client, 'preferred', 't', 0)).toBe('PREFERRED_LEADER_NOT_AVAILABLE');
    await cluster.restart(dead);
    expect(await cluster.untilLeader('t')).toBe(dead);
    await cluster.untilIsr('t', 0, 2);
    expect(await cluster.run(readAll(client, dead, 't'))).toEqual(['on both', 'on one']);
  });

  test('gets the other one as leader when ElectLeaders asks for an unclean election, at the price of its record', async () => {
    const { client, lagging, dead } = await leaderless();
    await stays(() => cluster.leaderOf('t', 0) === undefined);
    expect(await electLeader(client, 'unclean', 't', 0)).toBe('NONE');
    await goesOnWithout(client, lagging, dead);
    expect(await electLeader(client, 'unclean', 't', 0)).toBe('ELECTION_NOT_NEEDED');
    expect(await electLeader(client, 'unclean', 'missing', 0)).toBe('UNKNOWN_TOPIC_OR_PARTITION');
  });

  test('gets it at once where the topic allows it', async () => {
    const { client, lagging, dead } = await leaderless({}, { [UNCLEAN]: 'true' });
    await goesOnWithout(client, lagging, dead);
  });

  test('gets it as soon as the topic allows it', async () => {
    const { client, lagging, dead } = await leaderless();
    await stays(() => cluster.leaderOf('t', 0) === undefined);
    expect(await alterConfig(client, lagging, 'topic', 't', UNCLEAN, 'true')).toBe('NONE');
    await goesOnWithout(client, lagging, dead);
  });

  test('gets it as soon as all brokers allow it', async () => {
    const { client, lagging, dead } = await leaderless();
    expect(await alterConfig(client, lagging, 'broker', '', UNCLEAN, 'true')).toBe('NONE');
    await goesOnWithout(client, lagging, dead);
  });

  test('gets it where the file of the node allows it', async () => {
    const { client, lagging, dead } = await leaderless({ [UNCLEAN]: 'true' });
    await goesOnWithout(client, lagging, dead);
  });

  test('does not get it where the file of the node allows it and the topic does not', async () => {
    await leaderless({ [UNCLEAN]: 'true' }, { [UNCLEAN]: 'false' });
    await stays(() => cluster.leaderOf('t', 0) === undefined);
  });

  /** The lagging replica leads; the dead one returns and cuts what nobody else had. */
  async function goesOnWithout(client: ReturnType<TestCluster['client']>, lagging: number, dead: number) {
    expect(await cluster.untilLeader('t')).toBe(lagging);
    expect(await cluster.run(readAll(client, lagging, 't'))).toEqual(['on both']);
    expect(await cluster.run(produce(client, lagging, 't', ['instead']))).toEqual({ error: 'NONE', offset: 1 });
    await cluster.restart(dead);
    await cluster.untilIsr('t', 0, 2);
    await cluster.until(() => cluster.replica('t', 0, dead)?.log.endOffset === 2);
    // The one that was cut leads next, and has the same.
    cluster.kill(lagging);
    await cluster.untilLeader('t', 0, lagging);
    expect(await cluster.run(readAll(client, dead, 't'))).toEqual(['on both', 'instead']);
    await cluster.restart(lagging);
  }
});

describe('ElectLeaders', () => {
  test('gives a partition back to its preferred replica', async () => {
    cluster = await new TestCluster(3).start();
    const client = cluster.client();
    await cluster.createTopic(client, 't', 1);
    const preferred = await cluster.untilLeader('t');
    await cluster.untilIsr('t', 0, 3);
    expect(await electLeader(client, 'preferred', 't', 0)).toBe('ELECTION_NOT_NEEDED');
    await cluster.stopBroker(preferred);
    const other = await cluster.untilLeader('t', 0, preferred);
    await cluster.run(produce(client, other, 't', ['a']));
    await cluster.restart(preferred);
    await cluster.untilIsr('t', 0, 3);
    expect(cluster.leaderOf('t', 0)?.id).toBe(other);
    expect(await electLeader(client, 'preferred', 't', 0)).toBe('NONE');
    expect(await cluster.untilLeader('t', 0, other)).toBe(preferred);
    expect(await cluster.run(produce(client, preferred, 't', ['b']))).toEqual({ error: 'NONE', offset: 1 });
    expect(await cluster.run(readAll(client, preferred, 't'))).toEqual(['a', 'b']);
  });
});
