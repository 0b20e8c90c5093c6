// Castagnoli's polynomial with its bits reversed.
const POLYNOMIAL = 0x82f6_3b78;
const TABLES = buildTables();

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
  const t = TABLES;
  let crc = ~previous;
  let at = start;
  // Slicing by 16 (after Kounavis and Berry, "Novel Table Lookup-Based Algorithms for High-Performance CRC
  // Generation", 2008): sixteen independent lookups instead of a chain of sixteen.
  for (const lastBlock = end - 16; at <= lastBlock; at += 16) {
    crc =
      (t[0xf00 | ((crc ^ (bytes[at] as number)) & 0xff)] as number) ^
      (t[0xe00 | (((crc >>> 8) ^ (bytes[at + 1] as number)) & 0xff)] as number) ^
      (t[0xd00 | (((crc >>> 16) ^ (bytes[at + 2] as number)) & 0xff)] as number) ^
      (t[0xc00 | ((crc >>> 24) ^ (bytes[at + 3] as number))] as number) ^
      (t[0xb00 | (bytes[at + 4] as number)] as number) ^
      (t[0xa00 | (bytes[at + 5] as number)] as number) ^
      (t[0x900 | (bytes[at + 6] as number)] as number) ^
      (t[0x800 | (bytes[at + 7] as number)] as number) ^
      (t[0x700 | (bytes[at + 8] as number)] as number) ^
      (t[0x600 | (bytes[at + 9] as number)] as number) ^
      (t[0x500 | (bytes[at + 10] as number)] as number) ^
      (t[0x400 | (bytes[at + 11] as number)] as number) ^
      (t[0x300 | (bytes[at + 12] as number)] as number) ^
      (t[0x200 | (bytes[at + 13] as number)] as number) ^
      (t[0x100 | (bytes[at + 14] as number)] as number) ^
      (t[bytes[at + 15] as number] as number);
  }
  for (; at < end; at++) crc = (crc >>> 8) ^ (t[(crc ^ (bytes[at] as number)) & 0xff] as number);
  return ~crc >>> 0;
}

/** Sixteen tables of 256: entry `i` of table `k` is the checksum step of byte `i` followed by `k` zero bytes. */
function buildTables(): Int32Array {
  const tables = new Int32Array(16 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    tables[byte] = crc;
  }
  for (let index = 256; index < tables.length; index++) {
    const before = tables[index - 256] as number;
    tables[index] = (before >>> 8) ^ (tables[before & 0xff] as number);
  }
  return tables;
}
