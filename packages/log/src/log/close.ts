import { closeSegment } from '../segments/segment-files.ts';
import { writeEpochs } from './epoch-changes.ts';
import { flush } from './flush.ts';
import type { LogState } from './log-state.ts';
import { writeSnapshot } from './snapshots.ts';

/**
 * Makes everything durable, as a clean stop needs it, and lets go of files and memory. Nothing can be asked of the log
 * afterwards. Source: `UnifiedLog.close`.
 */
export function closeLog(log: LogState): Promise<void> {
  return log.changes.run(async () => {
    if (log.closed) return;
    try {
      if (log.failure === undefined) {
        log.segments.active.sealTimeIndex();
        writeSnapshot(log);
        await flush(log);
      }
    } finally {
      await log.flushes.idle();
      await log.epochWrites.idle();
      log.closed = true;
      for (const segment of log.segments.all) closeSegment(log.context, segment);
    }
  });
}

/** Lets go of files and memory without writing anything: the log's directory is being removed, or its disk has failed. */
export function abandonLog(log: LogState): Promise<void> {
  return log.changes.run(async () => {
    await log.flushes.idle();
    await writeEpochs(log).catch(() => {});
    log.closed = true;
    for (const segment of log.segments.all) closeSegment(log.context, segment);
  });
}

/** Gives back the memory of a log that is not in use; it comes back by itself with the next append or read. */
export function evictLog(log: LogState): void {
  log.recent = undefined;
  for (const segment of log.segments.all) segment.evict();
}
