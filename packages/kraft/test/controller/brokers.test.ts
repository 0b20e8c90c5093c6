import { errorName, uuid } from '@biquorum/kafka-wire';
import {
  allocateProducerIdsRequest,
  allocateProducerIdsResponse,
} from '@biquorum/kafka-wire/messages/allocate-producer-ids';
import {
  assignReplicasToDirsRequest,
  assignReplicasToDirsResponse,
} from '@biquorum/kafka-wire/messages/assign-replicas-to-dirs';
import {
  controllerRegistrationRequest,
  controllerRegistrationResponse,
} from '@biquorum/kafka-wire/messages/controller-registration';
import { unregisterBrokerRequest, unregisterBrokerResponse } from '@biquorum/kafka-wire/messages/unregister-broker';
import { describe, expect, test } from 'vitest';
import { ControllerKit, directory, incarnation } from './support/controller-kit.ts';

const ACTIVE = 'caughtUp';

describe('registration', () => {
  test('gives the offset of its record as the epoch, and starts fenced', async () => {
    const kit = await ControllerKit.withBrokers([]);
    const offset = kit.journal.endOffset;
    expect(await kit.register(1)).toBe('NONE');
    expect(kit.epoch(1)).toBe(offset);
    const broker = kit.loader.image.brokers.get(1);
    expect(broker).toMatchObject({ epoch: offset, registeredAt: offset, fenced: true, shuttingDown: false });
    expect(broker?.endpoints).toEqual([
      { listener: 'PLAINTEXT', host: 'host1', port: 9092, securityProtocol: 'PLAINTEXT' },
    ]);
  });

  test('of a listener with a protocol that nobody knows never reaches the log', async () => {
    const kit = await ControllerKit.withBrokers([]);
    const before = kit.journal.endOffset;
    const listeners = [{ name: 'PLAINTEXT', host: 'host1', port: 9092, securityProtocol: 9 }];
    expect(await kit.register(1, { listeners })).toBe('INVALID_REGISTRATION');
    const { errorCode } = await kit.call(controllerRegistrationRequest, controllerRegistrationResponse, {
      controllerId: 100,
      incarnationId: incarnation(100),
      zkMigrationReady: false,
      listeners,
      features: [],
    });
    expect(errorName(errorCode)).toBe('INVALID_REQUEST');
    expect(kit.journal.endOffset).toBe(before);
  });

  test('of another cluster is INCONSISTENT_CLUSTER_ID', async () => {
    const kit = await ControllerKit.withBrokers([]);
    expect(await kit.register(1, { clusterId: 'another' })).toBe('INCONSISTENT_CLUSTER_ID');
  });

  test('of another incarnation is refused while the session of the one before lasts', async () => {
    const kit = await ControllerKit.withBrokers([1]);
    expect(await kit.register(1, { incarnationId: incarnation(1, 2) })).toBe('DUPLICATE_BROKER_REGISTRATION');
    await kit.pass(8_900);
    expect(await kit.register(1, { incarnationId: incarnation(1, 2) })).toBe('DUPLICATE_BROKER_REGISTRATION');
    await kit.pass(200);
    const before = kit.epoch(1);
    expect(await kit.register(1, { incarnationId: incarnation(1, 2) })).toBe('NONE');
    expect(kit.epoch(1)).toBeGreaterThan(before);
  });

  // Found by the simulation of whole clusters, seed 119: the broker came back without its disk and led on in its old epoch.
  test('of another incarnation waits for the fencing of the one before, also when its session is over', async () => {
    const kit = await ControllerKit.withBrokers([1, 2]);
    await kit.assign('t', [[1, 2]]);
    await kit.pass(4_000);
    await kit.beat(2);
    kit.journal.refuse = 'busy';
    await kit.pass(6_000);
    kit.journal.refuse = null;
    expect(await kit.register(1, { incarnationId: incarnation(1, 2) })).toBe('DUPLICATE_BROKER_REGISTRATION');
    await kit.pass(200);
    expect(await kit.register(1, { incarnationId: incarnation(1, 2) })).toBe('NONE');
    expect(kit.partition('t', 0)).toMatchObject({ leader: 2, isr: [2] });
  });

  test('of a fenced broker has no session to wait for', async () => {
    const kit = await ControllerKit.withBrokers([]);
    await kit.register(1);
    expect(await kit.register(1, { incarnationId: incarnation(1, 2) })).toBe('NONE');
  });

  test('again of the same incarnation keeps epoch and state, and takes the new endpoints', async () => {
    const kit = await ControllerKit.withBrokers([1]);
    const epoch = kit.epoch(1);
    const listeners = [{ name: 'PLAINTEXT', host: 'elsewhere', port: 9093, securityProtocol: 0 }];
    expect(await kit.register(1, { listeners })).toBe('NONE');
    expect(kit.epoch(1)).toBe(epoch);
    expect(kit.loader.image.brokers.get(1)).toMatchObject({ epoch, fenced: false });
    expect(kit.loader.image.view.brokers.get(1)?.endpoints[0]?.host).toBe('elsewhere');
  });

  test.each([
    ['no directories', []],
    ['a reserved directory', [uuid('AAAAAAAAAAAAAAAAAAAAAQ')]],
    ['the last of the reserved directories', [uuid('AAAAAAAAAAAAAAAAAAAAYw')]],
    ['a directory twice', [directory(2), directory(2)]],
    ["another broker's directory", [directory(1)]],
  ])('with %s is INVALID_REGISTRATION', async (_, logDirs) => {
    const kit = await ControllerKit.withBrokers([1]);
    expect(await kit.register(2, { logDirs })).toBe('INVALID_REGISTRATION');
  });

  test('needs no directories below 3.7-IV2', async () => {
    const kit = await ControllerKit.withBrokers([], { metadataLevel: 16 });
    expect(await kit.register(1, { logDirs: [] })).toBe('NONE');
  });

  test.each([
    [
      'a range above the finalized level',
      [{ name: 'metadata.version', minSupportedVersion: 22, maxSupportedVersion: 25 }],
    ],
    ['a range below it', [{ name: 'metadata.version', minSupportedVersion: 1, maxSupportedVersion: 20 }]],
    ['no range, which stands for the first level', []],
  ])('with %s is UNSUPPORTED_VERSION', async (_, features) => {
    const kit = await ControllerKit.withBrokers([]);
    expect(await kit.register(1, { features })).toBe('UNSUPPORTED_VERSION');
  });

  test('of a ZooKeeper broker is BROKER_ID_NOT_REGISTERED', async () => {
    const kit = await ControllerKit.withBrokers([]);
    expect(await kit.register(1, { isMigratingZkBroker: true })).toBe('BROKER_ID_NOT_REGISTERED');
  });

  test('of a controller is kept', async () => {
    const kit = await ControllerKit.withBrokers([]);
    const { errorCode } = await kit.call(controllerRegistrationRequest, controllerRegistrationResponse, {
      controllerId: 101,
      incarnationId: incarnation(101),
      listeners: [{ name: 'CONTROLLER', host: 'c', port: 9, securityProtocol: 0 }],
      features: [{ name: 'metadata.version', minSupportedVersion: 1, maxSupportedVersion: 21 }],
    });
    expect(errorCode).toBe(0);
    expect(kit.loader.image.controllers.get(101)?.endpoints[0]?.port).toBe(9);
  });

  test('of a controller is UNSUPPORTED_VERSION below 3.7-IV0', async () => {
    const kit = await ControllerKit.withBrokers([], { metadataLevel: 14 });
    const { errorCode } = await kit.call(controllerRegistrationRequest, controllerRegistrationResponse, {
      controllerId: 101,
    });
    expect(errorName(errorCode)).toBe('UNSUPPORTED_VERSION');
  });
});

describe('heartbeats', () => {
  test('unfence a broker once it has read its own registration', async () => {
    const kit = await ControllerKit.withBrokers([]);
    await kit.register(1);
    expect(await kit.beat(1, { currentMetadataOffset: kit.epoch(1) - 1 })).toBe('fenced');
    expect(await kit.beat(1, { currentMetadataOffset: kit.epoch(1), wantFence: true })).toBe('caughtUp fenced');
    expect(await kit.beat(1, { currentMetadataOffset: kit.epoch(1) })).toBe(ACTIVE);
    expect(kit.loader.image.brokers.get(1)?.fenced).toBe(false);
  });

  test('of another epoch, or of nobody, are STALE_BROKER_EPOCH', async () => {
    const kit = await ControllerKit.withBrokers([1]);
    expect(await kit.beat(1, { brokerEpoch: kit.epoch(1) + 1 })).toBe('STALE_BROKER_EPOCH');
    expect(await kit.beat(2)).toBe('STALE_BROKER_EPOCH');
  });

  test('keep a session; without them the broker is fenced after nine seconds', async () => {
    const kit = await ControllerKit.withBrokers([1, 2]);
    await kit.assign('orders', [[1, 2]]);
    await kit.passWith([1, 2], 20_000);
    expect(kit.brief('orders', 0)).toBe('1/0/0 [1,2] of [1,2]');
    await kit.passWith([2], 8_000);
    expect(kit.loader.image.brokers.get(1)?.fenced).toBe(false);
    await kit.passWith([2], 2_000);
    expect(kit.loader.image.brokers.get(1)?.fenced).toBe(true);
    expect(kit.brief('orders', 0)).toBe('2/1/1 [2] of [1,2]');
  });

  test('that ask for it fence the broker', async () => {
    const kit = await ControllerKit.withBrokers([1, 2]);
    await kit.assign('orders', [[1, 2]]);
    expect(await kit.beat(1, { wantFence: true })).toBe('caughtUp fenced');
    expect(kit.brief('orders', 0)).toBe('2/1/1 [2] of [1,2]');
  });

  test('fence one broker at a time, so that the last in-sync replica of all leads as long as it lives', async () => {
    const kit = await ControllerKit.withBrokers([1, 2, 3]);
    await kit.assign('orders', [[1, 2, 3]]);
    await kit.pass(10_000);
    expect([1, 2, 3].map((id) => kit.loader.image.brokers.get(id)?.fenced)).toEqual([true, true, true]);
    // Sessions ended in the order of the last heartbeats: 1, 2, 3. The last member stays in the ISR.
    expect(kit.brief('orders', 0)).toBe('-1/3/3 [3] of [1,2,3]');
  });

  test('of a broker that comes back let it lead what only it has', async () => {
    const kit = await ControllerKit.withBrokers([1]);
    await kit.assign('orders', [[1]]);
    await kit.pass(10_000);
    expect(kit.brief('orders', 0)).toBe('-1/1/1 [1] of [1]');
    expect(await kit.beat(1)).toBe(ACTIVE);
    expect(kit.brief('orders', 0)).toBe('1/2/2 [1] of [1]');
  });

  test('fence again when the journal refused the first time', async () => {
    const kit = await ControllerKit.withBrokers([1]);
    kit.journal.refuse = 'busy';
    await kit.pass(9_500);
    expect(kit.loader.image.brokers.get(1)?.fenced).toBe(false);
    kit.journal.refuse = null;
    await kit.pass(200);
    expect(kit.loader.image.brokers.get(1)?.fenced).toBe(true);
  });

  test('fence a broker with many leaderships in batches that fit, and last of all', async () => {
    const kit = await ControllerKit.withBrokers([1, 2], { settings: { recordsPerBatchMax: 100 } });
    for (const name of ['a', 'b', 'c'])
      await kit.assign(
        name,
        Array.from({ length: 90 }, () => [1, 2]),
      );
    const before = kit.journal.batches.length;
    await kit.passWith([2], 10_000);
    const sizes = kit.journal.batches.slice(before).map(({ records }) => records.length);
    expect(sizes).toEqual([99, 99, 73]);
    expect(kit.lastRecords().at(-1)?.type).toBe('BrokerRegistrationChangeRecord');
    expect(kit.brief('c', 89)).toBe('2/1/1 [2] of [1,2]');
    expect(kit.loader.image.brokers.get(1)?.fenced).toBe(true);
  });

  test('whose unfencing the journal refused ask again', async () => {
    const kit = await ControllerKit.withBrokers([]);
    await kit.register(1);
    kit.journal.refuse = 'busy';
    expect(await kit.beat(1)).toBe('REQUEST_TIMED_OUT');
    kit.journal.refuse = null;
    expect(await kit.beat(1)).toBe(ACTIVE);
    expect(kit.loader.image.brokers.get(1)?.fenced).toBe(false);
  });

  test('keep the session also when the journal has no room for what they ask', async () => {
    const kit = await ControllerKit.withBrokers([1, 2]);
    await kit.assign('orders', [[1, 2]]);
    await kit.passWith([2], 8_000);
    kit.journal.refuse = 'busy';
    expect(await kit.beat(1, { wantShutDown: true })).toBe('REQUEST_TIMED_OUT');
    kit.journal.refuse = null;
    await kit.passWith([2], 4_000);
    expect(kit.loader.image.brokers.get(1)?.fenced).toBe(false);
  });

  test('start sessions anew under a new controller', async () => {
    const kit = await ControllerKit.withBrokers([1]);
    await kit.pass(8_000);
    kit.journal.resign();
    kit.journal.lead();
    await kit.pass(8_000);
    expect(kit.loader.image.brokers.get(1)?.fenced).toBe(false);
    await kit.pass(1_100);
    expect(kit.loader.image.brokers.get(1)?.fenced).toBe(true);
  });
});

describe('controlled shutdown', () => {
  test('moves leaderships, waits until all active brokers know, then lets the broker go', async () => {
    const kit = await ControllerKit.withBrokers([1, 2]);
    await kit.assign('orders', [
      [1, 2],
      [2, 1],
    ]);
    const stale = kit.journal.endOffset - 1;
    expect(await kit.beat(2, { currentMetadataOffset: stale })).toBe(ACTIVE);
    expect(await kit.beat(1, { wantShutDown: true })).toBe(ACTIVE);
    expect(kit.loader.image.brokers.get(1)).toMatchObject({ shuttingDown: true, fenced: false });
    expect(kit.brief('orders', 0)).toBe('2/1/1 [2] of [1,2]');
    expect(kit.brief('orders', 1)).toBe('2/0/1 [2] of [2,1]');
    expect(await kit.beat(1, { wantShutDown: true })).toBe(ACTIVE);
    expect(await kit.beat(2)).toBe(ACTIVE);
    expect(await kit.beat(1, { wantShutDown: true })).toBe('caughtUp fenced shutDown');
    expect(kit.loader.image.brokers.get(1)?.fenced).toBe(true);
  });

  test('is immediate for a broker that leads nothing', async () => {
    const kit = await ControllerKit.withBrokers([1, 2]);
    await kit.assign('orders', [[2, 1]]);
    expect(await kit.beat(1, { wantShutDown: true })).toBe('caughtUp fenced shutDown');
    expect(kit.brief('orders', 0)).toBe('2/0/1 [2] of [2,1]');
  });

  test('waits for what cannot move: a partition with no other replica in sync', async () => {
    const kit = await ControllerKit.withBrokers([1, 2]);
    await kit.assign('orders', [[1]]);
    await kit.beat(1, { wantShutDown: true });
    // Nobody else can lead: the partition has no leader, and its only in-sync replica is remembered.
    expect(kit.brief('orders', 0)).toBe('-1/1/1 [1] of [1]');
  });

  test('keeps the broker out of ISRs and out of new topics', async () => {
    const kit = await ControllerKit.withBrokers([1, 2]);
    await kit.assign('orders', [
      [1, 2],
      [2, 1],
    ]);
    await kit.beat(1, { wantShutDown: true });
    expect(await kit.alterIsr('orders', 1, [2, 1])).toBe('INELIGIBLE_REPLICA');
    expect(await kit.assign('more', [[1]])).toBe('INVALID_REPLICA_ASSIGNMENT');
  });
});

describe('a broker', () => {
  test('that is unregistered leaves all ISRs', async () => {
    const kit = await ControllerKit.withBrokers([1, 2]);
    await kit.assign('orders', [[1, 2]]);
    const unregister = async (brokerId: number) =>
      errorName((await kit.call(unregisterBrokerRequest, unregisterBrokerResponse, { brokerId })).errorCode);
    expect(await unregister(1)).toBe('NONE');
    expect(kit.brief('orders', 0)).toBe('2/1/1 [2] of [1,2]');
    expect(kit.loader.image.view.brokers.has(1)).toBe(false);
    expect(await unregister(1)).toBe('BROKER_ID_NOT_REGISTERED');
  });

  test('gets producer ids in blocks of a thousand that never overlap', async () => {
    const kit = await ControllerKit.withBrokers([1, 2]);
    const allocate = (brokerId: number, brokerEpoch: number = kit.epoch(brokerId)) =>
      kit.call(allocateProducerIdsRequest, allocateProducerIdsResponse, { brokerId, brokerEpoch });
    expect(await allocate(1)).toMatchObject({ errorCode: 0, producerIdStart: 0, producerIdLen: 1_000 });
    expect(await allocate(2)).toMatchObject({ producerIdStart: 1_000 });
    kit.journal.resign();
    kit.journal.lead();
    expect(await allocate(1)).toMatchObject({ producerIdStart: 2_000 });
    expect(errorName((await allocate(1, 0)).errorCode)).toBe('STALE_BROKER_EPOCH');
    expect(kit.loader.image.nextProducerId).toBe(3_000);
  });
});

describe('a broker with more partitions than one batch may change', () => {
  const RECORDS_MAX = 100;

  async function many(assignment: readonly number[]): Promise<ControllerKit> {
    const kit = await ControllerKit.withBrokers([1, 2], { settings: { recordsPerBatchMax: RECORDS_MAX } });
    for (const name of ['a', 'b', 'c'])
      await kit.assign(
        name,
        Array.from({ length: 90 }, () => assignment),
      );
    return kit;
  }

  function leaders(kit: ControllerKit): Set<number> {
    const topics = [...kit.loader.image.view.topics.values()];
    return new Set(topics.flatMap((topic) => Array.from({ length: 90 }, (_, index) => topic.leaderOf(index))));
  }

  test('is fenced in several decisions, the last of which tells that it is', async () => {
    const kit = await many([1, 2]);
    const before = kit.journal.batches.length;
    expect(await kit.beat(1, { wantFence: true })).toBe('caughtUp fenced');
    expect(leaders(kit)).toEqual(new Set([2]));
    const batches = kit.journal.batches.slice(before);
    expect(batches.map(({ records }) => records.length)).toEqual([99, 99, 73]);
    expect(batches.flatMap(({ records }) => records).at(-1)?.type).toBe('BrokerRegistrationChangeRecord');
  });

  test('that shuts down hands them over in several decisions, and may go when the others have read of the last', async () => {
    const kit = await many([1, 2]);
    expect(await kit.beat(1, { wantShutDown: true })).toBe('caughtUp');
    expect(leaders(kit)).toEqual(new Set([1, 2]));
    const first = kit.journal.endOffset;
    await kit.pass(100);
    expect(leaders(kit)).toEqual(new Set([2]));
    await kit.beat(2, { currentMetadataOffset: first });
    expect(await kit.beat(1, { wantShutDown: true })).toBe('caughtUp');
    await kit.beat(2);
    expect(await kit.beat(1, { wantShutDown: true })).toBe('caughtUp fenced shutDown');
  });

  test('that comes back gets those that nobody leads in several decisions', async () => {
    const kit = await many([1]);
    await kit.beat(1, { wantFence: true });
    expect(leaders(kit)).toEqual(new Set([-1]));
    expect(await kit.beat(1)).toBe('caughtUp');
    expect(leaders(kit)).toEqual(new Set([-1, 1]));
    await kit.pass(100);
    expect(leaders(kit)).toEqual(new Set([1]));
  });

  test('gets them from the next controller when the one that had begun with it is lost', async () => {
    const kit = await many([1]);
    await kit.beat(1, { wantFence: true });
    await kit.beat(1);
    kit.journal.resign();
    kit.journal.lead();
    expect(leaders(kit)).toEqual(new Set([-1, 1]));
    await kit.passWith([1, 2], 2_000);
    expect(leaders(kit)).toEqual(new Set([1]));
  });

  test('is forgotten with the last of several decisions', async () => {
    const kit = await many([1, 2]);
    const before = kit.journal.batches.length;
    const body = { brokerId: 1 };
    const { errorCode } = await kit.call(unregisterBrokerRequest, unregisterBrokerResponse, body);
    expect(errorName(errorCode)).toBe('NONE');
    const batches = kit.journal.batches.slice(before);
    expect(batches.map(({ records }) => records.length)).toEqual([99, 99, 73]);
    expect(batches.flatMap(({ records }) => records).at(-1)?.type).toBe('UnregisterBrokerRecord');
    expect(kit.loader.image.brokers.has(1)).toBe(false);
    expect(leaders(kit)).toEqual(new Set([2]));
  });

  test('of a failed directory loses it with the last of several decisions', async () => {
    const kit = await ControllerKit.withBrokers([2], { settings: { recordsPerBatchMax: RECORDS_MAX } });
    await kit.startBroker(1, { logDirs: [directory(1), directory(1, 1)] });
    for (const name of ['a', 'b', 'c'])
      await kit.assign(
        name,
        Array.from({ length: 90 }, () => [1, 2]),
      );
    const placed = ['a', 'b', 'c'].map((name) => ({
      topicId: kit.topicId(name),
      partitions: Array.from({ length: 90 }, (_, partitionIndex) => ({ partitionIndex })),
    }));
    await kit.call(assignReplicasToDirsRequest, assignReplicasToDirsResponse, {
      brokerId: 1,
      brokerEpoch: kit.epoch(1),
      directories: [{ id: directory(1, 1), topics: placed }],
    });
    const before = kit.journal.batches.length;
    expect(await kit.beat(1, { offlineLogDirs: [directory(1, 1)] })).toBe('caughtUp');
    expect(leaders(kit)).toEqual(new Set([2]));
    expect(kit.loader.image.brokers.get(1)?.directories).toEqual([directory(1)]);
    const sizes = kit.journal.batches.slice(before).map(({ records }) => records.length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(RECORDS_MAX);
  });
});
