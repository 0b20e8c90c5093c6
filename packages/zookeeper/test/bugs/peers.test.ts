/** Bugs of what ZooKeeper's servers say to each other when they elect. */
import { MemoryWorld } from '@biquorum/platform/testing';
import type { Notification } from '@biquorum/zab';
import { expect, test } from 'vitest';
import { ElectionConnections } from '../../src/quorum/election-connections.ts';
import { voteFromBytes, voteToBytes } from '../../src/quorum/votes.ts';
import { ForeignPeer } from '../quorum/foreign-peer.ts';
import { fromHex, recorded, toHex } from '../quorum/recorded.ts';

const PORT = 3888;

/** The election port of a server 1, with everything that it hears. */
async function electionPort(addresses: readonly string[]) {
  const world = new MemoryWorld({ seed: 1 });
  const { ports } = world.addHost('zoo1');
  const heard: string[] = [];
  const connections = new ElectionConnections({ ports, id: 1, addresses, peers: new Map() });
  connections.start({ vote: (from, vote) => void heard.push(`${from} ${toHex(vote)}`), link: () => {} });
  await world.run(() => connections.listen('zoo1', PORT));
  return { world, connections, heard, caller: world.addHost('zoo2').ports.network };
}

test('ZOOKEEPER-3720: hellos of both versions, and of servers before there were any, are understood', async () => {
  const { world, heard, caller } = await electionPort(['zoo1:3888']);
  const sid = '0000000000000002';
  const one = Buffer.from('zoo2:3888');
  const two = Buffer.from('zoo2:3888|net2:3889');
  const hello = (version: string, text: Buffer): string =>
    version + sid + text.length.toString(16).padStart(8, '0') + text.toString('hex');
  // −65536 with one address, −65535 with several, also with one; and the bare id.
  for (const [at, bytes] of [
    hello('ffffffffffff0000', one),
    hello('ffffffffffff0001', two),
    hello('ffffffffffff0001', one),
    sid,
  ].entries()) {
    const peer = await world.run(ForeignPeer.call(caller, 'zoo1', PORT));
    peer.say(fromHex(`${bytes}00000002000${at}`));
    await world.time.runUntil(() => heard.length > at, { limitMs: 10_000 });
    expect([heard.at(-1), peer.closed]).toEqual([`2 000${at}`, false]);
  }
});

test('ZOOKEEPER-3720: a server of one address says hello as servers of before 3.6 understand it', async () => {
  for (const [addresses, version] of [
    [['zoo1:3888'], 'ffffffffffff0000'],
    [['zoo1:3888', 'net2:3888'], 'ffffffffffff0001'],
  ] as const) {
    const world = new MemoryWorld({ seed: 1 });
    const { ports } = world.addHost('zoo2');
    const callers = await world.run(() => ForeignPeer.wait(world.addHost('zoo1').ports.network, 'zoo1', PORT));
    const peers = new Map([[1, [{ host: 'zoo1', port: PORT }]]]);
    const connections = new ElectionConnections({ ports, id: 2, addresses, peers });
    connections.start({ vote: () => {}, link: () => {} });
    connections.send(1, Uint8Array.of(7));
    const said = (): string => toHex(callers[0]?.heard ?? new Uint8Array(0));
    await world.time.runUntil(() => said().length >= 40, { limitMs: 10_000 });
    expect(said().slice(0, 32)).toBe(`${version}0000000000000002`);
  }
});

test('ZOOKEEPER-4787: the configuration in a vote is UTF-8, whatever the machine writes texts in', () => {
  const vote: Notification = voteFromBytes(fromHex(recorded.election.toServer1).subarray(35 + 4));
  const config = 'server.1=größe-日本.example:2888:3888:participant\nversion=0';
  const bytes = voteToBytes({ ...vote, config });
  // Behind 44 bytes: Java's `String.getBytes(UTF_8)`.
  expect(toHex(bytes.subarray(44))).toBe(Buffer.from(config, 'utf8').toString('hex'));
  expect(new DataView(bytes.buffer, bytes.byteOffset).getInt32(40)).toBe(Buffer.byteLength(config, 'utf8'));
  expect(voteFromBytes(bytes).config).toBe(config);
});
