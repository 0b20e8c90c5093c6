/** Bytes and a view of the same memory: what the block codecs read and write. */
export interface Memory {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

export function memoryOf(bytes: Uint8Array): Memory {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
}

/**
 * How far beyond its end a copy may write and read: whole groups of eight bytes are copied where there is room, because
 * eight unaligned 32-bit moves cost less than thirty-two single ones. Never used across the end of the memory.
 */
export const SLACK = 32;

/** A position that a block decoder returns instead when the block is not sound. */
export const CORRUPT = -1;

/** A position that a block decoder returns instead when the output ends before the block does. */
export const OVERFLOW = -2;

/**
 * Copies `length` bytes in groups of eight, which may write up to seven bytes too many; within one memory, source and
 * target must be eight bytes apart. For short runs: a long one is copied faster by `set` and `copyWithin`.
 */
export function copyEights(from: DataView, at: number, to: DataView, target: number, length: number): void {
  const end = target + length;
  let read = at;
  for (let write = target; write < end; write += 8) {
    to.setInt32(write, from.getInt32(read, true), true);
    to.setInt32(write + 4, from.getInt32(read + 4, true), true);
    read += 8;
  }
}

/**
 * Where the bytes from `at` on stop being those from `earlier` on, at `end` at the latest.
 */
export function matchEnd({ bytes, view }: Memory, at: number, earlier: number, end: number): number {
  let here = at;
  let there = earlier;
  for (const last = end - 4; here <= last; here += 4, there += 4) {
    const difference = view.getInt32(here, true) ^ view.getInt32(there, true);
    // The lowest bit that differs lies in the first byte that does.
    if (difference !== 0) return here + ((31 - Math.clz32(difference & -difference)) >>> 3);
  }
  while (here < end && bytes[here] === bytes[there]) {
    here++;
    there++;
  }
  return here;
}
