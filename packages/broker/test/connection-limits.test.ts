import { metadataRequest, metadataResponse } from '@biquorum/kafka-wire/messages/metadata';
import type { Connection } from '@biquorum/platform';
import { afterEach, describe, expect, test } from 'vitest';
import { alterConfig } from './support/administration.ts';
import { type TestClient, TestCluster } from './support/test-cluster.ts';

let cluster: TestCluster;
afterEach(() => cluster.stop());

async function one(properties: Record<string, string>): Promise<TestClient> {
  cluster = await new TestCluster(1, properties).start();
  return cluster.client();
}

function governsItself(): boolean {
  return cluster.broker(1).view.fields.controller === 1;
}

interface Dialled {
  readonly connection: Connection;
  closed: boolean;
}

/** Connects from a host and waits until it would be known if the broker refuses. */
async function dial(from: string, port = 9092): Promise<Dialled> {
  const { hosts } = cluster.world;
  const host = hosts.some(({ name }) => name === from) ? cluster.world.host(from) : cluster.world.addHost(from);
  const connection = await cluster.run(host.ports.network.dial({ host: 'broker1', port, timeoutMs: 1_000 }));
  const dialled: Dialled = { connection, closed: false };
  connection.start({
    data: () => {},
    end: () => connection.end(),
    drained: () => {},
    closed: () => {
      dialled.closed = true;
    },
  });
  await cluster.world.time.runFor(1_000);
  return dialled;
}

async function closedOf(from: string, count: number, port?: number): Promise<boolean[]> {
  const all: Dialled[] = [];
  for (let index = 0; index < count; index++) all.push(await dial(from, port));
  return all.map(({ closed }) => closed);
}

describe('max.connections', () => {
  test('refuses those over it, from whatever host, until one leaves', async () => {
    await one({ 'max.connections': '3' });
    // Where the broker governs itself, one of the three is its own.
    const first = await dial('a');
    expect((await dial('b')).closed).toBe(false);
    expect((await dial('c')).closed).toBe(governsItself());
    expect((await dial('d')).closed).toBe(true);
    first.connection.abort();
    await cluster.world.time.runFor(100);
    expect((await dial('e')).closed).toBe(false);
    expect((await dial('f')).closed).toBe(true);
  });

  test('can be changed at run time, and leaves alone those that are there', async () => {
    const client = await one({});
    const early = [await dial('a'), await dial('b')];
    expect(await alterConfig(client, 1, 'broker', '', 'max.connections', '2')).toBe('NONE');
    await cluster.world.time.runFor(100);
    expect((await dial('c')).closed).toBe(true);
    expect(early.map(({ closed }) => closed)).toEqual([false, false]);
    expect(await alterConfig(client, 1, 'broker', '', 'max.connections', null)).toBe('NONE');
    await cluster.world.time.runFor(100);
    expect((await dial('c')).closed).toBe(false);
  });

  test('makes room for a connection between brokers by dropping the one that is silent for longest', async () => {
    await one({
      listeners: 'PLAINTEXT://broker1:9092,CLIENTS://broker1:9093',
      'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CLIENTS:PLAINTEXT',
      'inter.broker.listener.name': 'PLAINTEXT',
      'max.connections': '3',
    });
    // Where the broker governs itself, it has one with itself.
    if (!governsItself()) await dial('another broker', 9092);
    const silent = await dial('silent', 9093);
    const busy = await dial('busy', 9093);
    busy.connection.write([new Uint8Array([0, 0])]);
    await cluster.world.time.runFor(100);
    expect((await dial('late', 9093)).closed).toBe(true);
    const broker = await dial('broker', 9092);
    expect([silent.closed, busy.closed, broker.closed]).toEqual([true, false, false]);
  });

  test('of one listener bounds that one alone', async () => {
    await one({
      listeners: 'PLAINTEXT://broker1:9092,CLIENTS://broker1:9093',
      'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CLIENTS:PLAINTEXT',
      'inter.broker.listener.name': 'PLAINTEXT',
      'listener.name.clients.max.connections': '1',
    });
    expect(await closedOf('a', 3, 9093)).toEqual([false, true, true]);
    expect(await closedOf('a', 3, 9092)).toEqual([false, false, false]);
  });
});

describe('max.connections.per.ip.overrides', () => {
  test('counts for its addresses in place of max.connections.per.ip', async () => {
    await one({ 'max.connections.per.ip': '1', 'max.connections.per.ip.overrides': 'friend:3, stranger:0' });
    expect(await closedOf('friend', 4)).toEqual([false, false, false, true]);
    expect(await closedOf('stranger', 1)).toEqual([true]);
    expect(await closedOf('anybody', 2)).toEqual([false, true]);
  });

  test('can be changed at run time; what is no count is refused', async () => {
    const client = await one({});
    const key = 'max.connections.per.ip.overrides';
    expect(await alterConfig(client, 1, 'broker', '', key, 'stranger')).toBe('INVALID_REQUEST');
    expect(await alterConfig(client, 1, 'broker', '', key, 'stranger:1')).toBe('NONE');
    await cluster.world.time.runFor(100);
    expect(await closedOf('stranger', 2)).toEqual([false, true]);
    const answer = await client.ask(1, metadataRequest, metadataResponse, 8, { topics: [] });
    expect(answer.brokers).toHaveLength(1);
  });
});
