import { copyEights, type Memory, SLACK } from '../memory.ts';

/** Shortest match that a sequence can express. */
export const MIN_MATCH = 4;

/** The last match of a block starts at least this many bytes before its end. */
export const LAST_MATCH_DISTANCE = 12;

/** The last bytes of a block that are always literals. */
export const LAST_LITERALS = 5;

/** A block that is shorter holds no match. */
export const MIN_INPUT: number = LAST_MATCH_DISTANCE + 1;

/** Bytes that a block of `length` bytes takes at most, with room for copies that write a little too much. */
export function lz4BlockBound(length: number): number {
  return length + Math.ceil(length / 255) + 16 + SLACK;
}

/**
 * Writes one sequence: the literals `from.bytes[anchor, literalEnd)`, then a match.
 *
 * @param offset how far back the match lies.
 * @param matchLength at least `MIN_MATCH`.
 * @returns position behind the sequence.
 */
export function writeSequence(
  from: Memory,
  anchor: number,
  literalEnd: number,
  to: Memory,
  at: number,
  offset: number,
  matchLength: number,
): number {
  const target = to.bytes;
  const literals = literalEnd - anchor;
  const rest = matchLength - MIN_MATCH;
  let write = at + 1;
  target[at] = (Math.min(literals, 15) << 4) | Math.min(rest, 15);
  if (literals >= 15) write = writeLength(target, write, literals - 15);
  // A match follows and leaves twelve bytes behind it, so reading a little too much stays within the block.
  if (literals <= SLACK) copyEights(from.view, anchor, to.view, write, literals);
  else target.set(from.bytes.subarray(anchor, literalEnd), write);
  write += literals;
  target[write++] = offset;
  target[write++] = offset >>> 8;
  return rest >= 15 ? writeLength(target, write, rest - 15) : write;
}

/** Writes the last sequence of a block: the literals `source[anchor, end)` alone. @returns position behind it. */
export function writeLastLiterals(
  source: Uint8Array,
  anchor: number,
  end: number,
  target: Uint8Array,
  at: number,
): number {
  const literals = end - anchor;
  let write = at + 1;
  target[at] = Math.min(literals, 15) << 4;
  if (literals >= 15) write = writeLength(target, write, literals - 15);
  target.set(source.subarray(anchor, end), write);
  return write + literals;
}

function writeLength(target: Uint8Array, at: number, length: number): number {
  let write = at;
  let rest = length;
  for (; rest >= 255; rest -= 255) target[write++] = 255;
  target[write++] = rest;
  return write;
}
