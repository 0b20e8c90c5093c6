import { OffsetOutOfRangeError } from '../log-error.ts';
import type { LogState } from './log-state.ts';

/**
 * Moves the high watermark, to within the log. It may fall, as it does at a follower whose leader changed.
 *
 * @returns the high watermark that holds now.
 */
export function setHighWatermark(log: LogState, offset: number): number {
  const highWatermark = Math.min(Math.max(offset, log.logStartOffset), log.endOffset);
  log.highWatermark = highWatermark;
  log.producers.highWatermarkMoved(highWatermark);
  return highWatermark;
}

/** First offset that consumers of committed records must not see. Source: `UnifiedLog.fetchLastStableOffsetMetadata`. */
export function lastStableOffset(log: LogState): number {
  const unstable = log.producers.firstUnstableOffset;
  if (unstable === undefined) return log.highWatermark;
  return Math.min(Math.max(unstable, log.logStartOffset), log.highWatermark);
}

/**
 * Moves the log start offset forward: what lies before can no longer be read. Segments wholly before it go with the
 * next retention run.
 *
 * Source: `UnifiedLog.maybeIncrementLogStartOffset`.
 *
 * @returns whether it moved.
 * @throws OffsetOutOfRangeError the offset is beyond the high watermark.
 */
export function advanceLogStart(log: LogState, offset: number): boolean {
  if (offset > log.highWatermark) {
    throw new OffsetOutOfRangeError(log.name, offset, log.logStartOffset, log.highWatermark);
  }
  if (offset <= log.logStartOffset) return false;
  log.logStartOffset = offset;
  log.producers.logStartMoved(offset);
  // The file may keep older epochs: should a crash bring the old start back, they are right again.
  log.epochs.truncateFromStart(offset);
  log.startMoved();
  return true;
}
