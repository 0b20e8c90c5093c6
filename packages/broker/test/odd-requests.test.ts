import { errorName, type Init } from '@biquorum/kafka-wire';
import { deleteGroupsRequest, deleteGroupsResponse } from '@biquorum/kafka-wire/messages/delete-groups';
import { deleteRecordsRequest, deleteRecordsResponse } from '@biquorum/kafka-wire/messages/delete-records';
import { describeProducersRequest, describeProducersResponse } from '@biquorum/kafka-wire/messages/describe-producers';
import { type FetchRequest, fetchRequest, fetchResponse } from '@biquorum/kafka-wire/messages/fetch';
import { leaveGroupRequest, leaveGroupResponse } from '@biquorum/kafka-wire/messages/leave-group';
import { listOffsetsRequest, listOffsetsResponse } from '@biquorum/kafka-wire/messages/list-offsets';
import { offsetCommitRequest, offsetCommitResponse } from '@biquorum/kafka-wire/messages/offset-commit';
import { syncGroupRequest, syncGroupResponse } from '@biquorum/kafka-wire/messages/sync-group';
import { afterEach, describe, expect, test } from 'vitest';
import { produce } from './support/data.ts';
import { type TestClient, TestCluster } from './support/test-cluster.ts';

// What a broker of Apache Kafka 3.9.2 was seen to answer.

let cluster: TestCluster;
afterEach(() => cluster.stop());

async function start(): Promise<TestClient> {
  cluster = await new TestCluster(1).start();
  const client = cluster.client();
  await cluster.createTopic(client, 't', 1);
  await cluster.createTopic(client, '__consumer_offsets', 2);
  return client;
}

const nameOf = (row: { readonly errorCode: number } | undefined): string => errorName(row?.errorCode ?? -1);

test.each([
  ['t', -1, 'UNKNOWN_TOPIC_OR_PARTITION'],
  ['t', 1, 'UNKNOWN_TOPIC_OR_PARTITION'],
  ['__consumer_offsets', 0, 'INVALID_TOPIC_EXCEPTION'],
  ['__consumer_offsets', 2, 'UNKNOWN_TOPIC_OR_PARTITION'],
  ['__transaction_state', 0, 'UNKNOWN_TOPIC_OR_PARTITION'],
])('producing to partition %s %i is refused: %s', async (topic, partition, error) => {
  const client = await start();
  expect((await cluster.run(produce(client, 1, topic, ['a'], { partition }))).error).toBe(error);
});

describe('fetching', () => {
  async function fetchRow(client: TestClient, version: number, more: Init<FetchRequest>, partition = 0, epoch = -1) {
    const wish = { partition, fetchOffset: 0, partitionMaxBytes: 1000, currentLeaderEpoch: epoch };
    const topics = [{ topic: 't', partitions: [wish] }];
    const body = { replicaId: -1, maxWaitMs: 0, minBytes: 0, maxBytes: 1000, topics, ...more };
    return (await client.ask(1, fetchRequest, fetchResponse, version, body)).responses[0]?.partitions[0];
  }

  test('as a follower that is no replica is refused, and shown no records', async () => {
    const client = await start();
    await cluster.run(produce(client, 1, 't', ['a']));
    const old = await fetchRow(client, 8, { replicaId: 9 });
    expect(nameOf(old)).toBe('NOT_LEADER_OR_FOLLOWER');
    expect(old?.records?.length ?? 0).toBe(0);
    // One that knows the epoch may have been added a moment ago.
    expect(nameOf(await fetchRow(client, 12, { replicaId: 9 }, 0, 0))).toBe('UNKNOWN_LEADER_EPOCH');
    expect(nameOf(await fetchRow(client, 12, { replicaId: -1 }, 0, 0))).toBe('NONE');
  });

  test('brings an empty list of aborted transactions only where Java does', async () => {
    const client = await start();
    const abortedOf = async (more: Init<FetchRequest>, partition = 0): Promise<unknown> =>
      (await fetchRow(client, 12, more, partition))?.abortedTransactions;
    expect(await abortedOf({ isolationLevel: 0 })).toBeNull();
    expect(await abortedOf({ isolationLevel: 1 })).toEqual([]);
    expect(await abortedOf({ isolationLevel: 0 }, 9)).toEqual([]);
    expect(await abortedOf({ isolationLevel: 0 }, -1)).toEqual([]);
  });
});

test.each([
  ['the greatest timestamp', -3n, 7],
  ['the local start', -4n, 8],
  ['the end of what is tiered', -5n, 9],
])('%s is unknown to ListOffsets before it came', async (_, timestamp, first) => {
  const client = await start();
  const errorIn = async (version: number): Promise<string> => {
    const topics = [{ name: 't', partitions: [{ partitionIndex: 0, timestamp }] }];
    const answer = await client.ask(1, listOffsetsRequest, listOffsetsResponse, version, { replicaId: -1, topics });
    return nameOf(answer.topics[0]?.partitions[0]);
  };
  expect(await errorIn(1)).toBe('UNSUPPORTED_VERSION');
  expect(await errorIn(first - 1)).toBe('UNSUPPORTED_VERSION');
  expect(await errorIn(first)).toBe('NONE');
});

test('negative timestamps without a meaning are unknown to ListOffsets in all versions but the first', async () => {
  const client = await start();
  for (let version = 1; version <= listOffsetsRequest.highestVersion; version++) {
    const topics = [{ name: 't', partitions: [{ partitionIndex: 0, timestamp: -6n }] }];
    const answer = await client.ask(1, listOffsetsRequest, listOffsetsResponse, version, { replicaId: -1, topics });
    expect(nameOf(answer.topics[0]?.partitions[0])).toBe('UNSUPPORTED_VERSION');
  }
});

describe('a group', () => {
  test('commits nothing for partitions that do not exist, whatever their number', async () => {
    const client = await start();
    await cluster.until(() => cluster.broker(1).core?.groups.of('g')?.list() != null);
    const partitions = [-1, 0, 1].map((partitionIndex) => ({
      partitionIndex,
      committedOffset: 3,
      committedMetadata: '',
    }));
    const body = { groupId: 'g', generationIdOrMemberEpoch: -1, memberId: '', topics: [{ name: 't', partitions }] };
    const answer = await client.ask(1, offsetCommitRequest, offsetCommitResponse, 8, body);
    // Apache answers partitions that do not exist first.
    expect(answer.topics[0]?.partitions.map(nameOf)).toEqual([
      'UNKNOWN_TOPIC_OR_PARTITION',
      'UNKNOWN_TOPIC_OR_PARTITION',
      'NONE',
    ]);
  });

  test('has members that name their protocol when they ask for the assignment', async () => {
    const client = await start();
    const body = { groupId: 'g', generationId: 1, memberId: 'm', assignments: [] };
    const ask = (version: number, more: object): Promise<{ readonly errorCode: number }> =>
      client.ask(1, syncGroupRequest, syncGroupResponse, version, { ...body, ...more });
    expect(nameOf(await ask(5, { protocolType: 'consumer' }))).toBe('INCONSISTENT_GROUP_PROTOCOL');
    expect(nameOf(await ask(5, { protocolName: 'range' }))).toBe('INCONSISTENT_GROUP_PROTOCOL');
    expect(nameOf(await ask(4, {}))).not.toBe('INCONSISTENT_GROUP_PROTOCOL');
  });

  test('without a name is left by nobody', async () => {
    const client = await start();
    for (const members of [[], [{ memberId: 'm', groupInstanceId: null }]]) {
      const answer = await client.ask(1, leaveGroupRequest, leaveGroupResponse, 4, { groupId: '', members });
      expect([nameOf(answer), answer.members]).toEqual(['INVALID_GROUP_ID', []]);
    }
  });

  test('that is named twice is deleted once', async () => {
    const client = await start();
    const body = { groupsNames: ['g', 'h', 'g'] };
    const { results } = await client.ask(1, deleteGroupsRequest, deleteGroupsResponse, 2, body);
    expect(results.map(({ groupId }) => groupId)).toEqual(['g', 'h']);
  });
});

test('records of internal topics cannot be deleted', async () => {
  const client = await start();
  const partitions = [0, 9].map((partitionIndex) => ({ partitionIndex, offset: 0 }));
  const body = { topics: [{ name: '__consumer_offsets', partitions }], timeoutMs: 1000 };
  const { topics } = await client.ask(1, deleteRecordsRequest, deleteRecordsResponse, 2, body);
  expect(topics[0]?.partitions.map(nameOf)).toEqual(['INVALID_TOPIC_EXCEPTION', 'UNKNOWN_TOPIC_OR_PARTITION']);
});

test('producers of a topic that cannot be are not described', async () => {
  const client = await start();
  const body = { topics: ['no/name', 'missing'].map((name) => ({ name, partitionIndexes: [0] })) };
  const { topics } = await client.ask(1, describeProducersRequest, describeProducersResponse, 0, body);
  expect(topics.map(({ partitions }) => partitions.map(nameOf))).toEqual([
    ['INVALID_TOPIC_EXCEPTION'],
    ['UNKNOWN_TOPIC_OR_PARTITION'],
  ]);
});
