// Made by scripts/generate.ts from src/remote-log-metadata/remote-log-metadata.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { remoteLogSegmentMetadataRecordTable, remoteLogSegmentMetadataSnapshotRecordTable, remoteLogSegmentMetadataUpdateRecordTable, remotePartitionDeleteMetadataRecordTable } from '../../remote-log-metadata/remote-log-metadata.ts';
import type { Uuid } from '../../uuid.ts';

/**
 * A segment of a partition is being copied to, or has left for, remote storage.
 *
 * Record type 0, version 0.
 */
export interface RemoteLogSegmentMetadataRecord {
  /** The segment. */
  readonly remoteLogSegmentId: RemoteLogSegmentMetadataRecordRemoteLogSegmentIdEntry;
  /** First offset of the segment. */
  readonly startOffset: number;
  /** Last offset of the segment, included. */
  readonly endOffset: number;
  /** Id of the broker. */
  readonly brokerId: number;
  /**
   * Greatest timestamp of the segment’s records, in milliseconds since 1970. Chosen by producers, hence all 64 bits.
   */
  readonly maxTimestampMs: bigint;
  /** When the event happened, in milliseconds since 1970. */
  readonly eventTimestampMs: number;
  /** Leader epochs in the segment and where they start. */
  readonly segmentLeaderEpochs: readonly RemoteLogSegmentMetadataRecordSegmentLeaderEpochEntry[];
  /** Size of the segment, in bytes. */
  readonly segmentSizeInBytes: number;
  /** Bytes of the remote storage plugin; null for none. */
  readonly customMetadata: Uint8Array | null;
  /** State of the segment: 0 copying, 1 copied, 2 deleting, 3 deleted. */
  readonly remoteLogSegmentState: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** The value of `remoteLogSegmentId`. */
export interface RemoteLogSegmentMetadataRecordRemoteLogSegmentIdEntry {
  /** Topic, with its id, and partition. */
  readonly topicIdPartition: RemoteLogSegmentMetadataRecordTopicIdPartitionEntry;
  /** Id of the segment. */
  readonly id: Uuid;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** The value of `topicIdPartition`. */
export interface RemoteLogSegmentMetadataRecordTopicIdPartitionEntry {
  /** Name of the topic. */
  readonly name: string;
  /** Id of the topic. */
  readonly id: Uuid;
  /** Partition number. */
  readonly partition: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `segmentLeaderEpochs`. */
export interface RemoteLogSegmentMetadataRecordSegmentLeaderEpochEntry {
  /** Leader epoch; −1 when unknown. */
  readonly leaderEpoch: number;
  /** First offset of the epoch in the segment. */
  readonly offset: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * A remote segment changed its state.
 *
 * Record type 1, version 0.
 */
export interface RemoteLogSegmentMetadataUpdateRecord {
  /** The segment. */
  readonly remoteLogSegmentId: RemoteLogSegmentMetadataUpdateRecordRemoteLogSegmentIdEntry;
  /** Id of the broker. */
  readonly brokerId: number;
  /** When the event happened, in milliseconds since 1970. */
  readonly eventTimestampMs: number;
  /** Bytes of the remote storage plugin; null for none. */
  readonly customMetadata: Uint8Array | null;
  /** State of the segment: 0 copying, 1 copied, 2 deleting, 3 deleted. */
  readonly remoteLogSegmentState: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** The value of `remoteLogSegmentId`. */
export interface RemoteLogSegmentMetadataUpdateRecordRemoteLogSegmentIdEntry {
  /** Topic, with its id, and partition. */
  readonly topicIdPartition: RemoteLogSegmentMetadataUpdateRecordTopicIdPartitionEntry;
  /** Id of the segment. */
  readonly id: Uuid;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** The value of `topicIdPartition`. */
export interface RemoteLogSegmentMetadataUpdateRecordTopicIdPartitionEntry {
  /** Name of the topic. */
  readonly name: string;
  /** Id of the topic. */
  readonly id: Uuid;
  /** Partition number. */
  readonly partition: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * How far the deletion of a partition's remote segments has come.
 *
 * Record type 2, version 0.
 */
export interface RemotePartitionDeleteMetadataRecord {
  /** Topic, with its id, and partition. */
  readonly topicIdPartition: RemotePartitionDeleteMetadataRecordTopicIdPartitionEntry;
  /** Id of the broker. */
  readonly brokerId: number;
  /** When the event happened, in milliseconds since 1970. */
  readonly eventTimestampMs: number;
  /** State of the deletion: 0 marked, 1 started, 2 finished. */
  readonly remotePartitionDeleteState: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** The value of `topicIdPartition`. */
export interface RemotePartitionDeleteMetadataRecordTopicIdPartitionEntry {
  /** Name of the topic. */
  readonly name: string;
  /** Id of the topic. */
  readonly id: Uuid;
  /** Partition number. */
  readonly partition: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * A remote segment as it stands in a broker's snapshot of remote log metadata.
 *
 * Record type 3, version 0.
 */
export interface RemoteLogSegmentMetadataSnapshotRecord {
  /** Id of the segment. */
  readonly segmentId: Uuid;
  /** First offset of the segment. */
  readonly startOffset: number;
  /** Last offset of the segment, included. */
  readonly endOffset: number;
  /** Id of the broker. */
  readonly brokerId: number;
  /**
   * Greatest timestamp of the segment’s records, in milliseconds since 1970. Chosen by producers, hence all 64 bits.
   */
  readonly maxTimestampMs: bigint;
  /** When the event happened, in milliseconds since 1970. */
  readonly eventTimestampMs: number;
  /** Leader epochs in the segment and where they start. */
  readonly segmentLeaderEpochs: readonly RemoteLogSegmentMetadataSnapshotRecordSegmentLeaderEpochEntry[];
  /** Size of the segment, in bytes. */
  readonly segmentSizeInBytes: number;
  /** Bytes of the remote storage plugin; null for none. */
  readonly customMetadata: Uint8Array | null;
  /** State of the segment: 0 copying, 1 copied, 2 deleting, 3 deleted. */
  readonly remoteLogSegmentState: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `segmentLeaderEpochs`. */
export interface RemoteLogSegmentMetadataSnapshotRecordSegmentLeaderEpochEntry {
  /** Leader epoch; −1 when unknown. */
  readonly leaderEpoch: number;
  /** First offset of the epoch in the segment. */
  readonly offset: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link RemoteLogSegmentMetadataRecord}. */
export const remoteLogSegmentMetadataRecord: MessageCodec<RemoteLogSegmentMetadataRecord> = /* @__PURE__ */ codec(remoteLogSegmentMetadataRecordTable);

/** Reads and writes {@link RemoteLogSegmentMetadataUpdateRecord}. */
export const remoteLogSegmentMetadataUpdateRecord: MessageCodec<RemoteLogSegmentMetadataUpdateRecord> = /* @__PURE__ */ codec(remoteLogSegmentMetadataUpdateRecordTable);

/** Reads and writes {@link RemotePartitionDeleteMetadataRecord}. */
export const remotePartitionDeleteMetadataRecord: MessageCodec<RemotePartitionDeleteMetadataRecord> = /* @__PURE__ */ codec(remotePartitionDeleteMetadataRecordTable);

/** Reads and writes {@link RemoteLogSegmentMetadataSnapshotRecord}. */
export const remoteLogSegmentMetadataSnapshotRecord: MessageCodec<RemoteLogSegmentMetadataSnapshotRecord> = /* @__PURE__ */ codec(remoteLogSegmentMetadataSnapshotRecordTable);
