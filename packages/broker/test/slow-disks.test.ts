import type { DiskOperation } from '@biquorum/platform';
import { afterEach, describe, expect, test } from 'vitest';
import { fetch, produce, readAll, recordsOf } from './support/data.ts';
import { TestCluster } from './support/test-cluster.ts';

/** How long operations of each broker's disk take now, beyond the usual. */
type Delays = Map<number, Partial<Record<DiskOperation, number>>>;

let cluster: TestCluster;
afterEach(() => cluster.stop());

function onSlowDisks(size: number, delays: Delays, properties: Record<string, string>): Promise<TestCluster> {
  const machine = (id: number) => ({
    // What governs the broker may keep files of its own there.
    diskLatencyMs: (operation: DiskOperation, _: unknown, path: string): number =>
      (path.startsWith('/logs/') ? delays.get(id)?.[operation] : undefined) ?? 0.05,
  });
  return new TestCluster(size, properties, { machine }).start();
}

const value = (index: number): string => `${index} ${'x'.repeat(200)}`;

describe('reading what is no longer in memory', () => {
  const COLD_MS = 40;

  /** A broker that was started anew on 60 records in many segments, whose disk takes its time to read. */
  async function cold(properties: Record<string, string> = {}) {
    const delays: Delays = new Map();
    cluster = await onSlowDisks(1, delays, { 'log.initial.task.delay.ms': '1000', ...properties });
    const client = cluster.client();
    await cluster.createTopic(client, 't', 1, { 'segment.bytes': '2000', 'file.delete.delay.ms': '1000' });
    await cluster.createTopic(client, 'hot', 1);
    for (let index = 0; index < 60; index++) await cluster.run(produce(client, 1, 't', [value(index)]));
    await cluster.stopBroker(1);
    await cluster.restart(1);
    await cluster.untilLeader('t');
    await cluster.untilLeader('hot');
    delays.set(1, { read: COLD_MS });
    return { client, delays };
  }

  test('brings every record once and in order, over as many waits as it takes', async () => {
    const { client } = await cold();
    const startMs = cluster.world.time.nowMs;
    const values = await cluster.run(readAll(client, 1, 't'));
    expect(values).toEqual(Array.from({ length: 60 }, (_, index) => value(index)));
    expect(cluster.world.time.nowMs - startMs).toBeGreaterThan(3 * COLD_MS);
  });

  test('holds up neither the connection’s own order nor anybody else', async () => {
    const { client } = await cold();
    const other = cluster.client('other');
    await cluster.run(fetch(other, 1, 'hot'));
    const answers: string[] = [];
    const reading = Promise.all([
      fetch(client, 1, 't').then(({ records }) => answers.push(`cold ${records.length > 0}`)),
      fetch(client, 1, 'hot').then(() => answers.push('hot')),
    ]);
    const startMs = cluster.world.time.nowMs;
    expect(await cluster.run(produce(other, 1, 'hot', ['a']))).toEqual({ error: 'NONE', offset: 0 });
    expect((await cluster.run(fetch(other, 1, 'hot'))).records).toHaveLength(1);
    expect(cluster.world.time.nowMs - startMs).toBeLessThan(COLD_MS / 2);
    expect(answers).toEqual([]);
    await cluster.run(reading);
    expect(answers).toEqual(['cold true', 'hot']);
  });

  test('gets what it found although retention takes the segment meanwhile, and leaves no file open', async () => {
    // Nothing happens by itself: the test says when.
    const { client, delays } = await cold({ 'log.initial.task.delay.ms': '1000000000', 'log.retention.ms': '100000' });
    const { disk } = cluster.world.host('broker1');
    const log = cluster.replica('t', 0, 1)?.log;
    await cluster.world.time.runFor(200_000);
    delays.set(1, { read: 1_000 });
    const reading = fetch(client, 1, 't');
    let answered = false;
    void reading.then(() => {
      answered = true;
    });
    // Its first read has begun and takes long; those of the retention do not.
    await cluster.world.time.runFor(100);
    delays.clear();
    const removed = cluster.broker(1).core?.logs.removeOldSegments() ?? Promise.resolve(0);
    await cluster.until(() => log?.logStartOffset === 60);
    expect(answered).toBe(false);
    await cluster.run(removed);
    const { error, records } = await cluster.run(reading);
    expect(['NONE', 'OFFSET_OUT_OF_RANGE']).toContain(error);
    for (const [index, record] of records.entries()) expect(record).toEqual({ offset: index, value: value(index) });
    await cluster.world.time.runFor(5_000);
    expect(disk.paths().filter((path) => path.startsWith('/logs/t-0/') && path.includes('.deleted'))).toEqual([]);
    expect((await cluster.run(fetch(client, 1, 't', { offset: 0 }))).error).toBe('OFFSET_OUT_OF_RANGE');
  });

  test('for a client that goes away in between leaves nothing behind', async () => {
    const { client } = await cold();
    const { disk } = cluster.world.host('broker1');
    await cluster.run(readAll(client, 1, 't'));
    await cluster.world.time.runFor(1_000);
    const before = disk.openFiles;
    for (let round = 0; round < 20; round++) {
      const leaver = cluster.client(`leaver ${round}`);
      const link = await cluster.run(leaver.link(1));
      void fetch(leaver, 1, 't').catch(() => {});
      await cluster.world.time.runFor(round * 5);
      link.connection.abort();
    }
    await cluster.world.time.runFor(10_000);
    expect(disk.openFiles).toBeLessThanOrEqual(before);
    expect(await cluster.run(readAll(client, 1, 't'))).toHaveLength(60);
  });
});

describe('a replica whose log is still being cut', () => {
  /** Longer than a session: roles change meanwhile. */
  const CUT_MS = 30_000;

  /** The leader died with records of its own; it is back, follows the next one, and cuts, which takes long. */
  async function cutting(properties: Record<string, string> = {}) {
    const delays: Delays = new Map();
    cluster = await onSlowDisks(3, delays, properties);
    const client = cluster.client();
    await cluster.createTopic(client, 't', 1);
    const old = await cluster.untilLeader('t');
    await cluster.untilIsr('t', 0, 3);
    const [one, two] = [1, 2, 3].filter((id) => id !== old) as [number, number];
    await cluster.run(produce(client, old, 't', ['kept']));
    for (const other of [one, two]) cluster.separate(old, other);
    for (const lost of ['lost 1', 'lost 2']) await cluster.run(produce(client, old, 't', [lost], { acks: 1 }));
    cluster.kill(old);
    cluster.world.network.healAll();
    const next = await cluster.untilLeader('t', 0, old);
    expect((await cluster.run(produce(client, next, 't', ['next']))).error).toBe('NONE');
    delays.set(old, { truncate: CUT_MS });
    await cluster.restart(old);
    await cluster.until(() => cluster.replica('t', 0, old)?.log.endOffset === 1);
    const third = next === one ? two : one;
    return { client, old, next, third, delays };
  }

  async function held(id: number): Promise<string[]> {
    const values: string[] = [];
    const gather = async (): Promise<void> => {
      for await (const batch of cluster.replica('t', 0, id)?.log.batches() ?? []) {
        values.push(...recordsOf(batch.bytes.slice(batch.position, batch.end), 0).map((record) => record.value));
      }
    };
    await cluster.run(gather());
    return values;
  }

  test('follows the next leader once the cut has ended, when its leader dies meanwhile', async () => {
    const { client, old, next, third } = await cutting();
    const startMs = cluster.world.time.nowMs;
    cluster.kill(next);
    expect(await cluster.untilLeader('t', 0, next)).toBe(third);
    expect(cluster.world.time.nowMs - startMs).toBeLessThan(CUT_MS / 2);
    expect((await cluster.run(produce(client, third, 't', ['last']))).error).toBe('NONE');
    await cluster.restart(next);
    await cluster.untilIsr('t', 0, 3);
    expect(cluster.world.time.nowMs - startMs).toBeGreaterThan(CUT_MS / 2);
    for (const id of [old, next, third]) expect(await held(id), `broker ${id}`).toEqual(['kept', 'next', 'last']);
  });

  test('leads only when the cut has ended, and has nothing of what was being cut', async () => {
    const { client, old, next, third } = await cutting({ 'unclean.leader.election.enable': 'true' });
    const startMs = cluster.world.time.nowMs;
    cluster.kill(next);
    cluster.kill(third);
    // Nobody else is left: it is to lead as soon as their sessions are over, and the cut is under way.
    await cluster.world.time.runFor(CUT_MS / 2 - 1_000);
    const early = produce(cluster.client('early'), old, 't', ['too early'], { acks: 1 });
    expect((await cluster.run(early)).error).toBe('NOT_LEADER_OR_FOLLOWER');
    expect(await cluster.untilLeader('t')).toBe(old);
    expect((await cluster.run(produce(client, old, 't', ['last']))).error).toBe('NONE');
    expect(cluster.world.time.nowMs - startMs).toBeGreaterThan(CUT_MS / 2);
    expect(await held(old)).toEqual(['kept', 'last']);
    for (const id of [next, third]) await cluster.restart(id);
    await cluster.untilIsr('t', 0, 3);
    for (const id of [old, next, third]) expect(await held(id), `broker ${id}`).toEqual(['kept', 'last']);
  });

  test('is deleted with its topic although the cut is under way', async () => {
    const { client, old } = await cutting();
    const { deleteTopicsRequest, deleteTopicsResponse } = await import('@biquorum/kafka-wire/messages/delete-topics');
    const body = { topicNames: ['t'], timeoutMs: 60_000 };
    const answer = await client.administer(deleteTopicsRequest, deleteTopicsResponse, 5, body);
    expect(answer.responses[0]?.errorCode).toBe(0);
    await cluster.world.time.runFor(120_000);
    expect(cluster.replica('t', 0, old)).toBeUndefined();
    const left = cluster.world.host(`broker${old}`).disk.paths();
    expect(left.filter((path) => path.includes('/t-'))).toEqual([]);
  });
});
