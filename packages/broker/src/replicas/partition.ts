import type { IsrOutcome, ReplicaChange } from '@biquorum/control-plane';
import type { LeaderAppendResult, Log } from '@biquorum/log';
import {
  effectiveMinIsr,
  type LeaderEpoch,
  NO_LEADER,
  type NodeId,
  type PartitionEpoch,
  type TopicId,
} from '@biquorum/metadata';
import type { FollowerFetch } from './follower-progress.ts';
import { Leadership, type LeadershipContext, type LeadershipState, type Proposal } from './leadership.ts';
import { Waiters } from './waiters.ts';

/** What a partition tells the replica manager. */
export interface PartitionOwner {
  /** The leader wants this ISR; the answer goes to {@link Partition.answered}. */
  propose(partition: Partition, proposal: Proposal): void;
  /** `min.insync.replicas` of the topic. */
  minInsyncReplicas(partition: Partition): number;
  nowMs(): number;
}

/** Names of Kafka's errors for a replica that cannot serve. */
export type RoleError =
  | 'NOT_LEADER_OR_FOLLOWER'
  | 'FENCED_LEADER_EPOCH'
  | 'UNKNOWN_LEADER_EPOCH'
  | 'KAFKA_STORAGE_ERROR';

/**
 * A replica on this broker: its log, and the role that the cluster gives it. Roles change in {@link Partition.lead} and
 * {@link Partition.follow} only; between two changes the leader epoch stands. Source: Java `kafka.cluster.Partition`.
 */
export class Partition {
  readonly topic: string;
  readonly topicId: TopicId;
  readonly index: number;
  readonly log: Log;
  /** Those who wait for the high watermark, or for records to read. */
  readonly waiters: Waiters = new Waiters();
  readonly #owner: PartitionOwner;
  readonly #context: LeadershipContext;
  #leadership: Leadership | undefined;
  #leader: NodeId = NO_LEADER;
  #leaderEpoch: LeaderEpoch = -1 as LeaderEpoch;
  #partitionEpoch: PartitionEpoch = -1 as PartitionEpoch;
  #closed = false;
  #tenures = 0;
  #inOffice = false;

  constructor(
    id: { readonly topic: string; readonly topicId: TopicId; readonly partition: number },
    log: Log,
    context: LeadershipContext,
    owner: PartitionOwner,
  ) {
    this.topic = id.topic;
    this.topicId = id.topicId;
    this.index = id.partition;
    this.log = log;
    this.#context = context;
    this.#owner = owner;
    log.onStartMoved(() => this.waiters.wake());
  }

  /** Undefined unless this replica leads. */
  get leadership(): Leadership | undefined {
    return this.#leadership;
  }

  /**
   * The time for which this replica leads without a break, by a number of its own: it may go through several leader
   * epochs, between which it has no `leadership` for a moment. Undefined while another replica leads, or none. What was
   * begun in a tenure can be finished in it.
   */
  get tenure(): number | undefined {
    return this.#inOffice ? this.#tenures : undefined;
  }

  get leader(): NodeId {
    return this.#leader;
  }

  get leaderEpoch(): LeaderEpoch {
    return this.#leaderEpoch;
  }

  get partitionEpoch(): PartitionEpoch {
    return this.#partitionEpoch;
  }

  /** Where the records that consumers may see end. */
  get highWatermark(): number {
    return this.#leadership?.highWatermark ?? this.log.highWatermark;
  }

  /** Begins or continues a leadership. The log must have been given the epoch before. */
  lead(change: ReplicaChange): void {
    const now = this.#owner.nowMs();
    const state: LeadershipState = {
      leaderEpoch: change.leaderEpoch,
      partitionEpoch: change.partitionEpoch,
      replicas: change.replicas,
      isr: change.isr,
      recovering: change.recovering,
    };
    if (this.#leadership?.leaderEpoch === change.leaderEpoch) this.#leadership.decided(state, now);
    else {
      const { endOffset: end, highWatermark } = this.log;
      this.#leadership = new Leadership(this.#context, state, { end, highWatermark }, now);
    }
    if (!this.#inOffice) this.#tenures += 1;
    this.#inOffice = true;
    this.#take(change);
    this.#propose(this.#leadership.proposeRecovered());
    this.#advance();
    this.waiters.wake();
  }

  /** Follows another broker, or nobody for now. */
  follow(change: ReplicaChange): void {
    this.#leadership = undefined;
    this.#inOffice = false;
    this.#take(change);
    this.waiters.wake();
  }

  /** Serves nobody as a leader until it leads in the next epoch: no record of an old epoch comes after a new one's start. */
  retire(): void {
    this.#leadership = undefined;
    this.waiters.wake();
  }

  /** Takes the replica out of service; everybody who waits for it is told. */
  close(): void {
    this.#closed = true;
    this.#leadership = undefined;
    this.#inOffice = false;
    this.#leader = NO_LEADER;
    this.waiters.wake();
  }

  /**
   * May this replica serve a request that was made under `currentLeaderEpoch` (−1: it does not say)?
   *
   * @param leaderOnly false where any replica will do
   */
  roleError(currentLeaderEpoch: number, leaderOnly: boolean): RoleError | null {
    if (this.log.failure !== undefined) return 'KAFKA_STORAGE_ERROR';
    if (this.#closed) return 'NOT_LEADER_OR_FOLLOWER';
    if (currentLeaderEpoch >= 0) {
      if (currentLeaderEpoch < this.#leaderEpoch) return 'FENCED_LEADER_EPOCH';
      if (currentLeaderEpoch > this.#leaderEpoch) return 'UNKNOWN_LEADER_EPOCH';
    }
    return leaderOnly && this.#leadership === undefined ? 'NOT_LEADER_OR_FOLLOWER' : null;
  }

  /** Are there enough in-sync replicas for `acks=all`? */
  hasEnoughReplicas(leadership: Leadership): boolean {
    return leadership.isr.length >= effectiveMinIsr(this.#owner.minInsyncReplicas(this), leadership.replicas.length);
  }

  /** Appends a client's or a coordinator's batch. The bytes are changed in place. */
  append(leadership: Leadership, batch: Uint8Array, origin: 'client' | 'coordinator'): LeaderAppendResult {
    const result = this.log.appendAsLeader(batch, { leaderEpoch: leadership.leaderEpoch, origin });
    if (result.kind === 'appended') {
      this.#advance();
      this.waiters.wake();
    }
    return result;
  }

  /** A follower fetches from `fetch.fetchOffset`: it has everything before. False when it is no replica. */
  followerFetched(leadership: Leadership, node: NodeId, fetch: FollowerFetch): boolean {
    const logStartBefore = leadership.follower(node)?.logStart;
    if (!leadership.fetched(node, fetch)) return false;
    this.#propose(leadership.proposeExpansion(node));
    if (this.#advance() || logStartBefore !== fetch.logStartOffset) this.waiters.wake();
    return true;
  }

  /** Looks for followers that have fallen behind. Called from time to time. */
  maybeShrinkIsr(): void {
    this.#propose(this.#leadership?.proposeShrink(this.log.endOffset, this.#owner.nowMs()));
  }

  /** A setting that decides what is committed may have changed. */
  settingsChanged(): void {
    if (this.#advance()) this.waiters.wake();
  }

  /** The controller has answered a proposal made under this leader epoch. */
  answered(proposal: Proposal, outcome: IsrOutcome): void {
    const leadership = this.#leadership;
    if (leadership === undefined || leadership.leaderEpoch !== proposal.leaderEpoch) return;
    const next = leadership.answered(proposal, outcome, this.#owner.nowMs());
    this.#partitionEpoch = leadership.partitionEpoch;
    this.#advance();
    this.waiters.wake();
    if (next === 'retry') this.maybeShrinkIsr();
  }

  /** The leader tells a follower how far records are committed, and where its log starts now. */
  learn(highWatermark: number, logStartOffset: number): void {
    const before = this.log.highWatermark;
    const bound = this.log.setHighWatermark(Math.min(highWatermark, this.log.endOffset));
    if (logStartOffset > this.log.logStartOffset && logStartOffset <= bound) this.log.advanceLogStart(logStartOffset);
    if (bound > before) this.waiters.wake();
  }

  #take(change: ReplicaChange): void {
    this.#leader = change.leader;
    this.#leaderEpoch = change.leaderEpoch;
    this.#partitionEpoch = change.partitionEpoch;
  }

  #propose(proposal: Proposal | undefined): void {
    if (proposal !== undefined) this.#owner.propose(this, proposal);
  }

  #advance(): boolean {
    const leadership = this.#leadership;
    if (leadership === undefined) return false;
    const minimum = this.#owner.minInsyncReplicas(this);
    const moved = leadership.advance(this.log.endOffset, minimum, this.#owner.nowMs());
    if (moved) this.log.setHighWatermark(leadership.highWatermark);
    return moved;
  }
}
