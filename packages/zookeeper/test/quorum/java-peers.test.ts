import { ByteReader } from '@biquorum/std';
import type { ZabView } from '@biquorum/zab';
import {
  forwardedRequest,
  int32Payload,
  learnerInfo,
  loggedTxn,
  OpCode,
  PacketType,
  packetName,
  parseEnsembleText,
  type QuorumPacket,
  toBytes,
} from '@biquorum/zookeeper-wire';
import { expect, test } from 'vitest';
import { packet } from '../../src/quorum/packets.ts';
import { snapshotStream } from '../../src/storage/snapshot-body.ts';
import type { WriteRequest } from '../../src/tree/prepare.ts';
import { State } from '../storage/support/state.ts';
import { ForeignPeer } from './foreign-peer.ts';
import { MemoryEnsemble } from './memory-ensemble.ts';
import { fromHex, recorded, toHex } from './recorded.ts';

const NOTHING = new Uint8Array(0);

/** Where in a recorded stream the packet of this type and zxid ends. */
function endOf(stream: string, type: number, zxid: string): number {
  const at = stream.indexOf(type.toString(16).padStart(8, '0') + zxid);
  const length = Number.parseInt(stream.slice(at + 24, at + 32), 16);
  return (at + 24 + 8 + 2 * length + 8) / 2;
}

/** An ensemble in which a server of ours finds two recorded ones of Apache, the second of which leads. */
async function besideJava(id: number) {
  const ensemble = new MemoryEnsemble({ voters: 3 });
  const votes = { 1: recorded.election.toServer3, 2: recorded.election.leaderToServer3 };
  const [, leader] = await ensemble.world.run(async () => {
    const calls: (readonly ForeignPeer[])[] = [];
    for (const java of [1, 2] as const) {
      const { network } = ensemble.host(java).ports;
      const callers = await ForeignPeer.wait(network, `zoo${java}`, 3888);
      calls.push(await ForeignPeer.wait(network, `zoo${java}`, 2888));
      const answer = (): void => {
        for (const caller of callers) if (caller.heard.length > 40) caller.say(fromHex(votes[java]));
        if (calls.every((one) => one.length === 0)) ensemble.host(java).ports.timers.set(50, answer);
      };
      answer();
    }
    return calls;
  });
  await ensemble.start([id]);
  await ensemble.world.time.runUntil(() => (leader?.[0]?.packets.length ?? 0) > 0, { limitMs: 60_000 });
  return { ensemble, leader: leader?.[0] as ForeignPeer };
}

test('a newcomer says to a Java leader, byte for byte, what a Java newcomer says', async () => {
  const { toLearner, toLeader } = recorded.newcomer;
  const { ensemble, leader } = await besideJava(3);
  const stream = fromHex(toLearner);
  const newLeaderEnd = endOf(toLearner, PacketType.NEWLEADER, '0000000100000000');
  leader.say(stream.subarray(0, newLeaderEnd));
  await ensemble.world.time.runUntil(() => leader.names().includes('ACK 100000000'));
  expect(ensemble.node(3).isServing).toBe(false);
  leader.say(stream.subarray(newLeaderEnd));
  await ensemble.world.time.runUntil(() => leader.heard.length >= toLeader.length / 2);
  expect(toHex(leader.heard)).toBe(toLeader);
  const { server, sessionCount, state } = ensemble.node(3);
  expect([state, sessionCount, server.lastZxid]).toEqual(['follower', 1, 0x1_0000_0004]);
  expect([...server.tree.ephemeralsOf(0x0100016e96a40000n)]).toEqual(['/e']);
  expect(new TextDecoder().decode(server.tree.data('/a')?.data ?? NOTHING)).toBe('bar');
});

test('a follower acknowledges what a Java leader proposes, and applies what it commits', async () => {
  const { toLearner } = recorded.follower;
  const { ensemble, leader } = await besideJava(3);
  const stream = fromHex(toLearner);
  const newLeaderEnd = endOf(toLearner, PacketType.NEWLEADER, '0000000100000000');
  leader.say(stream.subarray(0, newLeaderEnd));
  await ensemble.world.time.runUntil(() => leader.names().includes('ACK 100000000'));
  leader.say(stream.subarray(newLeaderEnd));
  await ensemble.world.time.runUntil(() => leader.names().includes('ACK 100000004'));
  expect(leader.names()).toEqual([
    'FOLLOWERINFO 0',
    'ACKEPOCH 0',
    'ACK 100000000',
    'ACK 100000000',
    'ACK 100000001',
    'ACK 100000002',
    'ACK 100000003',
    'ACK 100000004',
  ]);
  const { server } = ensemble.node(3);
  await ensemble.world.time.runUntil(() => server.lastZxid === 0x1_0000_0004);
  // Java's leader foretold the digest of each tree.
  expect(server.stats.metrics.counters.digest_mismatches_count.value).toBe(0);
  expect(server.tree.digest).toBe(0x1c2a54bf2n);
});

test.each([
  ['the epoch before', 0x4_0000_0000],
  ['its own epoch', 0x5_0000_0000],
] as const)(
  'a snapshot that a Java leader names by the beginning of %s is adopted, gone on from, and found at the next start',
  async (_, name) => {
    const { ensemble, leader } = await besideJava(3);
    const { world } = ensemble;
    const state = new State();
    state.lastZxid = 0x4_0000_0000 - 1;
    state.make({ type: OpCode.createSession, timeoutMs: 10_000 }, { zxid: 0x3_0000_0001 });
    state.make(CREATE('/from-java'), { zxid: 0x3_0000_0002 });
    const next = state.make(CREATE('/next'), { zxid: 0x5_0000_0001 });
    // As it was before the last one.
    const before = new State();
    before.make({ type: OpCode.createSession, timeoutMs: 10_000 }, { zxid: 0x3_0000_0001 });
    before.make(CREATE('/from-java'), { zxid: 0x3_0000_0002 });
    leader.send(packet(PacketType.LEADERINFO, 0x5_0000_0000, int32Payload.toBytes(0x10000)));
    await world.time.runUntil(() => leader.names().includes('ACKEPOCH 0'));
    leader.send(packet(PacketType.SNAP, name));
    for (const slice of snapshotStream(before)) leader.say(slice.slice());
    leader.send(packet(PacketType.NEWLEADER, 0x5_0000_0000));
    await world.time.runUntil(() => leader.names().includes('ACK 500000000'), { limitMs: 60_000 });
    const { disk } = ensemble.host(3);
    expect(disk.contents(`/data/version-2/snapshot.${name.toString(16)}`)).toBeDefined();
    leader.send(packet(PacketType.UPTODATE, -1));
    leader.send(packet(PacketType.PROPOSAL, next.zxid, next.payload));
    leader.send(packet(PacketType.COMMIT, next.zxid));
    const { server } = ensemble.node(3);
    await world.time.runUntil(() => server.tree.has('/next'), { limitMs: 60_000 });
    expect([server.tree.has('/from-java'), server.lastZxid]).toEqual([true, next.zxid]);
    expect(server.stats.metrics.counters.digest_mismatches_count.value).toBe(0);
    await world.time.runUntil(() => leader.names().includes('ACK 500000001'), { limitMs: 60_000 });
    // It starts over from its files, and tells the next leader how far it is.
    ensemble.kill(3, 'power');
    await ensemble.start([3]);
    const view = ensemble.node(3).view() as ZabView;
    expect([view.lastZxid, view.currentEpoch]).toEqual([next.zxid, 5]);
    expect(ensemble.failures).toEqual([]);
  },
);

const CREATE = (path: string): WriteRequest => ({
  type: OpCode.create,
  request: { path, data: null, acl: [{ perms: 31, id: { scheme: 'world', id: 'anyone' } }], flags: 0 },
});

/** A follower of Apache that our leader serves: server 1 of three. */
async function javaFollower(ensemble: MemoryEnsemble): Promise<ForeignPeer> {
  const leader = ensemble.idOf(await ensemble.untilServing());
  const { network } = ensemble.host(1).ports;
  const follower = await ensemble.world.run(ForeignPeer.call(network, `zoo${leader}`, 2888));
  const info = toBytes(learnerInfo, { serverId: 1n, protocolVersion: 0x10000, configVersion: 0 });
  follower.send(packet(PacketType.FOLLOWERINFO, 0, info));
  await heard(ensemble, follower, 'LEADERINFO');
  return follower;
}

async function heard(ensemble: MemoryEnsemble, peer: ForeignPeer, type: string, count = 1): Promise<QuorumPacket> {
  const found = (): QuorumPacket[] => peer.packets.filter((one) => packetName(one.type) === type);
  await ensemble.world.time.runUntil(() => found().length >= count, { limitMs: 60_000 });
  return found()[count - 1] ?? packet(0, 0);
}

test('a leader says to a Java follower what a Java leader says, in its order', async () => {
  const ensemble = new MemoryEnsemble({ voters: 3 });
  await ensemble.start([2, 3]);
  const follower = await javaFollower(ensemble);
  follower.send(packet(PacketType.ACKEPOCH, 0, int32Payload.toBytes(0)));
  const newLeader = await heard(ensemble, follower, 'NEWLEADER');
  expect(follower.names()).toEqual(['LEADERINFO 100000000', 'DIFF 0', 'NEWLEADER 100000000']);
  const [leaderInfo] = follower.packets;
  expect(toHex(leaderInfo?.data ?? NOTHING)).toBe('00010000');
  const { servers, version } = parseEnsembleText(new TextDecoder().decode(newLeader.data ?? NOTHING));
  expect([servers.map(({ id }) => id), version]).toEqual([[1, 2, 3], 0n]);
  follower.send(packet(PacketType.ACK, 0x1_0000_0000));
  const upToDate = await heard(ensemble, follower, 'UPTODATE');
  expect(upToDate.zxid).toBe(-1);
  follower.send(packet(PacketType.ACK, 0x1_0000_0000));
  const ping = await heard(ensemble, follower, 'PING', 2);
  expect([ping.zxid, ping.data, ping.authinfo]).toEqual([0x1_0000_0000, null, null]);

  // A client of the Java follower begins a session and asks for something.
  const sessionId = 0x0100_0000_0000_0001n;
  const request = (cxid: number, type: number, body: string): void =>
    follower.send({
      ...packet(PacketType.REQUEST, -1, toBytes(forwardedRequest, { sessionId, cxid, type, request: fromHex(body) })),
      authinfo: type === OpCode.createSession ? null : [{ scheme: 'ip', id: '127.0.0.1' }],
    });
  request(0, OpCode.createSession, '00002710');
  const [begun, created] = [
    await heard(ensemble, follower, 'PROPOSAL'),
    (): Promise<QuorumPacket> => heard(ensemble, follower, 'PROPOSAL', 2),
  ];
  expect(begun.zxid).toBe(0x1_0000_0001);
  await heard(ensemble, follower, 'COMMIT');
  // With a body that cannot be read: Java's followers do not look.
  request(1, OpCode.setData, '7fffffff');
  const txn = loggedTxn.read(new ByteReader((await created()).data ?? NOTHING));
  expect([txn.header.clientId, txn.header.cxid, txn.body]).toEqual([
    sessionId,
    1,
    { type: OpCode.error, txn: { err: -5 } },
  ]);
  expect(txn.digest).toBeNull();
  await heard(ensemble, follower, 'COMMIT', 2);
  // SYNC comes behind what was outstanding when it was asked for.
  request(
    2,
    OpCode.create,
    '000000022f61 00000001 78 00000001 0000001f 00000005 776f726c64 00000006 616e796f6e65 00000000',
  );
  request(3, OpCode.sync, '000000012f');
  const sync = await heard(ensemble, follower, 'SYNC');
  expect([sync.zxid, sync.data]).toEqual([0, null]);
  expect(follower.names().slice(-3)).toEqual(['PROPOSAL 100000003', 'COMMIT 100000003', 'SYNC 0']);
  // The session has come back at the same server; the leader says whether there is one.
  follower.send(packet(PacketType.REVALIDATE, -1, fromHex('0100000000000001 00002710')));
  expect(toHex((await heard(ensemble, follower, 'REVALIDATE')).data ?? NOTHING)).toBe('010000000000000101');
  follower.send(packet(PacketType.REVALIDATE, -1, fromHex('0100000000000002 00002710')));
  expect(toHex((await heard(ensemble, follower, 'REVALIDATE', 2)).data ?? NOTHING)).toBe('010000000000000200');
});

test('a session of a Java follower lives while its answers to PING name it, and no longer', async () => {
  const ensemble = new MemoryEnsemble({ voters: 3 });
  await ensemble.start([2, 3]);
  const follower = await javaFollower(ensemble);
  follower.send(packet(PacketType.ACKEPOCH, 0, int32Payload.toBytes(0)));
  await heard(ensemble, follower, 'NEWLEADER');
  follower.send(packet(PacketType.ACK, 0x1_0000_0000));
  await heard(ensemble, follower, 'UPTODATE');
  const session = '0100000000000001';
  follower.send(packet(PacketType.REQUEST, -1, fromHex(`${session} 00000000 fffffff6 00000fa0`)));
  await heard(ensemble, follower, 'COMMIT');
  let answered = 0;
  const answer = (touched: string): void => {
    const pings = follower.packets.filter(({ type }) => packetName(type) === 'PING');
    for (const { zxid } of pings.slice(answered)) follower.send(packet(PacketType.PING, zxid, fromHex(touched)));
    answered = pings.length;
    // A follower acknowledges what it is told, or it is no follower for long.
    const proposed = follower.packets.filter(({ type }) => packetName(type) === 'PROPOSAL').at(-1);
    if (proposed !== undefined) follower.send(packet(PacketType.ACK, proposed.zxid));
  };
  for (let tick = 0; tick < 20; tick++) {
    await ensemble.world.time.runFor(500);
    answer(`${session} 00000fa0`);
  }
  const leader = await ensemble.untilServing();
  expect(leader.sessionCount).toBe(1);
  for (let tick = 0; tick < 12; tick++) {
    await ensemble.world.time.runFor(500);
    answer('');
  }
  expect(leader.sessionCount).toBe(0);
  expect(follower.closed).toBe(false);
});

test.each([
  ['a packet of a type that there is none of', packet(99, 0)],
  ['what only a leader says', packet(PacketType.NEWLEADER, 0x1_0000_0000)],
  ['an ACKEPOCH without an epoch', packet(PacketType.ACKEPOCH, 0)],
  ['an ACK of what was never proposed', packet(PacketType.ACK, 0x1_0000_0fff)],
] as const)('a learner that sends %s is cut off, and the ensemble goes on', async (_, wrong) => {
  const ensemble = new MemoryEnsemble({ voters: 3 });
  await ensemble.start([2, 3]);
  const follower = await javaFollower(ensemble);
  follower.send(wrong);
  await ensemble.world.time.runUntil(() => follower.closed);
  const client = await ensemble.client(2);
  expect((await ensemble.world.run(client.create('/after'))).err).toBeUndefined();
  expect(ensemble.failures).toEqual([]);
});
