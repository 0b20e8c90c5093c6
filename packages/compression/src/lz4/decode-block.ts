import { copyMatch } from '../copy-match.ts';
import { CORRUPT, copyEights, type Memory, OVERFLOW, SLACK } from '../memory.ts';

const MIN_MATCH = 4;

/**
 * Decodes one LZ4 block, `from.bytes[at, end)`, to `to.bytes[start, limit)`. Never writes at or beyond `limit`, whatever
 * the block holds.
 *
 * Source: "LZ4 Block Format Description".
 *
 * @param floor first byte of the output that the block may refer back to: `start` itself, or that of earlier blocks.
 * @returns position behind the last byte written; `CORRUPT` or `OVERFLOW` instead if the block is not sound or holds
 *   more than there is room for.
 */
export function decodeLz4Block(
  from: Memory,
  at: number,
  end: number,
  to: Memory,
  start: number,
  limit: number,
  floor: number,
): number {
  const source = from.bytes;
  const target = to.bytes;
  const safeRead = end - SLACK;
  const safeWrite = limit - SLACK;
  let read = at;
  let write = start;
  while (read < end) {
    const token = source[read++] as number;

    let length = token >>> 4;
    if (length === 15) {
      let more: number;
      do {
        if (read === end) return CORRUPT;
        more = source[read++] as number;
        length += more;
      } while (more === 255);
    }
    if (length > end - read) return CORRUPT;
    if (length > limit - write) return OVERFLOW;
    if (length <= SLACK && read <= safeRead && write <= safeWrite) {
      copyEights(from.view, read, to.view, write, length);
    } else if (length > SLACK) target.set(source.subarray(read, read + length), write);
    else for (let index = 0; index < length; index++) target[write + index] = source[read + index] as number;
    read += length;
    write += length;
    if (read === end) return write; // The last sequence is literals only.

    if (end - read < 2) return CORRUPT;
    const offset = (source[read] as number) | ((source[read + 1] as number) << 8);
    read += 2;
    length = (token & 15) + MIN_MATCH;
    if (length === 15 + MIN_MATCH) {
      let more: number;
      do {
        if (read === end) return CORRUPT;
        more = source[read++] as number;
        length += more;
      } while (more === 255);
    }
    if (offset === 0 || offset > write - floor) return CORRUPT;
    if (length > limit - write) return OVERFLOW;
    write = copyMatch(to, write, offset, length, safeWrite);
  }
  return CORRUPT;
}
