import { copyEights, type Memory } from './memory.ts';

/** A match longer than this is copied as a whole where it can be. */
const LONG = 64;

/**
 * Repeats `length` bytes from `offset` bytes back, which may overlap what is being written.
 *
 * @param safeEnd up to where a copy may end that writes a little too much.
 * @returns position behind the copy.
 */
export function copyMatch(memory: Memory, at: number, offset: number, length: number, safeEnd: number): number {
  const { bytes, view } = memory;
  const end = at + length;
  if (offset >= 8 && end <= safeEnd) {
    if (length > LONG && offset >= length) bytes.copyWithin(at, at - offset, end - offset);
    else copyEights(view, at - offset, view, at, length);
  } else if (offset === 1) bytes.fill(bytes[at - 1] as number, at, end);
  else for (let write = at; write < end; write++) bytes[write] = bytes[write - offset] as number;
  return end;
}
