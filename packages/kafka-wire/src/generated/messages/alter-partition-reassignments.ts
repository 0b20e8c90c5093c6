// Made by scripts/generate.ts from src/messages/alter-partition-reassignments.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { alterPartitionReassignmentsRequestTable, alterPartitionReassignmentsResponseTable } from '../../messages/alter-partition-reassignments.ts';

/**
 * Starts or cancels the move of partitions to other replicas.
 *
 * Request of API 45, version 0.
 */
export interface AlterPartitionReassignmentsRequest {
  /** Longest time to wait for the work to be done, in milliseconds. Default 60000. */
  readonly timeoutMs: number;
  /** The topics, one element each. */
  readonly topics: readonly AlterPartitionReassignmentsRequestReassignableTopic[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface AlterPartitionReassignmentsRequestReassignableTopic {
  /** Name of the topic. */
  readonly name: string;
  /** The partitions, one element each. */
  readonly partitions: readonly AlterPartitionReassignmentsRequestReassignablePartition[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface AlterPartitionReassignmentsRequestReassignablePartition {
  /** Partition number. */
  readonly partitionIndex: number;
  /** All replicas, the preferred leader first. */
  readonly replicas: readonly number[] | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * The outcome for each partition that was to move.
 *
 * Response of API 45, version 0.
 */
export interface AlterPartitionReassignmentsResponse {
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Text about the error; null for none. */
  readonly errorMessage: string | null;
  /** The outcomes, one element each. */
  readonly responses: readonly AlterPartitionReassignmentsResponseReassignableTopicResponse[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `responses`. */
export interface AlterPartitionReassignmentsResponseReassignableTopicResponse {
  /** Name of the topic. */
  readonly name: string;
  /** The partitions, one element each. */
  readonly partitions: readonly AlterPartitionReassignmentsResponseReassignablePartitionResponse[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface AlterPartitionReassignmentsResponseReassignablePartitionResponse {
  /** Partition number. */
  readonly partitionIndex: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Text about the error; null for none. */
  readonly errorMessage: string | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link AlterPartitionReassignmentsRequest}. */
export const alterPartitionReassignmentsRequest: MessageCodec<AlterPartitionReassignmentsRequest> = /* @__PURE__ */ codec(alterPartitionReassignmentsRequestTable);

/** Reads and writes {@link AlterPartitionReassignmentsResponse}. */
export const alterPartitionReassignmentsResponse: MessageCodec<AlterPartitionReassignmentsResponse> = /* @__PURE__ */ codec(alterPartitionReassignmentsResponseTable);
