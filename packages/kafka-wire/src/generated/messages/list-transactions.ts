// Made by scripts/generate.ts from src/messages/list-transactions.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { listTransactionsRequestTable, listTransactionsResponseTable } from '../../messages/list-transactions.ts';

/**
 * Asks a broker for the transactions it coordinates.
 *
 * Request of API 66, versions 0–1; all flexible.
 */
export interface ListTransactionsRequest {
  /** Only transactions in these states; empty for all. */
  readonly stateFilters: readonly string[];
  /** Only transactions of these producers; empty for all. */
  readonly producerIdFilters: readonly number[];
  /** Only transactions that have run for at least so many milliseconds; negative for all. Version 1, default −1. */
  readonly durationFilter: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * Transactions that the answering broker coordinates.
 *
 * Response of API 66, versions 0–1; all flexible.
 */
export interface ListTransactionsResponse {
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Names in the filter that are no states. */
  readonly unknownStateFilters: readonly string[];
  /** The transactions, one element each. */
  readonly transactionStates: readonly ListTransactionsResponseTransactionState[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `transactionStates`. */
export interface ListTransactionsResponseTransactionState {
  /** Transactional id. */
  readonly transactionalId: string;
  /** Id of the producer; −1 for none. */
  readonly producerId: number;
  /** State of the transaction, such as `Ongoing`. */
  readonly transactionState: string;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link ListTransactionsRequest}. */
export const listTransactionsRequest: MessageCodec<ListTransactionsRequest> = /* @__PURE__ */ codec(listTransactionsRequestTable);

/** Reads and writes {@link ListTransactionsResponse}. */
export const listTransactionsResponse: MessageCodec<ListTransactionsResponse> = /* @__PURE__ */ codec(listTransactionsResponseTable);
