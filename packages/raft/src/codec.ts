import type { Codec, Entry, Filling, Position } from '@biquorum/consensus';
import { ByteReader, BytesError, ByteWriter } from '@biquorum/std';
import { boundedCount, decodeText, encodeText } from './controls.ts';
import type { ErrorCode, QuorumRecord, RaftMessage, ReplicaKey } from './messages.ts';

/**
 * Messages between nodes of this engine where nobody else listens; `kraft` speaks Apache's RPCs instead. A tag, then
 * the fields in the order of their declaration: big-endian, varints for what is small.
 */
export const messageCodec: Codec<RaftMessage> = { encode: encodeMessage, decode: decodeMessage };

/** The durable quorum state where nobody else reads it. */
export const recordCodec: Codec<QuorumRecord> = {
  encode({ epoch, leader, voted, votedDirectory }) {
    const writer = new ByteWriter({ initialBytes: 32 });
    writer.i64(epoch);
    writer.i32(leader);
    writer.i32(voted);
    encodeText(writer, votedDirectory);
    return writer.finish();
  },
  decode(bytes) {
    const reader = new ByteReader(bytes);
    return { epoch: reader.i64(), leader: reader.i32(), voted: reader.i32(), votedDirectory: decodeText(reader) };
  },
};

/** The message with the data that the driver found for it. */
export function fillMessage(message: RaftMessage, filling: Filling): RaftMessage {
  if (message.type === 'fetchReply' && filling.kind === 'entries') return { ...message, entries: filling.entries };
  if (message.type !== 'fetchSnapshotReply') return message;
  if (filling.kind === 'snapshot') return { ...message, size: filling.size, bytes: filling.bytes };
  return filling.kind === 'missing' ? { ...message, error: 'snapshotNotFound' } : message;
}

const ERRORS: readonly ErrorCode[] = [
  'none',
  'fencedLeaderEpoch',
  'unknownLeaderEpoch',
  'notLeaderOrFollower',
  'invalidRequest',
  'invalidVoterKey',
  'snapshotNotFound',
  'positionOutOfRange',
  'requestTimedOut',
  'voterNotFound',
];

const TAGS = [
  'vote',
  'voteReply',
  'beginQuorum',
  'beginQuorumReply',
  'endQuorum',
  'endQuorumReply',
  'fetch',
  'fetchReply',
  'fetchSnapshot',
  'fetchSnapshotReply',
  'updateVoter',
  'updateVoterReply',
] as const satisfies readonly RaftMessage['type'][];

function encodeMessage(message: RaftMessage): Uint8Array {
  const w = new ByteWriter({ initialBytes: sizeHint(message) });
  w.u8(TAGS.indexOf(message.type));
  w.i64(message.epoch);
  if ('error' in message) {
    w.u8(ERRORS.indexOf(message.error));
    w.i32(message.leader);
    encodeText(w, message.leaderAddress);
  }
  switch (message.type) {
    case 'vote':
      encodeKey(w, message.candidate);
      encodeKey(w, message.voter);
      w.i64(message.lastEpoch);
      w.i64(message.end);
      w.u8(message.preVote ? 1 : 0);
      break;
    case 'voteReply':
      w.u8(message.granted ? 1 : 0);
      break;
    case 'beginQuorum':
      w.i32(message.leader);
      encodeText(w, message.leaderAddress);
      encodeKey(w, message.voter);
      break;
    case 'endQuorum':
      w.i32(message.leader);
      w.uvarint(message.successors.length);
      for (const key of message.successors) encodeKey(w, key);
      break;
    case 'fetch':
      encodeKey(w, message.replica);
      w.i64(message.offset);
      w.i64(message.lastEpoch);
      w.i64(message.highWatermark);
      w.i32(message.waitMs);
      w.i32(message.bytesMax);
      break;
    case 'fetchReply':
      w.i64(message.highWatermark);
      w.i64(message.logStart);
      encodeOptional(w, message.diverging);
      encodeOptional(w, message.snapshot);
      w.i64(message.offset);
      w.uvarint(message.entries.length);
      for (const entry of message.entries) encodeEntry(w, entry);
      break;
    case 'fetchSnapshot':
      encodeKey(w, message.replica);
      encodePosition(w, message.snapshot);
      w.i64(message.position);
      w.i32(message.bytesMax);
      break;
    case 'fetchSnapshotReply':
      encodePosition(w, message.snapshot);
      w.i64(message.size);
      w.i64(message.position);
      encodeBytes(w, message.bytes);
      break;
    case 'updateVoter':
      encodeKey(w, message.voter);
      encodeText(w, message.address);
      break;
    case 'beginQuorumReply':
    case 'endQuorumReply':
    case 'updateVoterReply':
      break;
  }
  return w.finish();
}

function decodeMessage(bytes: Uint8Array): RaftMessage {
  const r = new ByteReader(bytes);
  const type = TAGS[r.u8()];
  if (type === undefined)
    throw new BytesError('out-of-range', 0, 1, bytes.length, `message tag ${bytes[0]} is not known`);
  const epoch = r.i64();
  switch (type) {
    case 'vote':
      return {
        type,
        epoch,
        candidate: decodeKey(r),
        voter: decodeKey(r),
        lastEpoch: r.i64(),
        end: r.i64(),
        preVote: r.u8() !== 0,
      };
    case 'voteReply':
      return { type, epoch, ...decodeReply(r), granted: r.u8() !== 0 };
    case 'beginQuorum':
      return { type, epoch, leader: r.i32(), leaderAddress: decodeText(r), voter: decodeKey(r) };
    case 'endQuorum': {
      const leader = r.i32();
      const successors: ReplicaKey[] = [];
      for (let count = boundedCount(r, 5); count > 0; count--) successors.push(decodeKey(r));
      return { type, epoch, leader, successors };
    }
    case 'fetch':
      return {
        type,
        epoch,
        replica: decodeKey(r),
        offset: r.i64(),
        lastEpoch: r.i64(),
        highWatermark: r.i64(),
        waitMs: r.i32(),
        bytesMax: r.i32(),
      };
    case 'fetchReply': {
      const reply = decodeReply(r);
      const highWatermark = r.i64();
      const logStart = r.i64();
      const diverging = decodeOptional(r);
      const snapshot = decodeOptional(r);
      const offset = r.i64();
      const entries: Entry[] = [];
      for (let count = boundedCount(r, 20); count > 0; count--) entries.push(decodeEntry(r));
      return { type, epoch, ...reply, highWatermark, logStart, diverging, snapshot, offset, entries };
    }
    case 'fetchSnapshot':
      return {
        type,
        epoch,
        replica: decodeKey(r),
        snapshot: decodePosition(r),
        position: r.i64(),
        bytesMax: r.i32(),
      };
    case 'fetchSnapshotReply':
      return {
        type,
        epoch,
        ...decodeReply(r),
        snapshot: decodePosition(r),
        size: r.i64(),
        position: r.i64(),
        bytes: r.take(r.u32()),
      };
    case 'updateVoter':
      return { type, epoch, voter: decodeKey(r), address: decodeText(r) };
    case 'beginQuorumReply':
    case 'endQuorumReply':
    case 'updateVoterReply':
      return { type, epoch, ...decodeReply(r) };
  }
}

function decodeReply(r: ByteReader): { error: ErrorCode; leader: number; leaderAddress: string } {
  const at = r.offset;
  const error = ERRORS[r.u8()];
  if (error === undefined) throw new BytesError('out-of-range', at, 1, 1, `error code ${r.bytes[at]} is not known`);
  return { error, leader: r.i32(), leaderAddress: decodeText(r) };
}

function encodeKey(w: ByteWriter, { id, directory }: ReplicaKey): void {
  w.i32(id);
  encodeText(w, directory);
}

function decodeKey(r: ByteReader): ReplicaKey {
  return { id: r.i32(), directory: decodeText(r) };
}

function encodePosition(w: ByteWriter, { epoch, index }: Position): void {
  w.i64(epoch);
  w.i64(index);
}

function decodePosition(r: ByteReader): Position {
  return { epoch: r.i64(), index: r.i64() };
}

function encodeOptional(w: ByteWriter, position: Position | null): void {
  w.u8(position === null ? 0 : 1);
  if (position !== null) encodePosition(w, position);
}

function decodeOptional(r: ByteReader): Position | null {
  return r.u8() === 0 ? null : decodePosition(r);
}

function encodeEntry(w: ByteWriter, { index, span, epoch, kind, payload }: Entry): void {
  w.i64(index);
  w.uvarint(span);
  w.i64(epoch);
  w.u8(kind === 'control' ? 1 : 0);
  encodeBytes(w, payload);
}

function decodeEntry(r: ByteReader): Entry {
  const index = r.i64();
  const at = r.offset;
  const span = r.uvarint();
  if (span === 0) throw new BytesError('out-of-range', at, 1, 1, `entry at ${index} spans nothing`);
  return { index, span, epoch: r.i64(), kind: r.u8() === 1 ? 'control' : 'data', payload: r.take(r.u32()) };
}

function encodeBytes(w: ByteWriter, bytes: Uint8Array): void {
  w.u32(bytes.length);
  w.bytesOf(bytes);
}

function sizeHint(message: RaftMessage): number {
  if (message.type === 'fetchSnapshotReply') return message.bytes.length + 128;
  if (message.type !== 'fetchReply') return 128;
  let size = 128;
  for (const { payload } of message.entries) size += payload.length + 32;
  return size;
}
