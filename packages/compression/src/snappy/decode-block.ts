import { copyMatch } from '../copy-match.ts';
import { CORRUPT, copyEights, type Memory, SLACK } from '../memory.ts';

const MAX_PREAMBLE = 0xffff_ffff;
/** The best element repeats 64 bytes for 3. */
const EXPANSION_MAX = 22;

/** What the preamble of a raw Snappy block says. */
export interface SnappyPreamble {
  /** Bytes that the block holds once decoded. */
  readonly length: number;
  /** Position of the first element. */
  readonly end: number;
}

/**
 * Reads the preamble of the raw block `bytes[at, end)`: a varint with the number of bytes that it decodes to. Undefined if
 * there is none, or if no block of this size can hold so much.
 */
export function readSnappyPreamble(bytes: Uint8Array, at: number, end: number): SnappyPreamble | undefined {
  let length = 0;
  let read = at;
  for (let scale = 1; read < end && scale <= 2 ** 28; scale *= 128) {
    const byte = bytes[read++] as number;
    length += (byte & 0x7f) * scale;
    if (byte < 0x80) {
      const possible = length <= MAX_PREAMBLE && length <= (end - read) * EXPANSION_MAX;
      return possible ? { length, end: read } : undefined;
    }
  }
  return undefined;
}

/**
 * Decodes the elements of a raw Snappy block, `from.bytes[at, end)`, to `to.bytes[start, limit)`, which they must fill
 * exactly. Never writes at or beyond `limit`, whatever the block holds.
 *
 * Source: "Snappy compressed format description", 2011-10-05.
 *
 * @returns `limit`; `CORRUPT` if the block is not sound.
 */
export function decodeSnappyBlock(
  from: Memory,
  at: number,
  end: number,
  to: Memory,
  start: number,
  limit: number,
): number {
  const source = from.bytes;
  const target = to.bytes;
  const safeRead = end - SLACK;
  const safeWrite = limit - SLACK;
  let read = at;
  let write = start;
  while (read < end) {
    const tag = source[read++] as number;
    let length = (tag >>> 2) + 1;
    let offset: number;
    switch (tag & 3) {
      case 0: {
        if (length > 60) {
          const extra = length - 60;
          if (extra > end - read) return CORRUPT;
          length = 1;
          for (let index = 0, scale = 1; index < extra; index++, scale *= 256)
            length += (source[read++] as number) * scale;
        }
        if (length > end - read || length > limit - write) return CORRUPT;
        if (length <= SLACK && read <= safeRead && write <= safeWrite)
          copyEights(from.view, read, to.view, write, length);
        else if (length > SLACK) target.set(source.subarray(read, read + length), write);
        else for (let index = 0; index < length; index++) target[write + index] = source[read + index] as number;
        read += length;
        write += length;
        continue;
      }
      case 1:
        if (read === end) return CORRUPT;
        length = ((tag >>> 2) & 7) + 4;
        offset = ((tag >>> 5) << 8) | (source[read++] as number);
        break;
      case 2:
        if (end - read < 2) return CORRUPT;
        offset = (source[read] as number) | ((source[read + 1] as number) << 8);
        read += 2;
        break;
      default:
        if (end - read < 4) return CORRUPT;
        offset = from.view.getUint32(read, true);
        read += 4;
    }
    if (offset === 0 || offset > write - start || length > limit - write) return CORRUPT;
    write = copyMatch(to, write, offset, length, safeWrite);
  }
  return write === limit ? limit : CORRUPT;
}
