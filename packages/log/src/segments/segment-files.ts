import type { Disk } from '@biquorum/platform';
import type { LogFile } from '../handles/open-files.ts';
import type { IndexContext } from '../indexes/index-file.ts';
import { OffsetIndex } from '../indexes/offset-index.ts';
import { TimeIndex } from '../indexes/time-index.ts';
import { LOG_ENDING, OFFSET_INDEX_ENDING, segmentFileName, TIME_INDEX_ENDING } from '../names/file-names.ts';
import { Segment } from './segment.ts';

/** What the segments of a log have in common. */
export interface SegmentEnvironment {
  readonly disk: Disk;
  readonly indexes: IndexContext;
}

/** The state of a segment's files, as found on disk or as they are made. */
export interface SegmentFacts {
  readonly baseOffset: number;
  /** Bytes of log. */
  readonly size: number;
  readonly offsetIndexCount: number;
  readonly timeIndexCount: number;
  readonly indexBytesMax: number;
  readonly createdMs: number;
  readonly modifiedMs: number;
  readonly rollJitterMs: number;
}

/** A segment over files that are there. */
export function openSegment(
  { indexes }: SegmentEnvironment,
  directory: string,
  facts: SegmentFacts,
  suffix = '',
): Segment {
  const { baseOffset, indexBytesMax } = facts;
  const fileOf = (ending: string): LogFile => ({ path: `${directory}/${segmentFileName(baseOffset, ending, suffix)}` });
  const { offsetIndexCount, timeIndexCount, ...rest } = facts;
  return new Segment({
    ...rest,
    log: fileOf(LOG_ENDING),
    offsetIndex: new OffsetIndex(indexes, fileOf(OFFSET_INDEX_ENDING), baseOffset, indexBytesMax, offsetIndexCount),
    timeIndex: new TimeIndex(indexes, fileOf(TIME_INDEX_ENDING), baseOffset, indexBytesMax, timeIndexCount),
  });
}

/** What a new segment needs to know. */
export type NewSegmentFacts = Pick<SegmentFacts, 'baseOffset' | 'indexBytesMax' | 'createdMs' | 'rollJitterMs'>;

/** Makes the files of a new, empty segment. @throws DiskError `exists` if one of them is there. */
export function createSegment(
  environment: SegmentEnvironment,
  directory: string,
  facts: NewSegmentFacts,
  suffix = '',
): Segment {
  const empty = { modifiedMs: facts.createdMs, size: 0, offsetIndexCount: 0, timeIndexCount: 0 };
  const segment = openSegment(environment, directory, { ...facts, ...empty }, suffix);
  for (const file of filesOf(segment)) environment.indexes.files.create(file);
  return segment;
}

/** The files of a segment, the log first. */
export function filesOf(segment: Segment): readonly LogFile[] {
  return [segment.log, segment.offsetIndex.entries.file, segment.timeIndex.entries.file];
}

/** Closes the files of a segment and gives up its memory. */
export function closeSegment({ indexes }: SegmentEnvironment, segment: Segment): void {
  segment.evict();
  indexes.files.close(segment.log);
  segment.offsetIndex.entries.close();
  segment.timeIndex.entries.close();
}

/**
 * Puts another suffix in place of the present one on all files of a segment. Names are durable only after a sync.
 *
 * @param order whether the log goes first, so that what a crash leaves of a segment that goes are orphaned indexes; or
 *   last, so that a segment that comes is not seen before its indexes are.
 */
export async function renameSegment(
  disk: Disk,
  segment: Segment,
  oldSuffix: string,
  newSuffix: string,
  order: 'log-first' | 'log-last' = 'log-first',
): Promise<void> {
  const files = order === 'log-first' ? filesOf(segment) : filesOf(segment).toReversed();
  for (const file of files) {
    const path = file.path.slice(0, file.path.length - oldSuffix.length) + newSuffix;
    await disk.rename(file.path, path);
    file.path = path;
  }
}
