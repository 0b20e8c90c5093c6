import type { Segment } from '../segments/segment.ts';
import { loadLargestTimestamp } from '../segments/timestamps.ts';
import type { LogState } from './log-state.ts';
import { advanceLogStart } from './offsets.ts';
import { removeSegments } from './remove-segments.ts';
import { roll } from './roll.ts';

/** Whether a segment may go, as far as one rule is concerned; `next` is the base offset of the following one. */
type Rule = (segment: Segment, next: number | undefined) => boolean | Promise<boolean>;

/**
 * Removes the oldest segments that nobody needs any more: those before the log start offset, and with the `delete`
 * policy those that are too old or too many. Only whole segments go, and only below the high watermark. If all of them
 * go, an empty one is begun.
 *
 * Source: `UnifiedLog.deleteOldSegments`.
 *
 * @returns the number of segments removed.
 */
export function removeOldSegments(log: LogState): Promise<number> {
  return log.changes.run(() =>
    log.attemptLater(async () => {
      log.checkUsable();
      let removed = await removeWhile(log, 'log start offset', beforeStart(log));
      if (!log.config.delete) return removed;
      removed += await removeWhile(log, 'retention.bytes', bySize(log));
      removed += await removeWhile(log, 'retention.ms', byAge(log));
      return removed;
    }),
  );
}

function beforeStart(log: LogState): Rule {
  return (_, next) => next !== undefined && next <= log.logStartOffset;
}

function bySize(log: LogState): Rule {
  const { retentionBytes } = log.config;
  let surplus = retentionBytes < 0 ? -1 : log.segments.byteLength - retentionBytes;
  return ({ size }) => {
    if (surplus - size < 0) return false;
    surplus -= size;
    return true;
  };
}

function byAge(log: LogState): Rule {
  const { retentionMs } = log.config;
  const nowMs = log.context.clock.wallMs();
  return async (segment) => {
    if (retentionMs < 0) return false;
    await loadLargestTimestamp(log.context.files, segment);
    return nowMs - segment.retentionTimestamp > retentionMs;
  };
}

async function removeWhile(log: LogState, reason: string, rule: Rule): Promise<number> {
  const doomed: Segment[] = [];
  for (const segment of log.segments.all.slice()) {
    const next = log.segments.nextBaseOffset(segment);
    if (log.highWatermark < (next ?? log.endOffset) || !(await rule(segment, next))) break;
    if (next === undefined && segment.size === 0) break;
    doomed.push(segment);
  }
  const last = doomed.at(-1);
  if (last === undefined) return 0;
  if (last === log.segments.active) {
    // Something may have been appended while the rule looked at older segments.
    if (log.highWatermark < log.endOffset) doomed.pop();
    else roll(log);
  }
  if (doomed.length === 0) return 0;
  const start = log.segments.nextBaseOffset(doomed.at(-1) as Segment) as number;
  advanceLogStart(log, start);
  log.segments.replace(doomed, undefined);
  const { telemetry } = log.context;
  telemetry.log('info', 'segments removed', { log: log.name, reason, count: doomed.length, logStartOffset: start });
  await removeSegments(log, doomed);
  return doomed.length;
}
