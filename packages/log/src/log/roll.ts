import { assert } from '@biquorum/std';
import type { Segment } from '../segments/segment.ts';
import { createSegment } from '../segments/segment-files.ts';
import type { LogState } from './log-state.ts';
import { writeSnapshot } from './snapshots.ts';

/**
 * Closes the active segment and begins the next one at `baseOffset`, at least the log end offset. Synchronous: making a
 * file costs microseconds. The closed segment is made durable in the background.
 *
 * Source: `LocalLog.roll`, `UnifiedLog.roll`.
 */
export function roll(log: LogState, baseOffset: number = log.endOffset): Segment {
  const { active } = log.segments;
  const base = Math.max(baseOffset, log.endOffset);
  assert(base > active.baseOffset, () => `log ${log.name} cannot begin segment ${base} behind ${active.baseOffset}`);
  active.sealTimeIndex();
  const segment = log.attempt(() => {
    active.offsetIndex.entries.persist();
    active.timeIndex.entries.persist();
    return beginSegment(log, base);
  });
  log.segments.push(segment);
  log.recent?.reset();
  // A snapshot where a segment begins lets recovery of that segment begin with it.
  log.producers.advanceTo(base);
  writeSnapshot(log);
  log.context.telemetry.log('debug', 'segment rolled', { log: log.name, baseOffset: base });
  log.context.keeper.rolled(log);
  return segment;
}

/** Makes the files of a segment in the directory of the log. @throws DiskError */
export function beginSegment(log: LogState, baseOffset: number): Segment {
  const { context, config, directory } = log;
  log.namesDirty = true;
  return createSegment(context, directory, {
    baseOffset,
    indexBytesMax: config.segmentIndexBytes,
    createdMs: context.clock.wallMs(),
    rollJitterMs: rollJitterOf(log),
  });
}

/** Random time by which a segment is closed early. Source: `LogConfig.randomSegmentJitter`. */
export function rollJitterOf({ config, context }: Pick<LogState, 'config' | 'context'>): number {
  const bound = Math.min(config.segmentJitterMs, config.segmentMs);
  return bound === 0 ? 0 : context.random.uint32() % bound;
}
