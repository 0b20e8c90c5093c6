// Made by scripts/generate.ts from src/transaction-state/transaction-log.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { transactionLogKeyTable, transactionLogValueTable } from '../../transaction-state/transaction-log.ts';

/**
 * Key of a transactional id in `__transaction_state`.
 *
 * Data, version 0.
 */
export interface TransactionLogKey {
  /** Transactional id. */
  readonly transactionalId: string;
}

/**
 * State of a transactional id in `__transaction_state`.
 *
 * Data, versions 0–1; flexible from 1.
 */
export interface TransactionLogValue {
  /** Id of the producer; −1 for none. */
  readonly producerId: number;
  /** Epoch of the producer; −1 for none. */
  readonly producerEpoch: number;
  /** Longest time that a transaction may stay open, in milliseconds. */
  readonly transactionTimeoutMs: number;
  /** State: 0 empty, 1 ongoing, 2 prepared to commit, 3 prepared to abort, 4 committed, 5 aborted, 6 dead. */
  readonly transactionStatus: number;
  /** Partitions in the transaction; null for none. */
  readonly transactionPartitions: readonly TransactionLogValuePartitionsSchema[] | null;
  /** When the state last changed, in milliseconds since 1970. */
  readonly transactionLastUpdateTimestampMs: number;
  /** When the transaction started, in milliseconds since 1970; −1 for none. */
  readonly transactionStartTimestampMs: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `transactionPartitions`. */
export interface TransactionLogValuePartitionsSchema {
  /** Name of the topic. */
  readonly topic: string;
  /** Partition numbers. */
  readonly partitionIds: readonly number[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link TransactionLogKey}. */
export const transactionLogKey: MessageCodec<TransactionLogKey> = /* @__PURE__ */ codec(transactionLogKeyTable);

/** Reads and writes {@link TransactionLogValue}. */
export const transactionLogValue: MessageCodec<TransactionLogValue> = /* @__PURE__ */ codec(transactionLogValueTable);
