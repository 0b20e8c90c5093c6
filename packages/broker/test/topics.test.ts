import { errorName } from '@biquorum/kafka-wire';
import { deleteRecordsRequest, deleteRecordsResponse } from '@biquorum/kafka-wire/messages/delete-records';
import { deleteTopicsRequest, deleteTopicsResponse } from '@biquorum/kafka-wire/messages/delete-topics';
import { afterEach, describe, expect, test } from 'vitest';
import { EPOCH_MS, fetch, listOffset, produce, readAll } from './support/data.ts';
import { type TestClient, TestCluster } from './support/test-cluster.ts';

let cluster: TestCluster;
afterEach(() => cluster.stop());

async function deleteRecords(client: TestClient, broker: number, offset: number, timeoutMs = 10_000) {
  const topics = [{ name: 't', partitions: [{ partitionIndex: 0, offset }] }];
  const answer = await client.send(broker, deleteRecordsRequest, deleteRecordsResponse, 2, { topics, timeoutMs });
  const row = answer.topics[0]?.partitions[0];
  return { error: errorName(row?.errorCode ?? -1), lowWatermark: row?.lowWatermark };
}

async function deleteTopic(client: TestClient, name: string): Promise<string> {
  const body = { topics: [{ name }], timeoutMs: 10_000 };
  const { responses } = await client.administer(deleteTopicsRequest, deleteTopicsResponse, 6, body);
  return errorName(responses[0]?.errorCode ?? -1);
}

describe('DeleteRecords', () => {
  async function three() {
    cluster = await new TestCluster(3).start();
    const client = cluster.client();
    // Led by the one that governs, where a broker does: no cut link keeps it from changing the ISR.
    const first = await cluster.untilController();
    await cluster.createTopic(client, 't', 1, {}, [first, ...cluster.followersOf(first)]);
    const leader = await cluster.untilLeader('t');
    for (const value of ['a', 'b', 'c', 'd']) await cluster.run(produce(client, leader, 't', [value]));
    const others = cluster.followersOf(leader) as [number, number];
    return { client, leader, others };
  }

  test('is answered when every live replica begins at the offset', async () => {
    const { client, leader, others } = await three();
    expect(await cluster.run(deleteRecords(client, leader, 2))).toEqual({ error: 'NONE', lowWatermark: 2 });
    for (const id of [1, 2, 3]) expect(cluster.replica('t', 0, id)?.log.logStartOffset).toBe(2);
    expect(await cluster.run(readAll(client, leader, 't', 2))).toEqual(['c', 'd']);
    expect((await cluster.run(fetch(client, leader, 't', { offset: 1 }))).error).toBe('OFFSET_OUT_OF_RANGE');
    expect((await cluster.run(listOffset(client, leader, 't', -2n))).offset).toBe(2);
    expect((await cluster.run(fetch(client, others[0], 't', { offset: 2 }))).logStartOffset).toBe(2);
  });

  test('up to the high watermark empties the partition, and beyond it is refused', async () => {
    const { client, leader } = await three();
    expect((await cluster.run(deleteRecords(client, leader, 5))).error).toBe('OFFSET_OUT_OF_RANGE');
    expect(await cluster.run(deleteRecords(client, leader, -1))).toEqual({ error: 'NONE', lowWatermark: 4 });
    expect(await cluster.run(readAll(client, leader, 't', 4))).toEqual([]);
    expect(await cluster.run(produce(client, leader, 't', ['e']))).toEqual({ error: 'NONE', offset: 4 });
  });

  test('waits for a live replica that is out of the ISR, and not for one that is dead', async () => {
    const { client, leader, others } = await three();
    cluster.kill(others[0]);
    await cluster.untilIsr('t', 0, 2);
    expect(await cluster.run(deleteRecords(client, leader, 1))).toEqual({ error: 'NONE', lowWatermark: 1 });
    cluster.separate(leader, others[1]);
    await cluster.run(produce(client, leader, 't', ['e'], { acks: 1 }));
    await cluster.untilIsr('t', 0, 1);
    expect((await cluster.run(deleteRecords(client, leader, 2, 3_000))).error).toBe('REQUEST_TIMED_OUT');
  });

  test('a replica that was away begins where its leader does when it is back', async () => {
    const { client, leader, others } = await three();
    cluster.kill(others[0]);
    await cluster.untilIsr('t', 0, 2);
    await cluster.run(produce(client, leader, 't', ['e', 'f']));
    await cluster.run(produce(client, leader, 't', ['g']));
    expect((await cluster.run(deleteRecords(client, leader, 6))).error).toBe('NONE');
    await cluster.restart(others[0]);
    await cluster.untilIsr('t', 0, 3);
    await cluster.until(() => cluster.replica('t', 0, others[0])?.log.logStartOffset === 6);
    expect(cluster.replica('t', 0, others[0])?.log.endOffset).toBe(7);
  });

  test('holds across a restart of all', async () => {
    const { client, leader } = await three();
    await cluster.run(deleteRecords(client, leader, 3));
    for (const id of [1, 2, 3]) await cluster.stopBroker(id);
    for (const id of [1, 2, 3]) await cluster.restart(id);
    const next = await cluster.untilLeader('t');
    expect((await cluster.run(listOffset(client, next, 't', -2n))).offset).toBe(3);
    expect(await cluster.run(readAll(client, next, 't', 3))).toEqual(['d']);
  });
});

describe('a deleted topic', () => {
  const files = (id: number): string[] =>
    cluster.world
      .host(`broker${id}`)
      .disk.paths()
      .filter((path) => path.includes('/t-'));

  test('leaves no files on any broker, and its name can be used again at once', async () => {
    cluster = await new TestCluster(3, { 'log.segment.delete.delay.ms': '1000' }).start();
    const client = cluster.client();
    await cluster.createTopic(client, 't', 2);
    const leader = await cluster.untilLeader('t');
    await cluster.run(produce(client, leader, 't', ['old']));
    expect(files(1).length).toBeGreaterThan(0);
    expect(await deleteTopic(client, 't')).toBe('NONE');
    await cluster.createTopic(client, 't', 2);
    const next = await cluster.untilLeader('t');
    expect(await cluster.run(produce(client, next, 't', ['new']))).toEqual({ error: 'NONE', offset: 0 });
    expect(await cluster.run(readAll(client, next, 't'))).toEqual(['new']);
    expect(await deleteTopic(client, 't')).toBe('NONE');
    await cluster.world.time.runFor(120_000);
    for (const id of [1, 2, 3]) expect(files(id)).toEqual([]);
  });

  test('tells those who wait for it', async () => {
    cluster = await new TestCluster(1).start();
    const client = cluster.client();
    await cluster.createTopic(client, 't', 1);
    const waiting = fetch(cluster.client('reader'), 1, 't', { maxWaitMs: 600_000 });
    await cluster.world.time.runFor(10);
    await deleteTopic(client, 't');
    expect(['NOT_LEADER_OR_FOLLOWER', 'UNKNOWN_TOPIC_OR_PARTITION']).toContain((await cluster.run(waiting)).error);
  });
});

describe('retention', () => {
  const SMALL = { 'segment.bytes': '1000', 'retention.bytes': '3000', 'file.delete.delay.ms': '1000' };

  test('by size removes whole segments on all replicas, readers go on where the log begins', async () => {
    cluster = await new TestCluster(3, { 'log.retention.check.interval.ms': '5000' }).start();
    const client = cluster.client();
    await cluster.createTopic(client, 't', 1, SMALL);
    const leader = await cluster.untilLeader('t');
    for (let index = 0; index < 40; index++) {
      expect((await cluster.run(produce(client, leader, 't', [`${index} ${'x'.repeat(300)}`]))).error).toBe('NONE');
    }
    // The first run comes half a minute after the start.
    await cluster.until(() => [1, 2, 3].every((id) => (cluster.replica('t', 0, id)?.log.byteLength ?? 0) < 5_000));
    const first = (await cluster.run(listOffset(client, leader, 't', -2n))).offset;
    expect(first).toBeGreaterThan(20);
    expect(cluster.replica('t', 0, leader)?.log.segmentBaseOffsets[0]).toBe(first);
    expect((await cluster.run(fetch(client, leader, 't', { offset: 0 }))).error).toBe('OFFSET_OUT_OF_RANGE');
    const values = await cluster.run(readAll(client, leader, 't', first));
    expect(values.map((value) => Number(value.split(' ')[0]))).toEqual(
      Array.from({ length: 40 - first }, (_, index) => first + index),
    );
    cluster.kill(leader);
    const next = await cluster.untilLeader('t', 0, leader);
    expect((await cluster.run(readAll(client, next, 't', first))).length).toBe(40 - first);
    await cluster.restart(leader);
    await cluster.untilIsr('t', 0, 3);
  });

  test('by time removes what is old, not what is new', async () => {
    cluster = await new TestCluster(1, { 'log.retention.check.interval.ms': '5000' }).start();
    const client = cluster.client();
    const configs = { 'retention.ms': '60000', 'segment.ms': '10000', 'file.delete.delay.ms': '1000' };
    await cluster.createTopic(client, 't', 1, configs);
    const now = (): number => EPOCH_MS + Math.floor(cluster.world.time.nowMs);
    await cluster.run(produce(client, 1, 't', ['old'], { timestamp: now() }));
    await cluster.world.time.runFor(50_000);
    await cluster.run(produce(client, 1, 't', ['new'], { timestamp: now() }));
    await cluster.world.time.runFor(30_000);
    expect((await cluster.run(listOffset(client, 1, 't', -2n))).offset).toBe(1);
    expect(await cluster.run(readAll(client, 1, 't', 1))).toEqual(['new']);
  });
});
