import type { Payload } from '@biquorum/std';

// Up to here copying costs less than one more segment in a gathered write.
const COPIED_BYTES = 1024;

/**
 * Whether a value is written by reference instead of being copied: anything that is not bytes in memory, and records
 * worth it. Bytes fields in memory are always copied: they are small as a rule, and the message stays in one piece.
 */
export function goesByReference(value: Uint8Array | Payload, type: 'bytes' | 'records'): boolean {
  if (!(value instanceof Uint8Array)) return true;
  return type === 'records' && value.byteLength > COPIED_BYTES;
}
