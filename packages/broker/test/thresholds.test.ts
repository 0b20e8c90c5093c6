import { BatchBuilder, BatchCursor, errorName, RecordCursor } from '@biquorum/kafka-wire';
import { describeProducersRequest, describeProducersResponse } from '@biquorum/kafka-wire/messages/describe-producers';
import { produceRequest, produceResponse } from '@biquorum/kafka-wire/messages/produce';
import type { Log } from '@biquorum/log';
import { afterEach, describe, expect, test } from 'vitest';
import { EPOCH_MS, listOffset, produce, readAll } from './support/data.ts';
import { commitOffset, committedOffset, findCoordinator } from './support/group-member.ts';
import { GroupReader } from './support/group-reader.ts';
import { type TestClient, TestCluster } from './support/test-cluster.ts';

const EARLIEST = -2n;
let cluster: TestCluster;
afterEach(() => cluster.stop());

/** One broker with topic `t`, and two groups that read it, one keeping up and one falling behind. */
async function begin(configs: Record<string, string>, properties: Record<string, string> = {}) {
  cluster = await new TestCluster(1, { 'log.initial.task.delay.ms': '1000', ...properties }).start();
  const client = cluster.client();
  await cluster.createTopic(client, 't', 1, configs);
  await findCoordinator(cluster, client, 'fast');
  const readers = ['fast', 'slow'].map((group) => new GroupReader(cluster.client(group), group, 't'));
  const [fast, slow] = readers as [GroupReader, GroupReader];
  /** Both groups read, each at its pace. */
  const read = async (): Promise<void> => {
    await cluster.run(fast.read(1));
    await cluster.run(slow.read(1, 2));
  };
  let produced = 0;
  const write = async (count: number, bytes = 100): Promise<void> => {
    for (const end = produced + count; produced < end; produced++) {
      const value = `${produced} ${'x'.repeat(bytes)}`;
      expect(await cluster.run(produce(client, 1, 't', [value], { timestamp: now() }))).toEqual({
        error: 'NONE',
        offset: produced,
      });
    }
  };
  return { client, fast, slow, read, write };
}

/** The broker's wall clock. */
function now(): number {
  return EPOCH_MS + Math.floor(cluster.world.time.nowMs);
}

function log(): Log {
  const found = cluster.broker(1).core?.logs.get({ topic: 't', partition: 0 });
  if (found === undefined) throw new Error('broker 1 has no log of t-0');
  return found;
}

/** Stops the broker in order, or kills it, and starts it again. */
async function restart(how: 'stopped' | 'killed', client: TestClient): Promise<void> {
  if (how === 'stopped') await cluster.stopBroker(1);
  else cluster.kill(1);
  await cluster.restart(1);
  await cluster.untilLeader('t');
  await findCoordinator(cluster, client, 'fast');
}

/** Numbers of the records that a group has seen must follow each other but for its jumps. */
function expectUnbroken({ seen, jumps }: GroupReader): void {
  const offsets = seen.map(({ offset }) => offset);
  for (const [index, { offset, value }] of seen.entries()) {
    expect(Number(value.split(' ')[0])).toBe(offset);
    const before = offsets[index - 1];
    if (before === undefined || offset === before + 1) continue;
    expect(jumps, `${before} → ${offset}`).toContainEqual({ from: before + 1, to: offset });
  }
}

describe.each(['stopped', 'killed'] as const)('with a broker that is %s and started in between', (how) => {
  test('segment.bytes closes segments before they grow larger', async () => {
    const { client, fast, slow, read, write } = await begin({ 'segment.bytes': '1000' });
    await write(20);
    await read();
    const before = log().segmentBaseOffsets;
    expect(before.length).toBeGreaterThan(2);
    await restart(how, client);
    expect(log().segmentBaseOffsets).toEqual(before);
    await write(20);
    await read();
    const { disk } = cluster.world.host('broker1').ports;
    for (const base of log().segmentBaseOffsets) {
      const stat = await cluster.run(disk.stat(`/logs/t-0/${String(base).padStart(20, '0')}.log`));
      expect(stat?.size).toBeGreaterThan(0);
      expect(stat?.size).toBeLessThanOrEqual(1_000);
    }
    expect(log().segmentBaseOffsets.slice(0, before.length)).toEqual(before);
    expect(fast.seen.map(({ offset }) => offset)).toEqual(Array.from({ length: 40 }, (_, offset) => offset));
    for (const reader of [fast, slow]) expectUnbroken(reader);
  });

  test('segment.ms closes a segment whose first record is that old', async () => {
    const { client, read, write, fast } = await begin({ 'segment.ms': '60000' });
    await write(2);
    await cluster.world.time.runFor(30_000);
    await write(2);
    expect(log().segmentBaseOffsets).toEqual([0]);
    await read();
    await restart(how, client);
    await cluster.world.time.runFor(31_000);
    await write(2);
    expect(log().segmentBaseOffsets).toEqual([0, 4]);
    await read();
    expect(fast.seen).toHaveLength(6);
  });

  test('retention.bytes removes whole segments; who keeps up misses nothing, who does not goes on at the start', async () => {
    const configs = { 'segment.bytes': '1000', 'retention.bytes': '3000', 'file.delete.delay.ms': '1000' };
    const { client, fast, slow, read, write } = await begin(configs, { 'log.retention.check.interval.ms': '5000' });
    for (let round = 0; round < 3; round++) {
      await write(10);
      await read();
    }
    await cluster.world.time.runFor(10_000);
    const start = (await cluster.run(listOffset(client, 1, 't', EARLIEST))).offset;
    expect(start).toBeGreaterThan(6);
    expect(log().segmentBaseOffsets[0]).toBe(start);
    await restart(how, client);
    expect((await cluster.run(listOffset(client, 1, 't', EARLIEST))).offset).toBe(start);
    for (let round = 0; round < 3; round++) {
      await write(10);
      await read();
    }
    await cluster.world.time.runFor(10_000);
    expect(log().logStartOffset).toBeGreaterThan(start);
    expect(log().byteLength).toBeLessThanOrEqual(4_000);
    expect(fast.jumps).toEqual([]);
    expect(fast.seen).toHaveLength(60);
    await cluster.run(slow.read(1));
    expect(slow.jumps.length).toBeGreaterThan(0);
    expect(slow.seen.at(-1)?.offset).toBe(59);
    for (const reader of [fast, slow]) expectUnbroken(reader);
  });

  test('retention.ms removes what is older, by the records’ own time, with the broker down or up', async () => {
    const configs = { 'segment.ms': '10000', 'retention.ms': '60000', 'file.delete.delay.ms': '1000' };
    const { client, fast, slow, read, write } = await begin(configs, { 'log.retention.check.interval.ms': '5000' });
    await write(3);
    await read();
    await cluster.world.time.runFor(20_000);
    await write(3);
    await read();
    await cluster.world.time.runFor(20_000);
    expect(log().logStartOffset).toBe(0);
    await restart(how, client);
    await cluster.world.time.runFor(26_000);
    expect(log().logStartOffset).toBe(3);
    await cluster.world.time.runFor(20_000);
    expect(log().logStartOffset).toBe(6);
    await write(3);
    await read();
    expect(fast.jumps).toEqual([]);
    expect(fast.seen).toHaveLength(9);
    await cluster.run(slow.read(1));
    expect(slow.jumps).toEqual([{ from: 4, to: 6 }]);
    expectUnbroken(slow);
  });

  test('compaction keeps the last value of each key, at its offset, for both groups', async () => {
    const configs = { 'cleanup.policy': 'compact', 'segment.bytes': '1000', 'min.cleanable.dirty.ratio': '0.01' };
    const { client, fast, slow, read } = await begin(configs, { 'log.cleaner.backoff.ms': '1000' });
    const last = new Map<string, { readonly offset: number; readonly value: string }>();
    let written = 0;
    const write = async (count: number): Promise<void> => {
      for (let index = 0; index < count; index++) {
        const [key, value] = [`key ${index % 4}`, `${written++} ${'x'.repeat(100)}`];
        last.set(key, { offset: await cluster.run(produceKeyed(client, key, value)), value });
      }
    };
    await write(30);
    await read();
    await cluster.world.time.runFor(20_000);
    const compacted = await recordsInLog();
    expect(compacted.length).toBeLessThan(30);
    await restart(how, client);
    expect(await recordsInLog()).toEqual(compacted);
    await write(31);
    await cluster.world.time.runFor(20_000);
    await read();
    await cluster.run(slow.read(1));
    const kept = new Map((await recordsInLog()).map((record) => [record.offset, record.key]));
    expect(kept.size).toBeLessThan(20);
    for (const [name, { offset }] of last) expect(kept.get(offset)).toBe(name);
    for (const reader of [fast, slow]) {
      const offsets = reader.seen.map(({ offset }) => offset);
      expect(offsets).toEqual(offsets.toSorted((a, b) => a - b));
      for (const { offset, value } of last.values()) expect(reader.seen).toContainEqual({ offset, value });
      expect(reader.jumps).toEqual([]);
    }
  });

  test('producer.id.expiration.ms forgets a producer that long after its last batch, and not before', async () => {
    const properties = { 'producer.id.expiration.ms': '60000', 'producer.id.expiration.check.interval.ms': '1000' };
    const { client, read } = await begin({}, properties);
    const send = (baseSequence: number): ReturnType<typeof produce> => {
      const sequence = { producerId: 7, producerEpoch: 0, baseSequence };
      return cluster.run(produce(client, 1, 't', [`sequence ${baseSequence}`], { sequence, timestamp: now() }));
    };
    expect(await send(0)).toEqual({ error: 'NONE', offset: 0 });
    await cluster.world.time.runFor(40_000);
    expect(await send(1)).toEqual({ error: 'NONE', offset: 1 });
    await read();
    await restart(how, client);
    await cluster.world.time.runFor(40_000);
    // Repeated within the time, it is known, and so is a gap.
    expect(await send(1)).toEqual({ error: 'NONE', offset: 1 });
    expect((await send(5)).error).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER');
    expect(await producers(client)).toEqual([7]);
    await cluster.world.time.runFor(25_000);
    expect(await producers(client)).toEqual([]);
    // Whoever is unknown may begin anywhere (KIP-360).
    expect(await send(5)).toEqual({ error: 'NONE', offset: 2 });
    expect(await producers(client)).toEqual([7]);
    await read();
    expect(await cluster.run(readAll(client, 1, 't'))).toEqual(['sequence 0', 'sequence 1', 'sequence 5']);
  });

  test('offsets.retention.minutes drops what a group has not committed again, and spares the other', async () => {
    const properties = { 'offsets.retention.minutes': '1', 'offsets.retention.check.interval.ms': '5000' };
    const { client, write, fast, slow } = await begin({}, properties);
    await write(3);
    await cluster.run(fast.read(1));
    await cluster.run(slow.read(1, 2));
    await cluster.world.time.runFor(40_000);
    await cluster.run(commitOffset(client, 1, 'fast', 't', 0, 3));
    await restart(how, client);
    expect(await cluster.run(committedOffset(client, 1, 'slow', 't', 0))).toBe(2);
    await cluster.world.time.runFor(30_000);
    expect(await cluster.run(committedOffset(client, 1, 'fast', 't', 0))).toBe(3);
    expect(await cluster.run(committedOffset(client, 1, 'slow', 't', 0))).toBe(-1);
    await restart(how, client);
    expect(await cluster.run(committedOffset(client, 1, 'slow', 't', 0))).toBe(-1);
    await cluster.run(slow.read(1));
    expect(slow.seen.map(({ offset }) => offset)).toEqual([0, 1, 0, 1, 2]);
  });
});

/** Producers that the partition's leader knows. */
async function producers(client: TestClient): Promise<number[]> {
  const topics = [{ name: 't', partitionIndexes: [0] }];
  const answer = await client.ask(1, describeProducersRequest, describeProducersResponse, 0, { topics });
  return answer.topics[0]?.partitions[0]?.activeProducers.map(({ producerId }) => producerId) ?? [];
}

async function produceKeyed(client: TestClient, key: string, value: string): Promise<number> {
  const builder = new BatchBuilder();
  const utf8 = new TextEncoder();
  builder.append(now(), utf8.encode(key), utf8.encode(value));
  const topicData = [{ name: 't', partitionData: [{ index: 0, records: builder.build().slice() }] }];
  const body = { acks: -1, timeoutMs: 30_000, topicData };
  const { responses } = await client.send(1, produceRequest, produceResponse, 9, body);
  const row = responses[0]?.partitionResponses[0];
  expect(errorName(row?.errorCode ?? -1)).toBe('NONE');
  return row?.baseOffset ?? -1;
}

/** What really lies in the log. */
async function recordsInLog(): Promise<{ readonly offset: number; readonly key: string }[]> {
  const records: { readonly offset: number; readonly key: string }[] = [];
  const gather = async (): Promise<void> => {
    for await (const batch of log().batches()) {
      const batches = new BatchCursor(batch.bytes.slice(batch.position, batch.end));
      while (batches.next()) {
        const cursor = new RecordCursor().open(batches.batch);
        while (cursor.next()) {
          const { keyPosition, keyLength } = cursor;
          const key = new TextDecoder().decode(cursor.bytes.subarray(keyPosition, keyPosition + keyLength));
          records.push({ offset: cursor.offset, key });
        }
      }
    }
  };
  await cluster.run(gather());
  return records;
}
