// Made by scripts/generate.ts from src/messages/elect-leaders.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { electLeadersRequestTable, electLeadersResponseTable } from '../../messages/elect-leaders.ts';

/**
 * Has the controller elect leaders, preferred or unclean.
 *
 * Request of API 43, versions 0–2; flexible from 2.
 */
export interface ElectLeadersRequest {
  /** How to elect: 0 the preferred replica, 1 unclean, any live replica. Versions 1+. */
  readonly electionType: number;
  /** Partitions, by topic. */
  readonly topicPartitions: readonly ElectLeadersRequestTopicPartitions[] | null;
  /** Longest time to wait for the work to be done, in milliseconds. Default 60000. */
  readonly timeoutMs: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topicPartitions`. */
export interface ElectLeadersRequestTopicPartitions {
  /** Name of the topic. */
  readonly topic: string;
  /** Partition numbers. */
  readonly partitions: readonly number[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * The outcome for each partition.
 *
 * Response of API 43, versions 0–2; flexible from 2.
 */
export interface ElectLeadersResponse {
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** Kafka’s error code; 0 for success. Versions 1+. */
  readonly errorCode: number;
  /** The outcome of each election, by topic. */
  readonly replicaElectionResults: readonly ElectLeadersResponseReplicaElectionResult[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `replicaElectionResults`. */
export interface ElectLeadersResponseReplicaElectionResult {
  /** Name of the topic. */
  readonly topic: string;
  /** The outcome of each partition. */
  readonly partitionResult: readonly ElectLeadersResponsePartitionResult[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitionResult`. */
export interface ElectLeadersResponsePartitionResult {
  /** Partition number. */
  readonly partitionId: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Text about the error; null for none. */
  readonly errorMessage: string | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link ElectLeadersRequest}. */
export const electLeadersRequest: MessageCodec<ElectLeadersRequest> = /* @__PURE__ */ codec(electLeadersRequestTable);

/** Reads and writes {@link ElectLeadersResponse}. */
export const electLeadersResponse: MessageCodec<ElectLeadersResponse> = /* @__PURE__ */ codec(electLeadersResponseTable);
