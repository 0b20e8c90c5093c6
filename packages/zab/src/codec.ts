import type { Codec, Entry, EntryKind, Filling, Reference } from '@biquorum/consensus';
import { ByteReader, BytesError, ByteWriter } from '@biquorum/std';
import type { Epochs, LearnerMessage, Notification, ServerState, Transaction, ZabMessage } from './messages.ts';

/**
 * Messages between servers of this engine where nobody else listens; `zookeeper` speaks Java's packets instead. A tag,
 * then the fields in the order of their declaration: big-endian, zxids as doubles, which hold all that Numbers do.
 */
export const messageCodec: Codec<ZabMessage> = { encode: encodeMessage, decode: decodeMessage };

/** The epochs where nobody else reads them. */
export const epochsCodec: Codec<Epochs> = {
  encode({ acceptedEpoch, currentEpoch }) {
    const w = new ByteWriter({ initialBytes: 16 });
    w.i64(acceptedEpoch);
    w.i64(currentEpoch);
    return w.finish();
  },
  decode(bytes) {
    const r = new ByteReader(bytes);
    return { acceptedEpoch: r.i64(), currentEpoch: r.i64() };
  },
};

/** The message with the data that the driver found for it. */
export function fillMessage(message: ZabMessage, filling: Filling, reference: Reference): ZabMessage {
  if (message.type === 'history' && filling.kind === 'entries') return { ...message, entries: filling.entries };
  if (message.type !== 'snapshotChunk' || filling.kind !== 'snapshot' || reference.kind !== 'snapshot') return message;
  const { size, bytes } = filling;
  const { position } = reference;
  return { ...message, position, bytes, last: position + bytes.length >= size };
}

const TAGS = [
  'notification',
  'followerInfo',
  'observerInfo',
  'leaderInfo',
  'ackEpoch',
  'diff',
  'trunc',
  'snap',
  'snapshotChunk',
  'history',
  'newLeader',
  'upToDate',
  'proposal',
  'inform',
  'ack',
  'commit',
  'commitAndActivate',
  'informAndActivate',
  'ping',
  'application',
] as const satisfies readonly ZabMessage['type'][];

const STATES: readonly ServerState[] = ['looking', 'following', 'leading', 'observing'];
const KINDS: readonly EntryKind[] = ['data', 'control'];

function encodeMessage(message: ZabMessage): Uint8Array {
  const w = new ByteWriter({ initialBytes: 64 + ('payload' in message ? message.payload.length : 0) });
  w.u8(TAGS.indexOf(message.type));
  if (message.type === 'notification') encodeNotification(w, message);
  else encodePacket(w, message);
  return w.finish();
}

function encodeNotification(w: ByteWriter, message: Notification): void {
  w.u8(STATES.indexOf(message.state));
  w.f64(message.leader);
  w.f64(message.zxid);
  w.f64(message.electionEpoch);
  w.f64(message.peerEpoch);
  w.i32(message.version);
  w.utf8(message.config);
}

function encodePacket(w: ByteWriter, message: LearnerMessage): void {
  switch (message.type) {
    case 'followerInfo':
    case 'observerInfo':
      w.i64(message.acceptedEpoch);
      w.i32(message.sid);
      w.i32(message.protocolVersion);
      w.i64(message.configVersion);
      break;
    case 'leaderInfo':
      w.i64(message.epoch);
      w.i32(message.protocolVersion);
      break;
    case 'ackEpoch':
      w.f64(message.zxid);
      w.i64(message.currentEpoch);
      break;
    case 'diff':
    case 'trunc':
    case 'snap':
    case 'ack':
    case 'commit':
      w.f64(message.zxid);
      break;
    case 'snapshotChunk':
      w.i64(message.position);
      w.u8(message.last ? 1 : 0);
      w.bytesOf(message.bytes);
      break;
    case 'history':
      w.uvarint(message.entries.length);
      for (const entry of message.entries) encodeEntry(w, entry);
      break;
    case 'newLeader':
      w.f64(message.zxid);
      w.u8(message.config === null ? 0 : 1);
      w.utf8(message.config ?? '');
      break;
    case 'upToDate':
      break;
    case 'proposal':
    case 'inform':
      w.f64(message.zxid);
      w.uvarint(message.span ?? 1);
      w.u8(KINDS.indexOf(message.kind));
      w.bytesOf(message.payload);
      break;
    case 'commitAndActivate':
      w.f64(message.zxid);
      w.i32(message.designatedLeader);
      break;
    case 'informAndActivate':
      w.f64(message.zxid);
      w.i32(message.designatedLeader);
      w.bytesOf(message.payload);
      break;
    case 'ping':
      w.f64(message.zxid);
      w.bytesOf(message.payload);
      break;
    case 'application':
      w.bytesOf(message.payload);
      break;
  }
}

/** @throws BytesError when the bytes are malformed or go on behind the message. */
function decodeMessage(bytes: Uint8Array): ZabMessage {
  const r = new ByteReader(bytes);
  const type = TAGS[r.u8()];
  if (type === undefined) throw malformed(0, `message tag ${bytes[0]} is not known`);
  const message = type === 'notification' ? decodeNotification(r) : decodePacket(type, r);
  if (r.remaining > 0) throw malformed(r.offset, `${r.remaining} bytes behind a ${type}`);
  return message;
}

function decodeNotification(r: ByteReader): Notification {
  return {
    type: 'notification',
    state: known(STATES, r.u8(), 'state'),
    leader: whole(r),
    zxid: whole(r),
    electionEpoch: whole(r),
    peerEpoch: whole(r),
    version: r.i32(),
    config: r.utf8(r.remaining),
  };
}

function decodePacket(type: LearnerMessage['type'], r: ByteReader): LearnerMessage {
  switch (type) {
    case 'followerInfo':
    case 'observerInfo':
      return { type, acceptedEpoch: r.i64(), sid: r.i32(), protocolVersion: r.i32(), configVersion: r.i64() };
    case 'leaderInfo':
      return { type, epoch: r.i64(), protocolVersion: r.i32() };
    case 'ackEpoch':
      return { type, zxid: whole(r), currentEpoch: r.i64() };
    case 'diff':
    case 'trunc':
    case 'snap':
    case 'ack':
    case 'commit':
      return { type, zxid: whole(r) };
    case 'snapshotChunk':
      return { type, position: r.i64(), last: r.u8() === 1, bytes: r.take(r.remaining) };
    case 'history':
      return { type, entries: decodeEntries(r) };
    case 'newLeader': {
      const zxid = whole(r);
      const has = r.u8() === 1;
      const config = r.utf8(r.remaining);
      return { type, zxid, config: has ? config : null };
    }
    case 'upToDate':
      return { type };
    case 'proposal':
    case 'inform':
      return decodeTransaction(type, r);
    case 'commitAndActivate':
      return { type, zxid: whole(r), designatedLeader: r.i32() };
    case 'informAndActivate':
      return { type, zxid: whole(r), designatedLeader: r.i32(), payload: r.take(r.remaining) };
    case 'ping':
      return { type, zxid: whole(r), payload: r.take(r.remaining) };
    case 'application':
      return { type, payload: r.take(r.remaining) };
  }
}

function decodeTransaction(type: Transaction['type'], r: ByteReader): Transaction {
  const zxid = whole(r);
  const span = r.uvarint();
  const kind = known(KINDS, r.u8(), 'kind');
  return { type, zxid, ...(span === 1 ? {} : { span }), kind, payload: r.take(r.remaining) };
}

function encodeEntry(w: ByteWriter, { index, span, epoch, kind, payload }: Entry): void {
  w.f64(index);
  w.f64(span);
  w.i64(epoch);
  w.u8(KINDS.indexOf(kind));
  w.uvarint(payload.length);
  w.bytesOf(payload);
}

function decodeEntries(r: ByteReader): Entry[] {
  const count = r.uvarint();
  // An entry is at least 26 bytes.
  if (count * 26 > r.remaining) throw malformed(r.offset, `${count} entries do not fit into ${r.remaining} bytes`);
  const entries: Entry[] = [];
  for (let at = 0; at < count; at++) {
    const index = whole(r);
    const span = whole(r);
    const epoch = r.i64();
    const kind = known(KINDS, r.u8(), 'kind');
    entries.push({ index, span, epoch, kind, payload: r.take(r.uvarint()) });
  }
  return entries;
}

/** A whole number; zxids of the first votes of observers are beyond the safe ones, and exact. */
function whole(r: ByteReader): number {
  const value = r.f64();
  if (!Number.isInteger(value) || value >= 2 ** 63 || value < -(2 ** 63))
    throw malformed(r.offset, `${value} is no whole number of 64 bits`);
  return value;
}

function known<T>(list: readonly T[], at: number, what: string): T {
  const found = list[at];
  if (found === undefined) throw malformed(0, `${what} ${at} is not known`);
  return found;
}

function malformed(at: number, problem: string): BytesError {
  return new BytesError('out-of-range', at, 1, 1, problem);
}
