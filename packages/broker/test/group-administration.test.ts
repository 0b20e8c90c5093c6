import { errorName } from '@biquorum/kafka-wire';
import { encodeSubscription } from '@biquorum/kafka-wire/consumer-protocol';
import { deleteGroupsRequest, deleteGroupsResponse } from '@biquorum/kafka-wire/messages/delete-groups';
import { deleteTopicsRequest, deleteTopicsResponse } from '@biquorum/kafka-wire/messages/delete-topics';
import { describeGroupsRequest, describeGroupsResponse } from '@biquorum/kafka-wire/messages/describe-groups';
import { listGroupsRequest, listGroupsResponse } from '@biquorum/kafka-wire/messages/list-groups';
import { offsetDeleteRequest, offsetDeleteResponse } from '@biquorum/kafka-wire/messages/offset-delete';
import { afterEach, describe, expect, test } from 'vitest';
import { commitOffset, committedOffset, findCoordinator, GroupMember, type Joined } from './support/group-member.ts';
import { type TestClient, TestCluster } from './support/test-cluster.ts';

const GROUP = 'g';
const SUBSCRIBED = encodeSubscription({ topics: ['t'] }, 1);
let cluster: TestCluster;
afterEach(() => cluster.stop());

async function begin(size = 1) {
  cluster = await new TestCluster(size).start();
  const client = cluster.client();
  await cluster.createTopic(client, 't', 2);
  await cluster.createTopic(client, 'u', 1);
  const coordinator = await findCoordinator(cluster, client, GROUP);
  const member = (name: string, instanceId?: string): GroupMember => {
    const static_ = instanceId === undefined ? {} : { instanceId };
    return new GroupMember(cluster.client(name), coordinator, { groupId: GROUP, protocol: 'range', ...static_ });
  };
  return { client, coordinator, member };
}

/** Joins alone and takes everything. */
async function lead(member: GroupMember): Promise<Joined> {
  const joined = await cluster.run(member.join(SUBSCRIBED));
  const assignments = new Map([...joined.members.keys()].map((id) => [id, Uint8Array.of(1)]));
  expect((await cluster.run(member.sync(assignments))).error).toBe('NONE');
  return joined;
}

async function deleteOffsets(
  client: TestClient,
  broker: number,
  groupId: string,
  topic: string,
  partitionIndex = 0,
): Promise<string> {
  const topics = [{ name: topic, partitions: [{ partitionIndex }] }];
  const answer = await client.ask(broker, offsetDeleteRequest, offsetDeleteResponse, 0, { groupId, topics });
  const whole = errorName(answer.errorCode);
  return whole === 'NONE' ? errorName(answer.topics[0]?.partitions[0]?.errorCode ?? -1) : `whole: ${whole}`;
}

async function deleteGroup(client: TestClient, broker: number, groupId: string): Promise<string> {
  const answer = await client.ask(broker, deleteGroupsRequest, deleteGroupsResponse, 2, { groupsNames: [groupId] });
  return errorName(answer.results[0]?.errorCode ?? -1);
}

async function listed(client: TestClient, broker: number): Promise<string[]> {
  const { groups } = await client.ask(broker, listGroupsRequest, listGroupsResponse, 4, {});
  return groups.map(({ groupId, groupState }) => `${groupId} ${groupState}`);
}

describe('OffsetDelete', () => {
  test('spares the topics that the group consumes, deletes the others, and that holds across a restart', async () => {
    const { client, coordinator, member } = await begin();
    const consumer = member('consumer');
    await lead(consumer);
    expect(await cluster.run(consumer.commit('t', 0, 5))).toBe('NONE');
    expect(await cluster.run(consumer.commit('u', 0, 6))).toBe('NONE');
    expect(await deleteOffsets(client, coordinator, GROUP, 't')).toBe('GROUP_SUBSCRIBED_TO_TOPIC');
    expect(await deleteOffsets(client, coordinator, GROUP, 'u')).toBe('NONE');
    expect(await deleteOffsets(client, coordinator, GROUP, 'u', 7)).toBe('UNKNOWN_TOPIC_OR_PARTITION');
    expect(await deleteOffsets(client, coordinator, 'stranger', 'u')).toBe('whole: GROUP_ID_NOT_FOUND');
    const offsets = (): Promise<unknown[]> =>
      cluster.run(Promise.all(['t', 'u'].map((topic) => committedOffset(client, coordinator, GROUP, topic, 0))));
    expect(await offsets()).toEqual([5, -1]);
    cluster.kill(1);
    await cluster.restart(1);
    await findCoordinator(cluster, client, GROUP);
    expect(await offsets()).toEqual([5, -1]);
  });

  test('deletes everything that a group without members has committed', async () => {
    const { client, coordinator } = await begin();
    await cluster.run(commitOffset(client, coordinator, GROUP, 't', 1, 9));
    expect(await deleteOffsets(client, coordinator, GROUP, 't', 1)).toBe('NONE');
    expect(await cluster.run(committedOffset(client, coordinator, GROUP, 't', 1))).toBe(-1);
  });
});

describe('DeleteGroups', () => {
  test('refuses a group with members, deletes it once they have left, and the next coordinator does not know it', async () => {
    const { client, coordinator, member } = await begin(3);
    const consumer = member('consumer');
    await lead(consumer);
    await cluster.run(consumer.commit('t', 0, 5));
    expect(await deleteGroup(client, coordinator, GROUP)).toBe('NON_EMPTY_GROUP');
    expect(await deleteGroup(client, coordinator, 'stranger')).toBe(
      cluster.broker(coordinator).core?.groups.of('stranger') === undefined ? 'NOT_COORDINATOR' : 'GROUP_ID_NOT_FOUND',
    );
    expect(await cluster.run(consumer.leave())).toBe('NONE');
    expect(await listed(client, coordinator)).toEqual([`${GROUP} Empty`]);
    expect(await deleteGroup(client, coordinator, GROUP)).toBe('NONE');
    expect(await deleteGroup(client, coordinator, GROUP)).toBe('GROUP_ID_NOT_FOUND');
    expect(await listed(client, coordinator)).toEqual([]);
    cluster.kill(coordinator);
    const next = await findCoordinator(cluster, client, GROUP);
    expect(await listed(client, next)).toEqual([]);
    expect(await cluster.run(committedOffset(client, next, GROUP, 't', 0))).toBe(-1);
  });
});

describe('offsets of a topic', () => {
  test('go when it is deleted', async () => {
    const { client, coordinator } = await begin();
    await cluster.run(commitOffset(client, coordinator, GROUP, 't', 0, 5));
    await cluster.run(commitOffset(client, coordinator, GROUP, 'u', 0, 6));
    const body = { topicNames: ['u'], timeoutMs: 10_000 };
    await client.administer(deleteTopicsRequest, deleteTopicsResponse, 5, body);
    await cluster.world.time.runFor(1_000);
    expect(await cluster.run(committedOffset(client, coordinator, GROUP, 'u', 0))).toBe(-1);
    expect(await cluster.run(committedOffset(client, coordinator, GROUP, 't', 0))).toBe(5);
  });
});

describe('a static member (KIP-345)', () => {
  async function state(client: TestClient, broker: number) {
    const { groups } = await client.ask(broker, describeGroupsRequest, describeGroupsResponse, 5, { groups: [GROUP] });
    const members = (groups[0]?.members ?? []).map(({ groupInstanceId }) => groupInstanceId);
    return { state: groups[0]?.groupState, members: members.toSorted() };
  }

  test('that restarts within its session keeps its assignment, and the others notice nothing', async () => {
    const { client, coordinator, member } = await begin();
    const [one, two] = [member('one', 'i1'), member('two', 'i2')];
    await lead(one);
    const joining = cluster.run(two.join(SUBSCRIBED));
    await cluster.world.time.runFor(100);
    const again = await cluster.run(one.join(SUBSCRIBED));
    await joining;
    const assignments = new Map([
      [one.memberId, Uint8Array.of(11)],
      [two.memberId, Uint8Array.of(22)],
    ]);
    const synced = two.sync();
    await cluster.run(one.sync(assignments));
    expect([...(await cluster.run(synced)).assignment]).toEqual([22]);

    // The second one's process dies and another takes its name.
    const successor = member('successor', 'i2');
    const rejoined = await cluster.run(successor.join(SUBSCRIBED));
    expect(rejoined).toMatchObject({ error: 'NONE', generation: again.generation });
    expect([...(await cluster.run(successor.sync())).assignment]).toEqual([22]);
    expect(await cluster.run(one.heartbeat())).toBe('NONE');
    expect(await cluster.run(two.heartbeat())).toBe('FENCED_INSTANCE_ID');
    expect(await cluster.run(two.commit('t', 0, 1))).toBe('FENCED_INSTANCE_ID');
    expect((await cluster.run(two.join(SUBSCRIBED))).error).toBe('FENCED_INSTANCE_ID');
    expect(await cluster.run(successor.commit('t', 0, 1))).toBe('NONE');
    expect(await state(client, coordinator)).toEqual({ state: 'Stable', members: ['i1', 'i2'] });
  });

  test('that stays away is out when its session ends, and the rest join again', async () => {
    const { client, coordinator, member } = await begin();
    const [one, two] = [member('one', 'i1'), member('two', 'i2')];
    await lead(one);
    const joining = cluster.run(two.join(SUBSCRIBED));
    await cluster.world.time.runFor(100);
    await cluster.run(one.join(SUBSCRIBED));
    await joining;
    const synced = two.sync();
    await cluster.run(one.sync());
    await cluster.run(synced);
    let error = 'NONE';
    const startMs = cluster.world.time.nowMs;
    while (error === 'NONE') {
      await cluster.world.time.runFor(1_000);
      error = await cluster.run(one.heartbeat());
    }
    expect(error).toBe('REBALANCE_IN_PROGRESS');
    expect(cluster.world.time.nowMs - startMs).toBeGreaterThanOrEqual(10_000);
    expect(cluster.world.time.nowMs - startMs).toBeLessThanOrEqual(12_000);
    await lead(one);
    expect(await state(client, coordinator)).toEqual({ state: 'Stable', members: ['i1'] });
  });

  test('is known to the next coordinator by its name', async () => {
    const { client, coordinator, member } = await begin(3);
    await lead(member('one', 'i1'));
    cluster.kill(coordinator);
    const next = await findCoordinator(cluster, client, GROUP);
    expect(await state(client, next)).toEqual({ state: 'Stable', members: ['i1'] });
    const membership = { groupId: GROUP, protocol: 'range', instanceId: 'i1' };
    const successor = new GroupMember(cluster.client('successor'), next, membership);
    expect(await cluster.run(successor.join(SUBSCRIBED))).toMatchObject({ error: 'NONE', generation: 1 });
    expect([...(await cluster.run(successor.sync())).assignment]).toEqual([1]);
  });
});
