import type { NodeId } from '@biquorum/consensus';

/** How far one replica is, as its leader knows it. */
export interface Progress {
  readonly id: NodeId;
  readonly directory: string;
  /** End of what it acknowledged as durable, in this epoch; never falls. −1 until its first fetch. */
  matched: number;
  /**
   * When it last asked for anything, whatever came of it. A voter starts with the time of the election, so that it gets
   * its time to show up.
   */
  lastContactMs: number;
  /** When it last fetched from where the logs agree; −1 until then. */
  lastFetchMs: number;
  /** When it last had the whole log; −1 when never. */
  lastCaughtUpMs: number;
  /** The log end when it fetched last: whoever gets there has caught up as of that time. */
  endAtLastFetch: number;
  /** The high watermark in the last answer; for replicas that cannot say what they know. */
  toldHighWatermark: number;
}

/** A replica that has not been heard from. */
export function newProgress(id: NodeId, directory: string, nowMs: number): Progress {
  return {
    id,
    directory,
    matched: -1,
    lastContactMs: nowMs,
    lastFetchMs: -1,
    lastCaughtUpMs: -1,
    endAtLastFetch: Number.POSITIVE_INFINITY,
    toldHighWatermark: -1,
  };
}

/** Takes in a fetch that is consistent with the leader's log (Kafka: ReplicaState.updateFollowerState). */
export function acknowledge(progress: Progress, offset: number, logEnd: number, nowMs: number): void {
  if (offset >= logEnd) progress.lastCaughtUpMs = nowMs;
  else if (offset >= progress.endAtLastFetch) progress.lastCaughtUpMs = progress.lastFetchMs;
  progress.lastFetchMs = nowMs;
  progress.endAtLastFetch = logEnd;
  // Requests may arrive twice and out of order; within one epoch a consistent replica never loses what it had.
  progress.matched = Math.max(progress.matched, offset);
}
