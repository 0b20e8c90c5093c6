import { DiskError } from '@biquorum/platform';
import { SNAPSHOT_ENDING, segmentFileName } from '../names/file-names.ts';
import { formatProducerSnapshot } from '../producers/producer-snapshot.ts';
import type { LogState } from './log-state.ts';

/** Path of the producer snapshot at an offset. */
export function snapshotPath(directory: string, offset: number): string {
  return `${directory}/${segmentFileName(offset, SNAPSHOT_ENDING)}`;
}

/**
 * Writes what is known of the producers into a snapshot at the offset that it holds for, unless the newest one is as
 * new. It goes into the page cache; `syncSnapshots` makes it durable.
 *
 * Source: `ProducerStateManager.takeSnapshot`.
 */
export function writeSnapshot(log: LogState): void {
  const offset = log.producers.endOffset;
  if ((log.snapshots.at(-1) ?? log.logStartOffset) >= offset) return;
  log.attempt(() => {
    const bytes = formatProducerSnapshot(log.producers.entries());
    const file = log.context.disk.open(snapshotPath(log.directory, offset), 'create');
    try {
      file.write(0, [bytes]);
    } finally {
      file.close().catch(() => {});
    }
  });
  log.namesDirty = true;
  log.bytesSinceSnapshot = 0;
  log.snapshots.push(offset);
  log.unsyncedSnapshots.push(offset);
}

/** Makes durable the snapshots that were written since the last call. @throws DiskError (as rejection) */
export async function syncSnapshots(log: LogState): Promise<void> {
  const offsets = log.unsyncedSnapshots;
  log.unsyncedSnapshots = [];
  for (const offset of offsets) {
    if (!log.snapshots.includes(offset)) continue;
    const file = log.context.disk.open(snapshotPath(log.directory, offset), 'write');
    try {
      await file.sync();
    } finally {
      file.close().catch(() => {});
    }
  }
}

/**
 * Removes snapshots that stand neither at the beginning of a segment nor are the newest: a flush has left them, and a
 * later one has taken their place. Source: `ProducerStateManager.removeStraySnapshots`.
 */
export async function removePassedSnapshots(log: LogState): Promise<void> {
  const newest = log.snapshots.at(-1);
  const passed = log.snapshots.filter(
    (offset) => offset !== newest && log.segments.floor(offset)?.baseOffset !== offset,
  );
  if (passed.length > 0) await removeSnapshots(log, passed);
}

/** Removes producer snapshots at once. */
export async function removeSnapshots(log: LogState, offsets: readonly number[]): Promise<void> {
  const doomed = new Set(offsets);
  log.snapshots = log.snapshots.filter((offset) => !doomed.has(offset));
  for (const offset of doomed) {
    try {
      await log.context.disk.remove(snapshotPath(log.directory, offset));
    } catch (error) {
      if (!(error instanceof DiskError) || error.code !== 'not-found') throw error;
    }
  }
}
