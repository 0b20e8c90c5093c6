// The record batch of magic 2, field by field. Positions are relative to the first byte of the batch.
// Source: KIP-98; `org.apache.kafka.common.record.DefaultRecordBatch`.

/** int64. Offset of the first record. Outside the CRC: the leader assigns it. */
export const BASE_OFFSET_AT = 0;
/** int32. Bytes that follow this field. */
export const BATCH_LENGTH_AT = 8;
/** int32. Epoch of the leader that appended the batch. Outside the CRC. */
export const PARTITION_LEADER_EPOCH_AT = 12;
/** int8. */
export const MAGIC_AT = 16;
/** uint32. CRC-32C of everything from `ATTRIBUTES_AT` to the end of the batch. */
export const CRC_AT = 17;
/** int16, see the `*_MASK` constants. First byte covered by the CRC. */
export const ATTRIBUTES_AT = 21;
/** int32. Offset of the last record minus the base offset; compaction keeps it. */
export const LAST_OFFSET_DELTA_AT = 23;
/** int64, ms. Timestamp that the records' deltas count from; also the delete horizon when its bit is set. */
export const BASE_TIMESTAMP_AT = 27;
/** int64, ms. Largest timestamp of the batch, or the append time. */
export const MAX_TIMESTAMP_AT = 35;
/** int64. −1: none. */
export const PRODUCER_ID_AT = 43;
/** int16. −1: none. */
export const PRODUCER_EPOCH_AT = 51;
/** int32. −1: none; after 2³¹−1 comes 0. */
export const BASE_SEQUENCE_AT = 53;
/** int32. */
export const RECORD_COUNT_AT = 57;
/** First byte of the records, one compressed blob when a codec is set. */
export const RECORDS_AT = 61;

/** Bytes of the whole header. */
export const BATCH_HEADER_SIZE = 61;
/** Bytes of base offset and length, which every format shares and the length field does not count. */
export const LOG_OVERHEAD = 12;
/** Bytes that must be there before the format of a batch is known. */
export const HEADER_SIZE_UP_TO_MAGIC = 17;
/** Bytes of the smallest thing any format knows (an empty message of magic 0), as the length field counts them. */
export const MIN_MESSAGE_LENGTH = 14;

/** The format this package reads and writes. */
export const CURRENT_MAGIC = 2;

/** Attribute bits 0–2: the codec, see `CompressionType`. */
export const COMPRESSION_MASK = 0x07;
/** Attribute bit 3: timestamps are the broker's append time. */
export const TIMESTAMP_TYPE_MASK = 0x08;
/** Attribute bit 4: the batch belongs to a transaction. */
export const TRANSACTIONAL_MASK = 0x10;
/** Attribute bit 5: the batch holds a control record. */
export const CONTROL_MASK = 0x20;
/** Attribute bit 6: the base timestamp field holds the delete horizon (KIP-534). */
export const DELETE_HORIZON_MASK = 0x40;

/** Base timestamp of a batch without records, and timestamp of a record that has none. */
export const NO_TIMESTAMP = -1;
/** Producer id of a batch from a producer that is not idempotent. */
export const NO_PRODUCER_ID = -1;
/** Producer epoch of a batch from a producer that is not idempotent. */
export const NO_PRODUCER_EPOCH = -1;
/** Base sequence of a batch from a producer that is not idempotent, and of control batches. */
export const NO_SEQUENCE = -1;
/** Leader epoch of a batch that no leader has appended yet. */
export const NO_PARTITION_LEADER_EPOCH = -1;

/** Sequence numbers run from 0 to this, then start again at 0. */
export const SEQUENCE_MAX = 0x7fff_ffff;

/**
 * Adds to a sequence number, passing from 2³¹−1 to 0.
 *
 * Source: `DefaultRecordBatch.incrementSequence`.
 */
export function incrementSequence(sequence: number, increment: number): number {
  return sequence > SEQUENCE_MAX - increment ? increment - (SEQUENCE_MAX - sequence) - 1 : sequence + increment;
}

/** Subtracts from a sequence number, passing from 0 to 2³¹−1. Source: `DefaultRecordBatch.decrementSequence`. */
export function decrementSequence(sequence: number, decrement: number): number {
  return sequence < decrement ? SEQUENCE_MAX - (decrement - sequence) + 1 : sequence - decrement;
}
