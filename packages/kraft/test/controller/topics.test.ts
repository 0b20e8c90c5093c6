import { errorName, type Init, ZERO_UUID } from '@biquorum/kafka-wire';
import { createPartitionsRequest, createPartitionsResponse } from '@biquorum/kafka-wire/messages/create-partitions';
import {
  type CreateTopicsRequestCreatableTopic,
  createTopicsRequest,
  createTopicsResponse,
} from '@biquorum/kafka-wire/messages/create-topics';
import { deleteTopicsRequest, deleteTopicsResponse } from '@biquorum/kafka-wire/messages/delete-topics';
import { describe, expect, test } from 'vitest';
import { ControllerKit, directory } from './support/controller-kit.ts';

type Wish = Init<CreateTopicsRequestCreatableTopic>;

async function create(kit: ControllerKit, topics: readonly Wish[], validateOnly = false) {
  const whole = topics.map((topic) => ({ numPartitions: 1, replicationFactor: 1, ...topic }));
  const { topics: rows } = await kit.call(createTopicsRequest, createTopicsResponse, { topics: whole, validateOnly });
  return rows;
}

async function createError(kit: ControllerKit, topic: Wish): Promise<string> {
  const [row] = await create(kit, [topic]);
  return `${errorName(row?.errorCode ?? -1)}: ${row?.errorMessage}`;
}

describe('CreateTopics', () => {
  test('writes topic, configuration and partitions, in this order, in one batch', async () => {
    const kit = await ControllerKit.withBrokers([1, 2, 3]);
    const configs = [{ name: 'retention.ms', value: '1000' }];
    const [row] = await create(kit, [{ name: 'orders', numPartitions: 2, replicationFactor: 3, configs }]);
    expect(kit.lastRecords().map(({ type, version }) => `${type} ${version}`)).toEqual([
      'TopicRecord 0',
      'ConfigRecord 0',
      'PartitionRecord 1',
      'PartitionRecord 1',
    ]);
    expect(row).toMatchObject({
      name: 'orders',
      errorCode: 0,
      errorMessage: null,
      numPartitions: 2,
      replicationFactor: 3,
      topicId: kit.topicId('orders'),
      configs: [
        { name: 'cleanup.policy', value: 'delete', readOnly: false, configSource: 5, isSensitive: false },
        { name: 'retention.ms', value: '1000', readOnly: false, configSource: 1, isSensitive: false },
      ],
    });
    const state = kit.partition('orders', 0);
    expect([...state.replicas].sort()).toEqual([1, 2, 3]);
    expect(state).toMatchObject({ leader: state.replicas[0], leaderEpoch: 0, partitionEpoch: 0, isr: state.replicas });
    expect(state.directories).toEqual(state.replicas.map((id) => directory(id)));
    expect([...kit.loader.image.view.configOf({ type: 'topic', name: 'orders' })]).toEqual([['retention.ms', '1000']]);
  });

  test('checks only, when asked to', async () => {
    const kit = await ControllerKit.withBrokers([1]);
    const [row] = await create(kit, [{ name: 'orders' }], true);
    expect(row).toMatchObject({ errorCode: 0, numPartitions: 1 });
    expect(kit.loader.image.view.topics.size).toBe(0);
  });

  test('takes the defaults for −1', async () => {
    const kit = await ControllerKit.withBrokers([1, 2], {
      settings: { defaultPartitions: 3, defaultReplicationFactor: 2 },
    });
    const [row] = await create(kit, [{ name: 'orders', numPartitions: -1, replicationFactor: -1 }]);
    expect(row).toMatchObject({ numPartitions: 3, replicationFactor: 2 });
  });

  test('refuses one topic of a request and creates the others', async () => {
    const kit = await ControllerKit.withBrokers([1]);
    const rows = await create(kit, [{ name: 'good' }, { name: 'b@d' }, { name: 'fine' }]);
    expect(rows.map(({ name, errorCode }) => [name, errorName(errorCode)])).toEqual([
      ['good', 'NONE'],
      ['b@d', 'INVALID_TOPIC_EXCEPTION'],
      ['fine', 'NONE'],
    ]);
    expect([...kit.loader.image.view.topics.keys()].sort()).toEqual(['fine', 'good']);
  });

  test.each<[string, Wish, string]>([
    ['a name that exists', { name: 'old' }, "TOPIC_ALREADY_EXISTS: Topic 'old' already exists."],
    [
      'a name whose metrics would be those of another',
      { name: 'a_b' },
      "INVALID_TOPIC_EXCEPTION: Topic 'a_b' collides with existing topic: a.b",
    ],
    [
      'no partitions',
      { name: 'x', numPartitions: 0 },
      'INVALID_PARTITIONS: Number of partitions was set to an invalid non-positive value.',
    ],
    [
      'a replication factor of 0',
      { name: 'x', replicationFactor: 0 },
      'INVALID_REPLICATION_FACTOR: Replication factor must be larger than 0, or -1 to use the default value.',
    ],
    [
      'more replicas than brokers',
      { name: 'x', replicationFactor: 3 },
      'INVALID_REPLICATION_FACTOR: Unable to replicate the partition 3 time(s): The target replication factor of 3 cannot be reached because only 2 broker(s) are registered.',
    ],
    [
      'an unknown configuration key',
      { name: 'x', configs: [{ name: 'nonsense', value: '1' }] },
      'INVALID_CONFIG: Unknown topic config name: nonsense',
    ],
    [
      'a null configuration value',
      { name: 'x', configs: [{ name: 'retention.ms', value: null }] },
      'INVALID_CONFIG: Null value not supported for topic configs: retention.ms',
    ],
    [
      'an assignment and a replication factor',
      { name: 'x', numPartitions: -1, assignments: [{ partitionIndex: 0, brokerIds: [1] }] },
      'INVALID_REQUEST: A manual partition assignment was specified, but replication factor was not set to -1.',
    ],
    [
      'an assignment and a count',
      { name: 'x', replicationFactor: -1, assignments: [{ partitionIndex: 0, brokerIds: [1] }] },
      'INVALID_REQUEST: A manual partition assignment was specified, but numPartitions was not set to -1.',
    ],
    [
      'an assignment to an unknown broker',
      { name: 'x', numPartitions: -1, replicationFactor: -1, assignments: [{ partitionIndex: 0, brokerIds: [1, 9] }] },
      'INVALID_REPLICA_ASSIGNMENT: The manual partition assignment includes broker 9, but no such broker is registered.',
    ],
    [
      'a broker twice in an assignment',
      { name: 'x', numPartitions: -1, replicationFactor: -1, assignments: [{ partitionIndex: 0, brokerIds: [1, 1] }] },
      'INVALID_REPLICA_ASSIGNMENT: The manual partition assignment includes the broker 1 more than once.',
    ],
    [
      'gaps in an assignment',
      { name: 'x', numPartitions: -1, replicationFactor: -1, assignments: [{ partitionIndex: 1, brokerIds: [1] }] },
      'INVALID_REPLICA_ASSIGNMENT: partitions should be a consecutive 0-based integer sequence',
    ],
    [
      'different numbers of replicas',
      {
        name: 'x',
        numPartitions: -1,
        replicationFactor: -1,
        assignments: [
          { partitionIndex: 0, brokerIds: [1] },
          { partitionIndex: 1, brokerIds: [1, 2] },
        ],
      },
      'INVALID_REPLICA_ASSIGNMENT: The manual partition assignment includes a partition with 2 replica(s), but this is not consistent with previous partitions, which have 1 replica(s).',
    ],
  ])('refuses %s', async (_, topic, expected) => {
    const kit = await ControllerKit.withBrokers([1, 2]);
    await create(kit, [{ name: 'old' }, { name: 'a.b' }]);
    expect(await createError(kit, topic)).toBe(expected);
  });

  test('puts followers on fenced brokers only where no other is left, and never a leader', async () => {
    const kit = await ControllerKit.withBrokers([1, 2]);
    await kit.register(3);
    expect(await createError(kit, { name: 'wide', numPartitions: 4, replicationFactor: 3 })).toBe('NONE: null');
    for (let index = 0; index < 4; index++) {
      const { replicas, isr, leader } = kit.partition('wide', index);
      expect([...replicas].sort()).toEqual([1, 2, 3]);
      expect([...isr].sort()).toEqual([1, 2]);
      expect(leader).toBe(replicas[0]);
    }
  });

  test('spreads replicas over racks', async () => {
    const kit = await ControllerKit.withBrokers([]);
    for (const id of [1, 2, 3, 4]) await kit.startBroker(id, { rack: id < 3 ? 'a' : 'b' });
    await create(kit, [{ name: 'wide', numPartitions: 16, replicationFactor: 2 }]);
    const held = new Map<number, number>();
    for (let index = 0; index < 16; index++) {
      const { replicas } = kit.partition('wide', index);
      expect(new Set(replicas.map((id) => (id < 3 ? 'a' : 'b'))).size).toBe(2);
      for (const id of replicas) held.set(id, (held.get(id) ?? 0) + 1);
    }
    expect([...held.values()]).toEqual([8, 8, 8, 8]);
  });

  test('fails without unfenced brokers', async () => {
    const kit = await ControllerKit.withBrokers([]);
    await kit.register(1);
    expect(await createError(kit, { name: 'x' })).toBe(
      'INVALID_REPLICATION_FACTOR: Unable to replicate the partition 1 time(s): All brokers are currently fenced.',
    );
    const manual = {
      name: 'x',
      numPartitions: -1,
      replicationFactor: -1,
      assignments: [{ partitionIndex: 0, brokerIds: [1] }],
    };
    expect(await createError(kit, manual)).toBe(
      'INVALID_REPLICA_ASSIGNMENT: All brokers specified in the manual partition assignment for partition 0 are fenced or in controlled shutdown.',
    );
  });

  test('refuses a request of more than 10,000 records as a whole', async () => {
    const kit = await ControllerKit.withBrokers([1]);
    const rows = await create(kit, [{ name: 'small' }, { name: 'large', numPartitions: 10_000 }]);
    expect(rows.map(({ errorCode }) => errorName(errorCode))).toEqual(['POLICY_VIOLATION', 'POLICY_VIOLATION']);
    expect(await createError(kit, { name: 'large', numPartitions: 9_999 })).toBe('NONE: null');
  });

  test('refuses doubles, the metadata topic, and what the client may not create', async () => {
    const kit = await ControllerKit.withBrokers([1], {
      authorize: (_context, { operation, resource }) =>
        operation === 'ClusterAction' ||
        (resource.type === 'Topic' && resource.name === 'mine' && operation === 'Create'),
    });
    const rows = await create(kit, [
      { name: 'mine' },
      { name: 'theirs' },
      { name: 'twice' },
      { name: 'twice' },
      { name: '__cluster_metadata' },
    ]);
    expect(
      rows.map(({ name, errorCode, topicConfigErrorCode }) => [
        name,
        errorName(errorCode),
        errorName(topicConfigErrorCode),
      ]),
    ).toEqual([
      // It may create the topic but not see its configuration.
      ['mine', 'NONE', 'TOPIC_AUTHORIZATION_FAILED'],
      ['theirs', 'TOPIC_AUTHORIZATION_FAILED', 'NONE'],
      ['twice', 'INVALID_REQUEST', 'NONE'],
      ['__cluster_metadata', 'INVALID_REQUEST', 'NONE'],
    ]);
  });

  test.each([0, 1, 2, 3, 4, 5, 6, 7])('is answered in version %i', async (version) => {
    const kit = await ControllerKit.withBrokers([1]);
    const topics = [{ name: 'x', numPartitions: 1, replicationFactor: 1 }];
    const response = await kit.call(createTopicsRequest, createTopicsResponse, { topics }, version);
    expect(response.topics[0]).toMatchObject({ name: 'x', errorCode: 0 });
  });
});

describe('DeleteTopics', () => {
  const del = async (kit: ControllerKit, topics: Init<{ name: string | null; topicId: string }>[], version = 6) => {
    const body = version < 6 ? { topicNames: topics.map(({ name }) => name ?? '') } : { topics };
    const { responses } = await kit.call(deleteTopicsRequest, deleteTopicsResponse, body as never, version);
    return responses.map(({ name, errorCode }) => `${name} ${errorName(errorCode)}`);
  };

  test('removes topics by name or id, with their configuration', async () => {
    const kit = await ControllerKit.withBrokers([1]);
    await kit.assign('a', [[1]], { 'retention.ms': '5' });
    await kit.assign('b', [[1]]);
    const id = kit.topicId('b');
    expect(await del(kit, [{ name: 'a' }, { name: null, topicId: id }])).toEqual(['b NONE', 'a NONE']);
    expect(kit.lastRecords().map(({ type }) => type)).toEqual(['RemoveTopicRecord', 'RemoveTopicRecord']);
    const { view } = kit.loader.image;
    expect(view.topics.size).toBe(0);
    expect(view.fields.configs.size).toBe(0);
    expect(await kit.assign('a', [[1]])).toBe('NONE');
  });

  test('tells what it cannot find or understand', async () => {
    const kit = await ControllerKit.withBrokers([1]);
    await kit.assign('a', [[1]]);
    const id = kit.topicId('a');
    expect(await del(kit, [{ name: 'none' }])).toEqual(['none UNKNOWN_TOPIC_OR_PARTITION']);
    expect(await del(kit, [{ name: null, topicId: directory(9) }])).toEqual(['null UNKNOWN_TOPIC_ID']);
    expect(await del(kit, [{ name: null, topicId: ZERO_UUID }])).toEqual(['null INVALID_REQUEST']);
    expect(await del(kit, [{ name: 'a', topicId: id }])).toEqual(['a INVALID_REQUEST']);
    expect(await del(kit, [{ name: 'a' }, { name: 'a' }])).toEqual(['a INVALID_REQUEST']);
    expect(await del(kit, [{ name: 'a' }, { name: null, topicId: id }])).toEqual(['a INVALID_REQUEST']);
    expect(await del(kit, [{ name: 'a' }], 3)).toEqual(['a NONE']);
  });

  test('is refused where delete.topic.enable is false', async () => {
    const kit = await ControllerKit.withBrokers([1], { settings: { deleteTopicEnable: false } });
    expect(await del(kit, [{ name: 'a' }])).toEqual(['a TOPIC_DELETION_DISABLED']);
    expect(await del(kit, [{ name: 'a' }], 2)).toEqual(['a INVALID_REQUEST']);
  });

  test('hides the name behind an id from those who may not see the topic', async () => {
    let allows = true;
    const kit = await ControllerKit.withBrokers([1], { authorize: () => allows });
    await kit.assign('a', [[1]]);
    const topicId = kit.topicId('a');
    allows = false;
    expect(await del(kit, [{ name: null, topicId }, { name: 'none' }])).toEqual([
      'null TOPIC_AUTHORIZATION_FAILED',
      'none TOPIC_AUTHORIZATION_FAILED',
    ]);
  });
});

describe('CreatePartitions', () => {
  const grow = async (
    kit: ControllerKit,
    count: number,
    assignments: number[][] | null = null,
    validateOnly = false,
  ) => {
    const rows = assignments?.map((brokerIds) => ({ brokerIds })) ?? null;
    const topics = [{ name: 'a', count, assignments: rows }];
    const { results } = await kit.call(createPartitionsRequest, createPartitionsResponse, { topics, validateOnly });
    return `${errorName(results[0]?.errorCode ?? -1)}: ${results[0]?.errorMessage}`;
  };

  test('adds partitions, placed or as assigned', async () => {
    const kit = await ControllerKit.withBrokers([1, 2]);
    await kit.assign('a', [[1]]);
    expect(await grow(kit, 2, null, true)).toBe('NONE: null');
    expect(kit.loader.image.view.topics.get('a')?.partitionCount).toBe(1);
    expect(await grow(kit, 3)).toBe('NONE: null');
    expect(await grow(kit, 4, [[2]])).toBe('NONE: null');
    expect(kit.loader.image.view.topics.get('a')?.partitionCount).toBe(4);
    expect(kit.brief('a', 3)).toBe('2/0/0 [2] of [2]');
  });

  test.each<[number, number[][] | null, string]>([
    [2, null, 'INVALID_PARTITIONS: Topic already has 2 partition(s).'],
    [1, null, 'INVALID_PARTITIONS: The topic a currently has 2 partition(s); 1 would not be an increase.'],
    [
      4,
      [[1]],
      'INVALID_REPLICA_ASSIGNMENT: Attempted to add 2 additional partition(s), but only 1 assignment(s) were specified.',
    ],
    [
      3,
      [[1, 2]],
      'INVALID_REPLICA_ASSIGNMENT: The manual partition assignment includes a partition with 2 replica(s), but this is not consistent with previous partitions, which have 1 replica(s).',
    ],
  ])('refuses a count of %i assigned %j', async (count, assignments, expected) => {
    const kit = await ControllerKit.withBrokers([1, 2]);
    await kit.assign('a', [[1], [2]]);
    expect(await grow(kit, count, assignments)).toBe(expected);
  });

  test('of a topic that does not exist is UNKNOWN_TOPIC_OR_PARTITION', async () => {
    const kit = await ControllerKit.withBrokers([1]);
    expect(await grow(kit, 2)).toMatch(/^UNKNOWN_TOPIC_OR_PARTITION/);
  });
});
