import type { LogState } from '../log/log-state.ts';
import { removeSegments } from '../log/remove-segments.ts';
import { CLEANED_SUFFIX, SWAP_SUFFIX } from '../names/file-names.ts';
import type { Segment } from '../segments/segment.ts';
import { filesOf, openSegment, renameSegment } from '../segments/segment-files.ts';
import type { CompactedGroup } from './compaction.ts';

/**
 * Puts a compacted segment in the place of those it was made from. A crash at any moment leaves the old segments or the
 * new one, once the log is loaded again:
 *
 * 1. The new files take the suffix `.swap`, durably. Until then they are thrown away at the next start.
 * 2. The old files are marked as deleted, durably. From 1 on, the next start does that, and 3.
 * 3. The new files lose their suffix, the log file last.
 *
 * Source: `LocalLog.replaceSegments`.
 *
 * @returns false, with nothing changed, if the log is no longer what the compaction has read.
 */
export function swapGroup(
  log: LogState,
  group: CompactedGroup,
  sources: readonly Segment[],
  truncations: number,
): Promise<boolean> {
  return log.changes.run(async () => {
    if (log.closed || log.failure !== undefined || log.truncations !== truncations) return false;
    if (!sources.every((source) => log.segments.has(source))) return false;
    await log.attemptLater(() => swap(log, group, sources));
    return true;
  });
}

/** Removes the files of compacted segments that found no place. What is left over goes at the next start. */
export async function discardGroups(log: LogState, groups: readonly CompactedGroup[]): Promise<void> {
  if (log.failure !== undefined) return;
  for (const group of groups) {
    for (const { path } of filesOf(segmentOf(log, group, CLEANED_SUFFIX))) await log.context.disk.removeTree(path);
  }
}

async function swap(log: LogState, group: CompactedGroup, sources: readonly Segment[]): Promise<void> {
  const { disk, files } = log.context;
  const segment = segmentOf(log, group, CLEANED_SUFFIX);
  // While a file changes its name, readers must not look for it under either.
  const pins = filesOf(segment).map((file) => files.pin(file));
  try {
    await renameSegment(disk, segment, CLEANED_SUFFIX, SWAP_SUFFIX);
    await disk.syncDirectory(log.directory);
    log.segments.replace(sources, segment);
    await removeSegments(log, sources, group.baseOffset);
    await renameSegment(disk, segment, SWAP_SUFFIX, '', 'log-last');
    await disk.syncDirectory(log.directory);
  } finally {
    for (const unpin of pins) unpin();
  }
}

function segmentOf(log: LogState, group: CompactedGroup, suffix: string): Segment {
  const { context, config, directory } = log;
  const { baseOffset, size, offsetIndexCount, timeIndexCount, modifiedMs } = group;
  return openSegment(
    context,
    directory,
    {
      baseOffset,
      size,
      offsetIndexCount,
      timeIndexCount,
      modifiedMs,
      indexBytesMax: config.segmentIndexBytes,
      createdMs: context.clock.wallMs(),
      rollJitterMs: 0,
    },
    suffix,
  );
}
