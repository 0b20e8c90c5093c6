// Made by scripts/generate.ts from src/messages/offset-fetch.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { offsetFetchRequestTable, offsetFetchResponseTable } from '../../messages/offset-fetch.ts';

/**
 * Asks for the stored offsets of one group, or of several from version 8 on.
 *
 * Request of API 9, versions 0–9; flexible from 6; deprecated: 0.
 */
export interface OffsetFetchRequest {
  /** Id of the group. Versions 0–7. */
  readonly groupId: string;
  /** Partitions asked for, by topic; null for all. Versions 0–7. */
  readonly topics: readonly OffsetFetchRequestTopic[] | null;
  /** The groups, one element each. Versions 8+. */
  readonly groups: readonly OffsetFetchRequestGroup[];
  /**
   * Whether offsets of undecided transactions are to be answered with an error instead of the older offset. Versions
   * 7+.
   */
  readonly requireStable: boolean;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface OffsetFetchRequestTopic {
  /** Name of the topic. Versions 0–7. */
  readonly name: string;
  /** Partition numbers. Versions 0–7. */
  readonly partitionIndexes: readonly number[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `groups`. */
export interface OffsetFetchRequestGroup {
  /** Id of the group. Versions 8+. */
  readonly groupId: string;
  /** Id of the member. Version 9. */
  readonly memberId: string | null;
  /** Epoch of the member. Version 9, default −1. */
  readonly memberEpoch: number;
  /** Partitions asked for, by topic; null for all. Versions 8+. */
  readonly topics: readonly OffsetFetchRequestTopics[] | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface OffsetFetchRequestTopics {
  /** Name of the topic. Versions 8+. */
  readonly name: string;
  /** Partition numbers. Versions 8+. */
  readonly partitionIndexes: readonly number[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * Stored offsets with their metadata, per group and partition.
 *
 * Response of API 9, versions 0–9; flexible from 6.
 */
export interface OffsetFetchResponse {
  /**
   * Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. Versions
   * 3+.
   */
  readonly throttleTimeMs: number;
  /** The topics, one element each. Versions 0–7. */
  readonly topics: readonly OffsetFetchResponseTopic[];
  /** Kafka’s error code; 0 for success. Versions 2–7. */
  readonly errorCode: number;
  /** The groups, one element each. Versions 8+. */
  readonly groups: readonly OffsetFetchResponseGroup[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface OffsetFetchResponseTopic {
  /** Name of the topic. Versions 0–7. */
  readonly name: string;
  /** The partitions, one element each. Versions 0–7. */
  readonly partitions: readonly OffsetFetchResponsePartition[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface OffsetFetchResponsePartition {
  /** Partition number. Versions 0–7. */
  readonly partitionIndex: number;
  /** Offset of the next record to read; −1 in a response when none is stored. Versions 0–7. */
  readonly committedOffset: number;
  /** Leader epoch of the last record read; −1 when unknown. Versions 5–7, default −1. */
  readonly committedLeaderEpoch: number;
  /** Text that the group keeps with the offset. Versions 0–7. */
  readonly metadata: string | null;
  /** Kafka’s error code; 0 for success. Versions 0–7. */
  readonly errorCode: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `groups`. */
export interface OffsetFetchResponseGroup {
  /** Id of the group. Versions 8+. */
  readonly groupId: string;
  /** The topics, one element each. Versions 8+. */
  readonly topics: readonly OffsetFetchResponseTopics[];
  /** Kafka’s error code; 0 for success. Versions 8+. */
  readonly errorCode: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface OffsetFetchResponseTopics {
  /** Name of the topic. Versions 8+. */
  readonly name: string;
  /** The partitions, one element each. Versions 8+. */
  readonly partitions: readonly OffsetFetchResponsePartitions[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface OffsetFetchResponsePartitions {
  /** Partition number. Versions 8+. */
  readonly partitionIndex: number;
  /** Offset of the next record to read; −1 in a response when none is stored. Versions 8+. */
  readonly committedOffset: number;
  /** Leader epoch of the last record read; −1 when unknown. Versions 8+, default −1. */
  readonly committedLeaderEpoch: number;
  /** Text that the group keeps with the offset. Versions 8+. */
  readonly metadata: string | null;
  /** Kafka’s error code; 0 for success. Versions 8+. */
  readonly errorCode: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link OffsetFetchRequest}. */
export const offsetFetchRequest: MessageCodec<OffsetFetchRequest> = /* @__PURE__ */ codec(offsetFetchRequestTable);

/** Reads and writes {@link OffsetFetchResponse}. */
export const offsetFetchResponse: MessageCodec<OffsetFetchResponse> = /* @__PURE__ */ codec(offsetFetchResponseTable);
