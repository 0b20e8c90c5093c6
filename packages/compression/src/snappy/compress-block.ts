import { copyEights, type Memory, matchEnd, SLACK } from '../memory.ts';

const HASH_BITS = 13;
const HASH_SHIFT = 32 - HASH_BITS;
const HASH_PRIME = 0x1e35_a7bd;
const MIN_MATCH = 4;
/** The step between tries grows by one after this many (a power of two) in vain. */
const SKIP_BITS = 5;
/** No match starts closer to the end, so that four bytes can be read and eight copied without looking. */
const TAIL = 15;

// Where in the block each hash was seen last; blocks are 64 KiB at most. Cleared for each block.
const seen = new Uint16Array(1 << HASH_BITS);

/** Bytes that a raw block of `length` bytes takes at most, with room for copies that write a little too much. */
export function snappyBlockBound(length: number): number {
  return 32 + length + Math.ceil(length / 6) + SLACK;
}

/**
 * Compresses `from.bytes[start, end)`, 64 KiB at most, to one raw Snappy block with its preamble. The output needs room
 * for `snappyBlockBound` bytes.
 *
 * @returns position behind the block.
 */
export function compressSnappyBlock(from: Memory, start: number, end: number, to: Memory, at: number): number {
  const { view } = from;
  const lastStart = end - TAIL;
  let write = writePreamble(to.bytes, at, end - start);
  let anchor = start;
  let read = start + 1;
  if (read <= lastStart) seen.fill(0);
  while (read <= lastStart) {
    let earlier = start;
    let tries = 1 << SKIP_BITS;
    for (; read <= lastStart; read += tries++ >>> SKIP_BITS) {
      const word = view.getInt32(read, true);
      const slot = Math.imul(word, HASH_PRIME) >>> HASH_SHIFT;
      earlier = start + (seen[slot] as number);
      seen[slot] = read - start;
      if (view.getInt32(earlier, true) === word) break;
    }
    if (read > lastStart) break;
    if (read > anchor) write = writeLiteral(from, anchor, read, to, write);
    const stop = matchEnd(from, read + MIN_MATCH, earlier + MIN_MATCH, end);
    write = writeCopy(to.bytes, write, read - earlier, stop - read);
    anchor = stop;
    read = stop;
    if (read > lastStart) break;
    const before = read - 1;
    seen[Math.imul(view.getInt32(before, true), HASH_PRIME) >>> HASH_SHIFT] = before - start;
  }
  return anchor < end ? writeLiteral(from, anchor, end, to, write) : write;
}

function writePreamble(target: Uint8Array, at: number, length: number): number {
  let write = at;
  let rest = length;
  for (; rest >= 0x80; rest >>>= 7) target[write++] = rest | 0x80;
  target[write++] = rest;
  return write;
}

function writeLiteral(from: Memory, start: number, end: number, to: Memory, at: number): number {
  const target = to.bytes;
  const length = end - start;
  let write = at;
  if (length <= 60) target[write++] = (length - 1) << 2;
  else if (length <= 256) {
    target[write++] = 60 << 2;
    target[write++] = length - 1;
  } else {
    target[write++] = 61 << 2;
    target[write++] = length - 1;
    target[write++] = (length - 1) >>> 8;
  }
  if (length <= SLACK && start <= from.bytes.length - SLACK) copyEights(from.view, start, to.view, write, length);
  else target.set(from.bytes.subarray(start, end), write);
  return write + length;
}

function writeCopy(target: Uint8Array, at: number, offset: number, length: number): number {
  let write = at;
  let rest = length;
  // An element repeats 64 bytes at most, and what is left for the last one must not be below four.
  for (; rest >= 68; rest -= 64) write = writeLongCopy(target, write, offset, 64);
  if (rest > 64) {
    write = writeLongCopy(target, write, offset, 60);
    rest -= 60;
  }
  if (rest >= 12 || offset >= 2048) return writeLongCopy(target, write, offset, rest);
  target[write++] = ((offset >>> 8) << 5) | ((rest - 4) << 2) | 1;
  target[write++] = offset;
  return write;
}

function writeLongCopy(target: Uint8Array, at: number, offset: number, length: number): number {
  target[at] = ((length - 1) << 2) | 2;
  target[at + 1] = offset;
  target[at + 2] = offset >>> 8;
  return at + 3;
}
