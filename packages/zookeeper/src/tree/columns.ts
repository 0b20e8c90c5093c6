import { assert } from '@biquorum/std';

/** A field of many rows. */
export type Column = Uint8Array | Uint16Array | Int32Array | Uint32Array | Float64Array | BigInt64Array;

/** Up to here a column is copied when it grows. */
const COPIED_ROWS = 65_536;
/** A longer column grows in place, in address space that is reserved for so many rows. */
const ROWS_MAX = 1 << 26;

/** Columns that are copied double; those that grow in place take an eighth more. */
export function capacityAfter(capacity: number): number {
  if (capacity < COPIED_ROWS) return Math.max(64, capacity * 2);
  const next = Math.min(ROWS_MAX, capacity + (capacity >> 3));
  assert(next > capacity, () => `a tree cannot have more than ${ROWS_MAX} nodes`);
  return next;
}

/** The column with room for so many rows: another array, or the same that has become longer. */
export function grown<Kind extends Column>(column: Kind, capacity: number): Kind {
  const { BYTES_PER_ELEMENT } = column;
  const buffer = column.buffer as ArrayBuffer;
  if (buffer.resizable) {
    buffer.resize(capacity * BYTES_PER_ELEMENT);
    return column;
  }
  const make = column.constructor as new (memory: ArrayBuffer) => Kind;
  const memory =
    capacity > COPIED_ROWS
      ? new ArrayBuffer(capacity * BYTES_PER_ELEMENT, { maxByteLength: ROWS_MAX * BYTES_PER_ELEMENT })
      : new ArrayBuffer(capacity * BYTES_PER_ELEMENT);
  const larger = new make(memory);
  (larger as { set(source: Column): void }).set(column);
  return larger;
}
