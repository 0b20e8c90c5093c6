import type { Segment } from '../segments/segment.ts';
import { writeEpochs } from './epoch-changes.ts';
import type { LogState } from './log-state.ts';
import { removePassedSnapshots, syncSnapshots, writeSnapshot } from './snapshots.ts';

/** Flushes if `flush.messages` asks for it. Returns when it will have happened. */
export function flushIfDue(log: LogState): Promise<void> | undefined {
  return log.endOffset - log.recoveryPoint >= log.config.flushMessages ? flush(log) : undefined;
}

/**
 * Makes everything durable that the log holds now, and moves the recovery point. Calls that come while a flush is
 * under way share the next one.
 *
 * Source: `UnifiedLog.flush`.
 */
export function flush(log: LogState): Promise<void> {
  if (log.nextFlush !== undefined) return log.nextFlush;
  let begun = false;
  const flushed = log.flushes.run(() => {
    begun = true;
    log.nextFlush = undefined;
    return log.attemptLater(() => flushNow(log));
  });
  if (!begun) log.nextFlush = flushed;
  return flushed;
}

/** Bytes of log that recovery may have to look through for producers, beyond what it reads anyway. */
const SNAPSHOT_INTERVAL_BYTES = 4 << 20;

/** Whether nothing was appended or changed since the last flush. */
function isFlushed(log: LogState): boolean {
  const { offsetIndex, timeIndex } = log.segments.active;
  const pending = offsetIndex.entries.pending + timeIndex.entries.pending;
  if (log.unsyncedSnapshots.length > 0) return false;
  return log.recoveryPoint === log.endOffset && pending === 0 && !log.namesDirty && !log.epochsDirty;
}

async function flushNow(log: LogState): Promise<void> {
  if (log.closed || isFlushed(log)) return;
  const { endOffset, context } = log;
  const from = Math.max(0, log.segments.indexOf(log.recoveryPoint));
  const segments = log.segments.all.slice(from);
  context.keeper.flushing(log, log.unflushedBytes);
  log.bytesSinceSnapshot += log.unflushedBytes;
  log.unflushedBytes = 0;
  log.lastFlushMs = context.clock.monotonicMs();
  if (log.bytesSinceSnapshot >= SNAPSHOT_INTERVAL_BYTES && !log.truncating) writeSnapshot(log);
  // The recovery point vouches for the epochs and the snapshots too.
  await writeEpochs(log);
  await syncSnapshots(log);
  for (const segment of segments) {
    // Retention and compaction may take it out meanwhile; cuts wait until the flush has ended.
    if (log.segments.has(segment))
      await unlessGone(
        () => !log.segments.has(segment),
        () => syncSegment(log, segment),
      );
  }
  if (log.namesDirty) {
    log.namesDirty = false;
    await context.disk.syncDirectory(log.directory);
  }
  await removePassedSnapshots(log);
  log.recoveryPoint = Math.max(log.recoveryPoint, endOffset);
}

/** Runs a step on files that may be removed under it. */
async function unlessGone(isGone: () => boolean, step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    if (!isGone()) throw error;
  }
}

/**
 * Makes a segment durable as it is now, indexes included. The time index gets the largest timestamp so far: nobody looks
 * for it in the log once the recovery point has passed.
 */
export async function syncSegment(log: LogState, segment: Segment): Promise<void> {
  segment.sealTimeIndex();
  const { offsetIndex, timeIndex } = segment;
  offsetIndex.entries.persist();
  timeIndex.entries.persist();
  await Promise.all([log.context.files.sync(segment.log), offsetIndex.entries.sync(), timeIndex.entries.sync()]);
}
