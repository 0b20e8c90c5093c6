// Made by scripts/generate.ts from src/messages/delete-records.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { deleteRecordsRequestTable, deleteRecordsResponseTable } from '../../messages/delete-records.ts';

/**
 * Moves the start of partitions forward, so that older records can be deleted.
 *
 * Request of API 21, versions 0–2; flexible from 2.
 */
export interface DeleteRecordsRequest {
  /** The topics, one element each. */
  readonly topics: readonly DeleteRecordsRequestDeleteRecordsTopic[];
  /** Longest time to wait for the work to be done, in milliseconds. */
  readonly timeoutMs: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface DeleteRecordsRequestDeleteRecordsTopic {
  /** Name of the topic. */
  readonly name: string;
  /** The partitions, one element each. */
  readonly partitions: readonly DeleteRecordsRequestDeleteRecordsPartition[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface DeleteRecordsRequestDeleteRecordsPartition {
  /** Partition number. */
  readonly partitionIndex: number;
  /** First offset to keep; −1 for the high watermark. */
  readonly offset: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * The new low watermark of each partition.
 *
 * Response of API 21, versions 0–2; flexible from 2.
 */
export interface DeleteRecordsResponse {
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** The topics, one element each. */
  readonly topics: readonly DeleteRecordsResponseDeleteRecordsTopicResult[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface DeleteRecordsResponseDeleteRecordsTopicResult {
  /** Name of the topic. */
  readonly name: string;
  /** The partitions, one element each. */
  readonly partitions: readonly DeleteRecordsResponseDeleteRecordsPartitionResult[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface DeleteRecordsResponseDeleteRecordsPartitionResult {
  /** Partition number. */
  readonly partitionIndex: number;
  /** First offset that is kept by all replicas; −1 on error. */
  readonly lowWatermark: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link DeleteRecordsRequest}. */
export const deleteRecordsRequest: MessageCodec<DeleteRecordsRequest> = /* @__PURE__ */ codec(deleteRecordsRequestTable);

/** Reads and writes {@link DeleteRecordsResponse}. */
export const deleteRecordsResponse: MessageCodec<DeleteRecordsResponse> = /* @__PURE__ */ codec(deleteRecordsResponseTable);
