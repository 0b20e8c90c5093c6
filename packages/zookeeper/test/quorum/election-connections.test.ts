import type { Connection } from '@biquorum/platform';
import { MemoryWorld } from '@biquorum/platform/testing';
import { expect, test } from 'vitest';
import { ElectionConnections } from '../../src/quorum/election-connections.ts';

const PORT = 3888;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

interface Server {
  readonly connections: ElectionConnections;
  readonly heard: string[];
  readonly links: string[];
}

/** Election ports of hosts `zoo1`, `zoo2`, …, in a world of their own. */
function ensemble(ids: readonly number[], seed = 1) {
  const world = new MemoryWorld({ seed });
  const peers = new Map(ids.map((id) => [id, [{ host: `zoo${id}`, port: PORT }]] as const));
  for (const id of ids) world.addHost(`zoo${id}`);
  const start = async (id: number): Promise<Server> => {
    const { ports } = world.host(`zoo${id}`);
    const connections = new ElectionConnections({ ports, id, addresses: [`zoo${id}:${PORT}`], peers });
    const server: Server = { connections, heard: [], links: [] };
    connections.start({
      vote: (from, vote) => void server.heard.push(`${from}:${new TextDecoder().decode(vote)}`),
      link: (peer, up) => void server.links.push(`${peer}${up ? '+' : '-'}`),
    });
    await connections.listen(`zoo${id}`, PORT);
    return server;
  };
  return { world, start };
}

test.each([1, 2, 3])('whoever calls first, the larger id opens the connection (seed %i)', async (seed) => {
  const { world, start } = ensemble([1, 2], seed);
  const [one, two] = await world.run(async () => [await start(1), await start(2)] as const);
  one.connections.send(2, bytes('from 1'));
  await world.time.runUntil(() => two.heard.length > 0);
  expect(two.heard).toEqual(['1:from 1']);
  two.connections.send(1, bytes('from 2'));
  await world.time.runUntil(() => one.heard.length > 0);
  expect([one.links, two.links]).toEqual([['2+'], ['1+']]);
});

test('the last vote is said again to a server that has come back', async () => {
  const { world, start } = ensemble([1, 2]);
  const [one, two] = await world.run(async () => [await start(1), await start(2)] as const);
  two.connections.send(1, bytes('first'));
  two.connections.send(1, bytes('second'));
  await world.time.runUntil(() => one.heard.length > 0);
  const host = world.host('zoo1');
  host.kill();
  await world.time.runUntil(() => two.links.includes('1-'));
  host.start();
  const again = await world.run(() => start(1));
  // Nothing new is said to it: its own call brings the old vote.
  again.connections.send(2, bytes('here I am'));
  await world.time.runUntil(() => again.heard.length > 0);
  expect(again.heard).toEqual(['2:second']);
});

test('a vote for a server that is not there yet gives way to newer ones', async () => {
  const { world, start } = ensemble([1, 2]);
  const two = await world.run(() => start(2));
  for (const vote of ['a', 'b', 'c']) two.connections.send(1, bytes(vote));
  await world.time.runFor(5_000);
  two.connections.send(1, bytes('d'));
  const one = await world.run(() => start(1));
  await world.time.runUntil(() => one.heard.length > 0);
  expect(one.heard).toEqual(['2:d']);
});

test('who speaks another protocol, claims an impossible size or says nothing is cut off; others are heard', async () => {
  const { world, start } = ensemble([1, 2]);
  const one = await world.run(() => start(1));
  const { network } = world.addHost('stranger').ports;
  const call = async (first: Uint8Array): Promise<string[]> => {
    const connection: Connection = await network.dial({ host: 'zoo1', port: PORT, timeoutMs: 1_000 });
    const fates: string[] = [];
    connection.start({
      data: () => {},
      end: () => {},
      drained: () => {},
      closed: (error) => fates.push(error?.code ?? 'ok'),
    });
    if (first.length > 0) connection.write([first]);
    return fates;
  };
  const http = await world.run(() => call(bytes('GET / HTTP/1.1\r\n\r\n')));
  const silent = await world.run(() => call(new Uint8Array(0)));
  const longAddress = new Uint8Array(20).fill(0xff, 0, 6);
  new DataView(longAddress.buffer).setInt32(16, 1 << 30);
  const long = await world.run(() => call(longAddress));
  // Server 2 as it should be, and then a vote of two gigabytes.
  const hello = Buffer.from('ffffffffffff00000000000000000002000000097a6f6f323a333838387fffffff', 'hex');
  const huge = await world.run(() => call(new Uint8Array(hello)));
  await world.time.runUntil(() => [http, silent, long, huge].every((fates) => fates.length > 0));
  expect([http, silent, long, huge]).toEqual([['reset'], ['reset'], ['reset'], ['reset']]);
  const two = await world.run(() => start(2));
  two.connections.send(1, bytes('vote'));
  await world.time.runUntil(() => one.heard.length > 0);
  expect(one.heard).toEqual(['2:vote']);
});

test('many that call and say nothing do not keep a server from being heard', async () => {
  const { world, start } = ensemble([1, 2]);
  const one = await world.run(() => start(1));
  const { network } = world.addHost('stranger').ports;
  let ended = 0;
  for (let at = 0; at < 200; at++) {
    await world.run(async () => {
      const connection = await network.dial({ host: 'zoo1', port: PORT, timeoutMs: 1_000 });
      connection.start({ data: () => {}, end: () => {}, drained: () => {}, closed: () => void ended++ });
    });
  }
  const two = await world.run(() => start(2));
  two.connections.send(1, bytes('vote'));
  await world.time.runUntil(() => one.heard.length > 0, { limitMs: 1_000 });
  expect([one.heard, ended > 100]).toEqual([['2:vote'], true]);
});

test.each([
  ['of the oldest kind, a bare id', '0000000000000002'],
  ['with several addresses', 'ffffffffffff0001 0000000000000002 00000013 7a6f6f323a333838387c7a6f6f323a33393939'],
])('a hello %s is understood', async (_, hello) => {
  const { world, start } = ensemble([1, 2]);
  const one = await world.run(() => start(1));
  const { network } = world.host('zoo2').ports;
  await world.run(async () => {
    const connection = await network.dial({ host: 'zoo1', port: PORT, timeoutMs: 1_000 });
    connection.start({ data: () => {}, end: () => {}, drained: () => {}, closed: () => {} });
    // A vote of one byte behind it, in the same write.
    connection.write([new Uint8Array(Buffer.from(`${hello}0000000141`.replaceAll(' ', ''), 'hex'))]);
  });
  await world.time.runUntil(() => one.heard.length > 0);
  expect(one.heard).toEqual(['2:A']);
});
