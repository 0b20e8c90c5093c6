import { type BatchPlace, findOffset, SCAN_BYTES, scanLater, scanNow } from '../segments/batch-scan.ts';
import type { Segment } from '../segments/segment.ts';
import type { LogState } from './log-state.ts';

/** Bytes at the end of a segment that were written so lately that they still lie in the page cache. */
const WARM_BYTES = 16 << 20;

/** Whether bytes from `position` on are surely in the page cache. */
export function isWarm(segment: Segment, position: number): boolean {
  return position >= segment.warmFrom && position >= segment.size - WARM_BYTES;
}

/** The answer of `locateNow` when it would have to wait for the disk. */
export const COLD = 'cold';

/**
 * The first batch of a segment whose last offset is at least `offset`, if that can be told without waiting for the
 * disk; undefined if the segment has none.
 */
export function locateNow(log: LogState, segment: Segment, offset: number): BatchPlace | undefined | typeof COLD {
  if (!segment.offsetIndex.isLoadedFor(offset)) return COLD;
  const from = segment.offsetIndex.positionBefore(offset);
  if (!isWarm(segment, from)) return COLD;
  const file = log.context.files.get(segment.log);
  return scanNow(file, findOffset(segment.log.path, offset, from, segment.size, SCAN_BUFFER));
}

/**
 * As `locateNow`, waiting for the disk where that is needed.
 *
 * @param end position up to which to look; that of the segment by default.
 */
export async function locate(
  log: LogState,
  segment: Segment,
  offset: number,
  end: number = segment.size,
): Promise<BatchPlace | undefined> {
  const { offsetIndex } = segment;
  if (!offsetIndex.isLoadedFor(offset)) await offsetIndex.entries.load();
  const from = offsetIndex.positionBefore(offset);
  if (from >= end) return undefined;
  const lease = log.context.files.lease(segment.log);
  try {
    const buffer = new Uint8Array(Math.min(SCAN_BYTES, end - from));
    return await scanLater(lease.file, findOffset(segment.log.path, offset, from, end, buffer));
  } finally {
    lease.release();
  }
}

/** For walks that do not wait: one at a time. */
const SCAN_BUFFER = new Uint8Array(SCAN_BYTES);
