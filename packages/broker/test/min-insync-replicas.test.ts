import { afterEach, describe, expect, test } from 'vitest';
import { alterConfig } from './support/administration.ts';
import { fetch, produce, readAll } from './support/data.ts';
import { type TestClient, TestCluster } from './support/test-cluster.ts';

const MINIMUM = 'min.insync.replicas';
let cluster: TestCluster;
afterEach(() => cluster.stop());

async function three(configs: Record<string, string> = {}, properties: Record<string, string> = {}) {
  cluster = await new TestCluster(3, properties).start();
  const client = cluster.client();
  await cluster.createTopic(client, 't', 1, configs);
  const leader = await cluster.untilLeader('t');
  await cluster.untilIsr('t', 0, 3);
  const [one, two] = [1, 2, 3].filter((id) => id !== leader) as [number, number];
  return { client, leader, one, two };
}

async function send(client: TestClient, leader: number, value: string, acks = -1): Promise<string> {
  return (await cluster.run(produce(client, leader, 't', [value], { acks, timeoutMs: 20_000 }))).error;
}

/** Sets it and waits until the leader knows. */
async function setMinimum(client: TestClient, leader: number, type: 'topic' | 'broker', value: string | null) {
  const name = type === 'topic' ? 't' : '';
  expect(await alterConfig(client, leader, type, name, MINIMUM, value)).toBe('NONE');
  await cluster.until(() => {
    const set = cluster.broker(leader).view.configOf({ type, name }).get(MINIMUM);
    return set === (value ?? undefined);
  });
}

describe('min.insync.replicas', () => {
  test('raised at run time refuses the next record, and lets it in when taken back', async () => {
    const { client, leader, one } = await three();
    cluster.kill(one);
    await cluster.untilIsr('t', 0, 2);
    expect(await send(client, leader, 'a')).toBe('NONE');
    await setMinimum(client, leader, 'topic', '3');
    expect(await send(client, leader, 'refused')).toBe('NOT_ENOUGH_REPLICAS');
    await setMinimum(client, leader, 'topic', null);
    expect(await send(client, leader, 'b')).toBe('NONE');
    expect(await cluster.run(readAll(client, leader, 't'))).toEqual(['a', 'b']);
  });

  test('lowered at run time commits what was held back, without another record', async () => {
    const { client, leader, one, two } = await three({ [MINIMUM]: '2' });
    cluster.kill(one);
    cluster.kill(two);
    await cluster.untilIsr('t', 0, 1);
    expect(await send(client, leader, 'held back', 1)).toBe('NONE');
    const waiting = fetch(cluster.client('reader'), leader, 't', { maxWaitMs: 60_000 });
    await cluster.world.time.runFor(20_000);
    expect(cluster.replica('t')?.highWatermark).toBe(0);
    const startMs = cluster.world.time.nowMs;
    await setMinimum(client, leader, 'topic', '1');
    expect((await cluster.run(waiting)).records.map(({ value }) => value)).toEqual(['held back']);
    expect(cluster.world.time.nowMs - startMs).toBeLessThan(1_000);
  });

  test('set for all brokers holds where the topic says nothing, and the topic has the last word', async () => {
    const { client, leader, one } = await three({}, { [MINIMUM]: '1' });
    cluster.kill(one);
    await cluster.untilIsr('t', 0, 2);
    await setMinimum(client, leader, 'broker', '3');
    expect(await send(client, leader, 'refused')).toBe('NOT_ENOUGH_REPLICAS');
    await setMinimum(client, leader, 'topic', '2');
    expect(await send(client, leader, 'taken')).toBe('NONE');
  });

  test('larger than the number of replicas counts as all of them (KIP-966)', async () => {
    const { client, leader } = await three({ [MINIMUM]: '5' });
    expect(await send(client, leader, 'a')).toBe('NONE');
  });
});

describe('with a follower that is paused', () => {
  test('acks=all waits until it has left the ISR; below the minimum it fails, and nobody reads the record', async () => {
    const { client, leader, one } = await three({ [MINIMUM]: '3' });
    expect(await send(client, leader, 'on all')).toBe('NONE');
    cluster.pause(one);
    const producer = cluster.client('producer');
    let answer: string | undefined;
    const startMs = cluster.world.time.nowMs;
    void produce(producer, leader, 't', ['on two'], { timeoutMs: 120_000 }).then(({ error }) => {
      answer = error;
    });
    const seen = new Set<string>();
    for (let at = 0; at < 60_000; at += 500) {
      await cluster.world.time.runFor(500);
      for (const { value } of (await cluster.run(fetch(client, leader, 't'))).records) seen.add(value);
      if (cluster.replica('t')?.leadership?.isr.length === 3) expect(answer).toBeUndefined();
    }
    expect([...seen]).toEqual(['on all']);
    expect(cluster.replica('t')?.leadership?.isr).toHaveLength(2);
    expect(await send(client, leader, 'refused')).toBe('NOT_ENOUGH_REPLICAS');
    // It is in the logs of two, so it counts as soon as the third has it.
    cluster.resume(one);
    await cluster.untilIsr('t', 0, 3);
    await cluster.until(() => answer !== undefined);
    expect(cluster.world.time.nowMs - startMs).toBeGreaterThan(9_000);
    expect(['NONE', 'NOT_ENOUGH_REPLICAS_AFTER_APPEND']).toContain(answer);
    await cluster.until(() => cluster.replica('t')?.highWatermark === 2);
    expect(await cluster.run(readAll(client, leader, 't'))).toEqual(['on all', 'on two']);
  });

  test('a record that it lacks is gone if all that have it die before it is committed, and nobody has read it', async () => {
    const { client, leader, one, two } = await three({}, { 'replica.lag.time.max.ms': '600000' });
    cluster.separate(leader, one);
    cluster.separate(leader, two);
    const reader = cluster.client('reader');
    const lost = produce(cluster.client('producer'), leader, 't', ['nowhere else'], { timeoutMs: 1_000 });
    await cluster.until(() => cluster.replica('t', 0, leader)?.log.endOffset === 1);
    expect((await cluster.run(fetch(reader, leader, 't'))).records).toEqual([]);
    expect((await cluster.run(lost)).error).toBe('REQUEST_TIMED_OUT');
    cluster.kill(leader);
    cluster.world.network.healAll();
    const next = await cluster.untilLeader('t', 0, leader);
    expect(await send(client, next, 'instead')).toBe('NONE');
    await cluster.restart(leader);
    await cluster.untilIsr('t', 0, 3);
    expect(await cluster.run(readAll(client, next, 't'))).toEqual(['instead']);
  });
});
