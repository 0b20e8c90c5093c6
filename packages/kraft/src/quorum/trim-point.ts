import type { Position } from '@biquorum/consensus';
import type { HeldSnapshot } from './snapshot-directory.ts';

/**
 * Up to where old log and snapshots may go: the cut of a snapshot, so that one is always left; null where nothing is to
 * go.
 *
 * Source: Java `KafkaMetadataLog.cleanSnapshotsRetentionSize`, `cleanSnapshotsRetentionMs`.
 *
 * @param snapshots the oldest first
 */
export function trimPoint(
  snapshots: readonly HeldSnapshot[],
  logBytes: number,
  limits: { readonly retentionBytes: number; readonly retentionMs: number },
  nowMs: number,
): Position | null {
  let total = logBytes;
  for (const { size } of snapshots) total += size;
  let start: Position | null = null;
  for (const [at, { size, lastContainedMs }] of snapshots.entries()) {
    const next = snapshots[at + 1];
    if (next === undefined) break;
    const tooLarge = limits.retentionBytes >= 0 && total > limits.retentionBytes;
    const tooOld = limits.retentionMs >= 0 && nowMs - lastContainedMs > limits.retentionMs;
    if (!tooLarge && !tooOld) break;
    total -= size;
    start = next.id;
  }
  return start;
}
