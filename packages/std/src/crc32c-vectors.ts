import { assert } from './assert.ts';
import { updateByTables } from './crc32c-tables.ts';
import { type Folding, loadFolding } from './crc32c-wasm.ts';

/** From here on vectors are faster than tables. */
export const VECTORS_MIN_BYTES = 1_536;

/**
 * The register of a CRC-32C after more bytes, at several bytes per cycle.
 *
 * A multiple of the generator polynomial may be added to the data without changing the remainder. Squaring a polynomial
 * over GF(2) squares each of its terms, so a multiple stays one when x is replaced by x^128. So a vector of 128 bits may
 * be dropped if it is added, as it is, to the vectors that follow at the distances of the multiple's terms. Done to one
 * vector after the other, that leaves a short end to divide. The fewer terms, the less work; the lower the degree, the
 * shorter the end: hence three multiples, one after the other.
 *
 * Source of the idea: Russell, "Chorba: A novel CRC32 implementation" (arXiv 2412.16398, 2024). The multiples were found
 * by search: of six and of eight terms those of the lowest degree, and the generator itself.
 */
export function updateByVectors(register: number, bytes: Uint8Array, start: number, end: number): number {
  folding ??= loadFolding(LEVELS, BUFFER_BYTES);
  if (folding === 'unsupported') return updateByTables(register, bytes, start, end);
  const { memory, levels } = folding;
  const [long] = levels;
  assert(long !== undefined, 'there is a multiple');
  memory.fill(0, 0, long.spanBytes);
  let from = long.spanBytes;
  let at = start;
  // What does not fit at once: each piece leaves its last vectors for the next one to refer to.
  for (; end - at >= PIECE_BYTES + long.spanBytes + VECTOR_BYTES; at += PIECE_BYTES) {
    memory.set(bytes.subarray(at, at + PIECE_BYTES), from);
    if (at === start) addRegister(memory, from, register);
    long.sweep(from, from + PIECE_BYTES);
    memory.copyWithin(0, PIECE_BYTES, PIECE_BYTES + long.spanBytes);
  }
  memory.set(bytes.subarray(at, end), from);
  if (at === start) addRegister(memory, from, register);
  const bufferEnd = from + end - at;
  for (const level of levels) {
    const droppedBytes = (bufferEnd - from - level.spanBytes) & -VECTOR_BYTES;
    if (droppedBytes <= 0) continue;
    if (level !== long) memory.fill(0, from - level.spanBytes, from);
    level.sweep(from, from + droppedBytes);
    from += droppedBytes;
    level.drain(from);
  }
  return updateByTables(0, memory, from, bufferEnd);
}

/** The register adds to the first 32 bits that follow. */
function addRegister(memory: Uint8Array, at: number, register: number): void {
  for (let index = 0; index < 4; index++) {
    memory[at + index] = (memory[at + index] as number) ^ ((register >>> (8 * index)) & 0xff);
  }
}

/** How far on a dropped vector is added, in vectors; the last is the degree of the multiple. */
const LEVELS = [
  [65, 155, 170, 195, 209],
  [4, 8, 21, 61, 67, 78, 79],
  [4, 5, 6, 7, 9, 10, 12, 13, 14, 18, 19, 21, 22, 23, 24, 26, 32],
];
const VECTOR_BYTES = 16;
const PIECE_BYTES = 32 * 1_024;
/** A piece, what it refers to, and what is left for the next level. */
const BUFFER_BYTES = 64 * 1_024;

let folding: Folding | undefined;
