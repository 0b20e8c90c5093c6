// Made by scripts/generate.ts from src/messages/offset-commit.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { offsetCommitRequestTable, offsetCommitResponseTable } from '../../messages/offset-commit.ts';

/**
 * Stores the offsets up to which a consumer group has read.
 *
 * Request of API 8, versions 0–9; flexible from 8; deprecated: 0–1.
 */
export interface OffsetCommitRequest {
  /** Id of the group. */
  readonly groupId: string;
  /** Generation of a classic group or epoch of a KIP-848 member; −1 for a simple consumer. Versions 1+, default −1. */
  readonly generationIdOrMemberEpoch: number;
  /** Id of the member. Versions 1+. */
  readonly memberId: string;
  /** Name of a static member, which survives restarts; null for a dynamic one. Versions 7+. */
  readonly groupInstanceId: string | null;
  /**
   * How long to keep the offsets, in milliseconds; −1 for the broker’s retention. Chosen by the client, hence all 64
   * bits. Versions 2–4, default −1.
   */
  readonly retentionTimeMs: bigint;
  /** The topics, one element each. */
  readonly topics: readonly OffsetCommitRequestTopic[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface OffsetCommitRequestTopic {
  /** Name of the topic. */
  readonly name: string;
  /** The partitions, one element each. */
  readonly partitions: readonly OffsetCommitRequestPartition[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface OffsetCommitRequestPartition {
  /** Partition number. */
  readonly partitionIndex: number;
  /** Offset of the next record to read; −1 in a response when none is stored. */
  readonly committedOffset: number;
  /** Leader epoch of the last record read; −1 when unknown. Versions 6+, default −1. */
  readonly committedLeaderEpoch: number;
  /**
   * When the offset was stored, in milliseconds since 1970; −1 for now. Chosen by the client, hence all 64 bits.
   * Version 1, default −1.
   */
  readonly commitTimestamp: bigint;
  /** Text that the group keeps with the offset. */
  readonly committedMetadata: string | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * The outcome for each partition whose offset was to be stored.
 *
 * Response of API 8, versions 0–9; flexible from 8.
 */
export interface OffsetCommitResponse {
  /**
   * Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. Versions
   * 3+.
   */
  readonly throttleTimeMs: number;
  /** The topics, one element each. */
  readonly topics: readonly OffsetCommitResponseTopic[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface OffsetCommitResponseTopic {
  /** Name of the topic. */
  readonly name: string;
  /** The partitions, one element each. */
  readonly partitions: readonly OffsetCommitResponsePartition[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface OffsetCommitResponsePartition {
  /** Partition number. */
  readonly partitionIndex: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link OffsetCommitRequest}. */
export const offsetCommitRequest: MessageCodec<OffsetCommitRequest> = /* @__PURE__ */ codec(offsetCommitRequestTable);

/** Reads and writes {@link OffsetCommitResponse}. */
export const offsetCommitResponse: MessageCodec<OffsetCommitResponse> = /* @__PURE__ */ codec(offsetCommitResponseTable);
