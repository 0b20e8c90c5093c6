import { assert, ByteWriter } from '@biquorum/std';
import { BatchBuilder } from './batch-builder.ts';
import type { RecordCursor } from './record-cursor.ts';

/** What a control record says. Source: `org.apache.kafka.common.record.ControlRecordType`. */
export type ControlRecordType =
  /** End of a transaction that was aborted. */
  | 'abort'
  /** End of a transaction that was committed. */
  | 'commit'
  /** A Raft leader begins its epoch. */
  | 'leader-change'
  /** Begin of a snapshot. */
  | 'snapshot-header'
  /** End of a snapshot. */
  | 'snapshot-footer'
  /** The version of the Raft protocol that the log follows from here on (KIP-853). */
  | 'kraft-version'
  /** The voters from here on (KIP-853). */
  | 'kraft-voters';

const TYPES: readonly ControlRecordType[] = [
  'abort',
  'commit',
  'leader-change',
  'snapshot-header',
  'snapshot-footer',
  'kraft-version',
  'kraft-voters',
];

const KEY_SIZE = 4;
const MARKER_SIZE = 6;

/** Why a control record cannot be understood. */
export interface ControlRecordFault {
  readonly kind: 'control-key-too-short' | 'control-version-negative' | 'marker-too-short';
  readonly error: 'INVALID_RECORD';
  /** Where the record starts. */
  readonly position: number;
}

/** The type of a control record: its name, or the number if this release knows no name for it; or why it has none. */
export function controlRecordTypeOf(record: RecordCursor): ControlRecordType | number | ControlRecordFault {
  const { bytes, keyPosition, keyLength, position } = record;
  if (keyLength < KEY_SIZE) return { kind: 'control-key-too-short', error: 'INVALID_RECORD', position };
  const view = new DataView(bytes.buffer, bytes.byteOffset + keyPosition, keyLength);
  // A newer version keeps these two fields and adds others behind them.
  if (view.getInt16(0) < 0) return { kind: 'control-version-negative', error: 'INVALID_RECORD', position };
  const id = view.getInt16(2);
  return TYPES[id] ?? id;
}

/**
 * The epoch of the transaction coordinator that wrote the marker which a cursor stands at, of type `abort` or `commit`;
 * or why it cannot be told.
 *
 * Source: `EndTransactionMarker.deserializeValue`.
 */
export function markerCoordinatorEpochOf(record: RecordCursor): number | ControlRecordFault {
  const { bytes, valuePosition, valueLength, position } = record;
  if (valueLength < MARKER_SIZE) return { kind: 'marker-too-short', error: 'INVALID_RECORD', position };
  const view = new DataView(bytes.buffer, bytes.byteOffset + valuePosition, valueLength);
  if (view.getInt16(0) < 0) return { kind: 'control-version-negative', error: 'INVALID_RECORD', position };
  return view.getInt32(2);
}

/** A sentence for the log: what is wrong and where. */
export function describeControlRecordFault(fault: ControlRecordFault): string {
  switch (fault.kind) {
    case 'control-key-too-short':
      return `control record at byte ${fault.position} has a key of fewer than ${KEY_SIZE} bytes`;
    case 'control-version-negative':
      return `control record at byte ${fault.position} has a negative version`;
    case 'marker-too-short':
      return `transaction marker at byte ${fault.position} has a value of fewer than ${MARKER_SIZE} bytes`;
  }
}

/** The key of a control record, version 0. */
export function controlRecordKey(type: ControlRecordType): Uint8Array {
  const key = new ByteWriter({ initialBytes: KEY_SIZE });
  key.i16(0);
  key.i16(TYPES.indexOf(type));
  return key.finish();
}

/** Where and when a control record is written. */
export interface ControlBatchOptions {
  /** 0 by default: the leader that appends the batch assigns the offset. */
  readonly baseOffset?: number;
  /** −1 by default: the leader that appends the batch assigns the epoch. */
  readonly partitionLeaderEpoch?: number;
  readonly timestampMs: number;
}

/** The end of a transaction of one producer. */
export interface MarkerOptions extends ControlBatchOptions {
  readonly type: 'abort' | 'commit';
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly coordinatorEpoch: number;
}

/** The control batch that ends a transaction in a partition. Source: `MemoryRecords.withEndTransactionMarker`. */
export function buildMarkerBatch(options: MarkerOptions): Uint8Array {
  const { type, producerId, producerEpoch, coordinatorEpoch, timestampMs, ...place } = options;
  assert(producerId >= 0, () => `marker for producer id ${producerId}: a transaction has a producer`);
  const value = new ByteWriter({ initialBytes: MARKER_SIZE });
  value.i16(0);
  value.i32(coordinatorEpoch);
  const batch = { ...place, producerId, producerEpoch, isTransactional: true, isControl: true };
  const builder = new BatchBuilder(batch, 128);
  builder.append(timestampMs, controlRecordKey(type), value.finish());
  return builder.build();
}

/**
 * The control batch with one record of a Raft log or snapshot.
 *
 * @param value the encoded message that belongs to the type, `LeaderChangeMessage` and so on.
 */
export function buildControlBatch(
  type: Exclude<ControlRecordType, 'abort' | 'commit'>,
  value: Uint8Array,
  options: ControlBatchOptions,
): Uint8Array {
  const { timestampMs, ...place } = options;
  const builder = new BatchBuilder({ ...place, isControl: true }, 128 + value.length);
  builder.append(timestampMs, controlRecordKey(type), value);
  return builder.build();
}
