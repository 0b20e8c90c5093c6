import type { LogState } from '../log/log-state.ts';
import { lastStableOffset } from '../log/offsets.ts';
import { loadFirstTimestamp, loadLargestTimestamp } from '../segments/timestamps.ts';

/** The part of a log that can be compacted, and how much it needs it. */
export interface CleanRange {
  readonly firstDirtyOffset: number;
  /** First offset that must stay as it is: base offset of a segment. */
  readonly firstUncleanableOffset: number;
  /** Bytes that can be compacted and have not been. */
  readonly dirtyBytes: number;
  /** Share of these in all that would be read. */
  readonly dirtyRatio: number;
  /** Whether records have waited longer than `max.compaction.lag.ms`. */
  readonly isOverdue: boolean;
}

/**
 * Finds out what of a log can be compacted.
 *
 * Source: `LogCleanerManager.cleanableOffsets`, `LogToClean`.
 *
 * @param cleanedUpTo offset up to which it is compacted, as far as is known.
 */
export async function findCleanRange(log: LogState, cleanedUpTo: number | undefined): Promise<CleanRange> {
  const { logStartOffset, endOffset } = log;
  const known = cleanedUpTo ?? logStartOffset;
  const firstDirtyOffset = known < logStartOffset || known > endOffset ? logStartOffset : known;
  const bound = Math.max(firstDirtyOffset, await firstUncleanable(log, firstDirtyOffset));
  const segments = log.segments.all.slice(0, -1);
  const following = segments.filter(({ baseOffset }) => baseOffset >= bound);
  const firstUncleanableOffset = following[0]?.baseOffset ?? log.segments.active.baseOffset;
  const floor = Math.max(0, log.segments.indexOf(Math.min(firstDirtyOffset, firstUncleanableOffset)));
  const dirty = segments.slice(floor).filter(({ baseOffset }) => baseOffset < firstUncleanableOffset);
  const clean = segments.filter(({ baseOffset }) => baseOffset < firstDirtyOffset);
  const sum = (list: readonly { readonly size: number }[]): number => list.reduce((bytes, { size }) => bytes + size, 0);
  const dirtyBytes = sum(dirty);
  const totalBytes = sum(clean) + dirtyBytes;
  return {
    firstDirtyOffset,
    firstUncleanableOffset,
    dirtyBytes,
    dirtyRatio: totalBytes === 0 ? 0 : dirtyBytes / totalBytes,
    isOverdue: await isOverdue(log, firstDirtyOffset),
  };
}

async function firstUncleanable(log: LogState, firstDirtyOffset: number): Promise<number> {
  const bound = Math.min(lastStableOffset(log), log.segments.active.baseOffset);
  const { minCompactionLagMs } = log.config;
  if (minCompactionLagMs <= 0) return bound;
  const youngestMs = log.context.clock.wallMs() - minCompactionLagMs;
  for (const segment of dirtySegments(log, firstDirtyOffset)) {
    await loadLargestTimestamp(log.context.files, segment);
    if (segment.retentionTimestamp > youngestMs) return Math.min(bound, segment.baseOffset);
  }
  return bound;
}

async function isOverdue(log: LogState, firstDirtyOffset: number): Promise<boolean> {
  const { maxCompactionLagMs } = log.config;
  if (maxCompactionLagMs === Number.POSITIVE_INFINITY) return false;
  const oldestMs = log.context.clock.wallMs() - maxCompactionLagMs;
  for (const segment of dirtySegments(log, firstDirtyOffset)) {
    await loadFirstTimestamp(log.context.files, segment);
    const { firstTimestamp = -1 } = segment;
    if (firstTimestamp > 0 && firstTimestamp < oldestMs) return true;
  }
  return false;
}

function dirtySegments(log: LogState, firstDirtyOffset: number): LogState['segments']['all'] {
  const floor = Math.max(0, log.segments.indexOf(firstDirtyOffset));
  return log.segments.all.slice(floor, -1);
}
