import { NO_TIMESTAMP } from '@biquorum/kafka-wire';
import { assert } from '@biquorum/std';
import { type BatchPlace, SCAN_BYTES, scanHeaders, scanLater } from '../segments/batch-scan.ts';
import type { Segment } from '../segments/segment.ts';
import { findLargestTimestamp } from '../segments/timestamps.ts';
import { dropTrailingEpochs, writeEpochs } from './epoch-changes.ts';
import { syncSegment } from './flush.ts';
import { locate } from './locate.ts';
import type { LogState } from './log-state.ts';
import { rebuildProducers } from './rebuild-producers.ts';
import { removeSegments } from './remove-segments.ts';
import { beginSegment } from './roll.ts';
import { removeSnapshots } from './snapshots.ts';

/**
 * Cuts the log so that it ends before `offset`. A batch in which the offset lies goes as a whole. The log then ends
 * behind the last batch that is left, where a follower can go on and where the next start finds the end.
 *
 * What a crash leaves at any moment is the log up to somewhere between its new and its old end: the recovery point
 * falls first, segments go from the newest to the oldest, and the cut is durable before the promise resolves. So bytes
 * of the old end are never found behind bytes that are appended later.
 *
 * Source: `UnifiedLog.truncateTo`.
 *
 * @returns whether anything was cut.
 */
export function truncateTo(log: LogState, offset: number): Promise<boolean> {
  assert(Number.isSafeInteger(offset) && offset >= 0, () => `log ${log.name} cannot be cut at offset ${offset}`);
  return log.changes.run(() =>
    log.attemptLater(async () => {
      log.checkUsable();
      if (offset >= log.endOffset) {
        // An epoch may have been noted by a leader that appended nothing before it lost its place.
        dropTrailingEpochs(log);
        return false;
      }
      if (offset < log.segments.first.baseOffset) await restartAt(log, offset, offset);
      else await whileTruncating(log, () => cut(log, offset));
      return true;
    }),
  );
}

/**
 * Drops all records; the next one gets `offset`.
 *
 * Source: `UnifiedLog.truncateFullyAndStartAt`.
 *
 * @param logStartOffset the log start offset from then on.
 */
export function truncateFullyAndStartAt(log: LogState, offset: number, logStartOffset: number = offset): Promise<void> {
  return log.changes.run(() =>
    log.attemptLater(() => {
      log.checkUsable();
      return restartAt(log, offset, logStartOffset);
    }),
  );
}

/** Keeps appends and flushes out, and tells readers that they have to look again. */
async function whileTruncating(log: LogState, task: () => Promise<void>): Promise<void> {
  log.truncating = true;
  log.truncations++;
  try {
    await log.flushes.run(task);
    await log.context.keeper.truncated(log);
  } finally {
    log.truncating = false;
    log.truncations++;
  }
}

async function cut(log: LogState, offset: number): Promise<void> {
  const knownEmpty = log.producers.isEmpty;
  const index = log.segments.indexOf(offset);
  const segment = log.segments.at(index) as Segment;
  const place = await locate(log, segment, offset);
  const endOffset = place === undefined ? offset : await endBefore(log, segment, place, offset);
  await lowerEnd(log, endOffset);
  log.logStartOffset = Math.min(log.logStartOffset, endOffset);
  const doomed = log.segments.all.slice(index + 1);
  if (doomed.length > 0) {
    log.segments.replace(doomed, undefined);
    await removeSegments(log, doomed.toReversed());
  }
  await cutSegment(log, segment, endOffset, place);
  if (log.epochs.truncateFromEnd(endOffset)) log.epochsDirty = true;
  await writeEpochs(log);
  await rebuildProducers(log, knownEmpty);
}

/** The offset behind the batch that comes before `place`; the base offset of the segment if there is none. */
async function endBefore(log: LogState, segment: Segment, place: BatchPlace, offset: number): Promise<number> {
  let { baseOffset: endOffset } = segment;
  const { path } = segment.log;
  const lease = log.context.files.lease(segment.log);
  try {
    const indexed = segment.offsetIndex.positionBefore(offset);
    // The index may lead to the very batch; then the way from the beginning of the segment is the simplest.
    const from = indexed < place.position ? indexed : 0;
    const scan = scanHeaders(path, from, place.position, new Uint8Array(SCAN_BYTES), ({ nextOffset }) => {
      endOffset = nextOffset;
      return true;
    });
    await scanLater(lease.file, scan);
  } finally {
    lease.release();
  }
  return endOffset;
}

/**
 * Readers see the new end at once, and no crash lets the old recovery point vouch for bytes that are written anew. It
 * falls to the beginning of a segment, below the new end: only where it stands at the very end has nothing to be made
 * durable at the next start, and of a cut that a kill interrupts nobody knows how much of it has reached the disk.
 */
async function lowerEnd(log: LogState, offset: number): Promise<void> {
  log.recent?.reset();
  log.endOffset = offset;
  log.highWatermark = Math.min(log.highWatermark, offset);
  if (log.recoveryPoint < offset) return;
  log.recoveryPoint = Math.min(offset, log.segments.floor(offset)?.baseOffset ?? offset);
  await log.context.keeper.recoveryPointLowered(log);
}

async function cutSegment(
  log: LogState,
  segment: Segment,
  offset: number,
  place: BatchPlace | undefined,
): Promise<void> {
  if (place !== undefined) {
    const lease = log.context.files.lease(segment.log);
    try {
      await lease.file.truncate(place.position);
    } finally {
      lease.release();
    }
  }
  await segment.offsetIndex.truncateTo(offset);
  await segment.timeIndex.truncateTo(offset);
  if (place === undefined) return;
  segment.noteTruncated(place.position);
  if (segment.size > 0) {
    const largest = await findLargestTimestamp(log.context.files, segment);
    segment.noteMaxTimestamp(largest.timestamp, largest.offset);
  }
  // The recovery point vouches for the indexes as well, and may lie at the cut already.
  await syncSegment(log, segment);
}

async function restartAt(log: LogState, offset: number, logStartOffset: number): Promise<void> {
  await whileTruncating(log, async () => {
    await lowerEnd(log, Math.min(offset, log.logStartOffset));
    const old = log.segments.all.slice();
    // The old files must be out of the way before new ones can take their names.
    await removeSegments(log, old.toReversed());
    const segment = beginSegment(log, offset);
    segment.noteMaxTimestamp(NO_TIMESTAMP, offset);
    log.segments.replace(old, segment);
    log.epochs.clear();
    log.epochsDirty = true;
    await writeEpochs(log);
    await removeSnapshots(log, log.snapshots);
    log.producers.reset(offset);
    log.logStartOffset = logStartOffset;
    log.endOffset = offset;
    log.highWatermark = offset;
    log.recoveryPoint = offset;
    await log.context.disk.syncDirectory(log.directory);
    log.namesDirty = false;
  });
}
