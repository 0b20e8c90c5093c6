// Made by scripts/generate.ts from src/messages/txn-offset-commit.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { txnOffsetCommitRequestTable, txnOffsetCommitResponseTable } from '../../messages/txn-offset-commit.ts';

/**
 * Stores group offsets that become visible when the transaction commits.
 *
 * Request of API 28, versions 0–4; flexible from 3.
 */
export interface TxnOffsetCommitRequest {
  /** Transactional id. */
  readonly transactionalId: string;
  /** Id of the group. */
  readonly groupId: string;
  /** Id of the producer; −1 for none. */
  readonly producerId: number;
  /** Epoch of the producer; −1 for none. */
  readonly producerEpoch: number;
  /** Generation of the group; −1 outside of one. Versions 3+, default −1. */
  readonly generationId: number;
  /** Id of the member. Versions 3+. */
  readonly memberId: string;
  /** Name of a static member, which survives restarts; null for a dynamic one. Versions 3+. */
  readonly groupInstanceId: string | null;
  /** The topics, one element each. */
  readonly topics: readonly TxnOffsetCommitRequestTopic[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface TxnOffsetCommitRequestTopic {
  /** Name of the topic. */
  readonly name: string;
  /** The partitions, one element each. */
  readonly partitions: readonly TxnOffsetCommitRequestPartition[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface TxnOffsetCommitRequestPartition {
  /** Partition number. */
  readonly partitionIndex: number;
  /** Offset of the next record to read; −1 in a response when none is stored. */
  readonly committedOffset: number;
  /** Leader epoch of the last record read; −1 when unknown. Versions 2+, default −1. */
  readonly committedLeaderEpoch: number;
  /** Text that the group keeps with the offset. */
  readonly committedMetadata: string | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * The outcome for each partition whose offset was to be stored.
 *
 * Response of API 28, versions 0–4; flexible from 3.
 */
export interface TxnOffsetCommitResponse {
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** The topics, one element each. */
  readonly topics: readonly TxnOffsetCommitResponseTopic[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface TxnOffsetCommitResponseTopic {
  /** Name of the topic. */
  readonly name: string;
  /** The partitions, one element each. */
  readonly partitions: readonly TxnOffsetCommitResponsePartition[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface TxnOffsetCommitResponsePartition {
  /** Partition number. */
  readonly partitionIndex: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link TxnOffsetCommitRequest}. */
export const txnOffsetCommitRequest: MessageCodec<TxnOffsetCommitRequest> = /* @__PURE__ */ codec(txnOffsetCommitRequestTable);

/** Reads and writes {@link TxnOffsetCommitResponse}. */
export const txnOffsetCommitResponse: MessageCodec<TxnOffsetCommitResponse> = /* @__PURE__ */ codec(txnOffsetCommitResponseTable);
