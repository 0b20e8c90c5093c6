import { ByteReader, BytesError } from '@biquorum/std';
import { LONG_MIN, type Notification } from '@biquorum/zab';
import { forwardedRequest, OpCode, PacketType, pathRecord, quorumPacket, toBytes } from '@biquorum/zookeeper-wire';
import { expect, test } from 'vitest';
import { readForwardedWrite, toRequestPacket, toSyncPacket, txnBytesMax } from '../../src/quorum/forwarding.ts';
import { fromPacket, type PacketMessage, packet, toPackets } from '../../src/quorum/packets.ts';
import { voteFromBytes, voteToBytes } from '../../src/quorum/votes.ts';
import { fromHex, packetsOf, recorded, toHex } from './recorded.ts';

test.each(['toLeader', 'toLearner'] as const)(
  'what Java sent %s becomes messages and the same bytes again',
  (direction) => {
    const leads = direction === 'toLearner';
    const messages = packetsOf(recorded.follower[direction]).map(fromPacket);
    const bytes = messages.map((message) =>
      message.type === 'application'
        ? toHex(message.payload)
        : toPackets(message as PacketMessage, leads)
            .map((one) => toHex(toBytes(quorumPacket, one)))
            .join(''),
    );
    expect(bytes.join('')).toBe(recorded.follower[direction]);
  },
);

test('the epochs of discovery are read from where Java puts them', () => {
  const [info, ackEpoch] = packetsOf(recorded.follower.toLeader).map(fromPacket);
  expect(info).toEqual({ type: 'followerInfo', acceptedEpoch: 0, sid: 1, protocolVersion: 0x10000, configVersion: 0 });
  expect(ackEpoch).toEqual({ type: 'ackEpoch', zxid: 0, currentEpoch: 0 });
  const [leaderInfo, diff, newLeader] = packetsOf(recorded.follower.toLearner).map(fromPacket);
  expect(leaderInfo).toEqual({ type: 'leaderInfo', epoch: 1, protocolVersion: 0x10000 });
  expect(diff).toEqual({ type: 'diff', zxid: 0 });
  expect(newLeader).toMatchObject({ type: 'newLeader', zxid: 0x1_0000_0000 });
});

test('committed history is sent as pairs, and what stands between epochs is not sent', () => {
  const entry = { span: 1, epoch: 1, kind: 'data', payload: fromHex('0102') } as const;
  const entries = [
    { ...entry, index: 0x1_0000_0001 },
    { ...entry, index: 0x1_0000_0002, span: 0xffff_ffff, kind: 'control', payload: new Uint8Array(0) } as const,
    { ...entry, index: 0x2_0000_0001, epoch: 2 },
  ];
  expect(toPackets({ type: 'history', entries }, true).map(({ type, zxid }) => [type, zxid])).toEqual([
    [PacketType.PROPOSAL, 0x1_0000_0001],
    [PacketType.COMMIT, 0x1_0000_0001],
    [PacketType.PROPOSAL, 0x2_0000_0001],
    [PacketType.COMMIT, 0x2_0000_0001],
  ]);
});

test('a learner passes requests on as a Java follower does', () => {
  const requests = packetsOf(recorded.follower.toLeader).filter(({ type }) => type === PacketType.REQUEST);
  const again = requests.map(({ data, authinfo }) => {
    const forwarded = forwardedRequest.read(new ByteReader(data ?? new Uint8Array(0)));
    const { sessionId, cxid } = forwarded;
    const request = readForwardedWrite(forwarded);
    const ids = authinfo ?? [];
    if (request !== undefined) return toRequestPacket({ sessionId, cxid, request, ids, owner: null });
    expect(forwarded.type).toBe(OpCode.sync);
    const { path } = pathRecord.read(new ByteReader(forwarded.request));
    return toSyncPacket(path, { sessionId, cxid, ids });
  });
  expect(again.map((one) => toHex(toBytes(quorumPacket, one)))).toEqual(
    requests.map((one) => toHex(toBytes(quorumPacket, one))),
  );
});

test('a request that a learner has not looked at is refused when it cannot be read', () => {
  const request = { sessionId: 1n, cxid: 1, type: OpCode.setData, request: fromHex('7fffffff') };
  expect(() => readForwardedWrite(request)).toThrow(BytesError);
  expect(readForwardedWrite({ ...request, type: OpCode.getData })).toBeUndefined();
});

test('what a transaction can take is never less than what it takes', () => {
  const ids = [{ scheme: 'digest', id: 'a'.repeat(40) }];
  const acl = Array.from({ length: 9 }, () => ({ perms: 31, id: { scheme: 'auth', id: '' } }));
  const path = `/${'日'.repeat(100)}`;
  const create = { type: OpCode.create, request: { path, data: new Uint8Array(1_000), acl, flags: 3 } } as const;
  const least = 1_000 + 3 * 100 + 10 + 9 * (4 + 4 + 6 + 4 + 40);
  expect(txnBytesMax(create, ids)).toBeGreaterThan(least);
  expect(txnBytesMax({ type: OpCode.multi, ops: [create, create] }, ids)).toBeGreaterThan(2 * least);
});

test('votes of Java peers are read and written, those of observers too', () => {
  const bytes = fromHex(recorded.election.toServer1).subarray(35 + 4);
  const vote = voteFromBytes(bytes);
  expect(vote).toMatchObject({ state: 'looking', leader: 3, electionEpoch: 1, peerEpoch: 0, version: 2 });
  expect(toHex(voteToBytes(vote))).toBe(toHex(bytes));
  const observer: Notification = { ...vote, leader: LONG_MIN, zxid: LONG_MIN, peerEpoch: LONG_MIN };
  expect(voteFromBytes(voteToBytes(observer))).toEqual(observer);
  const broken = bytes.slice();
  broken[3] = 9;
  expect(() => voteFromBytes(broken)).toThrow(/state 9/);
});

test('packets that are none are refused', () => {
  expect(() => fromPacket(packet(20, 0))).toThrow(BytesError);
  expect(() => fromPacket(packet(PacketType.ACKEPOCH, 0))).toThrow(BytesError);
  expect(() => fromPacket(packet(PacketType.FOLLOWERINFO, 0, fromHex('00')))).toThrow(BytesError);
});
