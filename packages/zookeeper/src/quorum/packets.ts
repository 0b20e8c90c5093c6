import type { Entry } from '@biquorum/consensus';
import { ByteReader, BytesError, unreachable } from '@biquorum/std';
import { epochOf, type LearnerMessage, zxidOf } from '@biquorum/zab';
import {
  int32Payload,
  type LearnerInfo,
  learnerInfo,
  PacketType,
  type QuorumPacket,
  quorumPacketBytes,
  toBytes,
  wide,
} from '@biquorum/zookeeper-wire';

/** What is made a packet of here: pieces of a snapshot have none, and an application brings its own bytes. */
export type PacketMessage = Exclude<LearnerMessage, { readonly type: 'snapshotChunk' | 'application' }>;

/**
 * A message of the engine as the packets of Java's protocol.
 *
 * @param leads whether this end of the link is the leader's
 */
export function toPackets(message: PacketMessage, leads: boolean): readonly QuorumPacket[] {
  switch (message.type) {
    case 'followerInfo':
    case 'observerInfo': {
      const { sid, protocolVersion, configVersion, acceptedEpoch } = message;
      const type = message.type === 'followerInfo' ? PacketType.FOLLOWERINFO : PacketType.OBSERVERINFO;
      const data = toBytes(learnerInfo, { serverId: BigInt(sid), protocolVersion, configVersion });
      return [packet(type, zxidOf(acceptedEpoch, 0), data)];
    }
    case 'leaderInfo':
      return [packet(PacketType.LEADERINFO, zxidOf(message.epoch, 0), int32Payload.toBytes(message.protocolVersion))];
    case 'ackEpoch':
      return [packet(PacketType.ACKEPOCH, message.zxid, int32Payload.toBytes(message.currentEpoch))];
    case 'diff':
      return [packet(PacketType.DIFF, message.zxid)];
    case 'trunc':
      return [packet(PacketType.TRUNC, message.zxid)];
    case 'snap':
      return [packet(PacketType.SNAP, message.zxid)];
    case 'history':
      return message.entries.flatMap(committed);
    case 'newLeader':
      return [
        packet(PacketType.NEWLEADER, message.zxid, message.config === null ? null : encoder.encode(message.config)),
      ];
    case 'upToDate':
      return [packet(PacketType.UPTODATE, -1)];
    case 'proposal':
      return [packet(PacketType.PROPOSAL, message.zxid, message.payload)];
    case 'inform':
      return [packet(PacketType.INFORM, message.zxid, message.payload)];
    case 'ack':
      return [packet(PacketType.ACK, message.zxid)];
    case 'commit':
      return [packet(PacketType.COMMIT, message.zxid)];
    case 'commitAndActivate':
      return [packet(PacketType.COMMITANDACTIVATE, message.zxid, toBytes(wide, BigInt(message.designatedLeader)))];
    case 'informAndActivate': {
      const { zxid, designatedLeader, payload } = message;
      const data = new Uint8Array(8 + payload.length);
      data.set(toBytes(wide, BigInt(designatedLeader)));
      data.set(payload, 8);
      return [packet(PacketType.INFORMANDACTIVATE, zxid, data)];
    }
    case 'ping':
      // A Java leader reads the answer's payload without looking whether there is one.
      return [packet(PacketType.PING, message.zxid, leads ? null : message.payload)];
    default:
      return unreachable(message);
  }
}

/**
 * A packet of a peer as the engine takes it; what is between the applications keeps the bytes of the whole packet.
 *
 * @throws BytesError when its payload is not what its type needs, or there is no such type
 */
export function fromPacket(received: QuorumPacket): LearnerMessage {
  const { type, zxid } = received;
  const data = received.data ?? NO_BYTES;
  switch (type) {
    case PacketType.FOLLOWERINFO:
    case PacketType.OBSERVERINFO: {
      const { serverId, protocolVersion, configVersion } = readInfo(data);
      const kind = type === PacketType.FOLLOWERINFO ? 'followerInfo' : 'observerInfo';
      return { type: kind, acceptedEpoch: epochOf(zxid), sid: Number(serverId), protocolVersion, configVersion };
    }
    case PacketType.LEADERINFO:
      return { type: 'leaderInfo', epoch: epochOf(zxid), protocolVersion: int32Payload.fromBytes(data) };
    case PacketType.ACKEPOCH:
      return { type: 'ackEpoch', zxid, currentEpoch: int32Payload.fromBytes(data) };
    case PacketType.DIFF:
      return { type: 'diff', zxid };
    case PacketType.TRUNC:
      return { type: 'trunc', zxid };
    case PacketType.SNAP:
      return { type: 'snap', zxid };
    case PacketType.NEWLEADER: {
      const config = received.data === null ? null : new TextDecoder().decode(data);
      return { type: 'newLeader', zxid, config };
    }
    case PacketType.UPTODATE:
      return { type: 'upToDate' };
    case PacketType.PROPOSAL:
      return { type: 'proposal', zxid, kind: 'data', payload: data };
    case PacketType.INFORM:
      return { type: 'inform', zxid, kind: 'data', payload: data };
    case PacketType.ACK:
      return { type: 'ack', zxid };
    case PacketType.COMMIT:
      return { type: 'commit', zxid };
    case PacketType.COMMITANDACTIVATE:
      return { type: 'commitAndActivate', zxid, designatedLeader: readServerId(data) };
    case PacketType.INFORMANDACTIVATE:
      return { type: 'informAndActivate', zxid, designatedLeader: readServerId(data), payload: data.subarray(8) };
    case PacketType.PING:
      return { type: 'ping', zxid, payload: data };
    case PacketType.REQUEST:
    case PacketType.REVALIDATE:
    case PacketType.SYNC:
      return { type: 'application', payload: quorumPacketBytes(received) };
    default:
      throw new BytesError('out-of-range', 0, type, 19, `packet type ${type} is not known`);
  }
}

/** A packet without identities, and perhaps without a payload. */
export function packet(type: number, zxid: number, data: Uint8Array | null = null): QuorumPacket {
  return { type, zxid, data, authinfo: null };
}

/** What stands in the log between two epochs is known to both ends. */
function committed({ kind, index, payload }: Entry): readonly QuorumPacket[] {
  return kind === 'control' ? [] : [packet(PacketType.PROPOSAL, index, payload), packet(PacketType.COMMIT, index)];
}

/** The oldest learners say no more than who they are. */
function readInfo(data: Uint8Array): LearnerInfo {
  const reader = new ByteReader(data);
  if (data.length >= INFO_BYTES) return learnerInfo.read(reader);
  const serverId = reader.i64Big();
  return { serverId, protocolVersion: reader.remaining >= 4 ? reader.i32() : 0, configVersion: 0 };
}

function readServerId(data: Uint8Array): number {
  return Number(new ByteReader(data).i64Big());
}

const INFO_BYTES = 20;
const NO_BYTES = new Uint8Array(0);
const encoder = new TextEncoder();
