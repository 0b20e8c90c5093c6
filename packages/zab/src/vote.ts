import type { NodeId } from '@biquorum/consensus';
import type { Notification, ServerState } from './messages.ts';

/** Whom somebody votes for, and on what grounds. */
export interface Candidate {
  readonly leader: NodeId;
  readonly zxid: number;
  readonly peerEpoch: number;
}

/** A vote as it was received. */
export interface Vote extends Candidate {
  readonly electionEpoch: number;
  readonly state: ServerState;
  /** That of the notification; 0 for votes cast while looking, as Java keeps them. */
  readonly version: number;
}

/**
 * The total order of fast leader election: the candidate with the newer epoch, then the longer history, then the larger
 * id is better (Java's totalOrderPredicate). Who weighs nothing is never better.
 */
export function isBetter(one: Candidate, other: Candidate, weightOf: (voter: NodeId) => number): boolean {
  if (weightOf(one.leader) === 0) return false;
  if (one.peerEpoch !== other.peerEpoch) return one.peerEpoch > other.peerEpoch;
  if (one.zxid !== other.zxid) return one.zxid > other.zxid;
  return one.leader > other.leader;
}

/**
 * Whether two votes agree (Java's Vote.equals): between servers that look, in everything; else only in the leader and
 * its epoch, for zxid and round may differ by when the follower joined (ZOOKEEPER-1732, ZOOKEEPER-1805); and with the
 * oldest servers only in the leader.
 */
export function agree(one: Vote, other: Vote): boolean {
  if (one.state === 'looking' && other.state === 'looking') {
    return (
      one.leader === other.leader &&
      one.zxid === other.zxid &&
      one.electionEpoch === other.electionEpoch &&
      one.peerEpoch === other.peerEpoch
    );
  }
  if (one.version > 0 !== other.version > 0) return one.leader === other.leader;
  return one.leader === other.leader && one.peerEpoch === other.peerEpoch;
}

/** The vote that a notification carries. */
export function voteOf({ leader, zxid, peerEpoch, electionEpoch, state, version }: Notification): Vote {
  return { leader, zxid, peerEpoch, electionEpoch, state, version: state === 'looking' ? 0 : version };
}
