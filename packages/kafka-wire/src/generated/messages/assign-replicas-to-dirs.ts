// Made by scripts/generate.ts from src/messages/assign-replicas-to-dirs.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { assignReplicasToDirsRequestTable, assignReplicasToDirsResponseTable } from '../../messages/assign-replicas-to-dirs.ts';
import type { Uuid } from '../../uuid.ts';

/**
 * A broker tells the controller in which log directory each of its replicas lives.
 *
 * Request of API 73, version 0.
 */
export interface AssignReplicasToDirsRequest {
  /** Id of the broker. */
  readonly brokerId: number;
  /** Epoch of the broker’s registration; −1 when unknown. Default −1. */
  readonly brokerEpoch: number;
  /** Log directories, one element each. */
  readonly directories: readonly AssignReplicasToDirsRequestDirectoryData[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `directories`. */
export interface AssignReplicasToDirsRequestDirectoryData {
  /** Id of the log directory. */
  readonly id: Uuid;
  /** The topics, one element each. */
  readonly topics: readonly AssignReplicasToDirsRequestTopicData[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface AssignReplicasToDirsRequestTopicData {
  /** Id of the topic; zero when unknown. */
  readonly topicId: Uuid;
  /** The partitions, one element each. */
  readonly partitions: readonly AssignReplicasToDirsRequestPartitionData[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface AssignReplicasToDirsRequestPartitionData {
  /** Partition number. */
  readonly partitionIndex: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * The outcome for each replica.
 *
 * Response of API 73, version 0.
 */
export interface AssignReplicasToDirsResponse {
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Log directories, one element each. */
  readonly directories: readonly AssignReplicasToDirsResponseDirectoryData[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `directories`. */
export interface AssignReplicasToDirsResponseDirectoryData {
  /** Id of the log directory. */
  readonly id: Uuid;
  /** The topics, one element each. */
  readonly topics: readonly AssignReplicasToDirsResponseTopicData[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface AssignReplicasToDirsResponseTopicData {
  /** Id of the topic; zero when unknown. */
  readonly topicId: Uuid;
  /** The partitions, one element each. */
  readonly partitions: readonly AssignReplicasToDirsResponsePartitionData[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface AssignReplicasToDirsResponsePartitionData {
  /** Partition number. */
  readonly partitionIndex: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link AssignReplicasToDirsRequest}. */
export const assignReplicasToDirsRequest: MessageCodec<AssignReplicasToDirsRequest> = /* @__PURE__ */ codec(assignReplicasToDirsRequestTable);

/** Reads and writes {@link AssignReplicasToDirsResponse}. */
export const assignReplicasToDirsResponse: MessageCodec<AssignReplicasToDirsResponse> = /* @__PURE__ */ codec(assignReplicasToDirsResponseTable);
