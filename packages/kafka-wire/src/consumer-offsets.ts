/**
 * Records of `__consumer_offsets`, where group coordinators keep offsets and groups.
 *
 * @packageDocumentation
 */
import { ByteReader } from '@biquorum/std';
import type { MessageCodec } from './codec/message-codec.ts';
import {
  type ConsumerGroupCurrentMemberAssignmentKey,
  type ConsumerGroupCurrentMemberAssignmentValue,
  type ConsumerGroupMemberMetadataKey,
  type ConsumerGroupMemberMetadataValue,
  type ConsumerGroupMetadataKey,
  type ConsumerGroupMetadataValue,
  type ConsumerGroupPartitionMetadataKey,
  type ConsumerGroupPartitionMetadataValue,
  type ConsumerGroupTargetAssignmentMemberKey,
  type ConsumerGroupTargetAssignmentMemberValue,
  type ConsumerGroupTargetAssignmentMetadataKey,
  type ConsumerGroupTargetAssignmentMetadataValue,
  consumerGroupCurrentMemberAssignmentKey,
  consumerGroupCurrentMemberAssignmentValue,
  consumerGroupMemberMetadataKey,
  consumerGroupMemberMetadataValue,
  consumerGroupMetadataKey,
  consumerGroupMetadataValue,
  consumerGroupPartitionMetadataKey,
  consumerGroupPartitionMetadataValue,
  consumerGroupTargetAssignmentMemberKey,
  consumerGroupTargetAssignmentMemberValue,
  consumerGroupTargetAssignmentMetadataKey,
  consumerGroupTargetAssignmentMetadataValue,
  type GroupMetadataKey,
  type GroupMetadataValue,
  groupMetadataKey,
  groupMetadataValue,
  type OffsetCommitKey,
  type OffsetCommitValue,
  offsetCommitKey,
  offsetCommitValue,
  type ShareGroupMemberMetadataKey,
  type ShareGroupMemberMetadataValue,
  type ShareGroupMetadataKey,
  type ShareGroupMetadataValue,
  type ShareGroupPartitionMetadataKey,
  type ShareGroupPartitionMetadataValue,
  shareGroupMemberMetadataKey,
  shareGroupMemberMetadataValue,
  shareGroupMetadataKey,
  shareGroupMetadataValue,
  shareGroupPartitionMetadataKey,
  shareGroupPartitionMetadataValue,
} from './generated/consumer-offsets/index.ts';
import type { Init } from './schema/init.ts';
import { decodeVersion, decodeVersioned, encodeVersioned } from './versioned-data.ts';

export * from './generated/consumer-offsets/index.ts';

interface Entry<Type extends string, Key, Value> {
  /** Name of key and value, without `Key` and `Value`. */
  readonly type: Type;
  readonly key: Key;
  /** Null when the entry was deleted. */
  readonly value: Value | null;
}

/** A record of `__consumer_offsets`. */
export type ConsumerOffsetsRecord =
  | Entry<'OffsetCommit', OffsetCommitKey, OffsetCommitValue>
  | Entry<'GroupMetadata', GroupMetadataKey, GroupMetadataValue>
  | Entry<'ConsumerGroupMetadata', ConsumerGroupMetadataKey, ConsumerGroupMetadataValue>
  | Entry<'ConsumerGroupPartitionMetadata', ConsumerGroupPartitionMetadataKey, ConsumerGroupPartitionMetadataValue>
  | Entry<'ConsumerGroupMemberMetadata', ConsumerGroupMemberMetadataKey, ConsumerGroupMemberMetadataValue>
  | Entry<
      'ConsumerGroupTargetAssignmentMetadata',
      ConsumerGroupTargetAssignmentMetadataKey,
      ConsumerGroupTargetAssignmentMetadataValue
    >
  | Entry<
      'ConsumerGroupTargetAssignmentMember',
      ConsumerGroupTargetAssignmentMemberKey,
      ConsumerGroupTargetAssignmentMemberValue
    >
  | Entry<
      'ConsumerGroupCurrentMemberAssignment',
      ConsumerGroupCurrentMemberAssignmentKey,
      ConsumerGroupCurrentMemberAssignmentValue
    >
  | Entry<'ShareGroupPartitionMetadata', ShareGroupPartitionMetadataKey, ShareGroupPartitionMetadataValue>
  | Entry<'ShareGroupMemberMetadata', ShareGroupMemberMetadataKey, ShareGroupMemberMetadataValue>
  | Entry<'ShareGroupMetadata', ShareGroupMetadataKey, ShareGroupMetadataValue>;

/** A record to be written; what is left out takes its default. */
export type ConsumerOffsetsRecordInit = {
  readonly [Type in ConsumerOffsetsRecord['type']]: {
    readonly type: Type;
    readonly key: Init<Extract<ConsumerOffsetsRecord, { readonly type: Type }>['key']>;
    readonly value: Init<Extract<ConsumerOffsetsRecord, { readonly type: Type }>['value']>;
  };
}[ConsumerOffsetsRecord['type']];

interface Pair {
  readonly key: MessageCodec<unknown>;
  readonly value: MessageCodec<unknown>;
}

const PAIRS: Readonly<Record<ConsumerOffsetsRecord['type'], Pair>> = {
  OffsetCommit: { key: offsetCommitKey, value: offsetCommitValue },
  GroupMetadata: { key: groupMetadataKey, value: groupMetadataValue },
  ConsumerGroupMetadata: { key: consumerGroupMetadataKey, value: consumerGroupMetadataValue },
  ConsumerGroupPartitionMetadata: {
    key: consumerGroupPartitionMetadataKey,
    value: consumerGroupPartitionMetadataValue,
  },
  ConsumerGroupMemberMetadata: { key: consumerGroupMemberMetadataKey, value: consumerGroupMemberMetadataValue },
  ConsumerGroupTargetAssignmentMetadata: {
    key: consumerGroupTargetAssignmentMetadataKey,
    value: consumerGroupTargetAssignmentMetadataValue,
  },
  ConsumerGroupTargetAssignmentMember: {
    key: consumerGroupTargetAssignmentMemberKey,
    value: consumerGroupTargetAssignmentMemberValue,
  },
  ConsumerGroupCurrentMemberAssignment: {
    key: consumerGroupCurrentMemberAssignmentKey,
    value: consumerGroupCurrentMemberAssignmentValue,
  },
  ShareGroupPartitionMetadata: { key: shareGroupPartitionMetadataKey, value: shareGroupPartitionMetadataValue },
  ShareGroupMemberMetadata: { key: shareGroupMemberMetadataKey, value: shareGroupMemberMetadataValue },
  ShareGroupMetadata: { key: shareGroupMetadataKey, value: shareGroupMetadataValue },
};

/**
 * Key and value of a record. The version of the key is the type of the record: the newest that there is for it.
 *
 * Source: Java's `CoordinatorRecordSerde`.
 *
 * @param valueVersion Version of the value; of no account when it is null.
 * @throws EncodeError when the value does not fit the version.
 */
export function encodeConsumerOffsetsRecord(
  record: ConsumerOffsetsRecordInit,
  valueVersion: number,
): { readonly key: Uint8Array; readonly value: Uint8Array | null } {
  const pair = PAIRS[record.type];
  return {
    key: encodeVersioned(pair.key, record.key, pair.key.highestVersion),
    value: record.value === null ? null : encodeVersioned(pair.value, record.value, valueVersion),
  };
}

/**
 * Reads key and value of a record.
 *
 * @returns undefined for a type of record that we do not know: Java passes over those, so that newer brokers may add
 *   some.
 * @throws ProtocolError when the bytes are not a record of their type.
 */
export function decodeConsumerOffsetsRecord(
  key: Uint8Array,
  value: Uint8Array | null,
): ConsumerOffsetsRecord | undefined {
  const reader = new ByteReader(key);
  const version = decodeVersion(reader, 'ConsumerOffsetsKey');
  const type = typeOfKey(version);
  if (type === undefined) return undefined;
  const pair = PAIRS[type];
  return {
    type,
    key: pair.key.decode(reader, version),
    value: value === null ? null : decodeVersioned(pair.value, value),
  } as ConsumerOffsetsRecord;
}

function typeOfKey(version: number): ConsumerOffsetsRecord['type'] | undefined {
  for (const [type, { key }] of Object.entries(PAIRS)) {
    if (version >= key.lowestVersion && version <= key.highestVersion) return type as ConsumerOffsetsRecord['type'];
  }
  return undefined;
}
