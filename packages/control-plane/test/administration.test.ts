import type { Action, BrokerHost, ControlPlane, ReplicaOutcome } from '@biquorum/control-plane';
import { REFERENCE_DEFAULTS, ReferenceCluster, type ReferenceConfig } from '@biquorum/control-plane/testing';
import { type Init, type MessageCodec, requestFrame } from '@biquorum/kafka-wire';
import { alterConfigsRequest, alterConfigsResponse } from '@biquorum/kafka-wire/messages/alter-configs';
import { createPartitionsRequest, createPartitionsResponse } from '@biquorum/kafka-wire/messages/create-partitions';
import { createTopicsRequest, createTopicsResponse } from '@biquorum/kafka-wire/messages/create-topics';
import { deleteTopicsRequest, deleteTopicsResponse } from '@biquorum/kafka-wire/messages/delete-topics';
import { electLeadersRequest, electLeadersResponse } from '@biquorum/kafka-wire/messages/elect-leaders';
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '@biquorum/kafka-wire/messages/incremental-alter-configs';
import type { BrokerEpoch, NodeId } from '@biquorum/metadata';
import { MemoryWorld } from '@biquorum/platform/testing';
import { ByteReader } from '@biquorum/std';
import { describe, expect, it } from 'vitest';

// Numbers of errors as in Kafka's own table (`org.apache.kafka.common.protocol.Errors`).
const [NONE, UNKNOWN_TOPIC_OR_PARTITION, REQUEST_TIMED_OUT, INVALID_TOPIC] = [0, 3, 7, 17];
const [TOPIC_AUTHORIZATION_FAILED, CLUSTER_AUTHORIZATION_FAILED, TOPIC_ALREADY_EXISTS] = [29, 31, 36];
const [INVALID_PARTITIONS, INVALID_REPLICATION_FACTOR, INVALID_REPLICA_ASSIGNMENT, INVALID_CONFIG] = [37, 38, 39, 40];
const [INVALID_REQUEST, TOPIC_DELETION_DISABLED] = [42, 73];
const [PREFERRED_LEADER_NOT_AVAILABLE, ELIGIBLE_LEADERS_NOT_AVAILABLE, ELECTION_NOT_NEEDED] = [80, 83, 84];
const [UNKNOWN_TOPIC_ID, BROKER_ID_NOT_REGISTERED] = [100, 102];

/** Three brokers under the reference plane, and a client who asks the first. */
class Cluster {
  readonly world = new MemoryWorld({ seed: 11 });
  readonly reference = new ReferenceCluster({ clusterId: 'c', ports: this.world.addHost('controller').ports });
  readonly planes: ControlPlane[] = [];
  /** Whoever asks may do what this says. */
  may: (action: Action) => boolean = () => true;
  /** Brokers that do not answer assignments. */
  readonly stuck: Set<number> = new Set();

  static async start(config: Partial<ReferenceConfig> = {}): Promise<Cluster> {
    const cluster = new Cluster();
    for (const id of [1, 2, 3]) {
      const { ports } = cluster.world.addHost(`broker${id}`);
      const plane = cluster.reference.create({ ...REFERENCE_DEFAULTS, defaultPartitions: 2, ...config }, ports);
      cluster.planes.push(plane);
      await cluster.world.run(plane.open(cluster.host(id), 1e15));
      await cluster.world.run(plane.enlist({ endpoints: [] }));
    }
    return cluster;
  }

  host(id: number): BrokerHost {
    return {
      identity: {
        id: id as NodeId,
        incarnationId: `incarnation ${id}`,
        rack: null,
        directories: [],
        previousBrokerEpoch: -1 as BrokerEpoch,
        supportedFeatures: new Map(),
      },
      publish: () => {},
      assign: (changes) => {
        if (this.stuck.has(id)) return new Promise<readonly ReplicaOutcome[]>(() => {});
        return Promise.resolve(changes.map((partition) => ({ partition, error: 'NONE' })));
      },
      authorize: (_context, action) => this.may(action),
      halt: ({ message }) => expect.fail(message),
    };
  }

  get view() {
    return this.reference.government.view;
  }

  fence(id: number): void {
    const { government } = this.reference;
    government.fence(id as NodeId, government.view.brokers.get(id)?.epoch ?? (-1 as BrokerEpoch));
  }

  ask<Request, Response>(
    [request, response]: readonly [MessageCodec<Request>, MessageCodec<Response>],
    version: number,
    body: Init<Request>,
  ): Promise<Response> {
    const header = { correlationId: 1, clientId: 'test' };
    const whole = Buffer.concat(requestFrame(request, version, header, body) as Uint8Array[]).subarray(4);
    const bodyOffset = whole.length - request.toBytes(body, version).length;
    const asked = this.planes[0]?.handle({
      context: {
        listener: 'PLAINTEXT',
        securityProtocol: 'PLAINTEXT',
        principal: { type: 'User', name: 'ANONYMOUS' },
        clientAddress: '127.0.0.1',
        clientId: 'test',
      },
      apiKey: request.table.apiKey ?? -1,
      apiVersion: version,
      correlationId: 1,
      frame: whole,
      bodyOffset,
    });
    return this.world.run(async () => {
      const reply = await asked;
      if (reply?.kind !== 'body') throw new Error(`no answer: ${reply?.reason}`);
      return response.decode(new ByteReader(reply.body), version);
    });
  }

  async create(name: string, assignment: number[][]): Promise<void> {
    const assignments = assignment.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds }));
    const topic = { name, numPartitions: -1, replicationFactor: -1, assignments };
    const { topics } = await this.ask(CREATE, 7, { topics: [topic] });
    expect(topics[0]?.errorCode).toBe(NONE);
  }
}

const CREATE = [createTopicsRequest, createTopicsResponse] as const;
const DELETE = [deleteTopicsRequest, deleteTopicsResponse] as const;
const GROW = [createPartitionsRequest, createPartitionsResponse] as const;
const ELECT = [electLeadersRequest, electLeadersResponse] as const;
const ALTER = [alterConfigsRequest, alterConfigsResponse] as const;
const CHANGE = [incrementalAlterConfigsRequest, incrementalAlterConfigsResponse] as const;

describe('CreateTopics', () => {
  it('answers each topic by itself, and creates those that are right', async () => {
    const cluster = await Cluster.start();
    await cluster.create('there', [[1]]);
    const sized = (name: string, numPartitions: number, replicationFactor: number) => ({
      name,
      numPartitions,
      replicationFactor,
    });
    const topics = [
      sized('good', 3, 2),
      sized('by.default', -1, -1),
      sized('there', 1, 1),
      sized('bad name', 1, 1),
      sized('by_default2', 0, 1),
      sized('wide', 1, 4),
      sized('none', 1, 0),
      sized('twice', 1, 1),
      sized('twice', 1, 1),
      { ...sized('unset', 1, 1), configs: [{ name: 'retention.ms', value: null }] },
    ];
    const { topics: rows } = await cluster.ask(CREATE, 7, { topics });
    expect(rows.map(({ name, errorCode }) => [name, errorCode])).toEqual([
      ['good', NONE],
      ['by.default', NONE],
      ['there', TOPIC_ALREADY_EXISTS],
      ['bad name', INVALID_TOPIC],
      ['by_default2', INVALID_PARTITIONS],
      ['wide', INVALID_REPLICATION_FACTOR],
      ['none', INVALID_REPLICATION_FACTOR],
      ['twice', INVALID_REQUEST],
      ['unset', INVALID_CONFIG],
    ]);
    expect([...cluster.view.topics.keys()].sort()).toEqual(['by.default', 'good', 'there']);
    expect(rows[0]).toMatchObject({ numPartitions: 3, replicationFactor: 2 });
    expect(rows[0]?.topicId).toBe(cluster.view.topics.get('good')?.id);
    expect(rows[1]).toMatchObject({ numPartitions: 2, replicationFactor: 1 });
    const collides = await cluster.ask(CREATE, 7, { topics: [sized('by_default', 1, 1)] });
    expect(collides.topics[0]?.errorCode).toBe(INVALID_TOPIC);
  });

  it('tells the configuration from version 5 on, to who may see it (KIP-525)', async () => {
    const cluster = await Cluster.start();
    const topic = (name: string) => ({
      topics: [{ name, numPartitions: 1, replicationFactor: 1, configs: [{ name: 'retention.ms', value: '5' }] }],
    });
    const { topics } = await cluster.ask(CREATE, 5, topic('open'));
    expect(topics[0]?.configs).toMatchObject([{ name: 'retention.ms', value: '5', configSource: 1 }]);
    cluster.may = ({ operation }) => operation !== 'DescribeConfigs';
    const hidden = await cluster.ask(CREATE, 5, topic('hidden'));
    expect(hidden.topics[0]).toMatchObject({
      errorCode: NONE,
      topicConfigErrorCode: TOPIC_AUTHORIZATION_FAILED,
      configs: null,
      numPartitions: -1,
      replicationFactor: -1,
    });
  });

  it('creates nothing when it only validates', async () => {
    const cluster = await Cluster.start();
    const topics = [{ name: 'tried', numPartitions: 1, replicationFactor: 1 }];
    const answer = await cluster.ask(CREATE, 7, { topics, validateOnly: true });
    expect(answer.topics[0]?.errorCode).toBe(NONE);
    expect(cluster.view.topics.size).toBe(0);
  });

  it('takes assignments as they are given, and refuses those that make no sense', async () => {
    const cluster = await Cluster.start();
    cluster.fence(3);
    const given = (name: string, rows: [number, number[]][], numPartitions = -1) => ({
      name,
      numPartitions,
      replicationFactor: -1,
      assignments: rows.map(([partitionIndex, brokerIds]) => ({ partitionIndex, brokerIds })),
    });
    const topics = [
      given('good', [
        [1, [2, 3]],
        [0, [1, 2]],
      ]),
      given('gap', [
        [0, [1]],
        [2, [1]],
      ]),
      given('repeated', [
        [0, [1]],
        [0, [2]],
      ]),
      given('stranger', [[0, [9]]]),
      given('double', [[0, [1, 1]]]),
      given('dead', [[0, [3]]]),
      given('both', [[0, [1]]], 1),
    ];
    const { topics: rows } = await cluster.ask(CREATE, 7, { topics });
    const wrong = Array.from({ length: 5 }, () => INVALID_REPLICA_ASSIGNMENT);
    expect(rows.map(({ errorCode }) => errorCode)).toEqual([NONE, ...wrong, INVALID_REQUEST]);
    expect(cluster.view.topics.get('good')?.partition(1)).toMatchObject({ leader: 2, replicas: [2, 3], isr: [2] });
  });

  it('asks whether the client may, in the cluster or for the topic', async () => {
    const cluster = await Cluster.start();
    cluster.may = ({ operation, resource }) => operation === 'Create' && resource.name === 'mine';
    const topics = ['mine', 'yours'].map((name) => ({ name, numPartitions: 1, replicationFactor: 1 }));
    const one = await cluster.ask(CREATE, 7, { topics });
    expect(one.topics.map(({ errorCode }) => errorCode)).toEqual([NONE, TOPIC_AUTHORIZATION_FAILED]);
    cluster.may = ({ resource }) => resource.type === 'Cluster';
    const metadataLog = { name: '__cluster_metadata', numPartitions: 1, replicationFactor: 1 };
    const two = await cluster.ask(CREATE, 7, { topics: [{ ...metadataLog, name: 'yours' }, metadataLog] });
    expect(two.topics.map(({ errorCode }) => errorCode)).toEqual([NONE, TOPIC_AUTHORIZATION_FAILED]);
  });
});

describe('DeleteTopics', () => {
  it('deletes by name and by id, and says what it does not know', async () => {
    const cluster = await Cluster.start();
    for (const name of ['a', 'b', 'c']) await cluster.create(name, [[1, 2, 3]]);
    const id = (name: string) => cluster.view.topics.get(name)?.id as never;
    const topics = [
      { name: 'a' },
      { name: null, topicId: id('b') },
      { name: 'x' },
      { name: null, topicId: 'AAAAAAAAAAAAAAAAAAAAAQ' as never },
      { name: 'c', topicId: id('c') },
      { name: null },
    ];
    const { responses } = await cluster.ask(DELETE, 6, { topics, timeoutMs: 1_000 });
    expect(responses.map(({ name, errorCode }) => [name, errorCode])).toEqual([
      ['a', NONE],
      ['b', NONE],
      ['x', UNKNOWN_TOPIC_OR_PARTITION],
      [null, UNKNOWN_TOPIC_ID],
      ['c', INVALID_REQUEST],
      [null, INVALID_REQUEST],
    ]);
    expect([...cluster.view.topics.keys()]).toEqual(['c']);
    const twice = await cluster.ask(DELETE, 5, { topicNames: ['c', 'c'], timeoutMs: 1_000 });
    expect(twice.responses.map(({ errorCode }) => errorCode)).toEqual([INVALID_REQUEST, INVALID_REQUEST]);
  });

  it('times out for the client while a broker does not answer, and ends when that broker is dead', async () => {
    const cluster = await Cluster.start();
    await cluster.create('slow', [[1, 2, 3]]);
    const id = cluster.view.topics.get('slow')?.id as never;
    cluster.stuck.add(3);
    const { responses } = await cluster.ask(DELETE, 6, { topics: [{ name: 'slow' }], timeoutMs: 500 });
    expect(responses[0]?.errorCode).toBe(REQUEST_TIMED_OUT);
    expect(cluster.reference.government.isDeleting(id)).toBe(true);
    cluster.fence(3);
    expect(cluster.reference.government.isDeleting(id)).toBe(false);
  });

  it('refuses where deletion is disabled, in words that the version has, and to who may not', async () => {
    const cluster = await Cluster.start({ deleteTopicEnable: false });
    await cluster.create('kept', [[1]]);
    const disabled = await cluster.ask(DELETE, 3, { topicNames: ['kept'], timeoutMs: 100 });
    expect(disabled.responses[0]?.errorCode).toBe(TOPIC_DELETION_DISABLED);
    const old = await cluster.ask(DELETE, 2, { topicNames: ['kept'], timeoutMs: 100 });
    expect(old.responses[0]?.errorCode).toBe(INVALID_REQUEST);
    const other = await Cluster.start();
    await other.create('kept', [[1]]);
    other.may = ({ operation }) => operation !== 'Delete';
    const topicId = other.view.topics.get('kept')?.id as never;
    const hidden = await other.ask(DELETE, 6, { topics: [{ name: null, topicId }], timeoutMs: 100 });
    expect(hidden.responses[0]).toMatchObject({ name: null, topicId, errorCode: TOPIC_AUTHORIZATION_FAILED });
    expect(other.view.topics.size).toBe(1);
  });
});

describe('CreatePartitions', () => {
  it('adds what is missing, and only adds', async () => {
    const cluster = await Cluster.start();
    for (const name of ['a', 'b', 'c', 'd']) await cluster.create(name, [[1, 2]]);
    const topics = [
      { name: 'a', count: 3, assignments: null },
      { name: 'b', count: 1, assignments: null },
      { name: 'c', count: 2, assignments: [{ brokerIds: [3, 1] }] },
      { name: 'd', count: 3, assignments: [{ brokerIds: [3, 1] }] },
      { name: 'x', count: 3, assignments: null },
    ];
    const { results } = await cluster.ask(GROW, 3, { topics, timeoutMs: 100 });
    expect(results.map(({ errorCode }) => errorCode)).toEqual([
      NONE,
      INVALID_PARTITIONS,
      NONE,
      INVALID_REPLICA_ASSIGNMENT,
      UNKNOWN_TOPIC_OR_PARTITION,
    ]);
    expect(cluster.view.topics.get('a')?.partitionCount).toBe(3);
    expect(cluster.view.topics.get('c')?.partition(1)).toMatchObject({ leader: 3, replicas: [3, 1] });
    const twice = [topics[0], topics[0]].map((topic) => ({ name: 'a', assignments: null, ...topic, count: 9 }));
    const again = await cluster.ask(GROW, 3, { topics: twice, timeoutMs: 100 });
    expect(again.results.map(({ errorCode }) => errorCode)).toEqual([INVALID_REQUEST]);
    cluster.may = () => false;
    const refused = await cluster.ask(GROW, 3, { topics: twice.slice(1), timeoutMs: 100 });
    expect(refused.results[0]?.errorCode).toBe(TOPIC_AUTHORIZATION_FAILED);
  });
});

describe('ElectLeaders', () => {
  it('holds preferred elections where they are needed and possible (KIP-460)', async () => {
    const cluster = await Cluster.start();
    await cluster.create('t', [
      [1, 2],
      [2, 1],
      [3, 2],
    ]);
    const epoch = cluster.view.brokers.get(1)?.epoch ?? (-1 as BrokerEpoch);
    cluster.fence(1);
    cluster.fence(3);
    cluster.reference.government.unfence(1 as NodeId, epoch, { endpoints: [] });
    const wanted = [{ topic: 't', partitions: [0, 1, 2, 3] }];
    const early = await cluster.ask(ELECT, 2, { electionType: 0, topicPartitions: wanted, timeoutMs: 100 });
    const rowsOf = (answer: typeof early) =>
      answer.replicaElectionResults.flatMap(({ partitionResult }) => partitionResult.map((row) => row.errorCode));
    // Broker 1 is back but not in sync.
    expect(rowsOf(early)).toEqual([
      PREFERRED_LEADER_NOT_AVAILABLE,
      ELECTION_NOT_NEEDED,
      PREFERRED_LEADER_NOT_AVAILABLE,
      UNKNOWN_TOPIC_OR_PARTITION,
    ]);
    const topic = cluster.view.topics.get('t');
    const { leaderEpoch, partitionEpoch } = topic?.partition(0) ?? expect.fail();
    cluster.reference.government.alterPartitions(2 as NodeId, cluster.view.brokers.get(2)?.epoch as BrokerEpoch, [
      {
        partition: { topic: 't', topicId: topic?.id as never, partition: 0 },
        leaderEpoch,
        partitionEpoch,
        isr: [1, 2].map((node) => ({ node: node as NodeId, brokerEpoch: -1 })),
        recovering: false,
      },
    ]);
    // Asked for all, only what was to be done is told.
    const all = await cluster.ask(ELECT, 2, { electionType: 0, topicPartitions: null, timeoutMs: 100 });
    expect(rowsOf(all)).toEqual([NONE, PREFERRED_LEADER_NOT_AVAILABLE]);
    expect(cluster.view.topics.get('t')?.partition(0)).toMatchObject({ leader: 1, leaderEpoch: leaderEpoch + 1 });
  });

  it('holds unclean elections only where nobody leads', async () => {
    const cluster = await Cluster.start();
    await cluster.create('t', [
      [1, 2],
      [3, 1],
    ]);
    cluster.fence(2);
    cluster.fence(1);
    cluster.fence(3);
    const wanted = [{ topic: 't', partitions: [0, 1] }];
    const rows = async () => {
      const answer = await cluster.ask(ELECT, 2, { electionType: 1, topicPartitions: wanted, timeoutMs: 100 });
      return answer.replicaElectionResults[0]?.partitionResult.map(({ errorCode }) => errorCode);
    };
    expect(await rows()).toEqual([ELIGIBLE_LEADERS_NOT_AVAILABLE, ELIGIBLE_LEADERS_NOT_AVAILABLE]);
    cluster.reference.government.unfence(2 as NodeId, cluster.view.brokers.get(2)?.epoch as BrokerEpoch, {
      endpoints: [],
    });
    expect(cluster.view.topics.get('t')?.partition(0)).toMatchObject({ leader: -1, isr: [1] });
    expect(await rows()).toEqual([NONE, ELIGIBLE_LEADERS_NOT_AVAILABLE]);
    expect(cluster.view.topics.get('t')?.partition(0)).toMatchObject({ leader: 2, isr: [2], recovering: true });
    expect(await rows()).toEqual([ELECTION_NOT_NEEDED, ELIGIBLE_LEADERS_NOT_AVAILABLE]);
  });

  it('refuses unknown kinds, and who may not alter the cluster', async () => {
    const cluster = await Cluster.start();
    const unknown = await cluster.ask(ELECT, 2, { electionType: 7, topicPartitions: null, timeoutMs: 100 });
    expect(unknown.errorCode).toBe(INVALID_REQUEST);
    cluster.may = () => false;
    const refused = await cluster.ask(ELECT, 2, { electionType: 0, topicPartitions: null, timeoutMs: 100 });
    expect(refused.errorCode).toBe(CLUSTER_AUTHORIZATION_FAILED);
  });
});

describe('configurations', () => {
  it('change by set, delete, append and subtract, each resource by itself (KIP-339)', async () => {
    const cluster = await Cluster.start({
      isListConfig: (key) => key === 'cleanup.policy',
      checkConfig: (_resource, key, value) => (value === 'bad' ? `${key} cannot be bad` : null),
    });
    await cluster.create('t', [[1]]);
    const change = (resourceType: number, resourceName: string, ...rows: [string, number, string | null][]) => ({
      resourceType,
      resourceName,
      configs: rows.map(([name, configOperation, value]) => ({ name, configOperation, value })),
    });
    const ask = async (...resources: ReturnType<typeof change>[]) => {
      const { responses } = await cluster.ask(CHANGE, 1, { resources });
      return responses.map(({ errorCode }) => errorCode);
    };
    const ofTopic = () => Object.fromEntries(cluster.view.configOf({ type: 'topic', name: 't' }));
    expect(await ask(change(2, 't', ['retention.ms', 0, '5'], ['cleanup.policy', 2, 'compact,delete']))).toEqual([
      NONE,
    ]);
    expect(ofTopic()).toEqual({ 'retention.ms': '5', 'cleanup.policy': 'compact,delete' });
    expect(await ask(change(2, 't', ['retention.ms', 1, null], ['cleanup.policy', 3, 'delete']))).toEqual([NONE]);
    expect(ofTopic()).toEqual({ 'cleanup.policy': 'compact' });
    const wrong = [
      change(2, 't', ['retention.ms', 0, 'bad']),
      change(2, 'x', ['retention.ms', 0, '1']),
      change(4, '9', ['log.retention.ms', 0, '1']),
      change(4, 'one', ['log.retention.ms', 0, '1']),
      change(77, 't', ['retention.ms', 0, '1']),
      change(4, '', ['log.retention.ms', 0, '1']),
    ];
    expect(await ask(...wrong)).toEqual([
      INVALID_CONFIG,
      UNKNOWN_TOPIC_OR_PARTITION,
      BROKER_ID_NOT_REGISTERED,
      INVALID_REQUEST,
      INVALID_REQUEST,
      NONE,
    ]);
    expect(await ask(change(2, 't', ['a', 0, '1'], ['a', 0, '2']))).toEqual([INVALID_REQUEST]);
    expect(await ask(change(2, 't', ['a', 0, null]))).toEqual([INVALID_REQUEST]);
    expect(await ask(change(2, 't', ['retention.ms', 2, '1']))).toEqual([INVALID_CONFIG]);
    const same = change(2, 't', ['retention.ms', 0, '1']);
    expect(await ask(same, { ...same })).toEqual([INVALID_REQUEST, INVALID_REQUEST]);
    expect(ofTopic()).toEqual({ 'cleanup.policy': 'compact' });
    cluster.may = () => false;
    expect(await ask(same, change(4, '', ['log.retention.ms', 1, null]))).toEqual([
      TOPIC_AUTHORIZATION_FAILED,
      CLUSTER_AUTHORIZATION_FAILED,
    ]);
  });

  it('are replaced whole by AlterConfigs, and left alone when it only validates', async () => {
    const cluster = await Cluster.start();
    await cluster.create('t', [[1]]);
    const resource = (name: string) => ({ resourceType: 2, resourceName: 't', configs: [{ name, value: '1' }] });
    for (const name of ['a', 'b']) await cluster.ask(ALTER, 2, { resources: [resource(name)] });
    await cluster.ask(ALTER, 2, { resources: [resource('c')], validateOnly: true });
    expect(Object.fromEntries(cluster.view.configOf({ type: 'topic', name: 't' }))).toEqual({ b: '1' });
  });

  it('that newly allow an unclean election hold it at once', async () => {
    const cluster = await Cluster.start();
    await cluster.create('t', [[1, 2]]);
    cluster.fence(2);
    cluster.fence(1);
    cluster.reference.government.unfence(2 as NodeId, cluster.view.brokers.get(2)?.epoch as BrokerEpoch, {
      endpoints: [],
    });
    expect(cluster.view.topics.get('t')?.leaderOf(0)).toBe(-1);
    const configs = [{ name: 'unclean.leader.election.enable', configOperation: 0, value: 'true' }];
    await cluster.ask(CHANGE, 1, { resources: [{ resourceType: 2, resourceName: 't', configs }] });
    expect(cluster.view.topics.get('t')?.partition(0)).toMatchObject({ leader: 2, isr: [2], recovering: true });
  });
});
