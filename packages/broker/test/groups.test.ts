import { errorName } from '@biquorum/kafka-wire';
import { describeGroupsRequest, describeGroupsResponse } from '@biquorum/kafka-wire/messages/describe-groups';
import { findCoordinatorRequest, findCoordinatorResponse } from '@biquorum/kafka-wire/messages/find-coordinator';
import { heartbeatRequest, heartbeatResponse } from '@biquorum/kafka-wire/messages/heartbeat';
import { joinGroupRequest, joinGroupResponse } from '@biquorum/kafka-wire/messages/join-group';
import { leaveGroupRequest, leaveGroupResponse } from '@biquorum/kafka-wire/messages/leave-group';
import { listGroupsRequest, listGroupsResponse } from '@biquorum/kafka-wire/messages/list-groups';
import { offsetCommitRequest, offsetCommitResponse } from '@biquorum/kafka-wire/messages/offset-commit';
import { offsetFetchRequest, offsetFetchResponse } from '@biquorum/kafka-wire/messages/offset-fetch';
import { syncGroupRequest, syncGroupResponse } from '@biquorum/kafka-wire/messages/sync-group';
import { afterEach, describe, expect, test } from 'vitest';
import { type TestClient, TestCluster } from './support/test-cluster.ts';

const GROUP = 'g';
let cluster: TestCluster;
afterEach(() => cluster.stop());

async function start(size: number, properties: Record<string, string> = {}) {
  cluster = await new TestCluster(size, properties).start();
  const client = cluster.client();
  await cluster.createTopic(client, 't', 3);
  return client;
}

/** Asks any broker until there is a coordinator that has loaded. */
async function findCoordinator(client: TestClient): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const asked = cluster.brokers[attempt % cluster.brokers.length]?.id ?? 1;
    const found = await client.ask(asked, findCoordinatorRequest, findCoordinatorResponse, 3, { key: GROUP });
    if (errorName(found.errorCode) === 'NONE' && cluster.brokers.some(({ id }) => id === found.nodeId)) {
      if (cluster.broker(found.nodeId).core?.groups.of(GROUP)?.list() != null) return found.nodeId;
    }
    await cluster.world.time.runFor(100);
  }
  throw new Error('no coordinator');
}

interface Joined {
  readonly error: string;
  readonly memberId: string;
  readonly generation: number;
  readonly leader: string;
  readonly members: readonly string[];
}

async function join(
  client: TestClient,
  broker: number,
  memberId = '',
  instance: string | null = null,
): Promise<Joined> {
  const answer = await client.send(broker, joinGroupRequest, joinGroupResponse, 7, {
    groupId: GROUP,
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 20_000,
    memberId,
    groupInstanceId: instance,
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: SUBSCRIPTION }],
  });
  const error = errorName(answer.errorCode);
  if (error === 'MEMBER_ID_REQUIRED') return join(client, broker, answer.memberId, instance);
  const members = answer.members.map((member) => member.memberId);
  return { error, memberId: answer.memberId, generation: answer.generationId, leader: answer.leader, members };
}

/** The members' assignments are their own names. */
async function sync(client: TestClient, broker: number, joined: Joined, instance: string | null = null) {
  const { memberId, generation: generationId, members } = joined;
  const assignments = members.map((name) => ({ memberId: name, assignment: new TextEncoder().encode(name) }));
  const body = { groupId: GROUP, generationId, memberId, groupInstanceId: instance, assignments };
  const answer = await client.send(broker, syncGroupRequest, syncGroupResponse, 4, body);
  return { error: errorName(answer.errorCode), assignment: new TextDecoder().decode(answer.assignment) };
}

async function heartbeat(client: TestClient, broker: number, { memberId, generation }: Joined): Promise<string> {
  const body = { groupId: GROUP, generationId: generation, memberId };
  return errorName((await client.send(broker, heartbeatRequest, heartbeatResponse, 3, body)).errorCode);
}

async function commit(
  client: TestClient,
  broker: number,
  offset: number,
  member: Pick<Joined, 'memberId' | 'generation'> = { memberId: '', generation: -1 },
): Promise<string> {
  const { topics } = await client.send(broker, offsetCommitRequest, offsetCommitResponse, 7, {
    groupId: GROUP,
    generationIdOrMemberEpoch: member.generation,
    memberId: member.memberId,
    topics: [{ name: 't', partitions: [{ partitionIndex: 0, committedOffset: offset, committedMetadata: 'm' }] }],
  });
  return errorName(topics[0]?.partitions[0]?.errorCode ?? -1);
}

async function committed(client: TestClient, broker: number): Promise<[string, number]> {
  const body = { groupId: GROUP, topics: [{ name: 't', partitionIndexes: [0] }] };
  const { errorCode, topics } = await client.send(broker, offsetFetchRequest, offsetFetchResponse, 6, body);
  return [errorName(errorCode), topics[0]?.partitions[0]?.committedOffset ?? -2];
}

async function stateOf(client: TestClient, broker: number): Promise<string> {
  const body = { groups: [GROUP] };
  const { groups } = await client.ask(broker, describeGroupsRequest, describeGroupsResponse, 5, body);
  return groups[0]?.groupState ?? '';
}

describe('a group', () => {
  test('joins, gets its assignments from its leader, beats, commits and resumes', async () => {
    const client = await start(3);
    const coordinator = await findCoordinator(client);
    const first = await cluster.run(join(client, coordinator));
    expect(first).toMatchObject({ error: 'NONE', generation: 1, leader: first.memberId, members: [first.memberId] });
    expect(await cluster.run(sync(client, coordinator, first))).toEqual({ error: 'NONE', assignment: first.memberId });
    expect(await cluster.run(heartbeat(client, coordinator, first))).toBe('NONE');
    expect(await cluster.run(commit(client, coordinator, 7, first))).toBe('NONE');
    expect(await cluster.run(committed(client, coordinator))).toEqual(['NONE', 7]);
    expect(await stateOf(client, coordinator)).toBe('Stable');
    // A stranger may not commit while the group lives.
    expect(await cluster.run(commit(client, coordinator, 9))).toBe('UNKNOWN_MEMBER_ID');
  });

  test('rebalances when a second member comes, and when one stops beating', async () => {
    const client = await start(1);
    const coordinator = await findCoordinator(client);
    const [one, two] = [cluster.client('one'), cluster.client('two')];
    const alone = await cluster.run(join(one, coordinator));
    await cluster.run(sync(one, coordinator, alone));
    const newcomer = join(two, coordinator);
    await cluster.world.time.runFor(100);
    expect(await cluster.run(heartbeat(one, coordinator, alone))).toBe('REBALANCE_IN_PROGRESS');
    const again = await cluster.run(join(one, coordinator, alone.memberId));
    const second = await cluster.run(newcomer);
    expect([again.generation, second.generation]).toEqual([2, 2]);
    expect(again.members).toHaveLength(2);
    const synced = sync(two, coordinator, second);
    await cluster.run(sync(one, coordinator, again));
    expect((await cluster.run(synced)).assignment).toBe(second.memberId);
    // The first one beats on, the second is gone after its session.
    for (let beats = 0; beats < 3; beats++) {
      await cluster.world.time.runFor(4_000);
      await cluster.run(heartbeat(one, coordinator, again));
    }
    const last = await cluster.run(join(one, coordinator, again.memberId));
    expect(last).toMatchObject({ generation: 3, members: [again.memberId] });
    expect(await cluster.run(heartbeat(two, coordinator, second))).toBe('UNKNOWN_MEMBER_ID');
  });

  test('lets a static member come back under its name without a rebalance, and fences the one before', async () => {
    const client = await start(1);
    const coordinator = await findCoordinator(client);
    const [one, two] = [cluster.client('one'), cluster.client('two')];
    const before = await cluster.run(join(one, coordinator, '', 'static'));
    await cluster.run(sync(one, coordinator, before, 'static'));
    const after = await cluster.run(join(two, coordinator, '', 'static'));
    expect(after).toMatchObject({ error: 'NONE', generation: 1 });
    expect(after.memberId).not.toBe(before.memberId);
    const body = { groupId: GROUP, generationId: 1, memberId: before.memberId, groupInstanceId: 'static' };
    const beat = await one.ask(coordinator, heartbeatRequest, heartbeatResponse, 3, body);
    expect(errorName(beat.errorCode)).toBe('FENCED_INSTANCE_ID');
    // It is removed by its name.
    const left = await client.ask(coordinator, leaveGroupRequest, leaveGroupResponse, 3, {
      groupId: GROUP,
      members: [{ memberId: '', groupInstanceId: 'static' }],
    });
    expect(errorName(left.members[0]?.errorCode ?? -1)).toBe('NONE');
    expect(await stateOf(client, coordinator)).toBe('Empty');
  });

  test('loses its offsets after their retention, and then is gone, across a restart', async () => {
    const expiry = { 'offsets.retention.minutes': '1', 'offsets.retention.check.interval.ms': '5000' };
    const client = await start(1, expiry);
    const coordinator = await findCoordinator(client);
    expect(await cluster.run(commit(client, coordinator, 5))).toBe('NONE');
    await cluster.world.time.runFor(30_000);
    expect(await cluster.run(committed(client, coordinator))).toEqual(['NONE', 5]);
    await cluster.world.time.runFor(40_000);
    expect(await cluster.run(committed(client, coordinator))).toEqual(['NONE', -1]);
    await cluster.stopBroker(1);
    await cluster.restart(1);
    expect(await findCoordinator(client)).toBe(1);
    expect(await cluster.run(committed(client, 1))).toEqual(['NONE', -1]);
    const { groups } = await client.ask(1, listGroupsRequest, listGroupsResponse, 4, {});
    expect(groups).toEqual([]);
  });
});

describe('when the coordinator', () => {
  test('dies, another broker goes on with members, generation and offsets', async () => {
    const client = await start(3);
    const coordinator = await findCoordinator(client);
    const member = await cluster.run(join(client, coordinator));
    await cluster.run(sync(client, coordinator, member));
    expect(await cluster.run(commit(client, coordinator, 41, member))).toBe('NONE');
    expect(await cluster.run(commit(client, coordinator, 42, member))).toBe('NONE');
    cluster.kill(coordinator);
    await cluster.until(() => cluster.brokers.some(({ core }) => core?.groups.of(GROUP)?.list() != null));
    const next = await findCoordinator(client);
    expect(next).not.toBe(coordinator);
    expect(await cluster.run(heartbeat(client, next, member))).toBe('NONE');
    expect(await cluster.run(committed(client, next))).toEqual(['NONE', 42]);
    expect(await cluster.run(commit(client, next, 43, member))).toBe('NONE');
    expect(await stateOf(client, next)).toBe('Stable');
    const other = [1, 2, 3].find((id) => id !== coordinator && id !== next) as number;
    expect(await cluster.run(heartbeat(client, other, member))).toBe('NOT_COORDINATOR');
    await cluster.restart(coordinator);
    expect(await cluster.run(committed(client, next))).toEqual(['NONE', 43]);
  });

  test('stops in order, the group moves on without its sessions running out', async () => {
    const client = await start(3);
    const coordinator = await findCoordinator(client);
    const member = await cluster.run(join(client, coordinator));
    await cluster.run(sync(client, coordinator, member));
    await cluster.run(commit(client, coordinator, 5, member));
    const stopping = cluster.stopBroker(coordinator);
    await stopping;
    const next = await findCoordinator(client);
    expect(next).not.toBe(coordinator);
    expect(await cluster.run(heartbeat(client, next, member))).toBe('NONE');
    expect(await cluster.run(committed(client, next))).toEqual(['NONE', 5]);
  });

  test('is cut off from its replicas, no commit is acknowledged that could be lost', async () => {
    const client = await start(3, { 'offsets.commit.timeout.ms': '2000', 'replica.lag.time.max.ms': '600000' });
    const coordinator = await findCoordinator(client);
    expect(await cluster.run(commit(client, coordinator, 1))).toBe('NONE');
    for (const id of [1, 2, 3]) if (id !== coordinator) cluster.separate(coordinator, id);
    expect(await cluster.run(commit(client, coordinator, 2))).not.toBe('NONE');
    expect(await cluster.run(committed(client, coordinator))).toEqual(['NONE', 1]);
  });

  test('restarts on its data, it has the group again', async () => {
    const client = await start(1);
    const coordinator = await findCoordinator(client);
    const member = await cluster.run(join(client, coordinator));
    await cluster.run(sync(client, coordinator, member));
    await cluster.run(commit(client, coordinator, 3, member));
    cluster.kill(1);
    await cluster.restart(1);
    await findCoordinator(client);
    expect(await cluster.run(heartbeat(client, 1, member))).toBe('NONE');
    expect(await cluster.run(committed(client, 1))).toEqual(['NONE', 3]);
  });
});

/** Subscription version 0 to topic `t`, as Kafka's consumers encode it. */
const SUBSCRIPTION = new Uint8Array([0, 0, 0, 0, 0, 1, 0, 1, 0x74, 0xff, 0xff, 0xff, 0xff]);
