// Made by scripts/generate.ts from src/messages/list-partition-reassignments.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { listPartitionReassignmentsRequestTable, listPartitionReassignmentsResponseTable } from '../../messages/list-partition-reassignments.ts';

/**
 * Asks for the moves that are under way.
 *
 * Request of API 46, version 0.
 */
export interface ListPartitionReassignmentsRequest {
  /** Longest time to wait for the work to be done, in milliseconds. Default 60000. */
  readonly timeoutMs: number;
  /** The topics, one element each. */
  readonly topics: readonly ListPartitionReassignmentsRequestListPartitionReassignmentsTopics[] | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface ListPartitionReassignmentsRequestListPartitionReassignmentsTopics {
  /** Name of the topic. */
  readonly name: string;
  /** Partition numbers. */
  readonly partitionIndexes: readonly number[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * Partitions on the move, with replicas that come and go.
 *
 * Response of API 46, version 0.
 */
export interface ListPartitionReassignmentsResponse {
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Text about the error; null for none. */
  readonly errorMessage: string | null;
  /** The topics, one element each. */
  readonly topics: readonly ListPartitionReassignmentsResponseOngoingTopicReassignment[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface ListPartitionReassignmentsResponseOngoingTopicReassignment {
  /** Name of the topic. */
  readonly name: string;
  /** The partitions, one element each. */
  readonly partitions: readonly ListPartitionReassignmentsResponseOngoingPartitionReassignment[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface ListPartitionReassignmentsResponseOngoingPartitionReassignment {
  /** Partition number. */
  readonly partitionIndex: number;
  /** All replicas, the preferred leader first. */
  readonly replicas: readonly number[];
  /** Replicas that a reassignment is adding. */
  readonly addingReplicas: readonly number[];
  /** Replicas that a reassignment is removing. */
  readonly removingReplicas: readonly number[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link ListPartitionReassignmentsRequest}. */
export const listPartitionReassignmentsRequest: MessageCodec<ListPartitionReassignmentsRequest> = /* @__PURE__ */ codec(listPartitionReassignmentsRequestTable);

/** Reads and writes {@link ListPartitionReassignmentsResponse}. */
export const listPartitionReassignmentsResponse: MessageCodec<ListPartitionReassignmentsResponse> = /* @__PURE__ */ codec(listPartitionReassignmentsResponseTable);
