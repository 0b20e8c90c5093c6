import { OFFSET_INDEX_ENTRY_SIZE } from '../indexes/offset-index.ts';
import { TIME_INDEX_ENTRY_SIZE } from '../indexes/time-index.ts';
import type { LogContext } from '../log/log-context.ts';
import { rollJitterOf } from '../log/roll.ts';
import type { Segment } from '../segments/segment.ts';
import { filesOf, openSegment } from '../segments/segment-files.ts';
import type { FoundSegment } from './directory-scan.ts';
import type { LoadRequest } from './load-log.ts';

/** A segment that was found, and whether its indexes are to be made anew. */
export interface OpenedSegment {
  readonly segment: Segment;
  readonly isIndexMissing: boolean;
}

/** Segments over the files that were found, without opening those. Indexes that are missing are made, and empty. */
export function openFoundSegments(
  context: LogContext,
  { directory, config }: LoadRequest,
  found: readonly FoundSegment[],
): Segment[] {
  return found.map((files) => {
    const isIndexMissing = files.offsetIndexBytes === undefined || files.timeIndexBytes === undefined;
    const segment = openSegment(context, directory, {
      baseOffset: files.baseOffset,
      size: files.size,
      offsetIndexCount: isIndexMissing ? 0 : Math.floor((files.offsetIndexBytes ?? 0) / OFFSET_INDEX_ENTRY_SIZE),
      timeIndexCount: isIndexMissing ? 0 : Math.floor((files.timeIndexBytes ?? 0) / TIME_INDEX_ENTRY_SIZE),
      indexBytesMax: config.segmentIndexBytes,
      createdMs: context.clock.wallMs(),
      modifiedMs: files.modifiedMs,
      rollJitterMs: rollJitterOf({ config, context }),
    });
    if (isIndexMissing) {
      segment.areIndexesBroken = true;
      for (const file of filesOf(segment).slice(1))
        context.disk
          .open(file.path, 'create')
          .close()
          .catch(() => {});
    }
    return segment;
  });
}

/**
 * Whether a segment is one that Apache was writing to when it was killed: it maps the indexes of the active segment at
 * their greatest size into memory, and cuts them when the segment is closed. Ours are as long as what they hold.
 *
 * Source: `AbstractIndex`.
 */
export function hasPreallocatedIndexes(
  segment: FoundSegment | undefined,
  { segmentIndexBytes }: LoadRequest['config'],
): boolean {
  const isFull = (bytes: number | undefined, entrySize: number): boolean =>
    bytes === segmentIndexBytes - (segmentIndexBytes % entrySize);
  return (
    isFull(segment?.offsetIndexBytes, OFFSET_INDEX_ENTRY_SIZE) && isFull(segment?.timeIndexBytes, TIME_INDEX_ENTRY_SIZE)
  );
}
