import { type ErrorName, errorCode, type Init } from '@biquorum/kafka-wire';
import type {
  DescribeTopicPartitionsRequest,
  DescribeTopicPartitionsResponse,
  DescribeTopicPartitionsResponsePartition,
  DescribeTopicPartitionsResponseTopic,
} from '@biquorum/kafka-wire/messages/describe-topic-partitions';
import { INTERNAL_TOPICS, type PartitionState, type TopicView, validateTopicName } from '@biquorum/metadata';
import type { ApiRequest } from './core.ts';
import { NOT_ASKED } from './metadata.ts';

/** `max.request.partition.size.limit`: no page is longer. */
const PAGE_MAX = 2_000;

/** Topics with their partitions, page by page (KIP-966). Source: Java `DescribeTopicPartitionsRequestHandler`. */
export function handleDescribeTopicPartitions(
  request: ApiRequest<DescribeTopicPartitionsRequest>,
): Init<DescribeTopicPartitionsResponse> {
  const { core, body } = request;
  const view = core.view();
  const all = body.topics.length === 0;
  const names = new Set(all ? view.topics.keys() : body.topics.map(({ name }) => name));
  const { cursor } = body;
  // Whoever names topics asks for the next page by naming them again.
  if (cursor !== null && (cursor.partitionIndex < 0 || !(all || names.has(cursor.topicName)))) return refuse(body);
  const wanted = [...names].filter((name) => cursor === null || name >= cursor.topicName).sort();
  const topics: Init<DescribeTopicPartitionsResponseTopic>[] = [];
  let room = Math.max(1, Math.min(body.responsePartitionLimit, PAGE_MAX));
  for (const name of wanted) {
    if (room === 0) return { topics, nextCursor: { topicName: name, partitionIndex: 0 } };
    const topic = view.topics.get(name);
    if (topic === undefined) {
      topics.push(
        errorRow(name, validateTopicName(name) === null ? 'UNKNOWN_TOPIC_OR_PARTITION' : 'INVALID_TOPIC_EXCEPTION'),
      );
      continue;
    }
    const first = Math.min(cursor?.topicName === name ? cursor.partitionIndex : 0, topic.partitionCount);
    const end = Math.min(topic.partitionCount, first + room);
    topics.push(topicRow(request, topic, first, end));
    room -= end - first;
    if (end < topic.partitionCount) return { topics, nextCursor: { topicName: name, partitionIndex: end } };
  }
  return { topics, nextCursor: null };
}

/** The answer to a request that makes no sense, which has no other place for an error than what it names. */
function refuse({ topics }: DescribeTopicPartitionsRequest): Init<DescribeTopicPartitionsResponse> {
  return { topics: topics.map(({ name }) => errorRow(name, 'INVALID_REQUEST')), nextCursor: null };
}

function errorRow(name: string, error: ErrorName): Init<DescribeTopicPartitionsResponseTopic> {
  return { name, errorCode: errorCode(error), topicAuthorizedOperations: NOT_ASKED };
}

function topicRow(
  { core, context }: ApiRequest<DescribeTopicPartitionsRequest>,
  topic: TopicView,
  first: number,
  end: number,
): Init<DescribeTopicPartitionsResponseTopic> {
  const view = core.view();
  const partitions: Init<DescribeTopicPartitionsResponsePartition>[] = [];
  for (let partitionIndex = first; partitionIndex < end; partitionIndex++) {
    const { leader, leaderEpoch, replicas, isr } = topic.partition(partitionIndex) as PartitionState;
    const reachable = view.isReachable(leader, context.listener);
    partitions.push({
      // A partition without a leader is no error here, unlike in Metadata: a leader id of -1 says it.
      errorCode: 0,
      partitionIndex,
      leaderId: reachable ? leader : -1,
      leaderEpoch,
      replicaNodes: replicas,
      isrNodes: isr,
      // Empty, not null: Java's client walks these lists without looking, although the schema lets them be null.
      eligibleLeaderReplicas: [],
      lastKnownElr: [],
      offlineReplicas: replicas.filter((node) => !view.isReachable(node, context.listener)),
    });
  }
  return {
    errorCode: 0,
    name: topic.name,
    topicId: topic.id,
    isInternal: INTERNAL_TOPICS.has(topic.name),
    partitions,
    topicAuthorizedOperations: NOT_ASKED,
  };
}
