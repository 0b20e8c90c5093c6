import {
  groupMetadataKey,
  groupMetadataValue,
  offsetCommitKey,
  offsetCommitValue,
} from '@biquorum/kafka-wire/consumer-offsets';
import { ByteReader } from '@biquorum/std';
import type { GroupRecord } from './records.ts';

/** A record of `__consumer_offsets` as bytes; a null value is a tombstone. */
export interface StoredRecord {
  readonly key: Uint8Array;
  readonly value: Uint8Array | null;
}

/** Versions that 3.9 writes at its own protocol version. Source: Java `GroupMetadataManager`. */
const OFFSET_KEY_VERSION = 1;
const OFFSET_VALUE_VERSION = 3;
/** An explicit expiry only exists in version 1 of the value. */
const OFFSET_VALUE_VERSION_WITH_EXPIRY = 1;
const GROUP_KEY_VERSION = 2;
const GROUP_VALUE_VERSION = 3;

/** Writes a record as Kafka stores it: version, then the message, in key and value. */
export function encodeRecord(record: GroupRecord): StoredRecord {
  switch (record.kind) {
    case 'offset': {
      const { group, topic, partition, value } = record;
      const key = versioned(
        OFFSET_KEY_VERSION,
        offsetCommitKey.toBytes({ group, topic, partition }, OFFSET_KEY_VERSION),
      );
      if (value === null) return { key, value: null };
      const { offset, leaderEpoch, metadata, commitTimestampMs: commitTimestamp, expireTimestampMs } = value;
      const stored = { offset, leaderEpoch, metadata, commitTimestamp };
      if (expireTimestampMs === null) {
        return { key, value: versioned(OFFSET_VALUE_VERSION, offsetCommitValue.toBytes(stored, OFFSET_VALUE_VERSION)) };
      }
      const version = OFFSET_VALUE_VERSION_WITH_EXPIRY;
      const expiring = { ...stored, expireTimestamp: expireTimestampMs };
      return { key, value: versioned(version, offsetCommitValue.toBytes(expiring, version)) };
    }
    case 'group': {
      const key = versioned(GROUP_KEY_VERSION, groupMetadataKey.toBytes({ group: record.group }, GROUP_KEY_VERSION));
      if (record.value === null) return { key, value: null };
      const { protocolType, generation, protocolName, leader, stateSinceMs, members } = record.value;
      const message = {
        protocolType,
        generation,
        protocol: protocolName,
        leader,
        currentStateTimestamp: stateSinceMs,
        members: members.map((member) => ({
          memberId: member.memberId,
          groupInstanceId: member.groupInstanceId,
          clientId: member.clientId,
          clientHost: member.clientHost,
          rebalanceTimeout: member.rebalanceTimeoutMs,
          sessionTimeout: member.sessionTimeoutMs,
          subscription: member.subscription,
          assignment: member.assignment,
        })),
      };
      return { key, value: versioned(GROUP_VALUE_VERSION, groupMetadataValue.toBytes(message, GROUP_VALUE_VERSION)) };
    }
  }
}

/**
 * Reads a stored record; null for kinds of key that this coordinator does not know (newer group protocols), which it
 * leaves alone.
 *
 * @throws ProtocolError when the bytes are not what their version says
 */
export function decodeRecord({ key, value }: StoredRecord): GroupRecord | null {
  const keyVersion = versionOf(key);
  if (keyVersion <= offsetCommitKey.highestVersion) {
    const { group, topic, partition } = offsetCommitKey.decode(body(key), keyVersion);
    return { kind: 'offset', group, topic, partition, value: value === null ? null : decodeOffset(value) };
  }
  if (keyVersion !== GROUP_KEY_VERSION) return null;
  const { group } = groupMetadataKey.decode(body(key), keyVersion);
  return { kind: 'group', group, value: value === null ? null : decodeGroup(value) };
}

function decodeOffset(bytes: Uint8Array): (GroupRecord & { kind: 'offset' })['value'] {
  const stored = offsetCommitValue.decode(body(bytes), versionOf(bytes));
  return {
    offset: stored.offset,
    leaderEpoch: stored.leaderEpoch,
    metadata: stored.metadata,
    commitTimestampMs: stored.commitTimestamp,
    expireTimestampMs: stored.expireTimestamp === -1 ? null : stored.expireTimestamp,
  };
}

function decodeGroup(bytes: Uint8Array): (GroupRecord & { kind: 'group' })['value'] {
  const stored = groupMetadataValue.decode(body(bytes), versionOf(bytes));
  return {
    protocolType: stored.protocolType,
    generation: stored.generation,
    protocolName: stored.protocol,
    leader: stored.leader,
    stateSinceMs: stored.currentStateTimestamp,
    members: stored.members.map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      // Version 0 knew no rebalance timeout: the session timeout served for both.
      rebalanceTimeoutMs: member.rebalanceTimeout === -1 ? member.sessionTimeout : member.rebalanceTimeout,
      sessionTimeoutMs: member.sessionTimeout,
      // The log's buffers are used again; what a group keeps must be its own.
      subscription: member.subscription.slice(),
      assignment: member.assignment.slice(),
    })),
  };
}

function versioned(version: number, message: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(2 + message.length);
  new DataView(bytes.buffer).setInt16(0, version);
  bytes.set(message, 2);
  return bytes;
}

function versionOf(bytes: Uint8Array): number {
  return new ByteReader(bytes).i16();
}

function body(bytes: Uint8Array): ByteReader {
  return new ByteReader(bytes, 2);
}
