import { type Uuid, uuid } from '@biquorum/kafka-wire';

/** Stands for the directory of a replica whose partition was written before directories were known. */
export const DIRECTORY_MIGRATING: Uuid = uuid('AAAAAAAAAAAAAAAAAAAAAA');

/** Stands for a directory that the broker has yet to choose. */
export const DIRECTORY_UNASSIGNED: Uuid = uuid('AAAAAAAAAAAAAAAAAAAAAQ');

/** Stands for a directory that is gone. */
export const DIRECTORY_LOST: Uuid = uuid('AAAAAAAAAAAAAAAAAAAAAg');

/** Ids below 100 never name a directory (KIP-858). */
export function isReservedDirectory(id: Uuid): boolean {
  // The first 15 bytes are zero: 20 digits, and the two high bits of the byte after them are in the 21st.
  if (!id.startsWith('AAAAAAAAAAAAAAAAAAAA')) return false;
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return (digits.indexOf(id.charAt(20)) << 2) + (digits.indexOf(id.charAt(21)) >> 4) < 100;
}
