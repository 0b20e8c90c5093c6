import type { Cluster } from '@biquorum/cluster';
import { Consumer, stringDeserializers } from '@platformatic/kafka';
import { Kafka, logLevel, Partitioners } from 'kafkajs';

/** kafkajs, patient enough for leaders that die. */
export function kafkaJs(cluster: Cluster, requestTimeout: number = 5_000): Kafka {
  return new Kafka({
    clientId: 'kafkajs',
    brokers: cluster.bootstrap.split(','),
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1_000,
    requestTimeout,
    retry: { retries: 200, initialRetryTime: 20, maxRetryTime: 200, factor: 0 },
  });
}

/** An idempotent producer of kafkajs; the default partitioner warns without being told. */
export function idempotentProducer(kafka: Kafka): ReturnType<Kafka['producer']> {
  return kafka.producer({ idempotent: true, createPartitioner: Partitioners.DefaultPartitioner });
}

/**
 * Writes batches to one partition, one after the other, each until it is acknowledged.
 *
 * It has a client of its own, as kafkajs 2.2.4 mixes up sends that are under way together when leaders move: it repeats
 * the wrong parts of one, or asks a broker for nothing at all, takes the answer for an acknowledgement, and keeps others
 * from that broker meanwhile.
 */
export class PartitionWriter {
  readonly #producer: ReturnType<Kafka['producer']>;
  readonly #topic: string;
  readonly #partition: number;

  constructor(cluster: Cluster, topic: string, partition: number) {
    this.#producer = idempotentProducer(kafkaJs(cluster));
    this.#topic = topic;
    this.#partition = partition;
  }

  async connect(): Promise<void> {
    for (;;) {
      try {
        return await this.#producer.connect();
      } catch (error) {
        // It looks no further than the broker that it happened to ask first.
        if (!(error instanceof Error && error.name.startsWith('KafkaJSConnection'))) throw error;
      }
    }
  }

  async disconnect(): Promise<void> {
    await this.#producer.disconnect();
  }

  async write(values: readonly string[]): Promise<void> {
    const messages = values.map((value) => ({ partition: this.#partition, value }));
    for (;;) {
      try {
        const answers = await this.#producer.send({ topic: this.#topic, acks: -1, messages });
        if (answers.some(({ partition }) => partition === this.#partition)) return;
        // Nothing was sent, and nothing would be: it knows the leader by a connection without a name.
        await this.disconnect();
        await this.connect();
      } catch (error) {
        // It gives up where a connection breaks between its look at it and its use; the batch keeps its sequence number.
        if (!(error instanceof Error && error.message === 'Broker not connected')) throw error;
      }
    }
  }
}

/** Creates a topic and waits until every partition is in sync. */
export async function createTopic(
  cluster: Cluster,
  topic: string,
  numPartitions: number,
  configs: Record<string, string> = {},
): Promise<void> {
  // A creation that was given up and succeeds all the same would fail the next attempt.
  const admin = kafkaJs(cluster, 30_000).admin();
  await admin.connect();
  const configEntries = Object.entries(configs).map(([name, value]) => ({ name, value }));
  // Brokers hear of a topic a moment after it is made; kafkajs does not wait for those that have not.
  const topics = [{ topic, numPartitions, replicationFactor: 3, configEntries }];
  await admin.createTopics({ topics, waitForLeaders: false });
  await admin.disconnect();
  await cluster.untilInSync(topic);
}

/** Reads a topic from its beginning with @platformatic/kafka until so many records came; values by partition. */
export async function readWithPlatformatic(
  cluster: Cluster,
  topic: string,
  count: number,
): Promise<Map<number, string[]>> {
  const consumer = new Consumer({
    clientId: 'platformatic',
    groupId: `reader-${topic}`,
    bootstrapBrokers: cluster.bootstrap.split(','),
    deserializers: stringDeserializers,
    maxWaitTime: 200,
    // Its first group may have to wait for the topic of offsets.
    retries: 60,
    retryDelay: 250,
  });
  const values = new Map<number, string[]>();
  try {
    const stream = await consumer.consume({ topics: [topic], mode: 'earliest', autocommit: false });
    let seen = 0;
    for await (const { partition, value } of stream) {
      const list = values.get(partition) ?? [];
      values.set(partition, list);
      list.push(value ?? '');
      seen += 1;
      if (seen >= count) break;
    }
  } finally {
    await consumer.close(true);
  }
  return values;
}
