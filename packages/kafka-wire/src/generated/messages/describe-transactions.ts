// Made by scripts/generate.ts from src/messages/describe-transactions.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { describeTransactionsRequestTable, describeTransactionsResponseTable } from '../../messages/describe-transactions.ts';

/**
 * Asks for the state of transactional ids.
 *
 * Request of API 65, version 0.
 */
export interface DescribeTransactionsRequest {
  /** Transactional ids. */
  readonly transactionalIds: readonly string[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * State, producer and partitions of each transaction.
 *
 * Response of API 65, version 0.
 */
export interface DescribeTransactionsResponse {
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** The transactions, one element each. */
  readonly transactionStates: readonly DescribeTransactionsResponseTransactionState[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `transactionStates`. */
export interface DescribeTransactionsResponseTransactionState {
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Transactional id. */
  readonly transactionalId: string;
  /** State of the transaction, such as `Ongoing`. */
  readonly transactionState: string;
  /** Longest time that a transaction may stay open, in milliseconds. */
  readonly transactionTimeoutMs: number;
  /** When the transaction started, in milliseconds since 1970; −1 for none. */
  readonly transactionStartTimeMs: number;
  /** Id of the producer; −1 for none. */
  readonly producerId: number;
  /** Epoch of the producer; −1 for none. */
  readonly producerEpoch: number;
  /** The topics, one element each. */
  readonly topics: readonly DescribeTransactionsResponseTopicData[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface DescribeTransactionsResponseTopicData {
  /** Name of the topic. */
  readonly topic: string;
  /** Partition numbers. */
  readonly partitions: readonly number[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link DescribeTransactionsRequest}. */
export const describeTransactionsRequest: MessageCodec<DescribeTransactionsRequest> = /* @__PURE__ */ codec(describeTransactionsRequestTable);

/** Reads and writes {@link DescribeTransactionsResponse}. */
export const describeTransactionsResponse: MessageCodec<DescribeTransactionsResponse> = /* @__PURE__ */ codec(describeTransactionsResponseTable);
