import { type Memory, matchEnd } from '../memory.ts';
import {
  LAST_LITERALS,
  LAST_MATCH_DISTANCE,
  MIN_INPUT,
  MIN_MATCH,
  writeLastLiterals,
  writeSequence,
} from './sequence.ts';

const HASH_BITS = 13;
const HASH_SHIFT = 32 - HASH_BITS;
const HASH_PRIME = 0x9e37_79b1;
/** The step between tries grows by one after this many (a power of two) in vain. */
const SKIP_BITS = 6;

// Where in the block each hash was seen last; blocks are 64 KiB at most. Cleared for each block.
const seen = new Uint16Array(1 << HASH_BITS);

/**
 * Compresses `from.bytes[start, end)`, 64 KiB at most, to one LZ4 block, quickly: the first match that is found is
 * taken. The output needs room for `lz4BlockBound` bytes.
 *
 * @returns position behind the block.
 */
export function compressLz4Block(from: Memory, start: number, end: number, to: Memory, at: number): number {
  const { bytes, view } = from;
  let write = at;
  let anchor = start;
  if (end - start >= MIN_INPUT) {
    const lastStart = end - LAST_MATCH_DISTANCE;
    const lastEnd = end - LAST_LITERALS;
    seen.fill(0);
    let read = start + 1;
    for (;;) {
      let earlier: number;
      let tries = 1 << SKIP_BITS;
      for (;;) {
        if (read > lastStart) return writeLastLiterals(bytes, anchor, end, to.bytes, write);
        const word = view.getInt32(read, true);
        const slot = Math.imul(word, HASH_PRIME) >>> HASH_SHIFT;
        earlier = start + (seen[slot] as number);
        seen[slot] = read - start;
        if (view.getInt32(earlier, true) === word) break;
        read += tries++ >>> SKIP_BITS;
      }
      while (read > anchor && earlier > start && bytes[read - 1] === bytes[earlier - 1]) {
        read--;
        earlier--;
      }
      const stop = matchEnd(from, read + MIN_MATCH, earlier + MIN_MATCH, lastEnd);
      write = writeSequence(from, anchor, read, to, write, read - earlier, stop - read);
      anchor = stop;
      read = stop;
      if (read > lastStart) break;
      const before = read - 2;
      seen[Math.imul(view.getInt32(before, true), HASH_PRIME) >>> HASH_SHIFT] = before - start;
    }
  }
  return writeLastLiterals(bytes, anchor, end, to.bytes, write);
}
