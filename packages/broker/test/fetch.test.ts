import type { Init } from '@biquorum/kafka-wire';
import { errorName } from '@biquorum/kafka-wire';
import { type FetchRequest, fetchRequest, fetchResponse } from '@biquorum/kafka-wire/messages/fetch';
import {
  offsetForLeaderEpochRequest,
  offsetForLeaderEpochResponse,
} from '@biquorum/kafka-wire/messages/offset-for-leader-epoch';
import { afterEach, describe, expect, test } from 'vitest';
import { electLeader } from './support/administration.ts';
import { EPOCH_MS, fetch, listOffset, produce, readAll } from './support/data.ts';
import { type TestClient, TestCluster } from './support/test-cluster.ts';

let cluster: TestCluster;
afterEach(() => cluster.stop());

async function one(properties: Record<string, string> = {}, partitions = 1) {
  cluster = await new TestCluster(1, properties).start();
  const client = cluster.client();
  const producer = cluster.client('producer');
  await cluster.createTopic(client, 't', partitions);
  return { client, producer };
}

describe('a fetch that waits', () => {
  test('is answered as soon as a record is appended', async () => {
    const { client, producer } = await one();
    const startMs = cluster.world.time.nowMs;
    const waiting = fetch(client, 1, 't', { maxWaitMs: 60_000 });
    await cluster.world.time.runFor(5_000);
    void produce(producer, 1, 't', ['a']);
    expect((await cluster.run(waiting)).records).toEqual([{ offset: 0, value: 'a' }]);
    expect(cluster.world.time.nowMs - startMs).toBeLessThan(5_010);
  });

  test('is answered with nothing when its time is up', async () => {
    const { client } = await one();
    const startMs = cluster.world.time.nowMs;
    const fetched = await cluster.run(fetch(client, 1, 't', { maxWaitMs: 750 }));
    expect(fetched).toMatchObject({ error: 'NONE', highWatermark: 0, records: [] });
    const elapsedMs = cluster.world.time.nowMs - startMs;
    expect(elapsedMs).toBeGreaterThanOrEqual(750);
    expect(elapsedMs).toBeLessThan(760);
  });

  test('waits on for min bytes, and gets what there is when its time is up', async () => {
    const { client, producer } = await one();
    const large = 'x'.repeat(600);
    let answered = false;
    const waiting = fetch(client, 1, 't', { maxWaitMs: 60_000, minBytes: 1_000 }).finally(() => {
      answered = true;
    });
    await cluster.run(produce(producer, 1, 't', [large]));
    await cluster.world.time.runFor(1_000);
    expect(answered).toBe(false);
    await cluster.run(produce(producer, 1, 't', [large]));
    expect((await cluster.run(waiting)).records).toHaveLength(2);
    const late = await cluster.run(fetch(client, 1, 't', { maxWaitMs: 500, minBytes: 100_000 }));
    expect(late.records).toHaveLength(2);
  });

  test('is answered when replication makes records readable, not when the leader appends them', async () => {
    cluster = await new TestCluster(2, { 'replica.lag.time.max.ms': '10000' }).start();
    const client = cluster.client();
    await cluster.createTopic(client, 't', 1);
    const leader = await cluster.untilLeader('t');
    cluster.separate(1, 2);
    let answered = false;
    const waiting = fetch(client, leader, 't', { maxWaitMs: 60_000 }).finally(() => {
      answered = true;
    });
    void produce(cluster.client('producer'), leader, 't', ['a']);
    await cluster.world.time.runFor(5_000);
    expect(answered).toBe(false);
    cluster.world.network.healAll();
    const { records, highWatermark } = await cluster.run(waiting);
    expect(records).toEqual([{ offset: 0, value: 'a' }]);
    expect(highWatermark).toBe(1);
  });

  test('is told at once when the leadership ends', async () => {
    cluster = await new TestCluster(2).start();
    const client = cluster.client();
    await cluster.createTopic(client, 't', 1);
    const preferred = await cluster.untilLeader('t');
    await cluster.untilIsr('t', 0, 2);
    await cluster.stopBroker(preferred);
    const leader = await cluster.untilLeader('t', 0, preferred);
    await cluster.restart(preferred);
    await cluster.untilIsr('t', 0, 2);
    const currentLeaderEpoch = cluster.replica('t')?.leadership?.leaderEpoch ?? -1;
    const waiting = fetch(client, leader, 't', { maxWaitMs: 600_000, currentLeaderEpoch });
    await cluster.world.time.runFor(10);
    expect(await electLeader(cluster.client('admin'), 'preferred', 't', 0)).toBe('NONE');
    expect((await cluster.run(waiting)).error).toBe('FENCED_LEADER_EPOCH');
  });

  test('on many partitions gets what comes to any of them', async () => {
    const { client, producer } = await one({}, 3);
    const topics = [{ topic: 't', partitions: [0, 1, 2].map((partition) => wish(partition, 0)) }];
    const waiting = client.send(1, fetchRequest, fetchResponse, 12, { ...plain, maxWaitMs: 60_000, topics });
    await cluster.world.time.runFor(100);
    void produce(producer, 1, 't', ['a'], { partition: 2 });
    const { responses } = await cluster.run(waiting);
    const lengths = responses[0]?.partitions.map(({ partitionIndex, records }) => [partitionIndex, records?.length]);
    expect(lengths?.filter(([, length]) => (length ?? 0) > 0).map(([index]) => index)).toEqual([2]);
  });
});

describe('sizes of a fetch', () => {
  test('the first batch comes whole, however small the bounds', async () => {
    const { client, producer } = await one();
    await cluster.run(produce(producer, 1, 't', ['x'.repeat(5_000)]));
    await cluster.run(produce(producer, 1, 't', ['second']));
    const { records } = await cluster.run(fetch(client, 1, 't', { maxBytes: 10, partitionMaxBytes: 10 }));
    expect(records.map(({ offset }) => offset)).toEqual([0]);
  });

  test('max bytes bounds all partitions together, in the order they are asked for', async () => {
    const { client, producer } = await one({}, 3);
    for (const partition of [0, 1, 2]) await cluster.run(produce(producer, 1, 't', ['x'.repeat(1_000)], { partition }));
    const topics = [{ topic: 't', partitions: [2, 1, 0].map((partition) => wish(partition, 0)) }];
    const { responses } = await client.ask(1, fetchRequest, fetchResponse, 12, { ...plain, maxBytes: 1_500, topics });
    const sizes = new Map(responses[0]?.partitions.map((row) => [row.partitionIndex, row.records?.length ?? 0]));
    expect(sizes.get(2)).toBeGreaterThan(1_000);
    // Less than a batch fits: brokers of 3.9 send the beginning of it, or nothing.
    expect((sizes.get(1) ?? 0) + (sizes.get(0) ?? 0)).toBeLessThanOrEqual(500);
  });

  test('nothing more than the partition bound comes of one partition', async () => {
    const { client, producer } = await one();
    for (let index = 0; index < 10; index++) await cluster.run(produce(producer, 1, 't', ['x'.repeat(1_000)]));
    const { byteLength, records } = await cluster.run(fetch(client, 1, 't', { partitionMaxBytes: 3_500 }));
    expect(byteLength).toBeLessThanOrEqual(3_500);
    expect(records.length).toBeGreaterThanOrEqual(3);
  });

  test('an offset beyond the log is out of range, and one before its start', async () => {
    const { client, producer } = await one();
    await cluster.run(produce(producer, 1, 't', ['a']));
    expect((await cluster.run(fetch(client, 1, 't', { offset: 2 }))).error).toBe('OFFSET_OUT_OF_RANGE');
    expect((await cluster.run(fetch(client, 1, 't', { offset: -1 }))).error).toBe('OFFSET_OUT_OF_RANGE');
    expect((await cluster.run(fetch(client, 1, 't', { offset: 1 }))).error).toBe('NONE');
  });
});

describe('fetch sessions (KIP-227)', () => {
  test('answer what is new only, and partitions can be added and forgotten', async () => {
    const { client, producer } = await one({}, 3);
    const topics = [{ topic: 't', partitions: [wish(0, 0), wish(1, 0)] }];
    const first = await ask(client, { sessionEpoch: 0, topics });
    expect(first.sessionId).toBeGreaterThan(0);
    expect(rows(first)).toEqual([0, 1]);
    const { sessionId } = first;
    expect(rows(await ask(client, { sessionId, sessionEpoch: 1 }))).toEqual([]);
    await cluster.run(produce(producer, 1, 't', ['a'], { partition: 1 }));
    expect(rows(await ask(client, { sessionId, sessionEpoch: 2 }))).toEqual([1]);
    const added = [{ topic: 't', partitions: [wish(1, 1), wish(2, 0)] }];
    expect(rows(await ask(client, { sessionId, sessionEpoch: 3, topics: added }))).toEqual([2]);
    const forgottenTopicsData = [{ topic: 't', partitions: [1] }];
    await ask(client, { sessionId, sessionEpoch: 4, forgottenTopicsData });
    await cluster.run(produce(producer, 1, 't', ['b'], { partition: 1 }));
    await cluster.run(produce(producer, 1, 't', ['c'], { partition: 2 }));
    expect(rows(await ask(client, { sessionId, sessionEpoch: 5 }))).toEqual([2]);
  });

  test('refuse a wrong epoch and an unknown id, and end when they are told to', async () => {
    const { client } = await one();
    const topics = [{ topic: 't', partitions: [wish(0, 0)] }];
    const { sessionId } = await ask(client, { sessionEpoch: 0, topics });
    expect(errorName((await ask(client, { sessionId, sessionEpoch: 7 })).errorCode)).toBe(
      'INVALID_FETCH_SESSION_EPOCH',
    );
    expect(errorName((await ask(client, { sessionId: sessionId ^ 1, sessionEpoch: 1 })).errorCode)).toBe(
      'FETCH_SESSION_ID_NOT_FOUND',
    );
    expect((await ask(client, { sessionId, sessionEpoch: -1, topics })).sessionId).toBe(0);
    expect(errorName((await ask(client, { sessionId, sessionEpoch: 1 })).errorCode)).toBe('FETCH_SESSION_ID_NOT_FOUND');
  });

  test('tell again of an error until it is gone', async () => {
    const { client } = await one();
    const topics = [{ topic: 't', partitions: [wish(0, 9)] }];
    const { sessionId } = await ask(client, { sessionEpoch: 0, topics });
    for (const sessionEpoch of [1, 2]) {
      const answer = await ask(client, { sessionId, sessionEpoch });
      expect(answer.responses[0]?.partitions.map((row) => errorName(row.errorCode))).toEqual(['OFFSET_OUT_OF_RANGE']);
    }
    const mended = [{ topic: 't', partitions: [wish(0, 0)] }];
    const answer = await ask(client, { sessionId, sessionEpoch: 3, topics: mended });
    expect(answer.responses[0]?.partitions.map((row) => row.errorCode)).toEqual([0]);
    expect(rows(await ask(client, { sessionId, sessionEpoch: 4 }))).toEqual([]);
  });
});

describe('rack-aware fetch (KIP-392)', () => {
  test('sends a consumer to the in-sync follower of its rack, which serves it up to its high watermark', async () => {
    const selector = 'org.apache.kafka.common.replica.RackAwareReplicaSelector';
    cluster = await new TestCluster(
      3,
      { 'replica.selector.class': selector },
      { perBroker: (id) => ({ 'broker.rack': `rack${id}` }) },
    ).start();
    const client = cluster.client();
    await cluster.createTopic(client, 't', 1);
    const leader = await cluster.untilLeader('t');
    const other = leader === 1 ? 2 : 1;
    await cluster.run(produce(client, leader, 't', ['a', 'b']));
    await cluster.until(() => cluster.replica('t', 0, other)?.highWatermark === 2);
    const sent = await cluster.run(fetch(client, leader, 't', { rackId: `rack${other}`, maxWaitMs: 1_000 }));
    expect(sent).toMatchObject({ error: 'NONE', preferredReadReplica: other, records: [] });
    const served = await cluster.run(fetch(client, other, 't', { rackId: `rack${other}` }));
    expect(served).toMatchObject({ error: 'NONE', highWatermark: 2, preferredReadReplica: -1 });
    expect(served.records.map(({ value }) => value)).toEqual(['a', 'b']);
    const own = await cluster.run(fetch(client, leader, 't', { rackId: `rack${leader}` }));
    expect(own).toMatchObject({ preferredReadReplica: -1 });
    expect(own.records).toHaveLength(2);
    expect((await cluster.run(fetch(client, leader, 't', { rackId: 'elsewhere' }))).records).toHaveLength(2);
  });

  test('a consumer that waits at a follower is woken when the high watermark gets there', async () => {
    cluster = await new TestCluster(2).start();
    const client = cluster.client();
    await cluster.createTopic(client, 't', 1);
    const leader = await cluster.untilLeader('t');
    const producer = cluster.client('producer');
    await cluster.run(produce(producer, leader, 't', ['a']));
    await cluster.until(() => cluster.replica('t', 0, 3 - leader)?.highWatermark === 1);
    const waiting = fetch(client, 3 - leader, 't', { offset: 1, maxWaitMs: 60_000 });
    const startMs = cluster.world.time.nowMs;
    void produce(producer, leader, 't', ['b']);
    expect((await cluster.run(waiting)).records).toEqual([{ offset: 1, value: 'b' }]);
    // The follower hears of the high watermark with its next fetch, at most half a second later.
    expect(cluster.world.time.nowMs - startMs).toBeLessThan(600);
  });

  test('a client of before version 11 is served by leaders only', async () => {
    cluster = await new TestCluster(2).start();
    const client = cluster.client();
    await cluster.createTopic(client, 't', 1);
    const leader = await cluster.untilLeader('t');
    const topics = [{ topic: 't', partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1_000 }] }];
    const body = { replicaId: -1, maxWaitMs: 0, minBytes: 0, maxBytes: 1_000, topics };
    const { responses } = await client.ask(3 - leader, fetchRequest, fetchResponse, 10, body);
    expect(errorName(responses[0]?.partitions[0]?.errorCode ?? -1)).toBe('NOT_LEADER_OR_FOLLOWER');
  });
});

describe('ListOffsets', () => {
  test('finds the first record at or after a time, the ends, and the largest timestamp', async () => {
    const { client } = await one();
    for (const [index, at] of [1_000, 3_000, 2_000, 4_000, 4_000].entries()) {
      await cluster.run(produce(client, 1, 't', [`${index}`], { timestamp: EPOCH_MS + at }));
    }
    const at = async (timestamp: number) => {
      const {
        error,
        offset,
        timestamp: found,
      } = await cluster.run(listOffset(client, 1, 't', BigInt(timestamp < 0 ? timestamp : EPOCH_MS + timestamp)));
      return [error, offset, Number(found < 0n ? found : found - BigInt(EPOCH_MS))];
    };
    expect(await at(0)).toEqual(['NONE', 0, 1_000]);
    expect(await at(1_000)).toEqual(['NONE', 0, 1_000]);
    expect(await at(1_001)).toEqual(['NONE', 1, 3_000]);
    expect(await at(3_500)).toEqual(['NONE', 3, 4_000]);
    expect(await at(4_001)).toEqual(['NONE', -1, -1]);
    expect(await at(-1)).toEqual(['NONE', 5, -1]);
    expect(await at(-2)).toEqual(['NONE', 0, -1]);
    expect(await at(-3)).toEqual(['NONE', 3, 4_000]);
  });

  test('is fenced by the leader epoch, and tells the epoch of what it finds', async () => {
    cluster = await new TestCluster(3).start();
    const client = cluster.client();
    await cluster.createTopic(client, 't', 1);
    const leader = await cluster.untilLeader('t');
    await cluster.run(produce(client, leader, 't', ['a']));
    cluster.kill(leader);
    const next = await cluster.untilLeader('t', 0, leader);
    await cluster.run(produce(client, next, 't', ['b'], { timestamp: EPOCH_MS + 1 }));
    const asked = (timestamp: bigint, epoch = -1) => cluster.run(listOffset(client, next, 't', timestamp, epoch));
    expect(await asked(BigInt(EPOCH_MS))).toMatchObject({ error: 'NONE', offset: 0, leaderEpoch: 0 });
    expect(await asked(BigInt(EPOCH_MS + 1))).toMatchObject({ error: 'NONE', offset: 1, leaderEpoch: 1 });
    expect(await asked(-1n)).toMatchObject({ error: 'NONE', offset: 2, leaderEpoch: 1 });
    expect(await asked(-2n)).toMatchObject({ error: 'NONE', offset: 0, leaderEpoch: 0 });
    expect((await asked(-1n, 0)).error).toBe('FENCED_LEADER_EPOCH');
    expect((await asked(-1n, 2)).error).toBe('UNKNOWN_LEADER_EPOCH');
    expect((await asked(-1n, 1)).error).toBe('NONE');
  });

  test('does not tell of offsets that may go back, after an election', async () => {
    cluster = await new TestCluster(3, { 'replica.lag.time.max.ms': '600000' }).start();
    const client = cluster.client();
    await cluster.createTopic(client, 't', 1);
    const leader = await cluster.untilLeader('t');
    await cluster.untilIsr('t', 0, 3);
    const others = [1, 2, 3].filter((id) => id !== leader) as [number, number];
    // Both have the record, and neither has heard that it is committed.
    void produce(client, leader, 't', ['a'], { acks: 1 });
    await cluster.until(() => others.every((id) => cluster.replica('t', 0, id)?.log.endOffset === 1));
    cluster.kill(leader);
    cluster.separate(...others);
    const next = await cluster.untilLeader('t', 0, leader);
    for (const timestamp of [-1n, BigInt(EPOCH_MS)]) {
      expect((await cluster.run(listOffset(client, next, 't', timestamp))).error).toBe('OFFSET_NOT_AVAILABLE');
    }
    expect((await cluster.run(listOffset(client, next, 't', -2n))).offset).toBe(0);
    cluster.world.network.healAll();
    await cluster.until(() => cluster.replica('t')?.highWatermark === 1);
    expect((await cluster.run(listOffset(client, next, 't', BigInt(EPOCH_MS)))).offset).toBe(0);
  });
});

describe('leader epochs', () => {
  test('OffsetForLeaderEpoch tells where each ends, and Fetch where logs part', async () => {
    cluster = await new TestCluster(3).start();
    const client = cluster.client();
    await cluster.createTopic(client, 't', 1);
    const leader = await cluster.untilLeader('t');
    await cluster.run(produce(client, leader, 't', ['a', 'b']));
    cluster.kill(leader);
    const next = await cluster.untilLeader('t', 0, leader);
    await cluster.run(produce(client, next, 't', ['c']));
    const ends = async (leaderEpoch: number, currentLeaderEpoch = -1) => {
      const { topics } = await client.ask(next, offsetForLeaderEpochRequest, offsetForLeaderEpochResponse, 4, {
        replicaId: -1,
        topics: [{ topic: 't', partitions: [{ partition: 0, currentLeaderEpoch, leaderEpoch }] }],
      });
      const row = topics[0]?.partitions[0];
      return [errorName(row?.errorCode ?? -1), row?.leaderEpoch, row?.endOffset];
    };
    expect(await ends(0)).toEqual(['NONE', 0, 2]);
    expect(await ends(1)).toEqual(['NONE', 1, 3]);
    expect(await ends(2)).toEqual(['NONE', -1, -1]);
    expect(await ends(0, 0)).toEqual(['FENCED_LEADER_EPOCH', -1, -1]);
    expect(await ends(0, 9)).toEqual(['UNKNOWN_LEADER_EPOCH', -1, -1]);
    const parted = await cluster.run(fetch(client, next, 't', { offset: 3, lastFetchedEpoch: 0, maxWaitMs: 9_000 }));
    expect(parted).toMatchObject({ error: 'NONE', records: [] });
    expect(parted.divergingEpoch).toMatchObject({ epoch: 0, endOffset: 2 });
    expect((await cluster.run(fetch(client, next, 't', { offset: 2, lastFetchedEpoch: 0 }))).records).toHaveLength(1);
    expect((await cluster.run(fetch(client, next, 't', { offset: 0, lastFetchedEpoch: 5 }))).error).toBe(
      'OFFSET_OUT_OF_RANGE',
    );
    expect(await cluster.run(readAll(client, next, 't'))).toEqual(['a', 'b', 'c']);
  });
});

const plain = { replicaId: -1, maxWaitMs: 0, minBytes: 1, maxBytes: 1 << 20, sessionEpoch: -1 };

function wish(partition: number, fetchOffset: number) {
  return { partition, fetchOffset, partitionMaxBytes: 1 << 20 };
}

function ask(client: TestClient, body: Init<FetchRequest>) {
  return client.ask(1, fetchRequest, fetchResponse, 12, { ...plain, ...body });
}

function rows(answer: {
  readonly responses: readonly { readonly partitions: readonly { partitionIndex: number }[] }[];
}) {
  return answer.responses.flatMap(({ partitions }) => partitions.map(({ partitionIndex }) => partitionIndex));
}
