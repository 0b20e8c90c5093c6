import { buffer, int, type Jute, long, nullableVector, record, toBytes, wide } from '../jute.ts';
import type { Zxid } from '../zxid.ts';
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

/** The bytes of a {@link QuorumPacket}; without identities, as most are, in one go. */
export function quorumPacketBytes(packet: QuorumPacket): Uint8Array {
  const { type, zxid, data, authinfo } = packet;
  if (authinfo !== null) return toBytes(quorumPacket, packet);
  const length = data?.length ?? 0;
  const at = makeRoom(PACKET_BYTES + length);
  slabView.setInt32(at, type);
  slabView.setInt32(at + 4, Math.floor(zxid / TWO_32));
  slabView.setInt32(at + 8, zxid);
  slabView.setInt32(at + 12, data === null ? -1 : length);
  if (data !== null) slab.set(data, at + 16);
  slabView.setInt32(at + 16 + length, -1);
  return slab.subarray(at, slabEnd);
}

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
