import { join } from 'node:path';
import { uuid } from '@biquorum/kafka-wire';
import { describeConfigsRequest, describeConfigsResponse } from '@biquorum/kafka-wire/messages/describe-configs';
import {
  type DescribeQuorumResponsePartitionData,
  describeQuorumRequest,
  describeQuorumResponse,
} from '@biquorum/kafka-wire/messages/describe-quorum';
import { metadataRequest, metadataResponse } from '@biquorum/kafka-wire/messages/metadata';
import type { InitialQuorum } from '@biquorum/kraft';
import { freePorts, LOOPBACK } from '../apache/ports.ts';
import type { Properties } from '../apache/properties.ts';
import { ask } from '../configs/ask.ts';
import type { Java } from '../java/java.ts';
import { KraftNodeProcess, type Make, type NodePlan } from './node.ts';
import { until } from './until.ts';

/**
 * What a cluster consists of. Brokers are numbered from 1, controllers from 101, in the order of the lists; nodes that
 * are both come after the brokers.
 */
export interface ClusterPlan {
  readonly root: string;
  readonly controllers?: readonly Make[];
  readonly brokers?: readonly Make[];
  readonly combined?: readonly Make[];
  /** Whether voters stand in the log (KIP-853), at first only the first node that is a controller. */
  readonly dynamic?: boolean;
  /** For every node, over those that make it small. */
  readonly properties?: Properties;
  /** Over these, for nodes of a make. */
  readonly propertiesOf?: Partial<Readonly<Record<Make, Properties>>>;
}

/** A partition as one broker sees it. */
export interface PartitionState {
  readonly leader: number;
  readonly leaderEpoch: number;
  /** Sorted. */
  readonly isr: readonly number[];
  readonly replicas: readonly number[];
}

const FIRST_CONTROLLER = 101;
const METADATA_VERSION = 12;
const [TOPIC, BROKER] = [2, 4];
const QUORUM_QUESTION = { topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }] };
/** Of the first voter of a dynamic quorum: any will do. */
const FIRST_DIRECTORY = uuid('Axt-zhbhRvGoHt3e_TDLcQ');

/** What suits a test of few nodes on a busy machine. */
const SMALL: Properties = {
  'offsets.topic.num.partitions': 1,
  'group.initial.rebalance.delay.ms': 0,
  'num.replica.fetchers': 1,
  'num.network.threads': 2,
  'num.io.threads': 4,
  'log.cleaner.enable': false,
  'unclean.leader.election.enable': false,
};

/** A cluster in KRaft mode in which each node is ours or Apache's. */
export class MixedCluster implements AsyncDisposable {
  readonly nodes: ReadonlyMap<number, KraftNodeProcess>;

  private constructor(nodes: readonly KraftNodeProcess[]) {
    this.nodes = new Map(nodes.map((node) => [node.plan.id, node]));
  }

  /** Plans and formats all nodes; starts none. */
  static async prepare(java: Java, plan: ClusterPlan): Promise<MixedCluster> {
    const nodes = (await planNodes(plan)).map((node) => new KraftNodeProcess(node, java));
    const first = nodes.find((node) => node.plan.controller !== '');
    for (const node of nodes) await node.format(plan.dynamic ? quorumOf(node, first) : UNWRITTEN);
    return new MixedCluster(nodes);
  }

  node(id: number): KraftNodeProcess {
    const node = this.nodes.get(id);
    if (node === undefined) throw new Error(`there is no node ${id}`);
    return node;
  }

  get brokers(): readonly KraftNodeProcess[] {
    return [...this.nodes.values()].filter(({ plan }) => plan.client !== '');
  }

  get controllers(): readonly KraftNodeProcess[] {
    return [...this.nodes.values()].filter(({ plan }) => plan.controller !== '');
  }

  /** Addresses of all brokers, also of those that are down. */
  get bootstrap(): readonly string[] {
    return this.brokers.map(({ plan }) => plan.client);
  }

  /** Starts nodes, all of them by default; controllers before brokers, each kind at once. */
  async start(ids: readonly number[] = [...this.nodes.keys()]): Promise<void> {
    const chosen = ids.map((id) => this.node(id));
    const controllers = chosen.filter(({ plan }) => plan.controller !== '');
    const others = chosen.filter(({ plan }) => plan.controller === '');
    await Promise.all(controllers.map((node) => node.start()));
    await Promise.all(others.map((node) => node.start()));
  }

  /** What a broker tells of a topic: one state for each partition; undefined when it knows none of the name. */
  async topicOn(id: number, topic: string): Promise<readonly PartitionState[] | undefined> {
    const body = { topics: [{ name: topic }], allowAutoTopicCreation: false };
    const answer = await ask(this.node(id).plan.client, metadataRequest, metadataResponse, METADATA_VERSION, body);
    const [found] = answer.topics;
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

  /** Waits until every serving broker tells the same of a topic, and that will do; returns it. */
  untilTopic(
    what: string,
    topic: string,
    accept: (partitions: readonly PartitionState[]) => boolean,
  ): Promise<readonly PartitionState[]> {
    const seen = async (): Promise<readonly (readonly PartitionState[] | undefined)[]> =>
      Promise.all(this.#serving().map((id) => this.topicOn(id, topic)));
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

  /** Waits until every serving broker knows brokers of just these ids. */
  async untilBrokers(ids: readonly number[]): Promise<void> {
    const wanted = JSON.stringify(ids.toSorted((a, b) => a - b));
    const seen = (): Promise<readonly (readonly number[])[]> =>
      Promise.all(this.#serving().map((id) => this.#brokersOn(id)));
    await until(
      `known brokers ${wanted}`,
      async () => ((await seen()).every((known) => JSON.stringify(known) === wanted) ? true : undefined),
      seen,
    );
  }

  /** Waits until all serving controllers agree on a leader that will do; returns its id. */
  untilActive(what: string, accept: (id: number) => boolean = () => true): Promise<number> {
    const seen = (): Promise<readonly (number | undefined)[]> =>
      Promise.all(
        this.controllers.filter(({ isServing }) => isServing).map(({ plan }) => leaderAsToldBy(plan.controller)),
      );
    return until(
      `an active controller that is ${what}`,
      async () => {
        const told = (await seen()).filter((id) => id !== undefined);
        // Only the leader answers; who follows answers that it is not.
        const [leader] = told;
        return leader !== undefined && told.length === 1 && accept(leader) ? leader : undefined;
      },
      seen,
    );
  }

  /** Those who follow the quorum without a vote, and how many records they lack, as its leader tells. */
  async observers(leader: number): Promise<readonly { readonly id: number; readonly lag: number }[]> {
    const { observers, currentVoters } = await this.#quorumAsToldBy(leader);
    const end = Math.max(...currentVoters.map(({ logEndOffset }) => logEndOffset));
    return observers
      .map(({ replicaId, logEndOffset }) => ({ id: replicaId, lag: end - logEndOffset }))
      .toSorted((a, b) => a.id - b.id);
  }

  /** Ids of those who vote, as the leader tells. */
  async voters(leader: number): Promise<readonly number[]> {
    const { currentVoters } = await this.#quorumAsToldBy(leader);
    return currentVoters.map(({ replicaId }) => replicaId).toSorted((a, b) => a - b);
  }

  async #quorumAsToldBy(leader: number): Promise<DescribeQuorumResponsePartitionData> {
    const { controller } = this.node(leader).plan;
    const answer = await ask(controller, describeQuorumRequest, describeQuorumResponse, 2, QUORUM_QUESTION);
    const partition = answer.topics[0]?.partitions[0];
    if (partition?.errorCode !== 0) throw new Error(`${leader} does not lead: ${JSON.stringify(partition)}`);
    return partition;
  }

  /** Waits until no serving broker knows the topic. */
  untilNoTopic(topic: string): Promise<unknown> {
    const seen = (): Promise<readonly unknown[]> => Promise.all(this.#serving().map((id) => this.topicOn(id, topic)));
    return until(
      `no ${topic}`,
      async () => ((await seen()).every((found) => found === undefined) ? true : undefined),
      seen,
    );
  }

  /** Waits until a broker's setting has a value on each of some brokers; undefined: until it is not listed. */
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
      this.#serving().map((id) => [id, TOPIC, topic]),
      name,
      value,
    );
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

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.nodes.values()].map((node) => node.kill()));
  }

  #serving(): readonly number[] {
    return this.brokers.filter(({ isServing }) => isServing).map(({ plan }) => plan.id);
  }

  async #brokersOn(id: number): Promise<readonly number[]> {
    const body = { topics: [] };
    const answer = await ask(this.node(id).plan.client, metadataRequest, metadataResponse, METADATA_VERSION, body);
    return answer.brokers.map(({ nodeId }) => nodeId).toSorted((a, b) => a - b);
  }
}

const UNWRITTEN: InitialQuorum = { kind: 'unwritten', dynamic: false };

/** Each of the others is told of the first controller by its own properties, and may become a voter later. */
function quorumOf({ plan }: KraftNodeProcess, first: KraftNodeProcess | undefined): InitialQuorum {
  if (first === undefined || plan.id !== first.plan.id) return { kind: 'unwritten', dynamic: true };
  const port = Number(plan.controller.split(':')[1]);
  const voter = { id: plan.id, directoryId: FIRST_DIRECTORY, host: LOOPBACK, port };
  return { kind: 'voters', voters: [voter], listener: 'CONTROLLER' };
}

interface Seat {
  readonly id: number;
  readonly make: Make;
  readonly roles: 'broker' | 'controller' | 'broker,controller';
}

async function planNodes(plan: ClusterPlan): Promise<readonly NodePlan[]> {
  const { controllers = [], brokers = [], combined = [], dynamic = false, properties = {}, propertiesOf = {} } = plan;
  const seats: readonly Seat[] = [
    ...controllers.map((make, at): Seat => ({ id: FIRST_CONTROLLER + at, make, roles: 'controller' })),
    ...brokers.map((make, at): Seat => ({ id: 1 + at, make, roles: 'broker' })),
    ...combined.map((make, at): Seat => ({ id: 1 + brokers.length + at, make, roles: 'broker,controller' })),
  ];
  const ports = await freePorts(2 * seats.length);
  const nodes = seats.map((seat, at) => ({
    ...seat,
    client: seat.roles === 'controller' ? '' : `${LOOPBACK}:${ports[2 * at]}`,
    controller: seat.roles === 'broker' ? '' : `${LOOPBACK}:${ports[2 * at + 1]}`,
  }));
  const voters = nodes.filter(({ controller }) => controller !== '');
  const quorum: Properties = dynamic
    ? { 'controller.quorum.bootstrap.servers': voters.map(({ controller }) => controller).join() }
    : { 'controller.quorum.voters': voters.map(({ id, controller }) => `${id}@${controller}`).join() };
  return nodes.map(({ id, make, roles, client, controller }): NodePlan => {
    const listeners = [client && `PLAINTEXT://${client}`, controller && `CONTROLLER://${controller}`];
    return {
      id,
      make,
      client,
      controller,
      directory: join(plan.root, `node-${id}`),
      properties: {
        'process.roles': roles,
        'node.id': id,
        listeners: listeners.filter((listener) => listener !== '').join(),
        'controller.listener.names': 'CONTROLLER',
        'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
        ...quorum,
        ...SMALL,
        ...properties,
        ...propertiesOf[make],
      },
    };
  });
}

/** The controller's id, if it says of itself that it leads. */
async function leaderAsToldBy(address: string): Promise<number | undefined> {
  try {
    const answer = await ask(address, describeQuorumRequest, describeQuorumResponse, 2, QUORUM_QUESTION);
    const [partition] = answer.topics[0]?.partitions ?? [];
    return partition?.errorCode === 0 ? partition.leaderId : undefined;
  } catch {
    return undefined;
  }
}
