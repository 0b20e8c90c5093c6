import { ZERO_UUID } from '@biquorum/kafka-wire';
import { createTopicsRequest, createTopicsResponse } from '@biquorum/kafka-wire/messages/create-topics';
import {
  describeTopicPartitionsRequest,
  describeTopicPartitionsResponse,
} from '@biquorum/kafka-wire/messages/describe-topic-partitions';
import { ask } from '../configs/ask.ts';

const TOPICS = [
  { name: 'described-a', numPartitions: 3, replicationFactor: 1 },
  { name: 'described-b', numPartitions: 2, replicationFactor: 1 },
  { name: 'described-c', numPartitions: 1, replicationFactor: 1 },
];
const [FIRST, SECOND, THIRD] = TOPICS.map(({ name }) => name) as [string, string, string];
/** Of the topics that {@link createDescribed} creates, the one with one partition. */
export const ONE_PARTITION: string = THIRD;

/** Names, limit and cursor. Without names all topics are described, which ours alone should be. */
const QUESTIONS: readonly (readonly [
  names: readonly string[],
  limit?: number,
  cursor?: { readonly topicName: string; readonly partitionIndex: number },
])[] = [
  [[FIRST]],
  [[SECOND, FIRST]],
  [[FIRST, FIRST]],
  [[]],
  [['missing', FIRST]],
  [['not a name', FIRST]],
  [[FIRST, SECOND], 1],
  [[FIRST, SECOND], 3],
  [[FIRST, SECOND], 4],
  [[FIRST, SECOND], 2, { topicName: FIRST, partitionIndex: 1 }],
  [[FIRST, SECOND], 2, { topicName: SECOND, partitionIndex: 0 }],
  [[FIRST, SECOND], 2, { topicName: 'described-aa', partitionIndex: 0 }],
  [[FIRST], 2, { topicName: FIRST, partitionIndex: 3 }],
  [[FIRST, SECOND], 2, { topicName: FIRST, partitionIndex: 99 }],
  [[FIRST, SECOND], 2, { topicName: FIRST, partitionIndex: -1 }],
  [[SECOND, FIRST, FIRST], 2, { topicName: 'missing', partitionIndex: 0 }],
  [[], 2, { topicName: FIRST, partitionIndex: -1 }],
  [[], 2, { topicName: 'described-aa', partitionIndex: 1 }],
  [[SECOND], 2, { topicName: FIRST, partitionIndex: 0 }],
  [[FIRST, SECOND, 'missing'], 5],
  [[FIRST, SECOND, 'missing'], 6],
  [[FIRST], 0],
  [[FIRST], -5],
  [['missing', FIRST], 2, { topicName: FIRST, partitionIndex: 2 }],
];

/** How long a broker may take to hear of new topics. */
const HEARD_WITHIN_MS = 30_000;

/** Creates the topics that are asked about, and waits until the broker knows who leads them. */
export async function createDescribed(bootstrap: string): Promise<void> {
  const body = { topics: TOPICS, timeoutMs: 30_000 };
  const { topics } = await ask(bootstrap, createTopicsRequest, createTopicsResponse, 7, body);
  for (const { name, errorCode, errorMessage } of topics)
    if (errorCode !== 0) throw new Error(`cannot create ${name}: ${errorCode} ${errorMessage}`);
  const deadline = Date.now() + HEARD_WITHIN_MS;
  while (!(await areLed(bootstrap))) {
    if (Date.now() > deadline)
      throw new Error(`${bootstrap} knows no leaders of new topics after ${HEARD_WITHIN_MS} ms`);
  }
}

async function areLed(bootstrap: string): Promise<boolean> {
  const body = { topics: TOPICS.map(({ name }) => ({ name })) };
  const { topics } = await ask(bootstrap, describeTopicPartitionsRequest, describeTopicPartitionsResponse, 0, body);
  return topics.every(
    ({ errorCode, partitions }) => errorCode === 0 && partitions.every(({ leaderId }) => leaderId >= 0),
  );
}

/** The answers of one broker to all questions, as text, without the ids that it gave to topics. Authorised operations are another matter. */
export async function topicAnswers(bootstrap: string): Promise<readonly string[]> {
  const answers: string[] = [];
  for (const [names, responsePartitionLimit = 2000, cursor = null] of QUESTIONS) {
    const body = { topics: names.map((name) => ({ name })), responsePartitionLimit, cursor };
    const answer = await ask(bootstrap, describeTopicPartitionsRequest, describeTopicPartitionsResponse, 0, body);
    const topics = answer.topics.map(({ topicId, topicAuthorizedOperations: _, ...topic }) => ({
      ...topic,
      hasId: topicId !== ZERO_UUID,
    }));
    answers.push(`${JSON.stringify(body)} gives ${JSON.stringify({ ...answer, topics })}`);
  }
  return answers;
}
