import { errorCode } from '@biquorum/kafka-wire';
import {
  type DescribeTopicPartitionsRequest,
  type DescribeTopicPartitionsResponse,
  describeTopicPartitionsRequest,
  describeTopicPartitionsResponse,
} from '@biquorum/kafka-wire/messages/describe-topic-partitions';
import { afterEach, describe, expect, test } from 'vitest';
import { type TestClient, TestCluster } from './support/test-cluster.ts';

let cluster: TestCluster;
afterEach(() => cluster.stop());

async function ask(
  client: TestClient,
  names: readonly string[],
  more: Partial<Pick<DescribeTopicPartitionsRequest, 'cursor' | 'responsePartitionLimit'>> = {},
  broker = 1,
): Promise<DescribeTopicPartitionsResponse> {
  const body = { topics: names.map((name) => ({ name })), ...more };
  return client.ask(broker, describeTopicPartitionsRequest, describeTopicPartitionsResponse, 0, body);
}

describe('DescribeTopicPartitions', () => {
  test('lists no eligible leaders as an empty list, which Java walks, and not as null', async () => {
    cluster = await new TestCluster(1).start();
    const client = cluster.client();
    await cluster.createTopic(client, 't', 2);
    const { topics } = await ask(client, ['t']);
    expect(topics[0]?.partitions).toMatchObject([
      { partitionIndex: 0, leaderId: 1, eligibleLeaderReplicas: [], lastKnownElr: [] },
      { partitionIndex: 1, leaderId: 1, eligibleLeaderReplicas: [], lastKnownElr: [] },
    ]);
  });

  test('tells of a partition that has lost its leader without an error, as Java does', async () => {
    cluster = await new TestCluster(2).start();
    const client = cluster.client();
    await cluster.createTopic(client, 't', 1);
    const leader = await cluster.untilLeader('t');
    const other = leader === 1 ? 2 : 1;
    await cluster.stopBroker(other);
    await cluster.until(() => cluster.broker(leader).view.topics.get('t')?.isrOf(0).length === 1);
    cluster.kill(leader);
    await cluster.restart(other);
    await cluster.until(() => cluster.broker(other).view.topics.get('t')?.leaderOf(0) === -1);
    const { topics } = await ask(client, ['t'], {}, other);
    expect(topics[0]?.partitions).toMatchObject([
      { errorCode: 0, leaderId: -1, isrNodes: [leader], offlineReplicas: [leader] },
    ]);
  });

  test('names topics that are not there, with why', async () => {
    cluster = await new TestCluster(1).start();
    const client = cluster.client();
    const { topics } = await ask(client, ['no/name', 'missing']);
    expect(topics.map(({ name, errorCode }) => [name, errorCode])).toEqual([
      ['missing', errorCode('UNKNOWN_TOPIC_OR_PARTITION')],
      ['no/name', errorCode('INVALID_TOPIC_EXCEPTION')],
    ]);
  });

  test('goes on from a cursor, also one behind the last partition, and never beyond the limit', async () => {
    cluster = await new TestCluster(1).start();
    const client = cluster.client();
    await cluster.createTopic(client, 'a', 3);
    await cluster.createTopic(client, 'b', 2);
    const pageFrom = async (partitionIndex: number, responsePartitionLimit: number): Promise<unknown> => {
      const { topics, nextCursor } = await ask(client, ['a', 'b'], {
        cursor: { topicName: 'a', partitionIndex },
        responsePartitionLimit,
      });
      return [topics.map(({ name, partitions }) => [name, partitions.map((it) => it.partitionIndex)]), nextCursor];
    };
    const all = [
      ['a', [2]],
      ['b', [0, 1]],
    ];
    expect(await pageFrom(2, 3)).toEqual([all, null]);
    expect(await pageFrom(2, 1)).toEqual([[['a', [2]]], { topicName: 'b', partitionIndex: 0 }]);
    expect(await pageFrom(99, 1)).toEqual([
      [
        ['a', []],
        ['b', [0]],
      ],
      { topicName: 'b', partitionIndex: 1 },
    ]);
  });

  test('points to a topic that is not there when the page is full before it', async () => {
    cluster = await new TestCluster(1).start();
    const client = cluster.client();
    await cluster.createTopic(client, 'a', 1);
    const { topics, nextCursor } = await ask(client, ['a', 'missing'], { responsePartitionLimit: 1 });
    expect(topics.map(({ name }) => name)).toEqual(['a']);
    expect(nextCursor).toEqual({ topicName: 'missing', partitionIndex: 0 });
  });

  test('refuses a cursor that points to none of the named topics, or before the first partition', async () => {
    cluster = await new TestCluster(1).start();
    const client = cluster.client();
    await cluster.createTopic(client, 'a', 1);
    for (const cursor of [
      { topicName: 'other', partitionIndex: 0 },
      { topicName: 'a', partitionIndex: -1 },
    ]) {
      const { topics } = await ask(client, ['a'], { cursor });
      expect(topics.map((it) => [it.name, it.errorCode])).toEqual([['a', errorCode('INVALID_REQUEST')]]);
    }
    // Each as often as it was named.
    const { topics } = await ask(client, ['a', 'b', 'a'], { cursor: { topicName: 'other', partitionIndex: 0 } });
    expect(topics.map(({ name }) => name)).toEqual(['a', 'b', 'a']);
    expect((await ask(client, [], { cursor: { topicName: 'other', partitionIndex: 0 } })).topics).toEqual([]);
  });
});
