import type { RecordBatch } from '@biquorum/kafka-wire';
import { segmentMsOf } from '../config/log-config.ts';
import { RecentBatches } from '../segments/recent-batches.ts';
import type { Segment } from '../segments/segment.ts';
import { noteTrailPassed } from './epoch-changes.ts';
import type { LogState } from './log-state.ts';
import { roll } from './roll.ts';

/** Whole batches that lie one after the other in memory, ready to be written as they are. */
export interface ReadyBatches {
  readonly bytes: Uint8Array;
  readonly firstOffset: number;
  readonly lastOffset: number;
  /** Largest timestamp in ms, and the last offset of the first batch that has it. */
  readonly maxTimestamp: number;
  readonly offsetOfMaxTimestamp: number;
}

/** The segment that the batches go into: the active one, or a new one if that must give way. */
export function segmentFor(log: LogState, batches: ReadyBatches, nowMs: number): Segment {
  const { config } = log;
  const { active } = log.segments;
  const rules = { segmentBytes: config.segmentBytes, segmentMs: segmentMsOf(config), nowMs };
  const mustRoll = active.mustRollBefore(batches.bytes.length, batches.lastOffset, batches.maxTimestamp, rules);
  // An empty segment gives way only where its offsets are too far from its base: another one would be no roomier.
  if (!mustRoll || (active.size === 0 && active.offsetIndex.canHold(batches.lastOffset))) return active;
  // Segments follow each other without a gap, even where their batches do not: so recovery knows that none is missing.
  const isNear = batches.lastOffset - log.endOffset <= RELATIVE_OFFSET_MAX;
  return roll(log, isNear ? log.endOffset : batches.firstOffset);
}

const RELATIVE_OFFSET_MAX = 0x7fff_ffff;

/**
 * Writes batches to the end of the log, into the page cache, and takes account of them. Producers and epochs are the
 * caller's. @throws LogStorageError the disk has failed; the log is unusable from now on.
 */
export function writeBatches(log: LogState, segment: Segment, batches: ReadyBatches, nowMs: number): void {
  const { bytes, lastOffset } = batches;
  const chunks = [bytes];
  log.attempt(() => {
    log.context.files.get(segment.log).write(segment.size, chunks);
    const { maxTimestamp, offsetOfMaxTimestamp } = batches;
    const appended = { chunks, byteLength: bytes.length, lastOffset, maxTimestamp, offsetOfMaxTimestamp };
    segment.noteAppended(appended, log.config.indexIntervalBytes, nowMs);
  });
  log.endOffset = lastOffset + 1;
  if (log.epochsTrail) noteTrailPassed(log);
  log.unflushedBytes += bytes.length;
  log.context.keeper.appended(log, bytes.length);
}

/** Remembers where a batch lies that was or is about to be written at `position` of the active segment. */
export function noteRecent(log: LogState, batch: RecordBatch, position: number): void {
  log.recent ??= new RecentBatches();
  const { baseOffset } = batch;
  log.recent.note(baseOffset, baseOffset + batch.lastOffsetDelta, position, batch.size);
}
