import { BatchBuilder } from '@biquorum/kafka-wire';
import { createTopicsRequest, createTopicsResponse } from '@biquorum/kafka-wire/messages/create-topics';
import { describeQuorumRequest, describeQuorumResponse } from '@biquorum/kafka-wire/messages/describe-quorum';
import { fetchRequest, fetchResponse } from '@biquorum/kafka-wire/messages/fetch';
import { metadataRequest, metadataResponse } from '@biquorum/kafka-wire/messages/metadata';
import { produceRequest, produceResponse } from '@biquorum/kafka-wire/messages/produce';
import type { NodeClient } from './node-client.ts';

/** Versions that Apache Kafka 3.9 and Biquorum serve in both modes. */
const CREATE_TOPICS = { request: createTopicsRequest, response: createTopicsResponse, version: 7 };
const DESCRIBE_QUORUM = { request: describeQuorumRequest, response: describeQuorumResponse, version: 1 };
const FETCH = { request: fetchRequest, response: fetchResponse, version: 11 };
const METADATA = { request: metadataRequest, response: metadataResponse, version: 8 };
const PRODUCE = { request: produceRequest, response: produceResponse, version: 8 };

/** A partition as one broker shows it. */
export interface ShownPartition {
  readonly partition: number;
  /** −1 for none. */
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
}

/** What one broker shows of the cluster. */
export interface ShownCluster {
  /** Addresses by id. */
  readonly brokers: ReadonlyMap<number, string>;
  readonly controllerId: number;
  /** Those that were asked for and are known. */
  readonly topics: ReadonlyMap<string, readonly ShownPartition[]>;
}

/** What a broker shows of topics; of the brokers alone when none is named. */
export async function showCluster(client: NodeClient, names: readonly string[]): Promise<ShownCluster> {
  const topics = names.map((name) => ({ name }));
  const response = await client.ask(METADATA, { topics, allowAutoTopicCreation: false });
  return {
    brokers: new Map(response.brokers.map(({ nodeId, host, port }) => [nodeId, `${host}:${port}`])),
    controllerId: response.controllerId,
    topics: new Map(
      response.topics
        .filter(({ errorCode }) => errorCode === 0)
        .map(({ name, partitions }) => [
          name ?? '',
          partitions.map(({ partitionIndex, leaderId, leaderEpoch, replicaNodes, isrNodes }) => ({
            partition: partitionIndex,
            leader: leaderId,
            leaderEpoch,
            replicas: replicaNodes,
            isr: isrNodes,
          })),
        ]),
    ),
  };
}

/** A topic to make. */
export interface NewTopic {
  readonly name: string;
  readonly partitions: number;
  readonly replicas: number;
  /** Replicas of each partition, the leader first, instead of the cluster's choice. */
  readonly assignments?: readonly (readonly number[])[];
}

/** Asks for topics. Kafka's error code of each, in the same order; 0 for one that was made. */
export async function createTopics(
  client: NodeClient,
  topics: readonly NewTopic[],
  timeoutMs: number,
): Promise<readonly number[]> {
  const asked = topics.map(({ name, partitions, replicas, assignments = [] }) => ({
    name,
    numPartitions: assignments.length === 0 ? partitions : -1,
    replicationFactor: assignments.length === 0 ? replicas : -1,
    assignments: assignments.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds: [...brokerIds] })),
    configs: [],
  }));
  const response = await client.ask(CREATE_TOPICS, { topics: asked, timeoutMs, validateOnly: false });
  const codes = new Map(response.topics.map(({ name, errorCode }) => [name, errorCode]));
  return topics.map(({ name }) => codes.get(name) ?? -1);
}

/** Who leads the quorum of controllers, as this controller knows it. */
export async function quorumLeader(
  client: NodeClient,
): Promise<{ readonly id: number; readonly epoch: number } | undefined> {
  const { topics } = await client.ask(DESCRIBE_QUORUM, {
    topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }],
  });
  const partition = topics[0]?.partitions[0];
  if (partition === undefined || partition.errorCode !== 0 || partition.leaderId < 0) return undefined;
  return { id: partition.leaderId, epoch: partition.leaderEpoch };
}

/** Records for one partition. */
export interface NewRecords {
  readonly topic: string;
  readonly partition: number;
  readonly values: readonly Uint8Array[];
}

/** Records for one partition, `acks=all`. Kafka's error code; 0 when they are acknowledged. */
export async function produce(client: NodeClient, records: NewRecords, timeoutMs: number): Promise<number> {
  return (await append(client, records, timeoutMs)).error;
}

/** What became of records that were sent. */
export interface Appended {
  /** Kafka's error code; 0 when they are acknowledged by all in-sync replicas. */
  readonly error: number;
  /** The offset of the first. */
  readonly offset: number;
}

/** As {@link produce}, with where the records lie. */
export async function append(
  client: NodeClient,
  { topic, partition, values }: NewRecords,
  timeoutMs: number,
): Promise<Appended> {
  const builder = new BatchBuilder();
  for (const value of values) builder.append(Date.now(), null, value);
  const { responses } = await client.ask(PRODUCE, {
    transactionalId: null,
    acks: -1,
    timeoutMs,
    topicData: [{ name: topic, partitionData: [{ index: partition, records: builder.build() }] }],
  });
  const answer = responses[0]?.partitionResponses[0];
  return { error: answer?.errorCode ?? -1, offset: Number(answer?.baseOffset ?? -1) };
}

/** What a leader has for a consumer of one partition. */
export interface Fetched {
  readonly error: number;
  /** Consumers see records below it. */
  readonly highWatermark: number;
  readonly bytes: number;
  /** Whole batches, and perhaps a part of one more. */
  readonly records: Uint8Array;
  /** The offset to go on from. */
  readonly next: number;
}

/** Fetches as a consumer does, waiting so long for the first byte. */
export async function fetchRecords(
  client: NodeClient,
  { topic, partition, offset }: { readonly topic: string; readonly partition: number; readonly offset: number },
  waitMs: number,
): Promise<Fetched> {
  const { responses } = await client.ask(FETCH, {
    replicaId: -1,
    maxWaitMs: waitMs,
    minBytes: 1,
    maxBytes: 1 << 20,
    isolationLevel: 0,
    sessionId: 0,
    sessionEpoch: -1,
    topics: [
      {
        topic,
        partitions: [
          {
            partition,
            currentLeaderEpoch: -1,
            fetchOffset: offset,
            logStartOffset: -1,
            partitionMaxBytes: 1 << 20,
          },
        ],
      },
    ],
    forgottenTopicsData: [],
    rackId: '',
  });
  const answer = responses[0]?.partitions[0];
  const records = answer?.records ?? new Uint8Array(0);
  return {
    error: answer?.errorCode ?? -1,
    highWatermark: Number(answer?.highWatermark ?? -1),
    bytes: records.length,
    records,
    next: nextOffset(records, offset),
  };
}

const BATCH_HEAD_BYTES = 61;
const SIZE_AT = 8;
const LAST_OFFSET_DELTA_AT = 23;

/** Behind the last whole batch. */
function nextOffset(records: Uint8Array, offset: number): number {
  const view = new DataView(records.buffer, records.byteOffset, records.length);
  let next = offset;
  for (let at = 0; at + BATCH_HEAD_BYTES <= records.length; ) {
    const size = 12 + view.getInt32(at + SIZE_AT);
    if (at + size > records.length) break;
    next = Math.max(next, Number(view.getBigInt64(at)) + view.getInt32(at + LAST_OFFSET_DELTA_AT) + 1);
    at += size;
  }
  return next;
}
