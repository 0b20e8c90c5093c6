// Made by scripts/generate.ts from src/messages/create-partitions.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { createPartitionsRequestTable, createPartitionsResponseTable } from '../../messages/create-partitions.ts';

/**
 * Raises the number of partitions of topics.
 *
 * Request of API 37, versions 0–3; flexible from 2.
 */
export interface CreatePartitionsRequest {
  /** The topics, one element each. */
  readonly topics: readonly CreatePartitionsRequestCreatePartitionsTopic[];
  /** Longest time to wait for the work to be done, in milliseconds. */
  readonly timeoutMs: number;
  /** Whether to check only and change nothing. */
  readonly validateOnly: boolean;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface CreatePartitionsRequestCreatePartitionsTopic {
  /** Name of the topic. */
  readonly name: string;
  /** Number of partitions that the topic is to have. */
  readonly count: number;
  /** Replicas of the new partitions, one element each; null lets the controller place them. */
  readonly assignments: readonly CreatePartitionsRequestCreatePartitionsAssignment[] | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `assignments`. */
export interface CreatePartitionsRequestCreatePartitionsAssignment {
  /** Ids of the brokers that hold the replicas, the preferred leader first. */
  readonly brokerIds: readonly number[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * The outcome for each topic.
 *
 * Response of API 37, versions 0–3; flexible from 2.
 */
export interface CreatePartitionsResponse {
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** The outcomes, one element each. */
  readonly results: readonly CreatePartitionsResponseCreatePartitionsTopicResult[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `results`. */
export interface CreatePartitionsResponseCreatePartitionsTopicResult {
  /** Name of the topic. */
  readonly name: string;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Text about the error; null for none. */
  readonly errorMessage: string | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link CreatePartitionsRequest}. */
export const createPartitionsRequest: MessageCodec<CreatePartitionsRequest> = /* @__PURE__ */ codec(createPartitionsRequestTable);

/** Reads and writes {@link CreatePartitionsResponse}. */
export const createPartitionsResponse: MessageCodec<CreatePartitionsResponse> = /* @__PURE__ */ codec(createPartitionsResponseTable);
