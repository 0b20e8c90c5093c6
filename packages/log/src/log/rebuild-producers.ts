import { BatchCursor } from '@biquorum/kafka-wire';
import { assert } from '@biquorum/std';
import { ProducerChanges } from '../append/producer-check.ts';
import { FileFault } from '../files/checkpoint-text.ts';
import { CorruptLogError } from '../log-error.ts';
import { parseProducerSnapshot } from '../producers/producer-snapshot.ts';
import type { Segment } from '../segments/segment.ts';
import { SegmentReader } from '../segments/segment-reader.ts';
import { locate } from './locate.ts';
import type { LogState } from './log-state.ts';
import { removeSnapshots, snapshotPath, writeSnapshot } from './snapshots.ts';

/** Bytes of a snapshot that are read at most: some millions of producers. */
const SNAPSHOT_BYTES_MAX = 512 << 20;

/** Up to where the batches of a log count. */
export interface ReplayLimit {
  readonly segment: Segment;
  /** Position in that segment. */
  readonly position: number;
}

/**
 * Brings the state of the producers to the end of the log and leaves a snapshot there.
 *
 * Source: `UnifiedLog.rebuildProducerState`.
 *
 * @param knownEmpty whether there were no producers up to somewhere behind the end: then there are none before it.
 */
export async function rebuildProducers(log: LogState, knownEmpty = false): Promise<void> {
  if (knownEmpty) {
    await removeForeignSnapshots(log);
    log.producers.reset(log.endOffset);
    return;
  }
  await loadProducers(log);
  writeSnapshot(log);
}

/**
 * Brings the state of the producers to the end of the log: from the newest snapshot that is not beyond it, and from the
 * batches that follow. Snapshots outside of the log are removed.
 *
 * Source: `ProducerStateManager.truncateAndReload`.
 *
 * @param limit where the end of the log lies, if not at the end of its last segment.
 */
export async function loadProducers(log: LogState, limit?: ReplayLimit): Promise<void> {
  await removeForeignSnapshots(log);
  await loadNewestSnapshot(log);
  if (log.producers.endOffset < log.endOffset) await replay(log, log.producers.endOffset, limit);
  log.producers.advanceTo(log.endOffset);
}

/** Removes the snapshots that lie outside of the log, durably: records of other producers will take their offsets. */
export async function removeForeignSnapshots(log: LogState): Promise<void> {
  const { endOffset, logStartOffset } = log;
  const outside = log.snapshots.filter((offset) => offset > endOffset || offset <= logStartOffset);
  if (outside.length === 0) return;
  await removeSnapshots(log, outside);
  await log.context.disk.syncDirectory(log.directory);
}

async function loadNewestSnapshot(log: LogState): Promise<void> {
  const { context } = log;
  for (;;) {
    const offset = log.snapshots.at(-1);
    if (offset === undefined) {
      log.producers.reset(log.logStartOffset);
      return;
    }
    const path = snapshotPath(log.directory, offset);
    try {
      const entries = parseProducerSnapshot(path, await context.disk.readWhole(path, SNAPSHOT_BYTES_MAX));
      log.producers.load(entries, offset, context.clock.wallMs(), context.producerIdExpirationMs);
      return;
    } catch (error) {
      if (!(error instanceof FileFault)) throw error;
      context.telemetry.log('warn', 'producer snapshot unusable', { log: log.name, path, error });
      await removeSnapshots(log, [offset]);
    }
  }
}

async function replay(log: LogState, fromOffset: number, limit: ReplayLimit | undefined): Promise<void> {
  const first = Math.max(0, log.segments.indexOf(fromOffset));
  for (const segment of log.segments.all.slice(first)) {
    if (limit !== undefined && segment.baseOffset > limit.segment.baseOffset) return;
    await replaySegment(log, segment, fromOffset, segment === limit?.segment ? limit.position : segment.size);
  }
}

async function replaySegment(log: LogState, segment: Segment, fromOffset: number, end: number): Promise<void> {
  const place = end === 0 ? undefined : await locate(log, segment, Math.max(fromOffset, segment.baseOffset), end);
  if (place === undefined) return;
  const reader = new SegmentReader(log.context.files, segment, place.position, end);
  try {
    for (;;) {
      const bytes = await reader.next();
      if (bytes === undefined) return;
      const changes = new ProducerChanges(log.producers, 'replication');
      const batches = new BatchCursor(bytes);
      while (batches.next()) {
        const refusal = changes.add(batches.batch);
        if (refusal === undefined) continue;
        throw new CorruptLogError(segment.log.path, reader.position + batches.batch.position, refusal.message);
      }
      changes.apply();
      assert(batches.fault === undefined, () => `reader of ${segment.log.path} gave half a batch`);
    }
  } finally {
    reader.close();
  }
}
