import type { LogShape } from '../log-shape.ts';
import type { ZabOptions } from '../options.ts';
import { counterOf, epochOf } from '../zxid.ts';

/** How a learner is brought to the leader's history. */
export interface SyncChoice {
  readonly kind: 'diff' | 'trunc' | 'snap';
  /** What the packet says: the last committed, or where to cut. */
  readonly zxid: number;
  /** Committed transactions follow from the one after this zxid on. */
  readonly from: number;
}

/** What the choice depends on besides the log. */
export interface SyncFacts {
  /** The learner's last zxid. */
  readonly peer: number;
  /** The last that the leader has committed. */
  readonly max: number;
  /** The newest snapshot at hand; null when there is none. */
  readonly snapshot: { readonly zxid: number; readonly size: number } | null;
}

type Settings = Pick<ZabOptions, 'forceSnapshotSync' | 'commitLogCount' | 'snapshotSizeFactor'>;

/**
 * ZooKeeper's choice (LearnerHandler.syncFollower), the first that matches:
 *
 * | the learner's last zxid                                       | action                                      |
 * | ------------------------------------------------------------- | ------------------------------------------- |
 * | is the leader's last committed                                | DIFF, nothing follows                       |
 * | is beyond it, and a transaction's                             | TRUNC to the last committed                 |
 * | stands in the log, or starts an epoch (counter 0) in its range | DIFF, and what comes after                  |
 * | is not in the log, and the next one is of the same epoch      | TRUNC to the one before, and what comes after |
 * | anything else, or too much would have to follow               | SNAP                                        |
 */
export function chooseSync(log: LogShape, facts: SyncFacts, settings: Settings): SyncChoice {
  const { peer, max } = facts;
  const snap: SyncChoice = { kind: 'snap', zxid: facts.snapshot?.zxid ?? 0, from: facts.snapshot?.zxid ?? 0 };
  const startsEpoch = counterOf(peer) === 0;
  if (settings.forceSnapshotSync) return snap;
  if (peer === max) return { kind: 'diff', zxid: peer, from: peer };
  if (peer > max) return startsEpoch ? snap : { kind: 'trunc', zxid: max, from: max };
  if (peer < log.startZxid || isTooMuch(log, facts, settings)) return snap;
  if (log.holds(peer) || startsEpoch) return { kind: 'diff', zxid: max, from: peer };
  const next = log.next(peer);
  // A learner may have a snapshot at each start of an epoch, and cannot cut below that.
  if (next === null || epochOf(next) !== epochOf(peer)) return snap;
  const before = log.previous(peer);
  return { kind: 'trunc', zxid: before, from: before };
}

function isTooMuch(log: LogShape, { peer, snapshot }: SyncFacts, settings: Settings): boolean {
  const { count, bytes } = log.after(peer);
  if (count <= settings.commitLogCount || snapshot === null) return false;
  return bytes > settings.snapshotSizeFactor * snapshot.size;
}
