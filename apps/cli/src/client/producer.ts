import { randomInt } from 'node:crypto';
import {
  BatchBuilder,
  type BatchCompression,
  incrementSequence,
  type RecordHeader,
  recordSizeMax,
} from '@biquorum/kafka-wire';
import { initProducerIdRequest, initProducerIdResponse } from '@biquorum/kafka-wire/messages/init-producer-id';
import { produceRequest, produceResponse } from '@biquorum/kafka-wire/messages/produce';
import type { KafkaClient } from './kafka-client.ts';
import { check, KafkaError } from './kafka-error.ts';
import { partitionOfKey } from './murmur2.ts';
import { byLeader, keyOf, type TopicPartition } from './offsets.ts';
import { untilTopic } from './topics.ts';

/** A record to be written. */
export interface NewRecord {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly RecordHeader[];
}

/** How records are written. */
export interface ProducerOptions {
  /** Who has to have a record before it counts as written: the leader, or all replicas in sync. */
  readonly acks: 1 | -1;
  /** With `acks` −1 only: a batch that is sent again is not written twice. */
  readonly idempotent: boolean;
  readonly compression: BatchCompression | undefined;
  /** The size from which on a batch takes no further record. */
  readonly batchBytes: number;
  /** How long a record waits for others. */
  readonly lingerMs: number;
  readonly requestTimeoutMs: number;
  /** How long a batch is sent again and again. */
  readonly deliveryTimeoutMs: number;
  readonly retryBackoffMs: number;
  /** Told of records that could not be written. */
  readonly onFailure: (error: Error, recordCount: number) => void;
}

/** Bytes that wait to be sent before {@link Producer.send} makes its caller wait. */
const WAITING_BYTES_MAX = 8 << 20;
const DUPLICATE_SEQUENCE_NUMBER = 46;
const PRODUCE = { request: produceRequest, response: produceResponse, lowestVersion: 3 };
const INIT = { request: initProducerIdRequest, response: initProducerIdResponse };

/**
 * Writes records to one topic, in batches. A key always goes to the same partition, the one that Java's producer
 * chooses; records without one stick to a partition until its batch is full. One batch of a partition is on its way at a
 * time, so the order stays whatever is sent again.
 */
export class Producer {
  readonly #client: KafkaClient;
  readonly #topic: string;
  readonly #options: ProducerOptions;
  readonly #partitions: readonly PartitionQueue[];
  readonly #producer: { readonly id: number; readonly epoch: number } | undefined;
  #sticky: number;
  #waitingBytes = 0;
  #sending: Promise<void> | undefined;
  #room: (() => void)[] = [];
  /** Ends the wait for further records. */
  #hurry: () => void = () => {};
  #written = 0;

  private constructor(
    client: KafkaClient,
    topic: string,
    options: ProducerOptions,
    partitionCount: number,
    producer: { readonly id: number; readonly epoch: number } | undefined,
  ) {
    this.#client = client;
    this.#topic = topic;
    this.#options = options;
    this.#producer = producer;
    this.#partitions = Array.from({ length: partitionCount }, () => ({
      builder: new BatchBuilder(),
      open: false,
      sequence: 0,
      batches: [],
    }));
    this.#sticky = randomInt(partitionCount);
  }

  /** Finds the topic, which brokers may make on this occasion. @throws KafkaError when there is none */
  static async open(client: KafkaClient, topic: string, options: ProducerOptions): Promise<Producer> {
    const { partitions } = await untilTopic(client, topic);
    const producer = options.idempotent
      ? await client.retrying(async () => {
          const answer = await client.any(INIT, { transactionalId: null, transactionTimeoutMs: 0 });
          check('id of the producer', answer.errorCode);
          return { id: answer.producerId, epoch: answer.producerEpoch };
        })
      : undefined;
    return new Producer(client, topic, options, partitions.length, producer);
  }

  /** How many records were acknowledged. */
  get written(): number {
    return this.#written;
  }

  /** Takes a record. Resolves at once while there is room, and later when too much waits to be sent. */
  async send(record: NewRecord): Promise<void> {
    const partition = record.key === null ? this.#sticky : partitionOfKey(record.key, this.#partitions.length);
    const queue = this.#partitions[partition] as PartitionQueue;
    const size = recordSizeMax(record.key, record.value, record.headers);
    if (queue.open && queue.builder.uncompressedSize + size > this.#options.batchBytes) {
      this.#seal(partition);
      this.#sticky = randomInt(this.#partitions.length);
    }
    if (!queue.open) this.#begin(queue);
    queue.builder.append(Date.now(), record.key, record.value, record.headers);
    this.#waitingBytes += size;
    this.#sending ??= this.#work().finally(() => {
      this.#sending = undefined;
    });
    if (this.#waitingBytes > WAITING_BYTES_MAX) {
      await new Promise<void>((resolve) => {
        this.#room.push(resolve);
      });
    }
  }

  /** Resolves when everything that was taken is written or has failed. */
  async flush(): Promise<void> {
    while (this.#sending !== undefined) {
      this.#hurry();
      await this.#sending;
    }
  }

  #begin(queue: PartitionQueue): void {
    const { compression } = this.#options;
    queue.builder.start({
      compression,
      ...(this.#producer === undefined
        ? {}
        : { producerId: this.#producer.id, producerEpoch: this.#producer.epoch, baseSequence: queue.sequence }),
    });
    queue.open = true;
  }

  #seal(partition: number): void {
    const queue = this.#partitions[partition] as PartitionQueue;
    const { builder } = queue;
    const bytes = builder.uncompressedSize;
    const batch = {
      records: builder.build().slice(),
      count: builder.recordCount,
      bytes,
      sinceMs: this.#client.clock.monotonicMs(),
    };
    queue.batches.push(batch);
    queue.sequence = incrementSequence(queue.sequence, builder.recordCount);
    queue.open = false;
    this.#hurry();
  }

  async #work(): Promise<void> {
    // What comes in the same turn, or within the time to linger, goes together.
    const hurried = new Promise<void>((resolve) => {
      this.#hurry = resolve;
    });
    await this.#client.pause(this.#options.lingerMs, hurried);
    for (;;) {
      for (const [partition, queue] of this.#partitions.entries()) {
        if (queue.open && queue.batches.length === 0) this.#seal(partition);
      }
      const ready = [...this.#partitions.entries()].filter(([, { batches }]) => batches.length > 0);
      if (ready.length === 0) return;
      const again = await this.#sendOnce(ready.map(([partition]) => ({ topic: this.#topic, partition })));
      if (again) await this.#client.pause(this.#options.retryBackoffMs);
      for (const resolve of this.#room.splice(0)) resolve();
    }
  }

  /** Sends the first batch of each of these partitions. @returns whether some have to be sent again */
  async #sendOnce(partitions: readonly TopicPartition[]): Promise<boolean> {
    let leaders: ReadonlyMap<number, readonly TopicPartition[]>;
    try {
      leaders = await byLeader(this.#client, partitions);
    } catch (error) {
      return partitions.map(({ partition }) => this.#failed(partition, error as Error)).includes(true);
    }
    const outcomes = await Promise.all([...leaders].map(([leader, own]) => this.#sendTo(leader, own)));
    return outcomes.includes(true);
  }

  async #sendTo(leader: number, partitions: readonly TopicPartition[]): Promise<boolean> {
    const partitionData = partitions.map(({ partition }) => ({
      index: partition,
      records: this.#partitions[partition]?.batches[0]?.records ?? null,
    }));
    try {
      const { acks, requestTimeoutMs } = this.#options;
      const { responses } = await this.#client.node(leader, PRODUCE, {
        acks,
        timeoutMs: requestTimeoutMs,
        topicData: [{ name: this.#topic, partitionData }],
      });
      const answers = responses.flatMap(({ partitionResponses }) => partitionResponses);
      return answers
        .map(({ index, errorCode, errorMessage }) => {
          if (errorCode !== 0 && errorCode !== DUPLICATE_SEQUENCE_NUMBER) {
            const what = `partition ${keyOf({ topic: this.#topic, partition: index })}`;
            return this.#failed(index, new KafkaError(what, errorCode, errorMessage));
          }
          this.#written += this.#drop(index)?.count ?? 0;
          return false;
        })
        .includes(true);
    } catch (error) {
      return partitions.map(({ partition }) => this.#failed(partition, error as Error)).includes(true);
    }
  }

  /** @returns whether the batch is to be sent again */
  #failed(partition: number, error: Error): boolean {
    const batch = this.#partitions[partition]?.batches[0];
    // Nodes that are gone, or do not answer, may come back.
    const transient = !(error instanceof KafkaError) || error.retriable;
    const waitedMs = this.#client.clock.monotonicMs() - (batch?.sinceMs ?? 0);
    if (transient && waitedMs < this.#options.deliveryTimeoutMs) return true;
    const dropped = this.#drop(partition);
    this.#options.onFailure(error, dropped?.count ?? 0);
    return false;
  }

  #drop(partition: number): SealedBatch | undefined {
    const batch = this.#partitions[partition]?.batches.shift();
    this.#waitingBytes = Math.max(0, this.#waitingBytes - (batch?.bytes ?? 0));
    return batch;
  }
}

interface PartitionQueue {
  readonly builder: BatchBuilder;
  /** Whether the builder holds records. */
  open: boolean;
  /** Of the next batch. */
  sequence: number;
  readonly batches: SealedBatch[];
}

interface SealedBatch {
  readonly records: Uint8Array;
  readonly count: number;
  readonly bytes: number;
  /** When it was sealed, on the monotonic clock. */
  readonly sinceMs: number;
}
