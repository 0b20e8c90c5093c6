import { errorCode } from '@biquorum/kafka-wire';
import {
  type DescribeTopicPartitionsRequest,
  type DescribeTopicPartitionsResponse,
  describeTopicPartitionsRequest,
  describeTopicPartitionsResponse,
} from '@biquorum/kafka-wire/messages/describe-topic-partitions';
import { afterEach, describe, expect, test } from 'vitest';
import { TestCluster } from './support/test-cluster.ts';

let cluster: TestCluster;
afterEach(() => cluster.stop());

async function ask(
  names: readonly string[],
  more: Partial<Pick<DescribeTopicPartitionsRequest, 'cursor' | 'responsePartitionLimit'>> = {},
  broker = 1,
): Promise<DescribeTopicPartitionsResponse> {
  const body = { topics: names.map((name) => ({ name })), ...more };
  return cluster.client().ask(broker, describeTopicPartitionsRequest, describeTopicPartitionsResponse, 0, body);
}

describe('DescribeTopicPartitions', () => {
  test('lists no eligible leaders as an empty list, which Java walks, and not as null', async () => {
    cluster = await new TestCluster(1).start();
    await cluster.createTopic(cluster.client('creator'), 't', 2);
    const { topics } = await ask(['t']);
    expect(topics[0]?.partitions).toMatchObject([
      { partitionIndex: 0, leaderId: 1, eligibleLeaderReplicas: [], lastKnownElr: [] },
      { partitionIndex: 1, leaderId: 1, eligibleLeaderReplicas: [], lastKnownElr: [] },
    ]);
  });

  test('tells of a partition that has lost its leader without an error, as Java does', async () => {
    cluster = await new TestCluster(2).start();
    await cluster.createTopic(cluster.client('creator'), 't', 1);
    const leader = await cluster.untilLeader('t');
    const other = leader === 1 ? 2 : 1;
    await cluster.stopBroker(other);
    await cluster.until(() => cluster.broker(leader).view.topics.get('t')?.isrOf(0).length === 1);
    cluster.kill(leader);
    await cluster.restart(other);
    await cluster.until(() => cluster.broker(other).view.topics.get('t')?.leaderOf(0) === -1);
    const { topics } = await ask(['t'], {}, other);
    expect(topics[0]?.partitions).toMatchObject([
      { errorCode: 0, leaderId: -1, isrNodes: [leader], offlineReplicas: [leader] },
    ]);
  });

  test('names topics that are not there, with why', async () => {
    cluster = await new TestCluster(1).start();
    const { topics } = await ask(['no/name', 'missing']);
    expect(topics.map(({ name, errorCode }) => [name, errorCode])).toEqual([
      ['missing', errorCode('UNKNOWN_TOPIC_OR_PARTITION')],
      ['no/name', errorCode('INVALID_TOPIC_EXCEPTION')],
    ]);
  });
});
