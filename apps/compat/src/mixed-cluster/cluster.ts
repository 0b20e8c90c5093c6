import { describeConfigsRequest, describeConfigsResponse } from '@biquorum/kafka-wire/messages/describe-configs';
import { type MetadataResponse, metadataRequest, metadataResponse } from '@biquorum/kafka-wire/messages/metadata';
import type { Properties } from '../apache/properties.ts';
import { ask } from '../configs/ask.ts';
import type { NodeProcess } from './node.ts';
import { until } from './until.ts';

/** A partition as one broker sees it. */
export interface PartitionState {
  readonly leader: number;
  readonly leaderEpoch: number;
  /** Sorted. */
  readonly isr: readonly number[];
  readonly replicas: readonly number[];
}

const METADATA_VERSION = 12;
const [TOPIC, BROKER] = [2, 4];

/** What suits a test of few nodes on a busy machine. */
export const SMALL: Properties = {
  'offsets.topic.num.partitions': 1,
  'group.initial.rebalance.delay.ms': 0,
  'num.replica.fetchers': 1,
  'num.network.threads': 2,
  'num.io.threads': 4,
  'log.cleaner.enable': false,
  'unclean.leader.election.enable': false,
};

/** A cluster in which each node is ours or Apache's, seen through its brokers, however they are governed. */
export abstract class MixedCluster<Node extends NodeProcess = NodeProcess> implements AsyncDisposable {
  readonly nodes: ReadonlyMap<number, Node>;

  constructor(nodes: readonly Node[]) {
    this.nodes = new Map(nodes.map((node) => [node.plan.id, node]));
  }

  /** Address of the broker that takes the administration of topics which a client of this broker asks for. */
  abstract administratorFor(id: number): Promise<string>;

  /** Starts a node that was killed as soon as its id is free again. */
  abstract restart(id: number): Promise<void>;

  node(id: number): Node {
    const node = this.nodes.get(id);
    if (node === undefined) throw new Error(`there is no node ${id}`);
    return node;
  }

  get brokers(): readonly Node[] {
    return [...this.nodes.values()].filter(({ plan }) => plan.client !== '');
  }

  /** Ids of brokers that run and are not paused. */
  get serving(): readonly number[] {
    return this.brokers.filter(({ isServing }) => isServing).map(({ plan }) => plan.id);
  }

  /** Addresses of all brokers, also of those that are down. */
  get bootstrap(): readonly string[] {
    return this.brokers.map(({ plan }) => plan.client);
  }

  /** What a broker tells of a topic: one state for each partition; undefined when it knows none of the name. */
  async topicOn(id: number, topic: string): Promise<readonly PartitionState[] | undefined> {
    const { topics } = await this.metadataOn(id, [topic]);
    const [found] = topics;
    if (found === undefined || found.errorCode !== 0) return undefined;
    return found.partitions
      .toSorted((a, b) => a.partitionIndex - b.partitionIndex)
      .map(({ leaderId, leaderEpoch, isrNodes, replicaNodes }) => ({
        leader: leaderId,
        leaderEpoch,
        isr: isrNodes.toSorted((a, b) => a - b),
        replicas: replicaNodes,
      }));
  }

  /** What a broker answers to Metadata about some topics. */
  metadataOn(id: number, topics: readonly string[] = []): Promise<MetadataResponse> {
    const body = { topics: topics.map((name) => ({ name })), allowAutoTopicCreation: false };
    return ask(this.node(id).plan.client, metadataRequest, metadataResponse, METADATA_VERSION, body);
  }

  /** Waits until every serving broker tells the same of a topic, and that will do; returns it. */
  untilTopic(
    what: string,
    topic: string,
    accept: (partitions: readonly PartitionState[]) => boolean,
  ): Promise<readonly PartitionState[]> {
    const seen = async (): Promise<readonly (readonly PartitionState[] | undefined)[]> =>
      Promise.all(this.serving.map((id) => this.topicOn(id, topic)));
    return until(
      `${topic} ${what}`,
      async () => {
        const [first, ...others] = await seen();
        const text = JSON.stringify(first);
        const agreed = first !== undefined && others.every((other) => JSON.stringify(other) === text);
        return agreed && accept(first) ? first : undefined;
      },
      seen,
    );
  }

  /** Waits until every replica of a topic is in sync, as all serving brokers tell. */
  untilInSync(topic: string): Promise<readonly PartitionState[]> {
    return this.untilTopic('in sync', topic, (partitions) =>
      partitions.every(({ leader, isr, replicas }) => leader > 0 && isr.length === replicas.length),
    );
  }

  /** Waits until no serving broker knows the topic. */
  untilNoTopic(topic: string): Promise<unknown> {
    const seen = (): Promise<readonly unknown[]> => Promise.all(this.serving.map((id) => this.topicOn(id, topic)));
    return until(
      `no ${topic}`,
      async () => ((await seen()).every((found) => found === undefined) ? true : undefined),
      seen,
    );
  }

  /** Waits until every serving broker knows brokers of just these ids. */
  async untilBrokers(ids: readonly number[]): Promise<void> {
    const wanted = JSON.stringify(ids.toSorted((a, b) => a - b));
    const seen = (): Promise<readonly (readonly number[])[]> =>
      Promise.all(this.serving.map((id) => this.brokersOn(id)));
    await until(
      `known brokers ${wanted}`,
      async () => ((await seen()).every((known) => JSON.stringify(known) === wanted) ? true : undefined),
      seen,
    );
  }

  /** Waits until a broker's setting has a value on each of some brokers; undefined: until it has none. */
  untilSetting(ids: readonly number[], name: string, value: string | undefined): Promise<unknown> {
    return this.#untilSettings(
      ids.map((id) => [id, BROKER, `${id}`]),
      name,
      value,
    );
  }

  /** Waits until a topic's setting has a value as every serving broker tells. */
  untilTopicSetting(topic: string, name: string, value: string): Promise<unknown> {
    return this.#untilSettings(
      this.serving.map((id) => [id, TOPIC, topic]),
      name,
      value,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.nodes.values()].map((node) => node.kill()));
  }

  /** Ids of the brokers that a broker knows, sorted. */
  protected async brokersOn(id: number): Promise<readonly number[]> {
    const { brokers } = await this.metadataOn(id);
    return brokers.map(({ nodeId }) => nodeId).toSorted((a, b) => a - b);
  }

  #untilSettings(
    questions: readonly (readonly [asked: number, resourceType: number, resourceName: string])[],
    name: string,
    value: string | undefined,
  ): Promise<unknown> {
    const seen = (): Promise<readonly (string | null | undefined)[]> =>
      Promise.all(
        questions.map(async ([asked, resourceType, resourceName]) => {
          const { client } = this.node(asked).plan;
          const body = { resources: [{ resourceType, resourceName, configurationKeys: [name] }] };
          const answer = await ask(client, describeConfigsRequest, describeConfigsResponse, 4, body);
          return answer.results[0]?.configs[0]?.value;
        }),
      );
    return until(
      `${name}=${value}`,
      async () => ((await seen()).every((found) => found === value) ? true : undefined),
      seen,
    );
  }
}
