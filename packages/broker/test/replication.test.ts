import { afterEach, describe, expect, test } from 'vitest';
import { fetch, listOffset, produce, readAll, recordsOf } from './support/data.ts';
import { TestCluster } from './support/test-cluster.ts';

const LAG_MS = 10_000;
let cluster: TestCluster;
afterEach(() => cluster.stop());

/** Three brokers and a topic `t` that broker `leader` leads. */
async function three(configs: Record<string, string> = {}, properties: Record<string, string> = {}) {
  cluster = await new TestCluster(3, { 'replica.lag.time.max.ms': String(LAG_MS), ...properties }).start();
  const client = cluster.client();
  await cluster.createTopic(client, 't', 1, configs);
  const leader = await cluster.untilLeader('t');
  await cluster.untilIsr('t', 0, 3);
  const [one, two] = cluster.followersOf(leader) as [number, number];
  return { client, leader, one, two };
}

/** The values in a broker's own log, replicated or not. */
async function held(id: number): Promise<string[]> {
  const log = cluster.replica('t', 0, id)?.log;
  if (log === undefined) throw new Error(`broker ${id} has no replica`);
  const values: string[] = [];
  await cluster.run(
    (async () => {
      for await (const batch of log.batches()) {
        if (batch.isControl) continue;
        values.push(...recordsOf(batch.bytes.slice(batch.position, batch.end), 0).map(({ value }) => value));
      }
    })(),
  );
  return values;
}

describe('acks=all', () => {
  test('waits for a follower that is cut off until it has left the ISR', async () => {
    const { client, leader, one } = await three();
    await cluster.run(produce(client, leader, 't', ['before']));
    cluster.separate(leader, one);
    const startMs = cluster.world.time.nowMs;
    let answered = false;
    const sent = produce(client, leader, 't', ['waits']).finally(() => {
      answered = true;
    });
    await cluster.world.time.runFor(LAG_MS - 1_000);
    expect(answered).toBe(false);
    expect(await cluster.run(sent)).toEqual({ error: 'NONE', offset: 1 });
    expect(cluster.world.time.nowMs - startMs).toBeGreaterThan(LAG_MS);
    expect(cluster.replica('t')?.leadership?.isr).not.toContain(one);
  });

  test('waits for a follower that is paused until the controller has fenced it', async () => {
    const { client, leader, one } = await three();
    cluster.pause(one);
    expect(await cluster.run(produce(client, leader, 't', ['waits']))).toEqual({ error: 'NONE', offset: 0 });
    expect(cluster.replica('t')?.leadership?.isr).toHaveLength(2);
    cluster.resume(one);
    await cluster.untilIsr('t', 0, 3);
    expect(await held(one)).toEqual(['waits']);
  });

  test('times out when replication takes longer than the producer waits; the record stays and is replicated', async () => {
    const { client, leader, one } = await three();
    cluster.separate(leader, one);
    const answer = await cluster.run(produce(client, leader, 't', ['late'], { timeoutMs: 500 }));
    expect(answer.error).toBe('REQUEST_TIMED_OUT');
    cluster.world.network.healAll();
    await cluster.until(() => cluster.replica('t')?.highWatermark === 1);
    expect(await cluster.run(readAll(client, leader, 't'))).toEqual(['late']);
  });

  test('is refused below min.insync.replicas; acks=1 is not', async () => {
    const { client, leader, one, two } = await three({ 'min.insync.replicas': '2' });
    cluster.kill(one);
    cluster.kill(two);
    await cluster.untilIsr('t', 0, 1);
    expect((await cluster.run(produce(client, leader, 't', ['no']))).error).toBe('NOT_ENOUGH_REPLICAS');
    expect(await cluster.run(produce(client, leader, 't', ['alone'], { acks: 1 }))).toEqual({
      error: 'NONE',
      offset: 0,
    });
    // It is on one replica only: below the minimum nothing more becomes readable.
    const fetched = await cluster.run(fetch(client, leader, 't'));
    expect(fetched).toMatchObject({ error: 'NONE', highWatermark: 0, records: [] });
    await cluster.restart(one);
    await cluster.untilIsr('t', 0, 2);
    await cluster.until(() => cluster.replica('t')?.highWatermark === 1);
    expect(await cluster.run(readAll(client, leader, 't'))).toEqual(['alone']);
  });

  test('that was appended before the ISR fell below the minimum says so, or times out', async () => {
    const { client, leader, one, two } = await three({ 'min.insync.replicas': '2' });
    cluster.separate(leader, one);
    cluster.separate(leader, two);
    const answer = await cluster.run(produce(client, leader, 't', ['?'], { timeoutMs: 60_000 }));
    expect(['NOT_ENOUGH_REPLICAS_AFTER_APPEND', 'REQUEST_TIMED_OUT']).toContain(answer.error);
  });

  test('a record that is not on every in-sync replica is not readable, and its offset not listed', async () => {
    const { client, leader, one } = await three();
    // On a connection of its own: answers keep the order of the requests, and this one's is long in coming.
    const producer = cluster.client('producer');
    await cluster.run(produce(producer, leader, 't', ['shown']));
    cluster.separate(leader, one);
    const sent = produce(producer, leader, 't', ['hidden']);
    await cluster.until(() => cluster.replica('t')?.log.endOffset === 2);
    for (let at = 0; at < LAG_MS - 2_000; at += 500) {
      await cluster.world.time.runFor(500);
      const fetched = await cluster.run(fetch(client, leader, 't'));
      expect(fetched.records.map(({ value }) => value)).toEqual(['shown']);
      expect((await cluster.run(listOffset(client, leader, 't', -1n))).offset).toBe(1);
    }
    // A consumer that stands at the high watermark waits; it is not out of range.
    expect(await cluster.run(fetch(client, leader, 't', { offset: 1 }))).toMatchObject({ error: 'NONE', records: [] });
    expect((await cluster.run(sent)).error).toBe('NONE');
    expect(await cluster.run(readAll(client, leader, 't'))).toEqual(['shown', 'hidden']);
  });

  test('needs all in-sync replicas again once the follower is back', async () => {
    const { client, leader, one } = await three();
    cluster.separate(leader, one);
    // Who has all that there is stays in the ISR, however long ago it has fetched.
    await cluster.run(produce(client, leader, 't', ['a'], { acks: 1 }));
    await cluster.untilIsr('t', 0, 2);
    await cluster.run(produce(client, leader, 't', ['b', 'c']));
    cluster.world.network.healAll();
    await cluster.untilIsr('t', 0, 3);
    expect(await held(one)).toEqual(['a', 'b', 'c']);
  });
});

describe('when the leader dies', () => {
  test('another in-sync replica leads on, with every acknowledged record', async () => {
    const { client, leader } = await three();
    for (const value of ['a', 'b', 'c']) await cluster.run(produce(client, leader, 't', [value]));
    cluster.kill(leader);
    const next = await cluster.untilLeader('t', 0, leader);
    expect(await cluster.run(produce(client, next, 't', ['d']))).toEqual({ error: 'NONE', offset: 3 });
    expect(await cluster.run(readAll(client, next, 't'))).toEqual(['a', 'b', 'c', 'd']);
    await cluster.restart(leader);
    await cluster.untilIsr('t', 0, 3);
    expect(await held(leader)).toEqual(['a', 'b', 'c', 'd']);
  });

  test('and returns with records that nobody else had, it drops them', async () => {
    const { client, leader, one, two } = await three();
    await cluster.run(produce(client, leader, 't', ['kept']));
    cluster.separate(leader, one);
    cluster.separate(leader, two);
    for (const value of ['lost 1', 'lost 2']) await cluster.run(produce(client, leader, 't', [value], { acks: 1 }));
    expect(await held(leader)).toEqual(['kept', 'lost 1', 'lost 2']);
    cluster.kill(leader);
    cluster.world.network.healAll();
    const next = await cluster.untilLeader('t', 0, leader);
    await cluster.run(produce(client, next, 't', ['new 1', 'new 2', 'new 3']));
    await cluster.restart(leader);
    await cluster.untilIsr('t', 0, 3);
    for (const id of [1, 2, 3]) expect(await held(id), `broker ${id}`).toEqual(['kept', 'new 1', 'new 2', 'new 3']);
  });

  test('replicas agree after several leaders that each left records of their own', async () => {
    const { client, leader: first } = await three();
    let leader = first;
    const acknowledged: string[] = [];
    for (let round = 0; round < 6; round++) {
      const value = `kept ${round}`;
      expect((await cluster.run(produce(client, leader, 't', [value]))).error).toBe('NONE');
      acknowledged.push(value);
      const others = [1, 2, 3].filter((id) => id !== leader);
      for (const other of others) cluster.separate(leader, other);
      await cluster.run(produce(client, leader, 't', [`lost ${round}`, `lost too ${round}`], { acks: 1 }));
      cluster.kill(leader);
      cluster.world.network.healAll();
      const next = await cluster.untilLeader('t', 0, leader);
      await cluster.restart(leader);
      await cluster.untilIsr('t', 0, 3);
      leader = next;
    }
    for (const id of [1, 2, 3]) expect(await held(id), `broker ${id}`).toEqual(acknowledged);
    // The present leader alone knows of its epoch, in which nothing was written.
    const epochs = [1, 2, 3].map((id) => JSON.stringify(cluster.replica('t', 0, id)?.log.epochs.slice(0, 6)));
    expect(new Set(epochs).size).toBe(1);
  });

  test('is cut off instead, it refuses what it cannot replicate, and follows once it hears', async () => {
    const { client, leader } = await three();
    await cluster.run(produce(client, leader, 't', ['a']));
    cluster.pause(leader);
    const next = await cluster.untilLeader('t', 0, leader);
    expect((await cluster.run(produce(client, next, 't', ['b']))).error).toBe('NONE');
    // The old leader answers only when it runs again; it then is no leader, or cannot commit.
    const stale = produce(client, leader, 't', ['c'], { timeoutMs: 1_000 });
    cluster.resume(leader);
    expect((await cluster.run(stale)).error).not.toBe('NONE');
    await cluster.untilIsr('t', 0, 3);
    for (const id of [1, 2, 3]) expect(await held(id), `broker ${id}`).toEqual(['a', 'b']);
  });

  test('what one reader has seen no later leader takes back', async () => {
    const { client, leader: first } = await three();
    const reader = cluster.client('reader');
    const seen: string[] = [];
    let leader = first;
    for (let round = 0; round < 5; round++) {
      const sends = ['x', 'y', 'z'].map((name) => produce(client, leader, 't', [`${round}${name}`]));
      await cluster.run(Promise.all(sends));
      const now = await cluster.run(readAll(reader, leader, 't'));
      expect(now.slice(0, seen.length)).toEqual(seen);
      seen.splice(0, seen.length, ...now);
      cluster.kill(leader);
      const next = await cluster.untilLeader('t', 0, leader);
      // Right after the election the high watermark may lag; then the end is not told rather than told too low.
      const end = await cluster.run(listOffset(reader, next, 't', -1n));
      if (end.error === 'NONE') expect(end.offset).toBeGreaterThanOrEqual(seen.length);
      else expect(end.error).toBe('OFFSET_NOT_AVAILABLE');
      await cluster.restart(leader);
      await cluster.untilIsr('t', 0, 3);
      leader = next;
    }
    expect(seen).toHaveLength(15);
  });
});

describe('a broker', () => {
  test('that stops in order hands its leaderships over first', async () => {
    const { client, leader } = await three();
    await cluster.run(produce(client, leader, 't', ['a']));
    const before = cluster.world.time.nowMs;
    await cluster.stopBroker(leader);
    const next = await cluster.untilLeader('t', 0, leader);
    // No session had to run out.
    expect(cluster.world.time.nowMs - before).toBeLessThan(6_000);
    expect(cluster.replica('t')?.leadership?.isr).not.toContain(leader);
    expect(await cluster.run(produce(client, next, 't', ['b']))).toEqual({ error: 'NONE', offset: 1 });
    await cluster.restart(leader);
    await cluster.untilIsr('t', 0, 3);
    expect(await held(leader)).toEqual(['a', 'b']);
  });

  test('whose disk was wiped refills all its replicas under its id', async () => {
    const { client, leader, one } = await three();
    await cluster.createTopic(client, 'u', 3);
    for (let index = 0; index < 20; index++) await cluster.run(produce(client, leader, 't', [`${index}`]));
    cluster.kill(one);
    await cluster.untilIsr('t', 0, 2);
    await cluster.restart(one, true);
    await cluster.untilIsr('t', 0, 3);
    for (const partition of [0, 1, 2]) await cluster.untilIsr('u', partition, 3);
    expect(await held(one)).toEqual(Array.from({ length: 20 }, (_, index) => String(index)));
  });

  test('alone, comes back with all that it had', async () => {
    cluster = await new TestCluster(1).start();
    const client = cluster.client();
    await cluster.createTopic(client, 't', 1);
    for (const value of ['a', 'b']) await cluster.run(produce(client, 1, 't', [value]));
    await cluster.stopBroker(1);
    await cluster.restart(1);
    await cluster.untilLeader('t');
    expect(await cluster.run(readAll(client, 1, 't'))).toEqual(['a', 'b']);
    cluster.kill(1);
    await cluster.restart(1);
    await cluster.untilLeader('t');
    expect(await cluster.run(produce(client, 1, 't', ['c']))).toEqual({ error: 'NONE', offset: 2 });
    expect(await cluster.run(readAll(client, 1, 't'))).toEqual(['a', 'b', 'c']);
  });
});

describe('an idempotent producer', () => {
  const sequence = (baseSequence: number) => ({ producerId: 77, producerEpoch: 0, baseSequence });

  test('that repeats a batch gets the offset it had, and the batch is there once', async () => {
    const { client, leader } = await three();
    const first = await cluster.run(produce(client, leader, 't', ['a', 'b'], { sequence: sequence(0) }));
    await cluster.run(produce(client, leader, 't', ['c'], { sequence: sequence(2) }));
    expect(await cluster.run(produce(client, leader, 't', ['a', 'b'], { sequence: sequence(0) }))).toEqual(first);
    expect((await cluster.run(produce(client, leader, 't', ['e'], { sequence: sequence(4) }))).error).toBe(
      'OUT_OF_ORDER_SEQUENCE_NUMBER',
    );
    expect(await cluster.run(readAll(client, leader, 't'))).toEqual(['a', 'b', 'c']);
  });

  test('may repeat it at the next leader', async () => {
    const { client, leader } = await three();
    const first = await cluster.run(produce(client, leader, 't', ['a', 'b'], { sequence: sequence(0) }));
    cluster.kill(leader);
    const next = await cluster.untilLeader('t', 0, leader);
    expect(await cluster.run(produce(client, next, 't', ['a', 'b'], { sequence: sequence(0) }))).toEqual(first);
    expect(await cluster.run(produce(client, next, 't', ['c'], { sequence: sequence(2) }))).toEqual({
      error: 'NONE',
      offset: 2,
    });
    expect(await cluster.run(readAll(client, next, 't'))).toEqual(['a', 'b', 'c']);
  });

  test('may repeat it at a broker that was killed and started again, from its snapshot or its log', async () => {
    cluster = await new TestCluster(1).start();
    const client = cluster.client();
    await cluster.createTopic(client, 't', 1);
    const first = await cluster.run(produce(client, 1, 't', ['a'], { sequence: sequence(0) }));
    cluster.kill(1);
    await cluster.restart(1);
    await cluster.untilLeader('t');
    expect(await cluster.run(produce(client, 1, 't', ['a'], { sequence: sequence(0) }))).toEqual(first);
    await cluster.stopBroker(1);
    await cluster.restart(1);
    await cluster.untilLeader('t');
    expect(await cluster.run(produce(client, 1, 't', ['a'], { sequence: sequence(0) }))).toEqual(first);
  });

  test('that repeats a batch before it is replicated waits for the replicas all the same', async () => {
    const { client, leader, one } = await three();
    cluster.separate(leader, one);
    const sends = [0, 1].map(() => produce(client, leader, 't', ['a'], { sequence: sequence(0) }));
    let answers = 0;
    for (const sent of sends) void sent.then(() => answers++);
    await cluster.world.time.runFor(LAG_MS - 1_000);
    expect(answers).toBe(0);
    for (const sent of sends) expect(await cluster.run(sent)).toEqual({ error: 'NONE', offset: 0 });
    expect(await held(leader)).toEqual(['a']);
  });
});
