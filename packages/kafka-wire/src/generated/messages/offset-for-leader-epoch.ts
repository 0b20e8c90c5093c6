// Made by scripts/generate.ts from src/messages/offset-for-leader-epoch.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { offsetForLeaderEpochRequestTable, offsetForLeaderEpochResponseTable } from '../../messages/offset-for-leader-epoch.ts';

/**
 * Asks where a leader epoch ends in the leader's log, to detect diverging logs.
 *
 * Request of API 23, versions 0–4; flexible from 4; deprecated: 0–1.
 */
export interface OffsetForLeaderEpochRequest {
  /** Broker id of the follower; −1 for a consumer, −2 for a debugging one. Versions 3+, default −2. */
  readonly replicaId: number;
  /** The topics, one element each. */
  readonly topics: readonly OffsetForLeaderEpochRequestOffsetForLeaderTopic[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface OffsetForLeaderEpochRequestOffsetForLeaderTopic {
  /** Name of the topic. */
  readonly topic: string;
  /** The partitions, one element each. */
  readonly partitions: readonly OffsetForLeaderEpochRequestOffsetForLeaderPartition[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface OffsetForLeaderEpochRequestOffsetForLeaderPartition {
  /** Partition number. */
  readonly partition: number;
  /** Leader epoch that the sender knows, checked by the receiver; −1 for no check. Versions 2+, default −1. */
  readonly currentLeaderEpoch: number;
  /** Epoch whose end is wanted. */
  readonly leaderEpoch: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * The end offset of the requested epoch, or of the largest one below it.
 *
 * Response of API 23, versions 0–4; flexible from 4.
 */
export interface OffsetForLeaderEpochResponse {
  /**
   * Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. Versions
   * 2+.
   */
  readonly throttleTimeMs: number;
  /** The topics, one element each. */
  readonly topics: readonly OffsetForLeaderEpochResponseOffsetForLeaderTopicResult[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface OffsetForLeaderEpochResponseOffsetForLeaderTopicResult {
  /** Name of the topic. */
  readonly topic: string;
  /** The partitions, one element each. */
  readonly partitions: readonly OffsetForLeaderEpochResponseEpochEndOffset[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface OffsetForLeaderEpochResponseEpochEndOffset {
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Partition number. */
  readonly partition: number;
  /** Epoch that was found; −1 for none. Versions 1+, default −1. */
  readonly leaderEpoch: number;
  /** Offset after the last record of the epoch; −1 on error. Default −1. */
  readonly endOffset: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link OffsetForLeaderEpochRequest}. */
export const offsetForLeaderEpochRequest: MessageCodec<OffsetForLeaderEpochRequest> = /* @__PURE__ */ codec(offsetForLeaderEpochRequestTable);

/** Reads and writes {@link OffsetForLeaderEpochResponse}. */
export const offsetForLeaderEpochResponse: MessageCodec<OffsetForLeaderEpochResponse> = /* @__PURE__ */ codec(offsetForLeaderEpochResponseTable);
