import { DiskError } from '@biquorum/platform';
import { DELETED_SUFFIX, segmentFileName, TRANSACTION_INDEX_ENDING } from '../names/file-names.ts';
import type { Segment } from '../segments/segment.ts';
import { closeSegment, filesOf, renameSegment } from '../segments/segment-files.ts';
import type { LogState } from './log-state.ts';
import { snapshotPath } from './snapshots.ts';

/**
 * Marks the files of segments as `.deleted`, one segment after the other in the given order, each durably before the
 * next: after a crash only the last ones can be found again, and the log has no hole. The files go after
 * `file.delete.delay.ms`, so that readers of copied names and hard links have time.
 *
 * The segments are no longer in the log, or will leave it before anybody looks.
 *
 * @param keptSnapshot base offset of a segment that is replaced, whose snapshot stays.
 */
export async function removeSegments(
  log: LogState,
  segments: readonly Segment[],
  keptSnapshot?: number,
): Promise<void> {
  const { disk, keeper } = log.context;
  for (const segment of segments) {
    await renameSegment(disk, segment, '', DELETED_SUFFIX);
    closeSegment(log.context, segment);
    const paths = filesOf(segment).map(({ path }) => path);
    paths.push(...(await setAsideCompanions(log, segment.baseOffset, segment.baseOffset === keptSnapshot)));
    await disk.syncDirectory(log.directory);
    keeper.removeLater(log, paths, log.config.fileDeleteDelayMs);
  }
}

/** Marks the snapshot at a segment's base offset as deleted, and the transaction index that another broker has made. */
async function setAsideCompanions(log: LogState, baseOffset: number, keepsSnapshot: boolean): Promise<string[]> {
  const paths: string[] = [];
  if (!keepsSnapshot && log.snapshots.includes(baseOffset)) {
    log.snapshots = log.snapshots.filter((offset) => offset !== baseOffset);
    paths.push(snapshotPath(log.directory, baseOffset));
  }
  paths.push(`${log.directory}/${segmentFileName(baseOffset, TRANSACTION_INDEX_ENDING)}`);
  const renamed: string[] = [];
  for (const path of paths) {
    try {
      await log.context.disk.rename(path, path + DELETED_SUFFIX);
      renamed.push(path + DELETED_SUFFIX);
    } catch (error) {
      if (!(error instanceof DiskError) || error.code !== 'not-found') throw error;
    }
  }
  return renamed;
}
