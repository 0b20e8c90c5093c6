// Made by scripts/generate.ts from src/messages/describe-producers.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { describeProducersRequestTable, describeProducersResponseTable } from '../../messages/describe-producers.ts';

/**
 * Asks partition leaders for the producers that they remember.
 *
 * Request of API 61, version 0.
 */
export interface DescribeProducersRequest {
  /** The topics, one element each. */
  readonly topics: readonly DescribeProducersRequestTopicRequest[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface DescribeProducersRequestTopicRequest {
  /** Name of the topic. */
  readonly name: string;
  /** Partition numbers. */
  readonly partitionIndexes: readonly number[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * Remembered producers of each partition, with open transactions.
 *
 * Response of API 61, version 0.
 */
export interface DescribeProducersResponse {
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** The topics, one element each. */
  readonly topics: readonly DescribeProducersResponseTopicResponse[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface DescribeProducersResponseTopicResponse {
  /** Name of the topic. */
  readonly name: string;
  /** The partitions, one element each. */
  readonly partitions: readonly DescribeProducersResponsePartitionResponse[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface DescribeProducersResponsePartitionResponse {
  /** Partition number. */
  readonly partitionIndex: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Text about the error; null for none. */
  readonly errorMessage: string | null;
  /** Producers that the leader remembers. */
  readonly activeProducers: readonly DescribeProducersResponseProducerState[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `activeProducers`. */
export interface DescribeProducersResponseProducerState {
  /** Id of the producer; −1 for none. */
  readonly producerId: number;
  /** Epoch of the producer; −1 for none. */
  readonly producerEpoch: number;
  /** Sequence number of the producer’s last record; −1 for none. Default −1. */
  readonly lastSequence: number;
  /**
   * Timestamp of the producer’s last batch, in milliseconds since 1970; −1 for none. Chosen by the producer, hence all
   * 64 bits. Default −1.
   */
  readonly lastTimestamp: bigint;
  /** Epoch of the transaction coordinator; −1 when unknown. */
  readonly coordinatorEpoch: number;
  /** First offset of the producer’s open transaction; −1 for none. Default −1. */
  readonly currentTxnStartOffset: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link DescribeProducersRequest}. */
export const describeProducersRequest: MessageCodec<DescribeProducersRequest> = /* @__PURE__ */ codec(describeProducersRequestTable);

/** Reads and writes {@link DescribeProducersResponse}. */
export const describeProducersResponse: MessageCodec<DescribeProducersResponse> = /* @__PURE__ */ codec(describeProducersResponseTable);
