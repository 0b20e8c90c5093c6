import { setTimeout as sleep } from 'node:timers/promises';
import { errorName } from '@biquorum/kafka-wire';
import { createTopicsRequest, createTopicsResponse } from '@biquorum/kafka-wire/messages/create-topics';
import { describeQuorumRequest, describeQuorumResponse } from '@biquorum/kafka-wire/messages/describe-quorum';
import { metadataRequest, metadataResponse } from '@biquorum/kafka-wire/messages/metadata';
import { BareConnection, type Exchange } from '../side-by-side/connection.ts';

/** Versions that Apache Kafka 3.9 and 4.3 and we serve. */
const CREATE_TOPICS = { request: createTopicsRequest, response: createTopicsResponse, version: 7 };
const DESCRIBE_QUORUM = { request: describeQuorumRequest, response: describeQuorumResponse, version: 1 };
const METADATA = { request: metadataRequest, response: metadataResponse, version: 12 };

/** A topic to make. */
export interface NewTopic {
  readonly name: string;
  readonly partitions: number;
  readonly replicas: number;
}

/** A partition as one broker sees it. */
export interface SeenPartition {
  readonly topic: string;
  readonly leaderId: number;
  readonly inSync: number;
}

const AGAIN_MS = 4;
const PATIENCE_MS = 300_000;

/** Asks one node of a deployment, over a connection that is opened anew when it has ended. */
export class NodeAdmin implements Disposable {
  readonly address: string;
  #connection: BareConnection | undefined;

  constructor(address: string) {
    this.address = address;
  }

  /** Kafka's error code; 0 when the topic was made. @throws Error when the connection ends before the answer */
  async createTopic({ name, partitions, replicas }: NewTopic, timeoutMs = 60_000): Promise<number> {
    const { topics } = await this.#ask(CREATE_TOPICS, {
      topics: [{ name, numPartitions: partitions, replicationFactor: replicas, assignments: [], configs: [] }],
      timeoutMs,
      validateOnly: false,
    });
    return topics[0]?.errorCode ?? -1;
  }

  /** The leader of the metadata quorum as this node knows it, and its epoch. */
  async quorumLeader(): Promise<{ readonly id: number; readonly epoch: number } | undefined> {
    const { topics } = await this.#ask(DESCRIBE_QUORUM, {
      topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }],
    });
    const partition = topics[0]?.partitions[0];
    if (partition === undefined || partition.errorCode !== 0) return undefined;
    return { id: partition.leaderId, epoch: partition.leaderEpoch };
  }

  /** Every partition of these topics; undefined while one of them is not known. */
  async partitions(names: readonly string[]): Promise<readonly SeenPartition[] | undefined> {
    const asked = names.map((name) => ({ name }));
    const { topics } = await this.#ask(METADATA, { topics: asked, allowAutoTopicCreation: false });
    if (topics.some(({ errorCode }) => errorCode !== 0)) return undefined;
    return topics.flatMap(({ name, partitions }) =>
      partitions.map(({ leaderId, isrNodes }) => ({ topic: name ?? '', leaderId, inSync: isrNodes.length })),
    );
  }

  [Symbol.dispose](): void {
    this.#connection?.[Symbol.dispose]();
    this.#connection = undefined;
  }

  async #ask<Request, Response>(
    exchange: Exchange<Request, Response>,
    body: Parameters<BareConnection['ask']>[1],
  ): Promise<Response> {
    this.#connection ??= await BareConnection.open(this.address);
    try {
      return await this.#connection.ask(exchange as Exchange<unknown, Response>, body);
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }
}

/** Asks again until the answer is not undefined; an error counts as none. @throws Error when that takes too long */
export async function untilAnswered<Answer>(
  what: string,
  ask: () => Promise<Answer | undefined>,
  againMs: number = AGAIN_MS,
): Promise<Answer> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    let cause: unknown;
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > end) throw new Error(`${what}: not within ${PATIENCE_MS} ms`, { cause });
    await sleep(againMs);
  }
}

/** Makes a topic at a node that may have no controller to ask for the moment. */
export async function createTopicAgain(admin: NodeAdmin, topic: NewTopic): Promise<void> {
  await untilAnswered(`topic ${topic.name} is made`, async () => {
    const code = await admin.createTopic(topic);
    // An answer that was lost does not make it twice.
    if (code === 0 || errorName(code) === 'TOPIC_ALREADY_EXISTS') return true;
    throw new Error(`${topic.name} was not made: ${errorName(code)}`);
  });
}
