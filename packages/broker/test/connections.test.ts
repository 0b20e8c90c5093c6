import type { Init } from '@biquorum/kafka-wire';
import { errorName, type MessageCodec, requestFrame } from '@biquorum/kafka-wire';
import { apiVersionsRequest, apiVersionsResponse } from '@biquorum/kafka-wire/messages/api-versions';
import { fetchRequest } from '@biquorum/kafka-wire/messages/fetch';
import { listGroupsRequest } from '@biquorum/kafka-wire/messages/list-groups';
import { metadataRequest, metadataResponse } from '@biquorum/kafka-wire/messages/metadata';
import { type ProduceRequest, produceRequest } from '@biquorum/kafka-wire/messages/produce';
import { ByteReader, Prng } from '@biquorum/std';
import { afterEach, describe, expect, test } from 'vitest';
import { batchOf, fetch, produce, readAll } from './support/data.ts';
import { type Link, type TestClient, TestCluster } from './support/test-cluster.ts';

let cluster: TestCluster;
afterEach(() => cluster.stop());

async function one(properties: Record<string, string> = {}): Promise<TestClient> {
  cluster = await new TestCluster(1, properties).start();
  const client = cluster.client();
  await cluster.createTopic(client, 't', 1);
  return client;
}

/** Other clients are served as ever. */
async function isWell(): Promise<void> {
  const answer = await cluster.run(produce(cluster.client(`well${count++}`), 1, 't', ['well']));
  expect(answer.error).toBe('NONE');
}
let count = 0;

function framed<Request>(codec: MessageCodec<Request>, version: number, correlationId: number, body: Init<Request>) {
  return requestFrame(codec, version, { correlationId, clientId: 'test' }, body).map((part) => part as Uint8Array);
}

function raw(...bytes: number[]): Uint8Array[] {
  return [new Uint8Array(bytes)];
}

/** Asks on a link and tells the correlation id of the answer. */
async function correlation(answer: Promise<Uint8Array>): Promise<number> {
  return new ByteReader(await answer).i32();
}

async function untilClosed(link: Link): Promise<void> {
  await cluster.until(() => link.closed, 60_000);
}

describe('requests of one connection', () => {
  test('are answered in their order, those that wait and those that do not', async () => {
    const client = await one();
    const link = await cluster.run(client.dial(1));
    const wish = { partition: 0, fetchOffset: 0, partitionMaxBytes: 1_000 };
    const slow = { replicaId: -1, maxWaitMs: 300, minBytes: 1, maxBytes: 1_000, sessionEpoch: -1 };
    const order: number[] = [];
    const answers = [
      link.exchange((id) => framed(fetchRequest, 11, id, { ...slow, topics: [{ topic: 't', partitions: [wish] }] })),
      link.exchange((id) => framed(metadataRequest, 8, id, { topics: null })),
      link.exchange((id) => framed(listGroupsRequest, 3, id, {})),
    ].map((answer) => correlation(answer).then((id) => order.push(id)));
    await cluster.run(Promise.all(answers));
    expect(order).toEqual([1, 2, 3]);
  });

  test('a hundred sent at once are all answered, in order', async () => {
    const client = await one();
    const link = await cluster.run(client.dial(1));
    const answers = Array.from({ length: 100 }, (_, index) =>
      correlation(
        link.exchange((id) => framed(metadataRequest, 8, id, index % 2 === 0 ? { topics: null } : { topics: [] })),
      ),
    );
    expect(await cluster.run(Promise.all(answers))).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
  });

  test('a connection whose peer has ended its side is answered and then closed', async () => {
    const client = await one();
    const link = await cluster.run(client.dial(1));
    const answer = correlation(link.exchange((id) => framed(metadataRequest, 8, id, { topics: null })));
    link.connection.end();
    expect(await cluster.run(answer)).toBe(1);
    await untilClosed(link);
  });

  test('produce with acks=0 is not answered, what follows is; a failed one closes the connection', async () => {
    const client = await one();
    const link = await cluster.run(client.dial(1));
    const body = (name: string): Init<ProduceRequest> => ({
      acks: 0,
      timeoutMs: 1_000,
      topicData: [{ name, partitionData: [{ index: 0, records: batchOf(['a']) }] }],
    });
    link.connection.write(framed(produceRequest, 8, 77, body('t')));
    const next = link.exchange((id) => framed(metadataRequest, 8, id, { topics: null }));
    expect(await cluster.run(correlation(next))).toBe(1);
    expect(await cluster.run(readAll(client, 1, 't'))).toEqual(['a']);
    link.connection.write(framed(produceRequest, 8, 78, body('unknown')));
    await untilClosed(link);
  });
});

describe('versions that are not served', () => {
  test('of ApiVersions are answered with version 0 and what there is', async () => {
    const client = await one();
    const link = await cluster.run(client.dial(1));
    // Header: key 18, version 99, correlation id 5, client id null, no tags.
    const answer = await cluster.run(link.exchange(() => raw(0, 0, 0, 11, 0, 18, 0, 99, 0, 0, 0, 5, 0xff, 0xff, 0)));
    const reader = new ByteReader(answer);
    expect(reader.i32()).toBe(5);
    const body = apiVersionsResponse.decode(reader, 0);
    expect(errorName(body.errorCode)).toBe('UNSUPPORTED_VERSION');
    expect(body.errorCode).toBe(35);
    const { lowestVersion: minVersion } = apiVersionsRequest;
    expect(body.apiKeys.map((row) => [row.apiKey, row.minVersion, row.maxVersion])).toEqual([[18, minVersion, 4]]);
    // The connection is as good as before.
    expect(
      await cluster.run(correlation(link.exchange((id) => framed(metadataRequest, 8, id, { topics: null })))),
    ).toBe(2);
  });

  test('of others close the connection, and so do keys that nobody knows', async () => {
    const client = await one();
    for (const [key, version] of [
      [3, 99],
      [999, 0],
      [0, 99],
      [24, 0],
    ] as const) {
      const link = await cluster.run(client.dial(1));
      const [high, low] = [key >> 8, key & 0xff];
      link.connection.write(raw(0, 0, 0, 10, high, low, 0, version, 0, 0, 0, 5, 0xff, 0xff));
      await untilClosed(link);
    }
    await isWell();
  });
});

describe('hostile bytes', () => {
  test('a frame larger than socket.request.max.bytes, or of negative size, closes the connection at once', async () => {
    const client = await one({ 'socket.request.max.bytes': '10000' });
    for (const size of [10_001, 0x7fff_ffff, -1, -0x8000_0000]) {
      const link = await cluster.run(client.dial(1));
      const prefix = new Uint8Array(4);
      new DataView(prefix.buffer).setInt32(0, size);
      link.connection.write([prefix]);
      await untilClosed(link);
    }
    await isWell();
  });

  test('frames of random bytes, whole, cut and mutated, never hurt the broker', async () => {
    const client = await one();
    const prng = new Prng(7);
    const good = framed(metadataRequest, 9, 1, { topics: [{ name: 't' }] });
    const whole = new Uint8Array(good.reduce((sum, part) => sum + part.length, 0));
    whole.set(good.flatMap((part) => [...part]));
    for (let round = 0; round < 300; round++) {
      const link = await cluster.run(client.dial(1));
      let bytes: Uint8Array;
      if (round % 3 === 0) {
        bytes = prng.fill(new Uint8Array(4 + prng.below(200)));
        new DataView(bytes.buffer).setInt32(0, bytes.length - 4);
        if (round % 2 === 0) new DataView(bytes.buffer).setInt16(4, prng.below(70));
        if (round % 4 === 0) new DataView(bytes.buffer).setInt16(6, prng.below(10));
      } else {
        bytes = whole.slice(0, round % 3 === 1 ? whole.length : prng.below(whole.length));
        for (let flips = 0; flips < 3 && bytes.length > 4; flips++)
          bytes[4 + prng.below(bytes.length - 4)] = prng.below(256);
      }
      link.connection.write([bytes]);
      link.connection.end();
      await untilClosed(link);
    }
    await isWell();
    const faults = (cluster.world.host('broker1').telemetry as unknown as { named(event: string): unknown[] }).named(
      'request failed',
    );
    // What a peer gets wrong is refused; nothing of it may look like a failure of ours.
    expect(faults).toEqual([]);
  });

  test('a frame that never ends is dropped when the connection counts as idle', async () => {
    const client = await one({ 'connections.max.idle.ms': '30000' });
    const link = await cluster.run(client.dial(1));
    link.connection.write(raw(0, 0, 1, 0, 0, 3));
    const startMs = cluster.world.time.nowMs;
    await untilClosed(link);
    expect(cluster.world.time.nowMs - startMs).toBeGreaterThan(29_000);
  });
});

describe('limits', () => {
  test('an idle connection is closed; one with a request in flight is not', async () => {
    const client = await one({ 'connections.max.idle.ms': '10000' });
    const link = await cluster.run(client.dial(1));
    const waiting = fetch(cluster.client('waits'), 1, 't', { maxWaitMs: 45_000 });
    await untilClosed(link);
    expect((await cluster.run(waiting)).error).toBe('NONE');
  });

  test('connections over max.connections and max.connections.per.ip are refused, and room is made by those that leave', async () => {
    await one({ 'max.connections.per.ip': '2' });
    const [greedy, other] = [cluster.client('greedy'), cluster.client('other')];
    const first = await cluster.run(greedy.dial(1));
    const second = await cluster.run(greedy.dial(1));
    const third = await cluster.run(greedy.dial(1));
    await untilClosed(third);
    expect([first.closed, second.closed]).toEqual([false, false]);
    expect((await cluster.run(other.dial(1))).closed).toBe(false);
    first.connection.abort();
    await untilClosed(first);
    await cluster.world.time.runFor(100);
    const again = await cluster.run(greedy.dial(1));
    expect(
      await cluster.run(correlation(again.exchange((id) => framed(metadataRequest, 8, id, { topics: null })))),
    ).toBe(1);
  });

  test('a client that reads late gets everything, in order, and holds up nobody else', async () => {
    const client = await one();
    for (let index = 0; index < 4; index++) await cluster.run(produce(client, 1, 't', ['x'.repeat(50_000)]));
    const link = await cluster.run(cluster.client('deaf').dial(1));
    link.connection.pause();
    const wish = { partition: 0, fetchOffset: 0, partitionMaxBytes: 1 << 20 };
    const body = { replicaId: -1, maxWaitMs: 0, minBytes: 1, maxBytes: 1 << 20, sessionEpoch: -1 };
    let answered = 0;
    const answers = Array.from({ length: 20 }, () =>
      link
        .exchange((id) => framed(fetchRequest, 11, id, { ...body, topics: [{ topic: 't', partitions: [wish] }] }))
        .then((frame) => {
          answered += 1;
          return frame;
        }),
    );
    await cluster.world.time.runFor(5_000);
    expect(answered).toBe(0);
    await isWell();
    link.connection.resume();
    const frames = await cluster.run(Promise.all(answers));
    expect(frames.map((frame) => new ByteReader(frame).i32())).toEqual(frames.map((_, index) => index + 1));
    expect(Math.min(...frames.map(({ length }) => length))).toBeGreaterThan(200_000);
  });
});

describe('a broker that stops', () => {
  test('answers what is in flight, closes its connections and takes no new ones', async () => {
    const client = await one();
    const waiting = fetch(client, 1, 't', { maxWaitMs: 1_000 });
    const link = await cluster.run(cluster.client('other').dial(1));
    await cluster.world.time.runFor(10);
    const stopping = cluster.run(cluster.broker(1).stop());
    expect((await cluster.run(waiting)).error).not.toBe(undefined);
    await stopping;
    expect(link.closed).toBe(true);
    await expect(cluster.run(cluster.client('late').dial(1))).rejects.toThrow();
  });
});

describe('metadata', () => {
  test('is the same at every broker, before and after one dies', async () => {
    cluster = await new TestCluster(3).start();
    const client = cluster.client();
    await cluster.createTopic(client, 't', 3);
    const ask = async (broker: number) => {
      const { brokers, topics } = await client.ask(broker, metadataRequest, metadataResponse, 12, { topics: null });
      return { brokers: brokers.map(({ nodeId }) => nodeId).sort(), topics };
    };
    expect(await ask(1)).toEqual(await ask(2));
    cluster.kill(3);
    await cluster.until(() => cluster.brokers.every(({ view }) => view.brokers.get(3 as never)?.fenced !== false));
    await cluster.world.time.runFor(1_000);
    const [one, two] = [await ask(1), await ask(2)];
    expect(one).toEqual(two);
    expect(one.brokers).toEqual([1, 2]);
    const rows = one.topics.flatMap(({ partitions }) => partitions);
    expect(rows.every(({ leaderId, errorCode }) => leaderId !== 3 && errorCode === 0)).toBe(true);
    expect(rows.every(({ offlineReplicas }) => offlineReplicas.includes(3))).toBe(true);
  });
});
