import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ByteReader, BytesError } from '@biquorum/std';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  EnsembleTextError,
  electionHello,
  formatEnsembleServer,
  formatEnsembleText,
  forwardedRequest,
  int32Payload,
  learnerInfo,
  loggedTxn,
  notification,
  OpCode,
  PacketStream,
  packetName,
  parseEnsembleServer,
  parseEnsembleText,
  type QuorumPacket,
  quorumPacket,
  revalidateReply,
  SNAPSHOT_SIGNATURE,
  SnapshotStreamScanner,
  toBytes,
  touchedSessions,
} from '../src/index.ts';

interface Link {
  readonly toLeader: string;
  readonly toLearner: string;
}

// Recorded from Apache ZooKeeper 3.9.5.
const recorded: {
  readonly follower: Link;
  readonly newcomer: Link;
  readonly election: { readonly toServer1: string; readonly toServer3: string };
} = JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures', 'ensemble-3.9.5.json'), 'utf8'));

const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
const hex = (...parts: readonly Uint8Array[]): string => Buffer.concat(parts).toString('hex');
const SESSION = 0x0100016e96a40000n;

/** All packets of a stream that arrives in pieces of this size. */
function packetsOf(stream: Uint8Array, pieceBytes = stream.length): QuorumPacket[] {
  const reader = new PacketStream();
  const packets: QuorumPacket[] = [];
  for (let at = 0; at < stream.length; at += pieceBytes) {
    reader.push(stream.subarray(at, at + pieceBytes));
    for (let packet = reader.next(); packet !== undefined; packet = reader.next()) packets.push(packet);
  }
  expect(reader.takeRaw().length).toBe(0);
  return packets;
}

const named = (packets: readonly QuorumPacket[]): string[] =>
  packets.map(({ type, zxid }) => `${packetName(type)} ${zxid === -1 ? -1 : zxid.toString(16)}`);

test('what a follower and its leader say is cut into their packets, wherever the pieces are cut', () => {
  const toLeader = bytes(recorded.follower.toLeader);
  const packets = packetsOf(toLeader);
  expect(named(packets).filter((name) => !name.startsWith('PING'))).toEqual([
    'FOLLOWERINFO 0',
    'ACKEPOCH 0',
    'ACK 100000000',
    'ACK 100000000',
    'REQUEST -1',
    'ACK 100000001',
    'REQUEST -1',
    'ACK 100000002',
    'REQUEST -1',
    'ACK 100000003',
    'REQUEST -1',
    'REQUEST -1',
    'ACK 100000004',
  ]);
  for (const pieceBytes of [1, 2, 7, 64]) expect(packetsOf(toLeader, pieceBytes)).toEqual(packets);
  expect(hex(...packets.map((packet) => toBytes(quorumPacket, packet)))).toBe(recorded.follower.toLeader);
});

test('what a leader sends to a follower is read and written as a Java leader does', () => {
  const packets = packetsOf(bytes(recorded.follower.toLearner), 3);
  expect(named(packets).slice(0, 4)).toEqual(['LEADERINFO 100000000', 'DIFF 0', 'NEWLEADER 100000000', 'UPTODATE -1']);
  expect(
    named(packets)
      .filter((name) => !name.startsWith('PING'))
      .slice(4),
  ).toEqual([
    'PROPOSAL 100000001',
    'COMMIT 100000001',
    'PROPOSAL 100000002',
    'COMMIT 100000002',
    'PROPOSAL 100000003',
    'COMMIT 100000003',
    'SYNC 0',
    'PROPOSAL 100000004',
    'COMMIT 100000004',
  ]);
  expect(hex(...packets.map((packet) => toBytes(quorumPacket, packet)))).toBe(recorded.follower.toLearner);
});

test('the payloads of packets are those of Java', () => {
  const sent = packetsOf(bytes(recorded.follower.toLeader));
  const [info, ackEpoch] = sent;
  expect(learnerInfo.read(new ByteReader(info?.data ?? new Uint8Array(0)))).toEqual({
    serverId: 1n,
    protocolVersion: 0x10000,
    configVersion: 0,
  });
  expect(int32Payload.fromBytes(ackEpoch?.data ?? null)).toBe(0);
  expect(hex(int32Payload.toBytes(0x10000))).toBe('00010000');

  const requests = sent
    .filter(({ type }) => packetName(type) === 'REQUEST')
    .map(({ data }) => data ?? new Uint8Array(0));
  const read = requests.map((data) => forwardedRequest.read(new ByteReader(data)));
  expect(read.map(({ sessionId, cxid, type }) => [sessionId, cxid, type])).toEqual([
    [SESSION, 0, OpCode.createSession],
    [SESSION, 1, OpCode.create],
    [SESSION, 2, OpCode.setData],
    [SESSION, 3, OpCode.sync],
    [SESSION, 4, OpCode.create],
  ]);
  expect(hex(...read.map((request) => toBytes(forwardedRequest, request)))).toBe(hex(...requests));

  const ping = sent.find(({ type, data }) => packetName(type) === 'PING' && (data?.length ?? 0) > 0);
  const touched = touchedSessions.read(new ByteReader(ping?.data ?? new Uint8Array(0)));
  expect(touched).toEqual([{ sessionId: SESSION, timeoutMs: 10_000 }]);
  expect(hex(toBytes(touchedSessions, touched))).toBe(hex(ping?.data ?? new Uint8Array(0)));

  const proposals = packetsOf(bytes(recorded.follower.toLearner)).filter(({ type }) => packetName(type) === 'PROPOSAL');
  const txns = proposals.map(({ data }) => loggedTxn.read(new ByteReader(data ?? new Uint8Array(0))));
  expect(txns.map(({ body }) => body.type)).toEqual([OpCode.createSession, OpCode.create, OpCode.error, OpCode.create]);
  expect(txns.map(({ digest }) => digest?.version)).toEqual([2, 2, undefined, 2]);

  // Java writes a boolean as one byte behind the session's id.
  expect(revalidateReply.read(new ByteReader(bytes('0100016e96a4000001')))).toEqual({
    sessionId: SESSION,
    valid: true,
  });
});

test('the end of a snapshot among packets is found, wherever the pieces are cut', () => {
  const stream = bytes(recorded.newcomer.toLearner);
  const at = Buffer.from(stream).indexOf(SNAPSHOT_SIGNATURE);
  for (const pieceBytes of [1, 3, 17, stream.length]) {
    const packets: QuorumPacket[] = [];
    const reader = new PacketStream();
    const scanner = new SnapshotStreamScanner();
    const snapshot: Uint8Array[] = [];
    for (let from = 0; from < stream.length; from += pieceBytes) {
      reader.push(stream.subarray(from, from + pieceBytes));
      for (;;) {
        const loading = packetName(packets.at(-1)?.type ?? 0) === 'SNAP' && !scanner.ended;
        if (loading) {
          const walked = scanner.push(reader.takeRaw());
          snapshot.push(walked.snapshot);
          reader.push(walked.rest);
          if (!scanner.ended) break;
        }
        const packet = reader.next();
        if (packet === undefined) break;
        packets.push(packet);
      }
    }
    expect(named(packets).slice(0, 4)).toEqual([
      'LEADERINFO 100000000',
      'SNAP 100000004',
      'NEWLEADER 100000000',
      'UPTODATE -1',
    ]);
    // LEADERINFO takes 24 bytes, SNAP 20; four stand before the signature.
    expect(hex(...snapshot)).toBe(hex(stream.subarray(44, at - 4)));
  }
});

test('bytes that are no snapshot are refused where they begin to be none', () => {
  const scanner = (text: string) => () => new SnapshotStreamScanner().push(bytes(text));
  expect(scanner('ffffffff')).toThrow(BytesError);
  expect(scanner('00000000 00000000 7fffffff'.replaceAll(' ', ''))).toThrow(/field of 2147483647 bytes/);
  expect(scanner(`0000000000000000 00000001 2f 0000000a ${'41'.repeat(10)}`.replaceAll(' ', ''))).toThrow(/signature/);
});

test('a packet whose lengths go beyond their limits is refused before it has arrived', () => {
  const push = (text: string) => () => {
    const stream = new PacketStream();
    stream.push(bytes(text.replaceAll(' ', '')));
    return stream.next();
  };
  expect(push('00000002 0000000100000001 7fffffff')).toThrow(/payload of 2147483647/);
  expect(push('00000002 0000000100000001 fffffffe')).toThrow(BytesError);
  expect(push('00000001 ffffffffffffffff 00000000 00000500')).toThrow(/identities of 1280/);
  expect(push('00000001 ffffffffffffffff 00000000 00000001 00020000')).toThrow(/identity of 131072/);
  expect(push('00000001 ffffffffffffffff 00000000')()).toBeUndefined();
});

test('votes and hellos of Java peers are read and written as they do', () => {
  const readAll = (text: string): string[] => {
    const stream = bytes(text);
    const hello = electionHello.fromBytes(stream);
    let at = hello?.byteLength ?? 0;
    const votes: string[] = [];
    while (at < stream.length) {
      const length = new DataView(stream.buffer, at).getInt32(0);
      const vote = notification.fromBytes(stream.subarray(at + 4, at + 4 + length));
      expect(hex(notification.toBytes(vote))).toBe(hex(stream.subarray(at + 4, at + 4 + length)));
      expect(formatEnsembleText(parseEnsembleText(vote.config ?? ''))).toBe(vote.config);
      votes.push(`${vote.state} ${vote.leader} ${vote.electionEpoch} ${vote.peerEpoch}`);
      at += 4 + length;
    }
    return [hello?.hello.addresses.join() ?? '', ...votes];
  };
  expect(readAll(recorded.election.toServer1)).toEqual(['127.0.0.1:27131', '0 3 1 0']);
  // Who opened the connection is the other: no hello comes back.
  const back = bytes(recorded.election.toServer3);
  const first = notification.fromBytes(back.subarray(4, 4 + 0xb6));
  const second = notification.fromBytes(back.subarray(8 + 0xb6));
  expect([first.state, first.leader, second.state, second.peerEpoch]).toEqual([0, 2n, 1, 1n]);
});

test('votes of older servers are read: without an epoch it is that of the zxid, and they have no version', () => {
  const fields = '00000001 0000000000000003 0000000500000007 0000000000000009'.replaceAll(' ', '');
  const vote = { state: 1, leader: 3n, zxid: 0x5_0000_0007n, electionEpoch: 9n, version: 0, config: null };
  expect(notification.fromBytes(bytes(fields))).toEqual({ ...vote, peerEpoch: 5n });
  expect(notification.fromBytes(bytes(`${fields}000000000000000600000001`))).toEqual({ ...vote, peerEpoch: 6n });
  expect(() => notification.fromBytes(bytes(fields.slice(2)))).toThrow(BytesError);
  // A configuration that is said to be longer than what is there.
  expect(() => notification.fromBytes(bytes(`${fields}0000000000000006000000020000ffff`))).toThrow(BytesError);
});

test('the ensemble is written as Java writes it', () => {
  const packets = packetsOf(bytes(recorded.follower.toLearner));
  const text = new TextDecoder().decode(
    packets.find(({ type }) => packetName(type) === 'NEWLEADER')?.data ?? undefined,
  );
  const read = parseEnsembleText(text);
  expect(read.version).toBe(0n);
  expect(read.servers[1]).toEqual({
    id: 2,
    addresses: [{ host: '127.0.0.1', quorumPort: 27120, electionPort: 27121 }],
    role: 'participant',
    client: null,
  });
  expect(formatEnsembleText(read)).toBe(text);
});

test('lines of servers are read in all their forms', () => {
  expect(formatEnsembleServer(parseEnsembleServer(1, 'zoo1:2888:3888'))).toBe('zoo1:2888:3888:participant');
  expect(formatEnsembleServer(parseEnsembleServer(1, 'zoo1:2888:3888:observer;2181'))).toBe(
    'zoo1:2888:3888:observer;0.0.0.0:2181',
  );
  expect(formatEnsembleServer(parseEnsembleServer(1, 'b:1:2|[::1]:3:4|a:5:6;[fe80::1]:7'))).toBe(
    '[::1]:3:4|a:5:6|b:1:2:participant;[fe80::1]:7',
  );
  for (const wrong of ['', 'zoo1', 'zoo1:70000:1', 'zoo1:1:2:leader', 'zoo1:1:2;x'])
    expect(() => parseEnsembleServer(1, wrong)).toThrow(EnsembleTextError);
});

/** Bytes of Java with some of them changed, and where they are cut. */
const damaged = (stream: Uint8Array) =>
  fc
    .record({
      changes: fc.array(fc.tuple(fc.nat(stream.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 6 }),
      pieceBytes: fc.integer({ min: 1, max: 300 }),
    })
    .map(({ changes, pieceBytes }) => {
      const bytesThen = stream.slice();
      for (const [at, value] of changes) bytesThen[at] = value;
      return { bytes: bytesThen, pieceBytes };
    });

test('damaged packets are a typed error or other packets, and nothing else', () => {
  fc.assert(
    fc.property(damaged(bytes(recorded.follower.toLeader)), ({ bytes: stream, pieceBytes }) => {
      const reader = new PacketStream();
      try {
        for (let at = 0; at < stream.length; at += pieceBytes) {
          reader.push(stream.subarray(at, at + pieceBytes));
          for (let packet = reader.next(); packet !== undefined; packet = reader.next())
            expect(toBytes(quorumPacket, packet).length).toBeGreaterThanOrEqual(20);
        }
      } catch (error) {
        expect(error).toBeInstanceOf(BytesError);
      }
    }),
    { numRuns: 300 },
  );
});

test('a damaged snapshot is a typed error, or has an end, or goes on; what is walked over is never lost', () => {
  const stream = bytes(recorded.newcomer.toLearner).subarray(44);
  fc.assert(
    fc.property(damaged(stream), ({ bytes: snapshot, pieceBytes }) => {
      const scanner = new SnapshotStreamScanner();
      const seen: Uint8Array[] = [];
      try {
        for (let at = 0; at < snapshot.length && !scanner.ended; at += pieceBytes)
          seen.push(scanner.push(snapshot.subarray(at, at + pieceBytes)).snapshot);
      } catch (error) {
        expect(error).toBeInstanceOf(BytesError);
      }
      const walked = Buffer.concat(seen);
      expect(walked.equals(Buffer.from(snapshot.subarray(0, walked.length)))).toBe(true);
    }),
    { numRuns: 300 },
  );
});
