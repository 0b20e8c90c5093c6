const MODULUS = 65521;
/** So many bytes can be summed up before the second sum leaves 32 bits (zlib's NMAX). */
const RUN_BYTES = 5552;

/**
 * Adler-32 of RFC 1950, as in zlib and Java's `Adler32`.
 *
 * @param seed the checksum of the bytes before these, to go on from; 1 for none
 * @returns An unsigned 32-bit number.
 */
export function adler32(bytes: Uint8Array, seed: number = 1): number {
  let low = seed & 0xffff;
  let high = seed >>> 16;
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(at + RUN_BYTES, bytes.length);
    for (; at < end; at++) {
      low += bytes[at] as number;
      high += low;
    }
    low %= MODULUS;
    high %= MODULUS;
  }
  return ((high << 16) | low) >>> 0;
}
