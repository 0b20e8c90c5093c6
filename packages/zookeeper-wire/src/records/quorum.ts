import { ByteReader } from '@biquorum/std';
import { buffer, int, type Jute, long, nullableVector, record, toBytes, wide } from '../jute.ts';
import { EPOCH_MAX, type Zxid } from '../zxid.ts';
import { type Id, id } from './data.ts';

/** The types of {@link QuorumPacket}. Source: Java `Leader`. */
export const PacketType = {
  REQUEST: 1,
  PROPOSAL: 2,
  ACK: 3,
  COMMIT: 4,
  PING: 5,
  REVALIDATE: 6,
  SYNC: 7,
  INFORM: 8,
  COMMITANDACTIVATE: 9,
  NEWLEADER: 10,
  FOLLOWERINFO: 11,
  UPTODATE: 12,
  DIFF: 13,
  TRUNC: 14,
  SNAP: 15,
  OBSERVERINFO: 16,
  LEADERINFO: 17,
  ACKEPOCH: 18,
  INFORMANDACTIVATE: 19,
} as const;

/** The name of a packet's type. */
export type PacketName = keyof typeof PacketType;

const packetNames: ReadonlyMap<number, PacketName> = new Map(
  Object.entries(PacketType).map(([name, type]) => [type, name as PacketName]),
);

/** The name of a packet's type; undefined when ZooKeeper has none. */
export function packetName(type: number): PacketName | undefined {
  return packetNames.get(type);
}

/** What a leader and its learners say to each other. On the stream it has no length before it. */
export interface QuorumPacket {
  readonly type: number;
  readonly zxid: Zxid;
  readonly data: Uint8Array | null;
  /** The identities of the client whose request it is. */
  readonly authinfo: readonly Id[] | null;
}

/** How a {@link QuorumPacket} looks. */
export const quorumPacket: Jute<QuorumPacket> = record<QuorumPacket>({
  type: int,
  zxid: long,
  data: buffer,
  authinfo: nullableVector(id, 8),
});

/**
 * Reads a packet that is there as a whole.
 *
 * @throws BytesError when a length goes beyond the bytes, or no zxid can be so large
 */
export function readQuorumPacket(bytes: Uint8Array): QuorumPacket {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const length = bytes.length >= PACKET_BYTES ? view.getInt32(12) : 0;
  const high = bytes.length >= PACKET_BYTES ? view.getInt32(4) : EPOCH_MAX + 1;
  // Without identities, as most are, and with a zxid that fits: nothing is left to be checked.
  const isBare = Math.max(length, 0) === bytes.length - PACKET_BYTES && view.getInt32(bytes.length - 4) === -1;
  if (!isBare || high < -1 || high > EPOCH_MAX) return quorumPacket.read(new ByteReader(bytes));
  const data = length < 0 ? null : bytes.subarray(16, 16 + length);
  return { type: view.getInt32(0), zxid: high * TWO_32 + view.getUint32(8), data, authinfo: null };
}

/** The bytes of a {@link QuorumPacket}. */
export function quorumPacketBytes({ type, zxid, data, authinfo }: QuorumPacket): Uint8Array {
  const length = data?.length ?? 0;
  const ids = authinfo === null ? NO_IDS : idsBytes(authinfo);
  const at = makeRoom(16 + length + ids.length);
  slabView.setInt32(at, type);
  slabView.setInt32(at + 4, Math.floor(zxid / TWO_32));
  slabView.setInt32(at + 8, zxid);
  slabView.setInt32(at + 12, data === null ? -1 : length);
  if (data !== null) slab.set(data, at + 16);
  slab.set(ids, at + 16 + length);
  return slab.subarray(at, slabEnd);
}

/** The same identities come with each request of a client. */
function idsBytes(ids: readonly Id[]): Uint8Array {
  let bytes = encodedIds.get(ids);
  if (bytes === undefined) {
    bytes = toBytes(idList, ids);
    encodedIds.set(ids, bytes);
  }
  return bytes;
}

const idList: Jute<readonly Id[] | null> = nullableVector(id, 8);
const encodedIds: WeakMap<readonly Id[], Uint8Array> = new WeakMap();
/** As null is written. */
const NO_IDS: Uint8Array = Uint8Array.of(0xff, 0xff, 0xff, 0xff);

/** Packets are small and many: memory of their own for each would cost more than all the rest. None is used twice. */
const SLAB_BYTES = 64 * 1024;
let slab: Uint8Array = new Uint8Array(0);
let slabView: DataView = new DataView(slab.buffer);
let slabEnd = 0;

/** @returns Where in the slab so many bytes are free; they are taken. */
function makeRoom(bytes: number): number {
  if (slabEnd + bytes > slab.length) {
    slab = new Uint8Array(Math.max(SLAB_BYTES, bytes));
    slabView = new DataView(slab.buffer);
    slabEnd = 0;
  }
  const at = slabEnd;
  slabEnd += bytes;
  return at;
}

const TWO_32 = 0x1_0000_0000;
/** Of a packet without payload and identities. */
const PACKET_BYTES = 20;

/** The payload of FOLLOWERINFO and OBSERVERINFO. */
export interface LearnerInfo {
  readonly serverId: bigint;
  /** 0x10000. */
  readonly protocolVersion: number;
  readonly configVersion: number;
}

/** How a {@link LearnerInfo} looks. */
export const learnerInfo: Jute<LearnerInfo> = record<LearnerInfo>({
  serverId: wide,
  protocolVersion: int,
  configVersion: long,
});

/** The protocol between learner and leader since 3.4. */
export const LEARNER_PROTOCOL_VERSION = 0x10000;
