import { BatchBuilder, errorName } from '@biquorum/kafka-wire';
import { createTopicsRequest, createTopicsResponse } from '@biquorum/kafka-wire/messages/create-topics';
import { deleteTopicsRequest, deleteTopicsResponse } from '@biquorum/kafka-wire/messages/delete-topics';
import { listOffsetsRequest, listOffsetsResponse } from '@biquorum/kafka-wire/messages/list-offsets';
import { metadataRequest, metadataResponse } from '@biquorum/kafka-wire/messages/metadata';
import { produceRequest, produceResponse } from '@biquorum/kafka-wire/messages/produce';
import type { BareConnection } from './connection.ts';

/** Versions that Apache Kafka 4.3 and we both serve. */
const CREATE_TOPICS = { request: createTopicsRequest, response: createTopicsResponse, version: 7 };
const DELETE_TOPICS = { request: deleteTopicsRequest, response: deleteTopicsResponse, version: 6 };
const LIST_OFFSETS = { request: listOffsetsRequest, response: listOffsetsResponse, version: 7 };
const METADATA = { request: metadataRequest, response: metadataResponse, version: 12 };
const PRODUCE = { request: produceRequest, response: produceResponse, version: 9 };

/** Stands for the end of a partition. */
const LATEST = -1n;
const TIMEOUT_MS = 30_000;
/** Leaves the number of replicas to the cluster. */
const DEFAULT_REPLICAS = -1;

/** Creates a topic with as many replicas as the cluster gives by default. @throws Error with the broker's reason */
export async function createTopic(connection: BareConnection, name: string, partitions: number): Promise<void> {
  const { topics } = await connection.ask(CREATE_TOPICS, {
    topics: [{ name, numPartitions: partitions, replicationFactor: DEFAULT_REPLICAS, assignments: [], configs: [] }],
    timeoutMs: TIMEOUT_MS,
    validateOnly: false,
  });
  const code = topics[0]?.errorCode ?? -1;
  if (code !== 0) throw new Error(`${name} was not created: ${errorName(code)}`);
}

/** Deletes a topic. @throws Error with the broker's reason */
export async function deleteTopic(connection: BareConnection, name: string): Promise<void> {
  const { responses } = await connection.ask(DELETE_TOPICS, { topics: [{ name }], timeoutMs: TIMEOUT_MS });
  const code = responses[0]?.errorCode ?? -1;
  if (code !== 0) throw new Error(`${name} was not deleted: ${errorName(code)}`);
}

/**
 * Who leads the partitions of a topic: addresses with the partitions of each. Undefined while one has none, or there
 * are not as many as asked for.
 */
export async function leadersOf(
  connection: BareConnection,
  name: string,
  partitions?: number,
): Promise<ReadonlyMap<string, readonly number[]> | undefined> {
  const { brokers, topics } = await connection.ask(METADATA, { topics: [{ name }], allowAutoTopicCreation: false });
  const [topic] = topics;
  if (topic === undefined || topic.errorCode !== 0) return undefined;
  if (partitions !== undefined && topic.partitions.length !== partitions) return undefined;
  const led = new Map<string, number[]>();
  for (const { errorCode, leaderId, partitionIndex } of topic.partitions) {
    const leader = brokers.find(({ nodeId }) => nodeId === leaderId);
    if (errorCode !== 0 || leader === undefined) return undefined;
    const address = `${leader.host}:${leader.port}`;
    const own = led.get(address);
    if (own === undefined) led.set(address, [partitionIndex]);
    else own.push(partitionIndex);
  }
  return led;
}

/** Are these partitions served by this broker? Metadata may name a leader a moment before it leads. */
export async function isServed(
  connection: BareConnection,
  name: string,
  partitions: readonly number[],
): Promise<boolean> {
  const { topics } = await connection.ask(LIST_OFFSETS, {
    replicaId: -1,
    isolationLevel: 0,
    topics: [
      {
        name,
        partitions: partitions.map((partitionIndex) => ({
          partitionIndex,
          currentLeaderEpoch: -1,
          timestamp: LATEST,
        })),
      },
    ],
  });
  return topics[0]?.partitions.every(({ errorCode }) => errorCode === 0) ?? false;
}

/** Writes one record to partition 0. Resolves with Kafka's error code when the broker has acknowledged it. */
export async function produceOne(
  connection: BareConnection,
  name: string,
  value: Uint8Array,
  acks: 1 | -1,
): Promise<number> {
  const builder = new BatchBuilder();
  builder.append(Date.now(), null, value);
  const { responses } = await connection.ask(PRODUCE, {
    transactionalId: null,
    acks,
    timeoutMs: TIMEOUT_MS,
    topicData: [{ name, partitionData: [{ index: 0, records: builder.build() }] }],
  });
  return responses[0]?.partitionResponses[0]?.errorCode ?? -1;
}
