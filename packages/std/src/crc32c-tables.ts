// Castagnoli's polynomial with its bits reversed.
const POLYNOMIAL = 0x82f6_3b78;
const TABLES = buildTables();

/**
 * The register of a CRC-32C after more bytes, by lookups only: for short data, and where there is no WebAssembly.
 *
 * Slicing by 16, after Kounavis and Berry, "Novel Table Lookup-Based Algorithms for High-Performance CRC Generation"
 * (2008): sixteen independent lookups instead of a chain of sixteen.
 */
export function updateByTables(register: number, bytes: Uint8Array, start: number, end: number): number {
  const t = TABLES;
  let crc = register;
  let at = start;
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
  return crc;
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
