import { type Memory, matchEnd } from '../memory.ts';
import {
  LAST_LITERALS,
  LAST_MATCH_DISTANCE,
  MIN_INPUT,
  MIN_MATCH,
  writeLastLiterals,
  writeSequence,
} from './sequence.ts';

const HASH_BITS = 15;
const HASH_SHIFT = 32 - HASH_BITS;
const HASH_PRIME = 0x9e37_79b1;
const BLOCK_SIZE_MAX = 1 << 16;
const NONE = 0xffff;

// The newest position of each hash, and for each position the one before it with the same hash: chains to be searched
// for the longest match. `NONE` ends a chain (no match starts at the very last byte of 64 KiB).
const newest = new Uint16Array(1 << HASH_BITS);
const previous = new Uint16Array(BLOCK_SIZE_MAX);

// What `longestMatch` found; two results without an object for each search.
let foundStart = 0;
let foundLength = 0;

/**
 * Compresses `from.bytes[start, end)`, 64 KiB at most, to one LZ4 block, thoroughly: among up to `attempts` earlier
 * places the longest match is taken, unless one byte later there is a longer one. The output needs room for
 * `lz4BlockBound` bytes.
 *
 * @returns position behind the block.
 */
export function compressLz4BlockHigh(
  from: Memory,
  start: number,
  end: number,
  to: Memory,
  at: number,
  attempts: number,
): number {
  let write = at;
  let anchor = start;
  if (end - start >= MIN_INPUT) {
    const lastStart = end - LAST_MATCH_DISTANCE;
    const lastEnd = end - LAST_LITERALS;
    newest.fill(NONE);
    let read = start;
    let inserted = start;
    while (read <= lastStart) {
      inserted = insertUpTo(from.view, start, inserted, read);
      longestMatch(from, start, read, lastEnd, attempts);
      if (foundLength < MIN_MATCH) {
        read++;
        continue;
      }
      let matchStart = foundStart;
      let length = foundLength;
      while (read < lastStart) {
        inserted = insertUpTo(from.view, start, inserted, read + 1);
        longestMatch(from, start, read + 1, lastEnd, attempts);
        if (foundLength <= length + 1) break;
        read++;
        matchStart = foundStart;
        length = foundLength;
      }
      write = writeSequence(from, anchor, read, to, write, read - matchStart, length);
      read += length;
      anchor = read;
    }
  }
  return writeLastLiterals(from.bytes, anchor, end, to.bytes, write);
}

/** Puts the positions before `read` into their chains. @returns The first position that is not in one. */
function insertUpTo(view: DataView, start: number, inserted: number, read: number): number {
  let at = inserted;
  for (; at < read; at++) {
    const slot = Math.imul(view.getInt32(at, true), HASH_PRIME) >>> HASH_SHIFT;
    previous[at - start] = newest[slot] as number;
    newest[slot] = at - start;
  }
  return at;
}

function longestMatch(from: Memory, start: number, read: number, end: number, attempts: number): void {
  const { bytes, view } = from;
  const word = view.getInt32(read, true);
  foundLength = 0;
  let candidate = newest[Math.imul(word, HASH_PRIME) >>> HASH_SHIFT] as number;
  for (let left = attempts; left > 0 && candidate !== NONE; left--) {
    const there = start + candidate;
    // Longer than the best so far only if the byte behind the best matches too.
    if (bytes[there + foundLength] === bytes[read + foundLength] && view.getInt32(there, true) === word) {
      const length = matchEnd(from, read + MIN_MATCH, there + MIN_MATCH, end) - read;
      if (length > foundLength) {
        foundLength = length;
        foundStart = there;
        if (read + length === end) return;
      }
    }
    candidate = previous[candidate] as number;
  }
}
