/**
 * Who appends, and so what has to be checked: a client, fully; the group or transaction coordinator, which sends no
 * sequence numbers; a controller, which has set offsets and epochs itself; a leader whose records this replica copies.
 *
 * Source: `org.apache.kafka.storage.internals.log.AppendOrigin`.
 */
export type AppendOrigin = 'client' | 'coordinator' | 'raft-leader' | 'replication';

/** Names of the protocol errors with which a log refuses an append. */
export type AppendErrorName =
  | 'CORRUPT_MESSAGE'
  | 'INVALID_PRODUCER_EPOCH'
  | 'INVALID_RECORD'
  | 'INVALID_TIMESTAMP'
  | 'INVALID_TXN_STATE'
  | 'MESSAGE_TOO_LARGE'
  | 'OUT_OF_ORDER_SEQUENCE_NUMBER'
  | 'RECORD_LIST_TOO_LARGE'
  | 'TRANSACTION_COORDINATOR_FENCED'
  | 'UNSUPPORTED_COMPRESSION_TYPE'
  | 'UNSUPPORTED_FOR_MESSAGE_FORMAT';

/** What is wrong with one record of a batch: goes into the Produce response from version 8 on. */
export interface RecordFault {
  /** Index of the record within its batch. */
  readonly batchIndex: number;
  readonly message: string;
}

/** An append that was refused and has left no trace: the sender's fault, told as a value. */
export interface AppendRejection {
  readonly kind: 'rejected';
  /** Name of the protocol error for the sender. */
  readonly error: AppendErrorName;
  /** For the sender's log and ours. */
  readonly message: string;
  /** The records at fault, where single records are. */
  readonly recordFaults: readonly RecordFault[];
}

/** Makes a rejection. */
export function rejection(
  error: AppendErrorName,
  message: string,
  recordFaults: readonly RecordFault[] = [],
): AppendRejection {
  return { kind: 'rejected', error, message, recordFaults };
}
