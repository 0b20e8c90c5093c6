// Made by scripts/generate.ts from src/messages/add-partitions-to-txn.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { addPartitionsToTxnRequestTable, addPartitionsToTxnResponseTable } from '../../messages/add-partitions-to-txn.ts';

/**
 * Adds partitions to running transactions; brokers use it from version 4 on to verify that they were added.
 *
 * Request of API 24, versions 0–5; flexible from 3.
 */
export interface AddPartitionsToTxnRequest {
  /** The transactions, one element each. Versions 4+. */
  readonly transactions: readonly AddPartitionsToTxnRequestAddPartitionsToTxnTransaction[];
  /** Transactional id. Versions 0–3. */
  readonly v3AndBelowTransactionalId: string;
  /** Id of the producer. Versions 0–3. */
  readonly v3AndBelowProducerId: number;
  /** Epoch of the producer. Versions 0–3. */
  readonly v3AndBelowProducerEpoch: number;
  /** Partitions to add, by topic. Versions 0–3. */
  readonly v3AndBelowTopics: readonly AddPartitionsToTxnRequestAddPartitionsToTxnTopic[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `transactions`. */
export interface AddPartitionsToTxnRequestAddPartitionsToTxnTransaction {
  /** Transactional id. Versions 4+. */
  readonly transactionalId: string;
  /** Id of the producer; −1 for none. Versions 4+. */
  readonly producerId: number;
  /** Epoch of the producer; −1 for none. Versions 4+. */
  readonly producerEpoch: number;
  /** Whether to check only that the partitions are in the transaction. Versions 4+. */
  readonly verifyOnly: boolean;
  /** The topics, one element each. Versions 4+. */
  readonly topics: readonly AddPartitionsToTxnRequestAddPartitionsToTxnTopic[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`, or an element of `v3AndBelowTopics`. */
export interface AddPartitionsToTxnRequestAddPartitionsToTxnTopic {
  /** Name of the topic. */
  readonly name: string;
  /** Partition numbers. */
  readonly partitions: readonly number[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * The outcome for each partition that was to be added or verified.
 *
 * Response of API 24, versions 0–5; flexible from 3.
 */
export interface AddPartitionsToTxnResponse {
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** Kafka’s error code; 0 for success. Versions 4+. */
  readonly errorCode: number;
  /** The outcome of each transaction. Versions 4+. */
  readonly resultsByTransaction: readonly AddPartitionsToTxnResponseAddPartitionsToTxnResult[];
  /** The outcome of each topic. Versions 0–3. */
  readonly resultsByTopicV3AndBelow: readonly AddPartitionsToTxnResponseAddPartitionsToTxnTopicResult[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `resultsByTransaction`. */
export interface AddPartitionsToTxnResponseAddPartitionsToTxnResult {
  /** Transactional id. Versions 4+. */
  readonly transactionalId: string;
  /** The outcome of each topic. Versions 4+. */
  readonly topicResults: readonly AddPartitionsToTxnResponseAddPartitionsToTxnTopicResult[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topicResults`, or an element of `resultsByTopicV3AndBelow`. */
export interface AddPartitionsToTxnResponseAddPartitionsToTxnTopicResult {
  /** Name of the topic. */
  readonly name: string;
  /** The outcome of each partition. */
  readonly resultsByPartition: readonly AddPartitionsToTxnResponseAddPartitionsToTxnPartitionResult[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `resultsByPartition`. */
export interface AddPartitionsToTxnResponseAddPartitionsToTxnPartitionResult {
  /** Partition number. */
  readonly partitionIndex: number;
  /** Error of the partition; 0 for success. */
  readonly partitionErrorCode: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link AddPartitionsToTxnRequest}. */
export const addPartitionsToTxnRequest: MessageCodec<AddPartitionsToTxnRequest> = /* @__PURE__ */ codec(addPartitionsToTxnRequestTable);

/** Reads and writes {@link AddPartitionsToTxnResponse}. */
export const addPartitionsToTxnResponse: MessageCodec<AddPartitionsToTxnResponse> = /* @__PURE__ */ codec(addPartitionsToTxnResponseTable);
