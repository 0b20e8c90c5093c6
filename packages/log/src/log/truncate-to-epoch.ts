import type { LogState } from './log-state.ts';
import { truncateTo } from './truncate.ts';

/** A leader's answer about an epoch of its follower: the largest epoch up to it, and where that ends. */
export interface LeaderEpochEnd {
  /** Undefined if the leader knows no epoch. */
  readonly epoch: number | undefined;
  /** Undefined if the leader cannot tell. */
  readonly endOffset: number | undefined;
}

/** How far a follower got on its way back to where its log and its leader's part. */
export interface TruncationStep {
  /** Where the log ends now. */
  readonly endOffset: number;
  /** Whether the log is a prefix of the leader's now; otherwise the leader is to be asked about the newest epoch left. */
  readonly isComplete: boolean;
}

/**
 * Cuts a follower's log as far as an answer of its leader allows. An epoch in the answer that this log does not have
 * only leads to the end of the one below; the leader must be asked again.
 *
 * Source: KIP-279; `AbstractFetcherThread.getOffsetTruncationState`.
 */
export async function truncateToEpochEnd(log: LogState, leader: LeaderEpochEnd): Promise<TruncationStep> {
  const { offset, isComplete } = planTruncation(log, leader);
  await truncateTo(log, offset);
  return { endOffset: log.endOffset, isComplete };
}

function planTruncation(
  log: LogState,
  leader: LeaderEpochEnd,
): { readonly offset: number; readonly isComplete: boolean } {
  const { endOffset } = log;
  // What is below the high watermark is in every leader's log.
  if (leader.endOffset === undefined) return { offset: log.highWatermark, isComplete: true };
  const own = leader.epoch === undefined ? undefined : log.epochs.endOffsetFor(leader.epoch, endOffset);
  if (own === undefined) return { offset: Math.min(leader.endOffset, endOffset), isComplete: true };
  if (own.epoch !== leader.epoch) return { offset: Math.min(own.endOffset, endOffset), isComplete: false };
  return { offset: Math.min(own.endOffset, leader.endOffset, endOffset), isComplete: true };
}
