import type { CompactionInput, SourceSegment } from './compaction.ts';

const RELATIVE_OFFSET_MAX = 0x7fff_ffff;

/**
 * Groups segments that stand side by side so that each group fits into one segment, even if compaction dropped nothing:
 * many small segments become few large ones.
 *
 * Source: `Cleaner.groupSegmentsBySize`.
 */
export function groupSegments(
  segments: readonly SourceSegment[],
  limits: Pick<CompactionInput, 'segmentBytes' | 'segmentIndexBytes' | 'firstUncleanableOffset'>,
): SourceSegment[][] {
  const groups: SourceSegment[][] = [];
  let group: SourceSegment[] = [];
  let size = 0;
  let offsetIndexBytes = 0;
  let timeIndexBytes = 0;
  for (const [index, segment] of segments.entries()) {
    const lastOffset = (segments[index + 1]?.baseOffset ?? limits.firstUncleanableOffset) - 1;
    const base = group[0]?.baseOffset ?? segment.baseOffset;
    const fits =
      size + segment.size <= limits.segmentBytes &&
      offsetIndexBytes + segment.offsetIndexBytes <= limits.segmentIndexBytes &&
      timeIndexBytes + segment.timeIndexBytes <= limits.segmentIndexBytes &&
      (segment.size === 0 || lastOffset - base <= RELATIVE_OFFSET_MAX);
    if (group.length > 0 && !fits) {
      groups.push(group);
      group = [];
      size = 0;
      offsetIndexBytes = 0;
      timeIndexBytes = 0;
    }
    group.push(segment);
    size += segment.size;
    offsetIndexBytes += segment.offsetIndexBytes;
    timeIndexBytes += segment.timeIndexBytes;
  }
  if (group.length > 0) groups.push(group);
  return groups;
}
