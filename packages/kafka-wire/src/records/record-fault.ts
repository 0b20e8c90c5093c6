/** What is wrong with the structure of a record, or of the records of a batch as a whole. */
export type RecordFaultKind =
  /** The batch ends before its records do. */
  | 'truncated-record'
  /** The fields of a record do not add up to the length that it states. */
  | 'inconsistent-length'
  /** A varint with more bytes than its type has. */
  | 'overlong-varint'
  /** A timestamp outside of ±2^53 ms. */
  | 'unsafe-timestamp'
  /** A negative number of headers, or more of them than bytes are left. */
  | 'invalid-header-count'
  /** A header without a key. */
  | 'null-header-key'
  /** Offset deltas that do not run 0, 1, 2 and so on; only a leader asks for that. */
  | 'invalid-offset-delta'
  /** A negative number of records. */
  | 'invalid-record-count'
  /** Bytes behind the last record. */
  | 'trailing-bytes';

/** A batch whose records cannot be read, and where. A value: a peer or a disk is to blame, not this program. */
export interface RecordFault {
  readonly kind: RecordFaultKind;
  /** Name of the protocol error that answers a producer who sent this. */
  readonly error: 'INVALID_RECORD';
  /** Which record of the batch, from 0. */
  readonly index: number;
  /** Where that record starts, in the uncompressed bytes that were walked. */
  readonly position: number;
}

/** A sentence for the log: what is wrong and where. */
export function describeRecordFault(fault: RecordFault): string {
  return `record ${fault.index} at byte ${fault.position}: ${REASONS[fault.kind]}`;
}

const REASONS: Readonly<Record<RecordFaultKind, string>> = {
  'truncated-record': 'the batch ends before the record does',
  'inconsistent-length': 'the fields do not add up to the length that the record states',
  'overlong-varint': 'a varint has more bytes than its type can hold',
  'unsafe-timestamp': 'the timestamp lies outside of ±2^53 ms; timestamps are milliseconds',
  'invalid-header-count': 'the number of headers is negative or larger than the record',
  'null-header-key': 'a header has no key',
  'invalid-offset-delta': 'the offset delta is not the index of the record',
  'invalid-record-count': 'the header of the batch states a negative number of records',
  'trailing-bytes': 'bytes follow the last record that the header of the batch counts',
};
