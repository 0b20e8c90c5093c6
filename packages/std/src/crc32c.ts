import { updateByTables } from './crc32c-tables.ts';
import { updateByVectors, VECTORS_MIN_BYTES } from './crc32c-vectors.ts';

/**
 * CRC-32C (Castagnoli), as used by record batches (RFC 3720 appendix B.4; java.util.zip.CRC32C).
 *
 * @param bytes Where the data is.
 * @param start First byte, 0 by default.
 * @param end Byte after the last, the end of `bytes` by default.
 * @param previous Checksum of the data before this, to go on from there: `crc32c(b, 0, n, crc32c(a))` is the checksum
 *   of `a` followed by the first `n` bytes of `b`.
 * @returns The checksum as an unsigned 32-bit number.
 * @throws RangeError when the range does not lie within the bytes.
 */
export function crc32c(bytes: Uint8Array, start: number = 0, end: number = bytes.length, previous: number = 0): number {
  if (!(start >= 0 && start <= end && end <= bytes.length)) {
    throw new RangeError(`range ${start}..${end} does not lie within ${bytes.length} bytes`);
  }
  const update = end - start < VECTORS_MIN_BYTES ? updateByTables : updateByVectors;
  return ~update(~previous, bytes, start, end) >>> 0;
}
