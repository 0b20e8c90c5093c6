import { errorName, type Uuid, uuid } from '@biquorum/kafka-wire';
import {
  assignReplicasToDirsRequest,
  assignReplicasToDirsResponse,
} from '@biquorum/kafka-wire/messages/assign-replicas-to-dirs';
import { electLeadersRequest, electLeadersResponse } from '@biquorum/kafka-wire/messages/elect-leaders';
import {
  listPartitionReassignmentsRequest,
  listPartitionReassignmentsResponse,
} from '@biquorum/kafka-wire/messages/list-partition-reassignments';
import { describe, expect, test } from 'vitest';
import { ControllerKit, directory, incarnation } from './support/controller-kit.ts';

/** Brokers 1 to 3 and a partition on all of them, led by 1. */
async function three(
  options: Parameters<typeof ControllerKit.withBrokers>[1] = {},
  configs = {},
): Promise<ControllerKit> {
  const kit = await ControllerKit.withBrokers([1, 2, 3], options);
  await kit.assign('a', [[1, 2, 3]], configs);
  return kit;
}

describe('AlterPartition', () => {
  test('shrinks and grows the ISR under the same leader epoch', async () => {
    const kit = await three();
    expect(await kit.alterIsr('a', 0, [1, 2])).toBe('NONE');
    expect(kit.brief('a', 0)).toBe('1/0/1 [1,2] of [1,2,3]');
    expect(await kit.alterIsr('a', 0, [1, 2, 3])).toBe('NONE');
    expect(kit.brief('a', 0)).toBe('1/0/2 [1,2,3] of [1,2,3]');
  });

  test('raises the leader epoch on a shrink below 3.6-IV0', async () => {
    const kit = await three({ metadataLevel: 11 });
    await kit.alterIsr('a', 0, [1, 2]);
    expect(kit.brief('a', 0)).toBe('1/1/1 [1,2] of [1,2,3]');
    await kit.alterIsr('a', 0, [1, 2, 3]);
    expect(kit.brief('a', 0)).toBe('1/1/2 [1,2,3] of [1,2,3]');
  });

  test.each<[string, readonly number[], Parameters<ControllerKit['alterIsr']>[3], string]>([
    ['a leader epoch from the future', [1], { leaderEpoch: 9 }, 'NOT_CONTROLLER'],
    ['a partition epoch from the future', [1], { partitionEpoch: 9 }, 'NOT_CONTROLLER'],
    ['a leader epoch of the past', [1], { leaderEpoch: -1 }, 'FENCED_LEADER_EPOCH'],
    ['a partition epoch of the past', [1], { partitionEpoch: 0 }, 'INVALID_UPDATE_VERSION'],
    ['a broker that does not lead', [1, 2], { leader: 2 }, 'INVALID_REQUEST'],
    ['an empty ISR', [], {}, 'INVALID_REQUEST'],
    ['an ISR with a stranger', [1, 7], {}, 'INVALID_REQUEST'],
    ['an ISR with a broker twice', [1, 2, 2], {}, 'INVALID_REQUEST'],
    ['an ISR without the leader', [2, 3], {}, 'INVALID_REQUEST'],
    ['recovering again', [1], { recovering: true }, 'INVALID_REQUEST'],
    ['an old incarnation of a follower', [1, 2], { epochs: { 2: 0 } }, 'INELIGIBLE_REPLICA'],
    ['a follower whose epoch is not known', [1, 2], { epochs: { 2: -1 } }, 'NONE'],
  ])('answers %s', async (_, isr, more, expected) => {
    const kit = await three();
    await kit.alterIsr('a', 0, [1, 2]);
    expect(await kit.alterIsr('a', 0, isr, more)).toBe(expected);
  });

  test('answers fenced followers by version', async () => {
    const kit = await three();
    await kit.beat(3, { wantFence: true });
    expect(await kit.alterIsr('a', 0, [1, 2, 3])).toBe('INELIGIBLE_REPLICA');
    expect(await kit.alterIsr('a', 0, [1, 2, 3], { version: 1 })).toBe('OPERATION_NOT_ATTEMPTED');
    expect(await kit.alterIsr('a', 0, [1, 2], { version: 0 })).toBe('NONE');
  });

  test('answers unknown topics by version, and unknown partitions', async () => {
    const kit = await three();
    const broken = Object.create(kit, { topicId: { value: () => directory(9) } }) as ControllerKit;
    expect(await broken.alterIsr('a', 0, [1])).toBe('UNKNOWN_TOPIC_ID');
  });

  test('of a stale broker epoch fails as a whole', async () => {
    const kit = await three();
    kit.epochs.set(1, 1_000);
    expect(await kit.alterIsr('a', 0, [1])).toBe('STALE_BROKER_EPOCH');
  });
});

describe('elections', () => {
  const elect = async (kit: ControllerKit, electionType: number, partitions: number[] | null = [0]) => {
    const response = await kit.call(electLeadersRequest, electLeadersResponse, {
      electionType,
      topicPartitions: partitions === null ? null : [{ topic: 'a', partitions }],
    });
    const rows = response.replicaElectionResults.flatMap(({ partitionResult }) => partitionResult);
    return [errorName(response.errorCode), ...rows.map(({ errorCode }) => errorName(errorCode))].join(' ');
  };

  test('of the preferred leader give it back what it lost', async () => {
    const kit = await three();
    await kit.beat(1, { wantFence: true });
    expect(await elect(kit, 0)).toBe('NONE PREFERRED_LEADER_NOT_AVAILABLE');
    await kit.beat(1);
    expect(await elect(kit, 0)).toBe('NONE PREFERRED_LEADER_NOT_AVAILABLE');
    await kit.alterIsr('a', 0, [2, 3, 1]);
    expect(await elect(kit, 0)).toBe('NONE NONE');
    expect(kit.brief('a', 0)).toBe('1/2/3 [2,3,1] of [1,2,3]');
    expect(await elect(kit, 0)).toBe('NONE ELECTION_NOT_NEEDED');
    expect(await elect(kit, 0, null)).toBe('NONE');
    expect(await elect(kit, 0, [5])).toBe('NONE UNKNOWN_TOPIC_OR_PARTITION');
    expect(await elect(kit, 7)).toBe('INVALID_REQUEST INVALID_REQUEST');
  });

  test('that are unclean take any live replica, which recovers', async () => {
    const kit = await three();
    await kit.alterIsr('a', 0, [1]);
    expect(await elect(kit, 1)).toBe('NONE ELECTION_NOT_NEEDED');
    await kit.beat(1, { wantFence: true });
    expect(kit.brief('a', 0)).toBe('-1/1/2 [1] of [1,2,3]');
    expect(await elect(kit, 1)).toBe('NONE NONE');
    expect(kit.brief('a', 0)).toBe('2/2/3 [2] of [1,2,3] recovering');
    expect(await kit.alterIsr('a', 0, [2, 3], { recovering: true })).toBe('INVALID_REQUEST');
    expect(await kit.alterIsr('a', 0, [2], { recovering: false })).toBe('NONE');
    expect(kit.brief('a', 0)).toBe('2/2/4 [2] of [1,2,3]');
  });

  test('that are unclean find nobody when all are fenced', async () => {
    const kit = await three();
    await kit.alterIsr('a', 0, [1]);
    for (const id of [2, 3, 1]) await kit.beat(id, { wantFence: true });
    expect(await elect(kit, 1)).toBe('NONE ELIGIBLE_LEADERS_NOT_AVAILABLE');
  });

  test('are unclean by themselves where the topic allows it', async () => {
    const kit = await three({}, { 'unclean.leader.election.enable': 'true' });
    await kit.alterIsr('a', 0, [1]);
    await kit.beat(1, { wantFence: true });
    expect(kit.brief('a', 0)).toBe('2/1/2 [2] of [1,2,3] recovering');
  });

  test('give preferred leaders their partitions back within the interval, a thousand at a time', async () => {
    const kit = await ControllerKit.withBrokers([1, 2], { settings: { leaderImbalanceCheckIntervalMs: 60_000 } });
    await kit.assign(
      'a',
      Array.from({ length: 1_500 }, () => [1, 2]),
    );
    await kit.beat(1, { wantFence: true });
    await kit.beat(1);
    const view = () => kit.loader.image.view.topics.get('a');
    const led = (id: number) =>
      Array.from({ length: 1_500 }, (_, index) => view()?.leaderOf(index)).filter((l) => l === id).length;
    expect(led(1)).toBe(0);
    for (let index = 0; index < 1_500; index += 1) await kit.alterIsr('a', index, [2, 1]);
    await kit.passWith([1, 2], 58_000);
    expect(led(1)).toBe(0);
    await kit.pass(2_001);
    expect(led(1)).toBe(1_000);
    await kit.pass(20);
    expect(led(1)).toBe(1_500);
  });

  test('are unclean by themselves also when it is allowed later', async () => {
    const kit = await three({ settings: { uncleanElectionIntervalMs: 10_000 } });
    await kit.alterIsr('a', 0, [1]);
    await kit.beat(1, { wantFence: true });
    const { incrementalAlterConfigsRequest: request, incrementalAlterConfigsResponse: response } = await import(
      '@biquorum/kafka-wire/messages/incremental-alter-configs'
    );
    const configs = [{ name: 'unclean.leader.election.enable', configOperation: 0, value: 'true' }];
    await kit.call(request, response, { resources: [{ resourceType: 4, resourceName: '', configs }] });
    expect(kit.partition('a', 0).leader).toBe(-1);
    await kit.passWith([2, 3], 10_000);
    expect(kit.brief('a', 0)).toBe('2/2/3 [2] of [1,2,3] recovering');
  });
});

describe('reassignments', () => {
  const list = async (kit: ControllerKit, topics: { name: string; partitionIndexes: number[] }[] | null = null) => {
    const response = await kit.call(listPartitionReassignmentsRequest, listPartitionReassignmentsResponse, { topics });
    return response.topics.flatMap(({ name, partitions }) =>
      partitions.map(
        ({ partitionIndex, replicas, addingReplicas, removingReplicas }) =>
          `${name}-${partitionIndex} [${replicas}] +[${addingReplicas}] -[${removingReplicas}]`,
      ),
    );
  };

  test('add first, and complete when the target is in sync', async () => {
    const kit = await ControllerKit.withBrokers([1, 2, 3, 4]);
    await kit.assign('a', [[1, 2, 3]]);
    expect(await kit.reassign('a', 0, [1, 2, 4])).toBe('NONE');
    expect(kit.brief('a', 0)).toBe('1/0/1 [1,2,3] of [1,2,4,3] +4 -3');
    expect(await list(kit)).toEqual(['a-0 [1,2,4,3] +[4] -[3]']);
    expect(await list(kit, [{ name: 'a', partitionIndexes: [0, 1] }])).toHaveLength(1);
    expect(await list(kit, [{ name: 'b', partitionIndexes: [0] }])).toEqual([]);
    expect(await kit.alterIsr('a', 0, [1, 2, 3, 4])).toBe('NONE');
    // Broker 3 is taken away: a new leader epoch, under the same leader, fences it.
    expect(kit.brief('a', 0)).toBe('1/1/2 [1,2,4] of [1,2,4]');
    expect(await list(kit)).toEqual([]);
  });

  test('that take the leadership from the leader tell it so, and are written', async () => {
    const kit = await ControllerKit.withBrokers([1, 2, 3, 4]);
    await kit.assign('a', [
      [1, 2],
      [1, 2],
    ]);
    for (const index of [0, 1]) {
      await kit.reassign('a', index, [3, 4]);
      expect(await kit.alterIsr('a', index, [1, 2, 3])).toBe('NONE');
    }
    expect(await kit.alterIsr('a', 0, [1, 2, 3, 4])).toBe('NEW_LEADER_ELECTED');
    expect(await kit.alterIsr('a', 1, [1, 2, 3, 4], { version: 1 })).toBe('FENCED_LEADER_EPOCH');
    expect(kit.brief('a', 0)).toBe('3/1/3 [3,4] of [3,4]');
    expect(kit.brief('a', 1)).toBe('3/1/3 [3,4] of [3,4]');
  });

  test('that only remove are complete at once', async () => {
    const kit = await three();
    expect(await kit.reassign('a', 0, [1, 2])).toBe('NONE');
    expect(kit.brief('a', 0)).toBe('1/1/1 [1,2] of [1,2]');
  });

  test('that only reorder change the preferred leader', async () => {
    const kit = await three();
    expect(await kit.reassign('a', 0, [3, 2, 1])).toBe('NONE');
    expect(kit.brief('a', 0)).toBe('1/0/1 [1,2,3] of [3,2,1]');
  });

  test('that are called off restore the replicas', async () => {
    const kit = await ControllerKit.withBrokers([1, 2, 3, 4]);
    await kit.assign('a', [[1, 2]]);
    expect(await kit.reassign('a', 0, null)).toBe('NO_REASSIGNMENT_IN_PROGRESS');
    await kit.reassign('a', 0, [3, 4]);
    await kit.alterIsr('a', 0, [1, 2, 3]);
    expect(await kit.reassign('a', 0, null)).toBe('NONE');
    expect(kit.brief('a', 0)).toBe('1/1/3 [1,2] of [1,2]');
  });

  test('are not called off when that would lose records, unless the topic allows it', async () => {
    const kit = await ControllerKit.withBrokers([1, 2, 3]);
    await kit.assign('a', [[1]]);
    await kit.reassign('a', 0, [2, 3]);
    await kit.alterIsr('a', 0, [1, 2]);
    await kit.beat(1, { wantFence: true });
    expect(kit.brief('a', 0)).toBe('2/1/3 [2] of [2,3,1] +2,3 -1');
    expect(await kit.reassign('a', 0, null)).toBe('INVALID_REPLICA_ASSIGNMENT');
  });

  test('complete when a broker that is to go is fenced', async () => {
    const kit = await ControllerKit.withBrokers([1, 2, 3]);
    await kit.assign('a', [[1, 2]]);
    await kit.reassign('a', 0, [1, 3]);
    await kit.beat(3, { wantFence: true });
    await kit.beat(3);
    expect(await kit.alterIsr('a', 0, [1, 2])).toBe('NONE');
    expect(await kit.alterIsr('a', 0, [1, 3])).toBe('NONE');
    expect(kit.brief('a', 0)).toBe('1/1/2 [1,3] of [1,3]');
  });

  test.each([
    [[1, 1], 'INVALID_REPLICA_ASSIGNMENT'],
    [[], 'INVALID_REPLICA_ASSIGNMENT'],
    [[1, 9], 'INVALID_REPLICA_ASSIGNMENT'],
  ])('to %j are refused', async (replicas, expected) => {
    expect(await (await three()).reassign('a', 0, replicas)).toBe(expected);
  });

  test('of unknown topics and partitions are refused', async () => {
    const kit = await three();
    expect(await kit.reassign('b', 0, [1])).toBe('UNKNOWN_TOPIC_OR_PARTITION');
    expect(await kit.reassign('a', 1, [1])).toBe('UNKNOWN_TOPIC_OR_PARTITION');
  });
});

describe('directories', () => {
  const place = async (kit: ControllerKit, id: Uuid, partitionIndex = 0, topicId = kit.topicId('a'), broker = 1) => {
    const response = await kit.call(assignReplicasToDirsRequest, assignReplicasToDirsResponse, {
      brokerId: broker,
      brokerEpoch: kit.epoch(broker),
      directories: [{ id, topics: [{ topicId, partitions: [{ partitionIndex }] }] }],
    });
    const row = response.directories[0]?.topics[0]?.partitions[0];
    return errorName(response.errorCode === 0 ? (row?.errorCode ?? -1) : response.errorCode);
  };

  test('of replicas are unassigned on a broker with several, until it tells', async () => {
    const kit = await ControllerKit.withBrokers([2]);
    await kit.startBroker(1, { logDirs: [directory(1), directory(1, 1)] });
    await kit.assign('a', [[1, 2]]);
    const unassigned = uuid('AAAAAAAAAAAAAAAAAAAAAQ');
    expect(kit.partition('a', 0).directories).toEqual([unassigned, directory(2)]);
    expect(await place(kit, directory(1, 1))).toBe('NONE');
    expect(kit.partition('a', 0).directories).toEqual([directory(1, 1), directory(2)]);
    expect(kit.brief('a', 0)).toBe('1/0/1 [1,2] of [1,2]');
  });

  test('that are told anew let a replica lead that nobody could elect before', async () => {
    const kit = await ControllerKit.withBrokers([1]);
    await kit.assign('a', [[1]]);
    await kit.pass(10_000);
    expect(kit.brief('a', 0)).toBe('-1/1/1 [1] of [1]');
    // It comes back with a new disk, where the log is empty; as the last of the ISR it may lead all the same.
    await kit.startBroker(1, { incarnationId: incarnation(1, 2), logDirs: [directory(1, 1)] });
    expect(kit.brief('a', 0)).toBe('-1/1/1 [1] of [1]');
    expect(await place(kit, directory(1, 1))).toBe('NONE');
    expect(kit.brief('a', 0)).toBe('1/2/2 [1] of [1]');
  });

  test('that fail take their replicas out of the ISR, and only those', async () => {
    const kit = await ControllerKit.withBrokers([2]);
    await kit.startBroker(1, { logDirs: [directory(1), directory(1, 1)] });
    await kit.assign('a', [
      [1, 2],
      [1, 2],
    ]);
    await place(kit, directory(1), 0);
    await place(kit, directory(1, 1), 1);
    expect(await kit.beat(1, { offlineLogDirs: [directory(1)] })).toBe('caughtUp');
    expect(kit.brief('a', 0)).toBe('2/1/2 [2] of [1,2]');
    expect(kit.brief('a', 1)).toBe('1/0/1 [1,2] of [1,2]');
    expect(kit.loader.image.brokers.get(1)?.directories).toEqual([directory(1, 1)]);
    // A replica that is told to lie in the failed directory leaves, too.
    expect(await place(kit, directory(1), 1)).toBe('NONE');
    expect(kit.brief('a', 1)).toBe('2/1/3 [2] of [1,2]');
  });

  test('are refused for what the broker does not hold', async () => {
    const kit = await ControllerKit.withBrokers([1, 2, 3]);
    await kit.assign('a', [[1, 2]]);
    expect(await place(kit, directory(1), 0, directory(9))).toBe('UNKNOWN_TOPIC_ID');
    expect(await place(kit, directory(1), 5)).toBe('UNKNOWN_TOPIC_OR_PARTITION');
    expect(await place(kit, directory(3), 0, kit.topicId('a'), 3)).toBe('NOT_LEADER_OR_FOLLOWER');
    kit.epochs.set(1, 0);
    expect(await place(kit, directory(1))).toBe('STALE_BROKER_EPOCH');
  });

  test('are unsupported below 3.7-IV2', async () => {
    const kit = await ControllerKit.withBrokers([1], { metadataLevel: 16 });
    await kit.assign('a', [[1]]);
    expect(kit.partition('a', 0).directories).toBeNull();
    expect(await place(kit, directory(1))).toBe('UNSUPPORTED_VERSION');
  });
});
