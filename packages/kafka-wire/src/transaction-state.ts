/**
 * Records of `__transaction_state`, where transaction coordinators keep the state of transactional ids.
 *
 * @packageDocumentation
 */
import {
  type TransactionLogKey,
  type TransactionLogValue,
  transactionLogKey,
  transactionLogValue,
} from './generated/transaction-state/transaction-log.ts';
import type { Init } from './schema/init.ts';
import { decodeVersioned, encodeVersioned } from './versioned-data.ts';

export * from './generated/transaction-state/index.ts';

/** Key of a record. @throws EncodeError when the id is too long. */
export function encodeTransactionLogKey(key: Init<TransactionLogKey>): Uint8Array {
  return encodeVersioned(transactionLogKey, key, transactionLogKey.highestVersion);
}

/** @throws ProtocolError when the bytes are not such a key. */
export function decodeTransactionLogKey(bytes: Uint8Array): TransactionLogKey {
  return decodeVersioned(transactionLogKey, bytes);
}

/**
 * Value of a record.
 *
 * @param version 0, or 1 once the feature `transaction.version` is at least 1.
 * @throws EncodeError when the value does not fit the version.
 */
export function encodeTransactionLogValue(value: Init<TransactionLogValue>, version: number): Uint8Array {
  return encodeVersioned(transactionLogValue, value, version);
}

/** @throws ProtocolError when the bytes are not such a value. */
export function decodeTransactionLogValue(bytes: Uint8Array): TransactionLogValue {
  return decodeVersioned(transactionLogValue, bytes);
}
