// Made by scripts/generate.ts from src/messages/fetch-snapshot.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { fetchSnapshotRequestTable, fetchSnapshotResponseTable } from '../../messages/fetch-snapshot.ts';
import type { Uuid } from '../../uuid.ts';

/**
 * Reads a part of a snapshot of the metadata log.
 *
 * Request of API 59, versions 0–1; all flexible.
 */
export interface FetchSnapshotRequest {
  /** Id of the cluster; null when unknown. Tag 0. */
  readonly clusterId: string | null;
  /** Node id of the replica that reads. Default −1. */
  readonly replicaId: number;
  /** Most bytes of records wanted; the first batch is sent even when larger. Default 2147483647. */
  readonly maxBytes: number;
  /** The topics, one element each. */
  readonly topics: readonly FetchSnapshotRequestTopicSnapshot[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface FetchSnapshotRequestTopicSnapshot {
  /** Name of the topic. */
  readonly name: string;
  /** The partitions, one element each. */
  readonly partitions: readonly FetchSnapshotRequestPartitionSnapshot[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface FetchSnapshotRequestPartitionSnapshot {
  /** Partition number. */
  readonly partition: number;
  /** Leader epoch that the sender knows, checked by the receiver; −1 for no check. */
  readonly currentLeaderEpoch: number;
  /** The snapshot: offset and epoch at which it ends. */
  readonly snapshotId: FetchSnapshotRequestSnapshotId;
  /** Byte of the snapshot at which the part starts. */
  readonly position: number;
  /** Directory id of the replica’s log; zero when unknown. Version 1, tag 0. */
  readonly replicaDirectoryId: Uuid;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** The value of `snapshotId`. */
export interface FetchSnapshotRequestSnapshotId {
  /** Offset after the last record. */
  readonly endOffset: number;
  /** Epoch; −1 for none. */
  readonly epoch: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * A part of the snapshot, cut at any byte.
 *
 * Response of API 59, versions 0–1; all flexible.
 */
export interface FetchSnapshotResponse {
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** The topics, one element each. */
  readonly topics: readonly FetchSnapshotResponseTopicSnapshot[];
  /** Where the leaders named in this response can be reached. Version 1, tag 0. */
  readonly nodeEndpoints: readonly FetchSnapshotResponseNodeEndpoint[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface FetchSnapshotResponseTopicSnapshot {
  /** Name of the topic. */
  readonly name: string;
  /** The partitions, one element each. */
  readonly partitions: readonly FetchSnapshotResponsePartitionSnapshot[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface FetchSnapshotResponsePartitionSnapshot {
  /** Partition number. */
  readonly index: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** The snapshot: offset and epoch at which it ends. */
  readonly snapshotId: FetchSnapshotResponseSnapshotId;
  /** Leader and epoch that the answering node knows, when the request went to the wrong one. Tag 0. */
  readonly currentLeader: FetchSnapshotResponseLeaderIdAndEpoch;
  /** Size of the whole snapshot, in bytes. */
  readonly size: number;
  /** Byte of the snapshot at which the part starts. */
  readonly position: number;
  /** Bytes of the snapshot, which may begin and end inside a batch. */
  readonly unalignedRecords: Uint8Array;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** The value of `snapshotId`. */
export interface FetchSnapshotResponseSnapshotId {
  /** Offset after the last record. */
  readonly endOffset: number;
  /** Epoch; −1 for none. */
  readonly epoch: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** The value of `currentLeader`. */
export interface FetchSnapshotResponseLeaderIdAndEpoch {
  /** Node id of the leader; −1 when there is none or it is unknown. */
  readonly leaderId: number;
  /** Leader epoch; −1 when unknown. */
  readonly leaderEpoch: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `nodeEndpoints`. */
export interface FetchSnapshotResponseNodeEndpoint {
  /** Id of the node; −1 for none. Version 1. */
  readonly nodeId: number;
  /** Host name or address. Version 1. */
  readonly host: string;
  /** TCP port. Version 1. */
  readonly port: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link FetchSnapshotRequest}. */
export const fetchSnapshotRequest: MessageCodec<FetchSnapshotRequest> = /* @__PURE__ */ codec(fetchSnapshotRequestTable);

/** Reads and writes {@link FetchSnapshotResponse}. */
export const fetchSnapshotResponse: MessageCodec<FetchSnapshotResponse> = /* @__PURE__ */ codec(fetchSnapshotResponseTable);
