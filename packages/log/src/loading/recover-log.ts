import type { LogState } from '../log/log-state.ts';
import { loadProducers } from '../log/rebuild-producers.ts';
import { removeSegments } from '../log/remove-segments.ts';
import { writeSnapshot } from '../log/snapshots.ts';
import { CorruptLogError } from '../log-error.ts';
import { SCAN_BYTES, scanHeaders, scanLater } from '../segments/batch-scan.ts';
import type { Segment } from '../segments/segment.ts';
import { findLargestTimestamp } from '../segments/timestamps.ts';
import { nextOffsetOf } from './last-offset.ts';
import type { NoteFinding } from './load-log.ts';
import { prepareActive } from './prepare-active.ts';
import { recoverSegment } from './recover-segment.ts';

/** What is known of the process that had the log before. */
export interface RecoveryFacts {
  /** Whether it closed everything. */
  readonly cleanShutdown: boolean;
  /** Offset up to which it had compacted the log. */
  readonly cleanedUpTo: number;
}

/**
 * Finds the end of a log whose segments have just been opened. After a clean stop that takes one look at the last
 * segment; otherwise everything past the recovery point is read and checked, and cut at the first byte that is not sound.
 *
 * Source: `LogLoader.recoverLog`.
 *
 * @throws CorruptLogError bytes below the recovery point are damaged; nothing was changed.
 */
export async function recoverLog(
  log: LogState,
  { cleanShutdown, cleanedUpTo }: RecoveryFacts,
  note: NoteFinding,
): Promise<void> {
  const { segments } = log;
  const firstRead = cleanShutdown ? segments.count : Math.max(0, segments.indexOf(log.recoveryPoint));
  for (const segment of segments.all.slice(0, firstRead)) {
    if (segment.areIndexesBroken) await rebuildIndexes(log, segment, note);
  }
  if (!cleanShutdown) await recoverFrom(log, firstRead, cleanedUpTo, note);
  await prepareActive(log.context, segments.active);
  if (cleanShutdown) log.endOffset = await nextOffsetOf(log.context.files, segments.active);
  if (log.endOffset < log.logStartOffset) await startOver(log);
}

/** Makes the indexes of a segment anew for the part that is not read otherwise: rare enough to read it after all. */
async function rebuildIndexes(
  log: LogState,
  segment: Segment,
  note: NoteFinding,
  end: number = segment.size,
): Promise<void> {
  note('index-rebuilt', segment.offsetIndex.entries.file.path, 0, 'an index was missing or damaged', 0);
  await clearIndexes(log, segment);
  const { files } = log.context;
  const { indexIntervalBytes } = log.config;
  const target = { files, indexIntervalBytes, epochs: log.epochs, producers: undefined, end };
  const { position, reason } = await recoverSegment(segment, 0, segment.baseOffset, target);
  if (reason !== undefined) throw new CorruptLogError(segment.log.path, position, reason);
  segment.offsetIndex.entries.persist();
  segment.timeIndex.entries.persist();
}

async function clearIndexes(log: LogState, segment: Segment): Promise<void> {
  await segment.offsetIndex.clear();
  await segment.timeIndex.clear();
  for (const { entries } of [segment.offsetIndex, segment.timeIndex]) {
    await log.context.files.get(entries.file).truncate(0);
  }
  segment.areIndexesBroken = false;
}

async function recoverFrom(log: LogState, first: number, cleanedUpTo: number, note: NoteFinding): Promise<void> {
  const { files } = log.context;
  const { indexIntervalBytes } = log.config;
  for (let index = first; index < log.segments.count; index++) {
    const segment = log.segments.at(index) as Segment;
    const start = await findStart(log, segment, note);
    if (index === first) {
      log.endOffset = start.nextOffset;
      await loadProducers(log, { segment, position: start.position });
    } else {
      log.producers.advanceTo(segment.baseOffset);
      writeSnapshot(log);
    }
    const target = { files, indexIntervalBytes, epochs: log.epochs, producers: log.producers };
    const end = await recoverSegment(segment, start.position, start.nextOffset, target);
    segment.offsetIndex.entries.persist();
    segment.timeIndex.entries.persist();
    log.endOffset = end.nextOffset;
    if (end.hasNewEpochs) log.epochsDirty = true;
    const reason = end.reason ?? gapBehind(log, segment, end.nextOffset, cleanedUpTo);
    if (reason === undefined) continue;
    await cutTail(log, segment, end.position, reason, note);
    break;
  }
  if (log.endOffset >= log.recoveryPoint) return;
  const { active } = log.segments;
  const reason = `the log ends at offset ${log.endOffset}, ${log.recoveryPoint} was to be durable`;
  note('end-before-recovery-point', active.log.path, active.size, reason, 0);
}

/**
 * Why the segment behind this one does not continue it; undefined if it does. A crash can lose the end of one segment and
 * keep the next: what follows is no prefix of the log any more. Only compaction leaves such gaps on purpose.
 */
function gapBehind(log: LogState, segment: Segment, nextOffset: number, cleanedUpTo: number): string | undefined {
  const following = log.segments.nextBaseOffset(segment);
  if (following === undefined || following <= nextOffset || following <= cleanedUpTo) return undefined;
  return `the segment ends before offset ${nextOffset}, the next one begins with ${following}`;
}

interface RecoveryStart {
  readonly position: number;
  readonly nextOffset: number;
}

/**
 * Where to begin reading a segment: at its first batch, or at the recovery point if that lies further on. The indexes
 * are left with what lies before. @throws CorruptLogError the way there is damaged.
 */
async function findStart(log: LogState, segment: Segment, note: NoteFinding): Promise<RecoveryStart> {
  const { recoveryPoint } = log;
  if (recoveryPoint <= segment.baseOffset) {
    await clearIndexes(log, segment);
    return { position: 0, nextOffset: segment.baseOffset };
  }
  if (!segment.areIndexesBroken) await trustIndexes(segment, recoveryPoint);
  const start = await walkTo(log, segment, recoveryPoint);
  if (segment.areIndexesBroken) {
    await rebuildIndexes(log, segment, note, start.position);
    return start;
  }
  const largest = await findLargestTimestamp(log.context.files, segment, start.position);
  segment.noteMaxTimestamp(largest.timestamp, largest.offset);
  return start;
}

/** Cuts the indexes at the recovery point; what lies before has to hold together. */
async function trustIndexes(segment: Segment, recoveryPoint: number): Promise<void> {
  const { offsetIndex, timeIndex } = segment;
  // One index at a time: those that Apache preallocates are large, and two may be more than the cache holds.
  await offsetIndex.entries.whileLoaded(() => {
    // A crash may have left zeros behind the last entry; the first of them ends the sound part.
    const sound = offsetIndex.countSound(segment.size);
    segment.areIndexesBroken = sound === 0 && offsetIndex.entries.count > 0;
    return offsetIndex.keepFirst(sound);
  });
  await offsetIndex.truncateTo(recoveryPoint);
  await timeIndex.entries.whileLoaded(() => timeIndex.keepFirst(timeIndex.countSound()));
  await timeIndex.truncateTo(recoveryPoint);
}

/** Walks over the headers from the last index entry to the recovery point. */
async function walkTo(log: LogState, segment: Segment, recoveryPoint: number): Promise<RecoveryStart> {
  const { offsetIndex, size } = segment;
  const from = offsetIndex.positionBefore(recoveryPoint);
  let nextOffset = segment.baseOffset;
  let position = from;
  const lease = log.context.files.lease(segment.log);
  try {
    const scan = scanHeaders(segment.log.path, from, size, new Uint8Array(SCAN_BYTES), (batch, at) => {
      if (nextOffset >= recoveryPoint || batch.lastOffset >= recoveryPoint) return false;
      ({ nextOffset } = batch);
      position = at + batch.size;
      return nextOffset < recoveryPoint;
    });
    await scanLater(lease.file, scan);
  } finally {
    lease.release();
  }
  if (position <= size) return { position, nextOffset: Math.max(nextOffset, segment.baseOffset) };
  throw new CorruptLogError(segment.log.path, size, `a batch below the recovery point goes on to byte ${position}`);
}

async function cutTail(
  log: LogState,
  segment: Segment,
  position: number,
  reason: string,
  note: NoteFinding,
): Promise<void> {
  const later = log.segments.all.slice(log.segments.all.indexOf(segment) + 1);
  if (later.length > 0) {
    for (const { log: file, size } of later) {
      note('segments-dropped', file.path, 0, `${segment.log.path} comes before, and ${reason}`, size);
    }
    log.segments.replace(later, undefined);
    await removeSegments(log, later.toReversed());
  }
  if (position === segment.size) return;
  note('tail-cut', segment.log.path, position, reason, segment.size - position);
  const file = log.context.files.get(segment.log);
  await file.truncate(position);
  await file.sync();
  segment.size = position;
  segment.warmFrom = position;
}

/** The log ends before it begins: its records were deleted, and what is left of their segments can go too. */
async function startOver(log: LogState): Promise<void> {
  const old = log.segments.all.slice();
  log.segments.replace(old, undefined);
  await removeSegments(log, old.toReversed());
  log.epochs.clear();
  log.epochsDirty = true;
  log.producers.reset(log.logStartOffset);
}
