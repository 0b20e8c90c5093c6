// Made by scripts/generate.ts from src/messages/write-txn-markers.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { writeTxnMarkersRequestTable, writeTxnMarkersResponseTable } from '../../messages/write-txn-markers.ts';

/**
 * The transaction coordinator has partition leaders write commit or abort markers.
 *
 * Request of API 27, versions 0–1; flexible from 1.
 */
export interface WriteTxnMarkersRequest {
  /** Markers to write, one element per transaction. */
  readonly markers: readonly WriteTxnMarkersRequestWritableTxnMarker[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `markers`. */
export interface WriteTxnMarkersRequestWritableTxnMarker {
  /** Id of the producer; −1 for none. */
  readonly producerId: number;
  /** Epoch of the producer; −1 for none. */
  readonly producerEpoch: number;
  /** True to commit, false to abort. */
  readonly transactionResult: boolean;
  /** The topics, one element each. */
  readonly topics: readonly WriteTxnMarkersRequestWritableTxnMarkerTopic[];
  /** Epoch of the transaction coordinator; −1 when unknown. */
  readonly coordinatorEpoch: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface WriteTxnMarkersRequestWritableTxnMarkerTopic {
  /** Name of the topic. */
  readonly name: string;
  /** Partition numbers. */
  readonly partitionIndexes: readonly number[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * The outcome for each marker and partition.
 *
 * Response of API 27, versions 0–1; flexible from 1.
 */
export interface WriteTxnMarkersResponse {
  /** The outcome of each marker. */
  readonly markers: readonly WriteTxnMarkersResponseWritableTxnMarkerResult[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `markers`. */
export interface WriteTxnMarkersResponseWritableTxnMarkerResult {
  /** Id of the producer; −1 for none. */
  readonly producerId: number;
  /** The topics, one element each. */
  readonly topics: readonly WriteTxnMarkersResponseWritableTxnMarkerTopicResult[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface WriteTxnMarkersResponseWritableTxnMarkerTopicResult {
  /** Name of the topic. */
  readonly name: string;
  /** The partitions, one element each. */
  readonly partitions: readonly WriteTxnMarkersResponseWritableTxnMarkerPartitionResult[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface WriteTxnMarkersResponseWritableTxnMarkerPartitionResult {
  /** Partition number. */
  readonly partitionIndex: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link WriteTxnMarkersRequest}. */
export const writeTxnMarkersRequest: MessageCodec<WriteTxnMarkersRequest> = /* @__PURE__ */ codec(writeTxnMarkersRequestTable);

/** Reads and writes {@link WriteTxnMarkersResponse}. */
export const writeTxnMarkersResponse: MessageCodec<WriteTxnMarkersResponse> = /* @__PURE__ */ codec(writeTxnMarkersResponseTable);
