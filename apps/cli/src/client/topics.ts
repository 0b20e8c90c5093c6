import {
  type DescribeTopicPartitionsRequest,
  type DescribeTopicPartitionsResponse,
  type Init,
  type Uuid,
  ZERO_UUID,
} from '@biquorum/kafka-wire';
import { createPartitionsRequest, createPartitionsResponse } from '@biquorum/kafka-wire/messages/create-partitions';
import { createTopicsRequest, createTopicsResponse } from '@biquorum/kafka-wire/messages/create-topics';
import { deleteTopicsRequest, deleteTopicsResponse } from '@biquorum/kafka-wire/messages/delete-topics';
import {
  describeTopicPartitionsRequest,
  describeTopicPartitionsResponse,
} from '@biquorum/kafka-wire/messages/describe-topic-partitions';
import {
  listPartitionReassignmentsRequest,
  listPartitionReassignmentsResponse,
} from '@biquorum/kafka-wire/messages/list-partition-reassignments';
import { metadataRequest, metadataResponse } from '@biquorum/kafka-wire/messages/metadata';
import type { KafkaClient } from './kafka-client.ts';
import { check, KafkaError } from './kafka-error.ts';

/** A topic in the list of all. */
export interface ListedTopic {
  readonly name: string;
  /** Undefined where the cluster gives topics no ids. */
  readonly id: Uuid | undefined;
  readonly internal: boolean;
}

/** A partition as the metadata have it. */
export interface PartitionState {
  readonly partition: number;
  /** −1 when there is none. */
  readonly leader: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  /** Eligible leader replicas (KIP-966); undefined where the cluster does not know of them. */
  readonly elr: readonly number[] | undefined;
  readonly lastKnownElr: readonly number[] | undefined;
}

/** A topic with its partitions, by ascending number. */
export interface TopicState extends ListedTopic {
  readonly partitions: readonly PartitionState[];
}

/** A partition that is being moved. */
export interface Reassignment {
  readonly replicas: readonly number[];
  readonly adding: readonly number[];
  readonly removing: readonly number[];
}

const METADATA = { request: metadataRequest, response: metadataResponse, lowestVersion: 4 };
const PARTITIONS = { request: describeTopicPartitionsRequest, response: describeTopicPartitionsResponse };
const CREATE = { request: createTopicsRequest, response: createTopicsResponse };
const GROW = { request: createPartitionsRequest, response: createPartitionsResponse };
const DELETE = { request: deleteTopicsRequest, response: deleteTopicsResponse };
const REASSIGNMENTS = { request: listPartitionReassignmentsRequest, response: listPartitionReassignmentsResponse };

const TIMEOUT_MS = 30_000;
/** Topics that are asked for in one request. */
const TOPICS_AT_ONCE = 500;

/** All topics, by name. */
export async function listTopics(client: KafkaClient): Promise<readonly ListedTopic[]> {
  const { topics } = await client.retrying(() => client.any(METADATA, { topics: null, allowAutoTopicCreation: false }));
  return topics
    .map(({ name, topicId, isInternal }) => ({ name: name ?? '', id: idOf(topicId), internal: isInternal }))
    .toSorted((left, right) => (left.name < right.name ? -1 : 1));
}

/**
 * Topics with their partitions, in the order of the names; those that do not exist are left out.
 *
 * @param pageSize partitions in one answer, where brokers answer in pages
 */
export async function describeTopics(
  client: KafkaClient,
  names: readonly string[],
  pageSize: number = 2_000,
): Promise<readonly TopicState[]> {
  if (names.length === 0) return [];
  const found = (await client.offers(PARTITIONS))
    ? await describeInPages(client, names, pageSize)
    : await describeByMetadata(client, names);
  const byName = new Map(found.map((topic) => [topic.name, topic]));
  return names.flatMap((name) => byName.get(name) ?? []);
}

/** What partitions of topics look like to clients that read and write them. */
export async function describeByMetadata(
  client: KafkaClient,
  names: readonly string[],
): Promise<readonly TopicState[]> {
  const found: TopicState[] = [];
  for (let at = 0; at < names.length; at += TOPICS_AT_ONCE) {
    const asked = names.slice(at, at + TOPICS_AT_ONCE).map((name) => ({ name }));
    const { topics } = await client.retrying(() =>
      client.any(METADATA, { topics: asked, allowAutoTopicCreation: false }),
    );
    for (const { errorCode, name, topicId, isInternal, partitions } of topics) {
      if (errorCode === UNKNOWN_TOPIC_OR_PARTITION) continue;
      // A topic that is new has leaders in a moment; its partitions are told all the same.
      if (errorCode !== LEADER_NOT_AVAILABLE) check(`topic ${name}`, errorCode);
      const states = partitions.map(({ partitionIndex, leaderId, replicaNodes, isrNodes }) => ({
        partition: partitionIndex,
        leader: leaderId,
        replicas: replicaNodes,
        isr: isrNodes,
        elr: undefined,
        lastKnownElr: undefined,
      }));
      found.push({ name: name ?? '', id: idOf(topicId), internal: isInternal, partitions: states.toSorted(byNumber) });
    }
  }
  return found;
}

const UNKNOWN_TOPIC_OR_PARTITION = 3;
const LEADER_NOT_AVAILABLE = 5;
/** How long a topic may take that brokers make because it was asked for. */
const CREATION_MS = 10_000;
const LOOK_AGAIN_MS = 100;

/**
 * A topic that is to be read or written, once all of its partitions have leaders. Brokers with
 * `auto.create.topics.enable` make it where there is none, as for Java's clients.
 *
 * @throws KafkaError when there is none after a while
 */
export async function untilTopic(client: KafkaClient, name: string): Promise<TopicState> {
  const deadlineMs = client.clock.monotonicMs() + CREATION_MS;
  for (;;) {
    await client.retrying(() => client.any(METADATA, { topics: [{ name }], allowAutoTopicCreation: true }));
    const [topic] = await describeByMetadata(client, [name]);
    if (topic?.partitions.every(({ leader }) => leader >= 0) && topic.partitions.length > 0) return topic;
    if (client.clock.monotonicMs() >= deadlineMs) {
      throw new KafkaError(`topic ${name}`, topic === undefined ? UNKNOWN_TOPIC_OR_PARTITION : LEADER_NOT_AVAILABLE);
    }
    await client.pause(LOOK_AGAIN_MS);
  }
}

async function describeInPages(
  client: KafkaClient,
  names: readonly string[],
  pageSize: number,
): Promise<readonly TopicState[]> {
  const found = new Map<string, Omit<TopicState, 'partitions'> & { readonly partitions: PartitionState[] }>();
  // Brokers page in the order of the names.
  const sorted = names.toSorted();
  for (let at = 0; at < sorted.length; at += TOPICS_AT_ONCE) {
    let topics = sorted.slice(at, at + TOPICS_AT_ONCE).map((name) => ({ name }));
    let cursor: DescribeTopicPartitionsResponse['nextCursor'] = null;
    do {
      const body: Init<DescribeTopicPartitionsRequest> = { topics, responsePartitionLimit: pageSize, cursor };
      const answer: DescribeTopicPartitionsResponse = await client.retrying(() => client.any(PARTITIONS, body));
      for (const { errorCode, name, topicId, isInternal, partitions } of answer.topics) {
        if (errorCode === UNKNOWN_TOPIC_OR_PARTITION || name === null) continue;
        check(`topic ${name}`, errorCode);
        const topic = found.get(name) ?? { name, id: idOf(topicId), internal: isInternal, partitions: [] };
        found.set(name, topic);
        topic.partitions.push(
          ...partitions.map((state) => ({
            partition: state.partitionIndex,
            leader: state.leaderId,
            replicas: state.replicaNodes,
            isr: state.isrNodes,
            elr: state.eligibleLeaderReplicas ?? [],
            lastKnownElr: state.lastKnownElr ?? [],
          })),
        );
      }
      cursor = answer.nextCursor;
      const next = cursor?.topicName ?? '';
      topics = topics.filter(({ name }) => name >= next);
    } while (cursor !== null);
  }
  return [...found.values()].map((topic) => ({ ...topic, partitions: topic.partitions.toSorted(byNumber) }));
}

/** A topic to be made; what is left out is the cluster's default. */
export interface NewTopic {
  readonly name: string;
  readonly partitions?: number | undefined;
  readonly replicationFactor?: number | undefined;
  /** Replicas of each partition, the preferred leader first. */
  readonly assignment?: readonly (readonly number[])[] | undefined;
  readonly configs: ReadonlyMap<string, string>;
}

/** Makes a topic. @throws KafkaError `TOPIC_ALREADY_EXISTS` among others */
export async function createTopic(client: KafkaClient, topic: NewTopic): Promise<void> {
  const { name, assignment } = topic;
  const wanted = {
    name,
    numPartitions: assignment === undefined ? (topic.partitions ?? -1) : -1,
    replicationFactor: assignment === undefined ? (topic.replicationFactor ?? -1) : -1,
    assignments: (assignment ?? []).map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds })),
    configs: [...topic.configs].map(([key, value]) => ({ name: key, value })),
  };
  await client.retrying(async () => {
    const { topics } = await client.controller(CREATE, { topics: [wanted], timeoutMs: TIMEOUT_MS });
    for (const { errorCode, errorMessage } of topics) check(`topic ${name}`, errorCode, errorMessage);
  }, false);
}

/** Adds partitions to a topic. @param assignment replicas of the new partitions @throws KafkaError */
export async function createPartitions(
  client: KafkaClient,
  name: string,
  count: number,
  assignment?: readonly (readonly number[])[],
): Promise<void> {
  const assignments = assignment?.map((brokerIds) => ({ brokerIds })) ?? null;
  await client.retrying(async () => {
    const body = { topics: [{ name, count, assignments }], timeoutMs: TIMEOUT_MS };
    const { results } = await client.controller(GROW, body);
    for (const { errorCode, errorMessage } of results) check(`topic ${name}`, errorCode, errorMessage);
  }, false);
}

/** Version of DeleteTopics that names topics by id or name. */
const DELETE_BY_ID = 6;

/** Deletes topics. @throws KafkaError for the first that could not be */
export async function deleteTopics(client: KafkaClient, names: readonly string[]): Promise<void> {
  await client.retrying(async () => {
    const { responses } = await client.controller(DELETE, (version) => ({
      ...(version >= DELETE_BY_ID ? { topics: names.map((name) => ({ name })) } : { topicNames: names }),
      timeoutMs: TIMEOUT_MS,
    }));
    for (const { name, errorCode, errorMessage } of responses) check(`topic ${name}`, errorCode, errorMessage);
  }, false);
}

/** Partitions that are being moved, by `topic-partition`. */
export async function listReassignments(client: KafkaClient): Promise<ReadonlyMap<string, Reassignment>> {
  const { topics } = await client.retrying(async () => {
    const answer = await client.controller(REASSIGNMENTS, { timeoutMs: TIMEOUT_MS, topics: null });
    check('reassignments', answer.errorCode, answer.errorMessage);
    return answer;
  });
  return new Map(
    topics.flatMap(({ name, partitions }) =>
      partitions.map(({ partitionIndex, replicas, addingReplicas, removingReplicas }): [string, Reassignment] => [
        `${name}-${partitionIndex}`,
        { replicas, adding: addingReplicas, removing: removingReplicas },
      ]),
    ),
  );
}

function idOf(id: Uuid): Uuid | undefined {
  return id === ZERO_UUID ? undefined : id;
}

function byNumber(left: PartitionState, right: PartitionState): number {
  return left.partition - right.partition;
}
