import type { IsrOutcome } from '@biquorum/control-plane';
import {
  type BrokerEpoch,
  effectiveMinIsr,
  highWatermarkOf,
  type LeaderEpoch,
  NO_BROKER_EPOCH,
  type NodeId,
  type PartitionEpoch,
} from '@biquorum/metadata';
import { assert } from '@biquorum/std';
import { type FollowerFetch, FollowerProgress } from './follower-progress.ts';

/** What a leader starts with, and is told again when ISR or replicas change under the same leader epoch. */
export interface LeadershipState {
  readonly leaderEpoch: LeaderEpoch;
  readonly partitionEpoch: PartitionEpoch;
  readonly replicas: readonly NodeId[];
  readonly isr: readonly NodeId[];
  readonly recovering: boolean;
}

/** An ISR to propose, with the broker epoch under which each member was last seen. */
export interface Proposal {
  readonly leaderEpoch: LeaderEpoch;
  readonly partitionEpoch: PartitionEpoch;
  readonly isr: readonly { readonly node: NodeId; readonly brokerEpoch: BrokerEpoch }[];
}

/** What a leader asks about the world. */
export interface LeadershipContext {
  readonly self: NodeId;
  /** `replica.lag.time.max.ms`. */
  readonly lagMsMax: number;
  /** May this replica be in an ISR now, seen under this epoch? */
  readonly isEligible: (node: NodeId, seenEpoch: BrokerEpoch) => boolean;
}

/**
 * One leadership of one partition: its followers, its ISR, its high watermark. Pure; the log is elsewhere.
 *
 * The ISR is the controller's to decide. While a proposal is on its way, the *maximal* ISR counts, the one with every
 * member that either answer could have: a follower that is about to join holds the high watermark back already, one
 * that is about to leave still does. At most one proposal is in flight. Source: KIP-497, Java `kafka.cluster.Partition`.
 *
 * Invariants: the high watermark never goes back; a record below it is on every member of the committed ISR.
 */
export class Leadership {
  readonly leaderEpoch: LeaderEpoch;
  /** Where this leadership's own records begin: only who has them is in sync with it. */
  readonly epochStart: number;
  readonly #context: LeadershipContext;
  readonly #followers: Map<NodeId, FollowerProgress> = new Map();
  #state: LeadershipState;
  #proposed: Proposal | undefined;
  /** The controller refused a proposal in a way that only its next decision resolves. */
  #awaitsDecision = false;
  #highWatermark: number;

  constructor(
    context: LeadershipContext,
    state: LeadershipState,
    log: { readonly end: number; readonly highWatermark: number },
    nowMs: number,
  ) {
    this.#context = context;
    this.leaderEpoch = state.leaderEpoch;
    this.epochStart = log.end;
    this.#state = state;
    this.#highWatermark = log.highWatermark;
    this.#keepFollowers(nowMs);
  }

  /** The ISR as the controller decided it. */
  get isr(): readonly NodeId[] {
    return this.#state.isr;
  }

  get replicas(): readonly NodeId[] {
    return this.#state.replicas;
  }

  get partitionEpoch(): PartitionEpoch {
    return this.#state.partitionEpoch;
  }

  get highWatermark(): number {
    return this.#highWatermark;
  }

  /** Is a proposal on its way? */
  get proposing(): boolean {
    return this.#proposed !== undefined;
  }

  /** Every member that the ISR may have at this moment. */
  get maximalIsr(): readonly NodeId[] {
    const { isr } = this.#state;
    if (this.#proposed === undefined) return isr;
    const proposed = this.#proposed.isr.map(({ node }) => node);
    return [...isr, ...proposed.filter((node) => !isr.includes(node))];
  }

  /** What is known of a follower; undefined when it is no replica. */
  follower(node: NodeId): FollowerProgress | undefined {
    return this.#followers.get(node);
  }

  /** Takes a new decision of the controller under the same leader epoch. Older ones change nothing. */
  decided(state: LeadershipState, nowMs: number): void {
    assert(
      state.leaderEpoch === this.leaderEpoch,
      () => `leadership ${this.leaderEpoch} cannot become ${state.leaderEpoch}`,
    );
    if (state.partitionEpoch <= this.#state.partitionEpoch) return;
    this.#state = state;
    this.#proposed = undefined;
    this.#awaitsDecision = false;
    this.#keepFollowers(nowMs);
  }

  /** A follower has fetched. False when it is no replica of this partition. */
  fetched(node: NodeId, fetch: FollowerFetch): boolean {
    const follower = this.#followers.get(node);
    if (follower === undefined) return false;
    follower.fetched(fetch);
    return true;
  }

  /**
   * Moves the high watermark up as far as the ISR allows; true when it moved.
   *
   * Besides the maximal ISR those are waited for who are caught up and may join at any moment: otherwise an ISR of one
   * would run ahead of a follower that never gets to the end to join. Below the minimum of in-sync replicas it stands.
   */
  advance(logEnd: number, minInsyncReplicas: number, nowMs: number): boolean {
    const { replicas, isr } = this.#state;
    if (isr.length < effectiveMinIsr(minInsyncReplicas, replicas.length)) return false;
    const counted = this.maximalIsr;
    const ends = [logEnd];
    for (const [node, follower] of this.#followers) {
      if (counted.includes(node) || this.#mayJoinSoon(node, follower, logEnd, nowMs)) ends.push(follower.logEnd);
    }
    const next = highWatermarkOf(ends, this.#highWatermark);
    if (next === this.#highWatermark) return false;
    this.#highWatermark = next;
    return true;
  }

  /** The ISR with a follower that has just fetched, if it may join and no proposal is in flight. */
  proposeExpansion(node: NodeId): Proposal | undefined {
    const follower = this.#followers.get(node);
    if (this.#blocked() || follower === undefined || this.#state.isr.includes(node)) return undefined;
    if (follower.logEnd < this.#highWatermark || follower.logEnd < this.epochStart) return undefined;
    if (!this.#context.isEligible(node, follower.brokerEpoch)) return undefined;
    return this.#propose([...this.#state.isr, node]);
  }

  /** The ISR without the followers that have fallen behind, if there are any and no proposal is in flight. */
  proposeShrink(logEnd: number, nowMs: number): Proposal | undefined {
    if (this.#blocked()) return undefined;
    const stays = this.#state.isr.filter((node) => {
      if (node === this.#context.self) return true;
      return this.#followers.get(node)?.isCaughtUp(logEnd, nowMs, this.#context.lagMsMax) ?? false;
    });
    return stays.length === this.#state.isr.length ? undefined : this.#propose(stays);
  }

  /** After an unclean election: this leader's log is now the truth, and it says so. */
  proposeRecovered(): Proposal | undefined {
    return this.#blocked() || !this.#state.recovering ? undefined : this.#propose(this.#state.isr);
  }

  /**
   * The controller has answered a proposal. Once a newer decision has settled it, an answer that comes late, from a
   * request that was repeated, says nothing of what was proposed since.
   *
   * @returns `retry` when the same question may be asked again now
   */
  answered(proposal: Proposal, outcome: IsrOutcome, nowMs: number): 'settled' | 'retry' {
    const isPending = this.#proposed === proposal;
    if (outcome.ok) {
      if (outcome.leaderEpoch === this.leaderEpoch) this.decided({ ...outcome, replicas: this.#state.replicas }, nowMs);
      if (isPending) this.#proposed = undefined;
      return 'settled';
    }
    if (!isPending) return 'settled';
    if (WAIT_FOR_DECISION.has(outcome.error)) {
      // The controller knows something that has not arrived here; until it does, the maximal ISR goes on to count.
      this.#awaitsDecision = true;
      return 'settled';
    }
    this.#proposed = undefined;
    return BACK_TO_COMMITTED.has(outcome.error) ? 'settled' : 'retry';
  }

  #blocked(): boolean {
    return this.#proposed !== undefined || this.#awaitsDecision;
  }

  #propose(isr: readonly NodeId[]): Proposal {
    this.#proposed = {
      leaderEpoch: this.leaderEpoch,
      partitionEpoch: this.#state.partitionEpoch,
      isr: isr.map((node) => ({ node, brokerEpoch: this.#followers.get(node)?.brokerEpoch ?? NO_BROKER_EPOCH })),
    };
    return this.#proposed;
  }

  #mayJoinSoon(node: NodeId, follower: FollowerProgress, logEnd: number, nowMs: number): boolean {
    return (
      follower.isCaughtUp(logEnd, nowMs, this.#context.lagMsMax) && this.#context.isEligible(node, follower.brokerEpoch)
    );
  }

  #keepFollowers(nowMs: number): void {
    const { replicas, isr } = this.#state;
    for (const node of this.#followers.keys()) if (!replicas.includes(node)) this.#followers.delete(node);
    for (const node of replicas) {
      if (node === this.#context.self || this.#followers.has(node)) continue;
      this.#followers.set(node, new FollowerProgress(isr.includes(node), nowMs));
    }
  }
}

/** Only the controller's next decision tells what became of the proposal. Source: KIP-497, `Partition.handleAlterPartitionError`. */
const WAIT_FOR_DECISION: ReadonlySet<string> = new Set([
  'UNKNOWN_TOPIC_OR_PARTITION',
  'UNKNOWN_TOPIC_ID',
  'FENCED_LEADER_EPOCH',
  'INVALID_UPDATE_VERSION',
  'INVALID_REQUEST',
  'NEW_LEADER_ELECTED',
]);

/** The proposal is known to have been refused: the committed ISR holds. */
const BACK_TO_COMMITTED: ReadonlySet<string> = new Set(['INELIGIBLE_REPLICA', 'OPERATION_NOT_ATTEMPTED']);
