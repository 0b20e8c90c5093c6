// Made by scripts/generate.ts from src/messages/list-offsets.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { listOffsetsRequestTable, listOffsetsResponseTable } from '../../messages/list-offsets.ts';

/**
 * Asks for the offset that belongs to a timestamp, or to one of the special positions such as earliest and latest.
 *
 * Request of API 2, versions 0–9; flexible from 6; deprecated: 0.
 */
export interface ListOffsetsRequest {
  /** Broker id of the follower; −1 for a consumer, −2 for a debugging one. */
  readonly replicaId: number;
  /** Which records may be read: 0 all, 1 those of committed transactions only. Versions 2+. */
  readonly isolationLevel: number;
  /** The topics, one element each. */
  readonly topics: readonly ListOffsetsRequestListOffsetsTopic[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface ListOffsetsRequestListOffsetsTopic {
  /** Name of the topic. */
  readonly name: string;
  /** The partitions, one element each. */
  readonly partitions: readonly ListOffsetsRequestListOffsetsPartition[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface ListOffsetsRequestListOffsetsPartition {
  /** Partition number. */
  readonly partitionIndex: number;
  /** Leader epoch that the sender knows, checked by the receiver; −1 for no check. Versions 4+, default −1. */
  readonly currentLeaderEpoch: number;
  /**
   * Timestamp whose offset is wanted, in milliseconds since 1970; −1 the latest, −2 the earliest, −3 the greatest
   * timestamp, −4 the earliest on local disk, −5 the last in remote storage. Chosen by clients, hence all 64 bits.
   */
  readonly timestamp: bigint;
  /** Most offsets wanted. Version 0, default 1. */
  readonly maxNumOffsets: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * The offset found for each partition.
 *
 * Response of API 2, versions 0–9; flexible from 6.
 */
export interface ListOffsetsResponse {
  /**
   * Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. Versions
   * 2+.
   */
  readonly throttleTimeMs: number;
  /** The topics, one element each. */
  readonly topics: readonly ListOffsetsResponseListOffsetsTopicResponse[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface ListOffsetsResponseListOffsetsTopicResponse {
  /** Name of the topic. */
  readonly name: string;
  /** The partitions, one element each. */
  readonly partitions: readonly ListOffsetsResponseListOffsetsPartitionResponse[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface ListOffsetsResponseListOffsetsPartitionResponse {
  /** Partition number. */
  readonly partitionIndex: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Offsets found, the newest first. Version 0. */
  readonly oldStyleOffsets: readonly number[];
  /**
   * Timestamp of the record found, in milliseconds since 1970; −1 for none. Chosen by producers, hence all 64 bits.
   * Versions 1+, default −1.
   */
  readonly timestamp: bigint;
  /** Offset found; −1 for none. Versions 1+, default −1. */
  readonly offset: number;
  /** Leader epoch; −1 when unknown. Versions 4+, default −1. */
  readonly leaderEpoch: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link ListOffsetsRequest}. */
export const listOffsetsRequest: MessageCodec<ListOffsetsRequest> = /* @__PURE__ */ codec(listOffsetsRequestTable);

/** Reads and writes {@link ListOffsetsResponse}. */
export const listOffsetsResponse: MessageCodec<ListOffsetsResponse> = /* @__PURE__ */ codec(listOffsetsResponseTable);
