// Made by scripts/generate.ts from src/messages/alter-replica-log-dirs.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { alterReplicaLogDirsRequestTable, alterReplicaLogDirsResponseTable } from '../../messages/alter-replica-log-dirs.ts';

/**
 * Moves replicas of a broker to other log directories.
 *
 * Request of API 34, versions 0–2; flexible from 2; deprecated: 0.
 */
export interface AlterReplicaLogDirsRequest {
  /** Target directories, one element each. */
  readonly dirs: readonly AlterReplicaLogDirsRequestAlterReplicaLogDir[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `dirs`. */
export interface AlterReplicaLogDirsRequestAlterReplicaLogDir {
  /** Absolute path of the directory. */
  readonly path: string;
  /** The topics, one element each. */
  readonly topics: readonly AlterReplicaLogDirsRequestAlterReplicaLogDirTopic[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface AlterReplicaLogDirsRequestAlterReplicaLogDirTopic {
  /** Name of the topic. */
  readonly name: string;
  /** Partition numbers. */
  readonly partitions: readonly number[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * The outcome for each partition that was to move.
 *
 * Response of API 34, versions 0–2; flexible from 2.
 */
export interface AlterReplicaLogDirsResponse {
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** The outcomes, one element each. */
  readonly results: readonly AlterReplicaLogDirsResponseAlterReplicaLogDirTopicResult[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `results`. */
export interface AlterReplicaLogDirsResponseAlterReplicaLogDirTopicResult {
  /** Name of the topic. */
  readonly topicName: string;
  /** The partitions, one element each. */
  readonly partitions: readonly AlterReplicaLogDirsResponseAlterReplicaLogDirPartitionResult[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface AlterReplicaLogDirsResponseAlterReplicaLogDirPartitionResult {
  /** Partition number. */
  readonly partitionIndex: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link AlterReplicaLogDirsRequest}. */
export const alterReplicaLogDirsRequest: MessageCodec<AlterReplicaLogDirsRequest> = /* @__PURE__ */ codec(alterReplicaLogDirsRequestTable);

/** Reads and writes {@link AlterReplicaLogDirsResponse}. */
export const alterReplicaLogDirsResponse: MessageCodec<AlterReplicaLogDirsResponse> = /* @__PURE__ */ codec(alterReplicaLogDirsResponseTable);
