import { BatchBuilder, BatchCursor, errorName, RecordCursor } from '@biquorum/kafka-wire';
import { fetchRequest, fetchResponse } from '@biquorum/kafka-wire/messages/fetch';
import { listOffsetsRequest, listOffsetsResponse } from '@biquorum/kafka-wire/messages/list-offsets';
import { produceRequest, produceResponse } from '@biquorum/kafka-wire/messages/produce';
import type { TestClient } from './test-cluster.ts';

/** True time at the beginning of a world in memory. */
export const EPOCH_MS = 1_704_067_200_000;

/** An idempotent producer's place in its sequence. */
export interface Sequence {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
}

/** How to produce; acks=all and the world's first moment by default. */
export interface ProduceOptions {
  readonly acks?: number;
  readonly timeoutMs?: number;
  readonly partition?: number;
  readonly sequence?: Sequence;
  readonly timestamp?: number;
}

/** What became of a batch. */
export interface Produced {
  readonly error: string;
  readonly offset: number;
}

/** A batch with one record per value. */
export function batchOf(values: readonly string[], sequence?: Sequence, timestamp: number = EPOCH_MS): Uint8Array {
  const builder = new BatchBuilder(sequence ?? {});
  for (const value of values) builder.append(timestamp, null, new TextEncoder().encode(value));
  return builder.build().slice();
}

/** Produces one batch; somebody lets the time run. */
export async function produce(
  client: TestClient,
  broker: number,
  topic: string,
  values: readonly string[],
  options: ProduceOptions = {},
): Promise<Produced> {
  const { acks = -1, timeoutMs = 30_000, partition = 0, sequence, timestamp } = options;
  const records = batchOf(values, sequence, timestamp);
  const topicData = [{ name: topic, partitionData: [{ index: partition, records }] }];
  const answer = await client.send(broker, produceRequest, produceResponse, 9, { acks, timeoutMs, topicData });
  const row = answer.responses[0]?.partitionResponses[0];
  return { error: errorName(row?.errorCode ?? -1), offset: row?.baseOffset ?? -1 };
}

/** How to fetch; without waiting by default. */
export interface FetchOptions {
  readonly offset?: number;
  readonly partition?: number;
  readonly maxWaitMs?: number;
  readonly minBytes?: number;
  readonly maxBytes?: number;
  readonly partitionMaxBytes?: number;
  readonly currentLeaderEpoch?: number;
  readonly lastFetchedEpoch?: number;
  readonly rackId?: string;
}

/** What a fetch of one partition brought. */
export interface Fetched {
  readonly error: string;
  readonly highWatermark: number;
  readonly logStartOffset: number;
  readonly preferredReadReplica: number;
  readonly divergingEpoch: { readonly epoch: number; readonly endOffset: number };
  readonly byteLength: number;
  readonly records: readonly FetchedRecord[];
}

/** A record as a consumer gets it. */
export interface FetchedRecord {
  readonly offset: number;
  readonly value: string;
}

/** Fetches from one partition, without a session. */
export async function fetch(
  client: TestClient,
  broker: number,
  topic: string,
  options: FetchOptions = {},
): Promise<Fetched> {
  const { offset = 0, partition = 0, maxWaitMs = 0, minBytes = 1, maxBytes = 1 << 20 } = options;
  const { partitionMaxBytes = 1 << 20, currentLeaderEpoch = -1, lastFetchedEpoch = -1, rackId = '' } = options;
  const wish = { partition, fetchOffset: offset, partitionMaxBytes, currentLeaderEpoch, lastFetchedEpoch };
  const { responses } = await client.send(broker, fetchRequest, fetchResponse, 12, {
    replicaId: -1,
    maxWaitMs,
    minBytes,
    maxBytes,
    sessionEpoch: -1,
    rackId,
    topics: [{ topic, partitions: [wish] }],
  });
  const row = responses[0]?.partitions[0];
  if (row === undefined) throw new Error(`no answer for ${topic}-${partition}`);
  return {
    error: errorName(row.errorCode),
    highWatermark: row.highWatermark,
    logStartOffset: row.logStartOffset,
    preferredReadReplica: row.preferredReadReplica,
    divergingEpoch: row.divergingEpoch,
    byteLength: row.records?.length ?? 0,
    records: recordsOf(row.records, offset),
  };
}

/** The records in fetched bytes from an offset on. */
export function recordsOf(bytes: Uint8Array | null, from: number): FetchedRecord[] {
  const records: FetchedRecord[] = [];
  if (bytes === null) return records;
  const batches = new BatchCursor(bytes);
  while (batches.next()) {
    const cursor = new RecordCursor().open(batches.batch);
    while (cursor.next()) {
      const { valuePosition, valueLength } = cursor;
      const value = new TextDecoder().decode(cursor.bytes.subarray(valuePosition, valuePosition + valueLength));
      if (cursor.offset >= from) records.push({ offset: cursor.offset, value });
    }
  }
  return records;
}

/** Everything that a consumer can read of a partition, in order. */
export async function readAll(client: TestClient, broker: number, topic: string, from = 0): Promise<string[]> {
  const values: string[] = [];
  for (let offset = from; ; ) {
    const { error, records } = await fetch(client, broker, topic, { offset });
    if (error !== 'NONE') throw new Error(`cannot read ${topic} at ${offset}: ${error}`);
    const last = records.at(-1);
    if (last === undefined) return values;
    values.push(...records.map(({ value }) => value));
    offset = last.offset + 1;
  }
}

/** What ListOffsets tells. */
export interface FoundOffset {
  readonly error: string;
  readonly offset: number;
  readonly timestamp: bigint;
  readonly leaderEpoch: number;
}

/** Asks for an offset by timestamp, or by Kafka's special ones. */
export async function listOffset(
  client: TestClient,
  broker: number,
  topic: string,
  timestamp: bigint,
  currentLeaderEpoch = -1,
): Promise<FoundOffset> {
  const { topics } = await client.send(broker, listOffsetsRequest, listOffsetsResponse, 8, {
    replicaId: -1,
    topics: [{ name: topic, partitions: [{ partitionIndex: 0, currentLeaderEpoch, timestamp }] }],
  });
  const row = topics[0]?.partitions[0];
  return {
    error: errorName(row?.errorCode ?? -1),
    offset: row?.offset ?? -1,
    timestamp: row?.timestamp ?? -1n,
    leaderEpoch: row?.leaderEpoch ?? -1,
  };
}
