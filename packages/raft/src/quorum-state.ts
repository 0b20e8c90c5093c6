import { NO_NODE, type NodeId } from '@biquorum/consensus';
import { assert } from '@biquorum/std';
import type { Core } from './core.ts';
import type { QuorumRecord, ReplicaKey } from './messages.ts';
import { Candidate } from './states/candidate.ts';
import { Follower } from './states/follower.ts';
import { Leader } from './states/leader.ts';
import { Prospective } from './states/prospective.ts';
import { Resigned } from './states/resigned.ts';
import type { Role, RoleName } from './states/role.ts';
import { Unattached } from './states/unattached.ts';

/**
 * Who may follow whom. `same` keeps the epoch, `higher` enters a larger one.
 *
 * | from        | same epoch                                                    | higher epoch                   |
 * | ----------- | ------------------------------------------------------------- | ------------------------------ |
 * | unattached  | unattached (vote given), prospective (timeout), follower      | unattached, candidate (timeout without pre-vote), follower |
 * | prospective | unattached (lost; vote given), follower (lost; learnt leader) | candidate (won), unattached, follower |
 * | candidate   | leader (won), follower (learnt leader), prospective (lost, with pre-vote) | candidate (lost, without pre-vote), unattached, follower |
 * | follower    | prospective (fetch timeout)                                   | candidate (told to by a leader that resigned; fetch timeout without pre-vote), unattached, follower |
 * | leader      | resigned                                                      | unattached, follower           |
 * | resigned    |                                                               | unattached, candidate, follower |
 *
 * KIP-595, KIP-996; Kafka's QuorumState.
 */
const TRANSITIONS: Readonly<Record<RoleName, { same: readonly RoleName[]; higher: readonly RoleName[] }>> = {
  unattached: { same: ['unattached', 'prospective', 'follower'], higher: ['unattached', 'candidate', 'follower'] },
  prospective: { same: ['unattached', 'follower'], higher: ['candidate', 'unattached', 'follower'] },
  candidate: { same: ['leader', 'follower', 'prospective'], higher: ['candidate', 'unattached', 'follower'] },
  follower: { same: ['prospective'], higher: ['candidate', 'unattached', 'follower'] },
  leader: { same: ['resigned'], higher: ['unattached', 'follower'] },
  resigned: { same: [], higher: ['unattached', 'candidate', 'follower'] },
};

/** The one owner of a node's state: every transition is made here, checked against the table, and made durable. */
export class QuorumState {
  readonly #core: Core;
  #role: Role;
  #durable: QuorumRecord | null = null;
  #reason = 'start';
  /** Elections lost in a row; the pause before the next one grows with it. */
  #lostElections = 0;

  constructor(core: Core) {
    this.#core = core;
    this.#role = new Unattached(core, 0, NO_NODE, null);
  }

  get role(): Role {
    return this.#role;
  }

  get epoch(): number {
    return this.#role.epoch;
  }

  /** Why the last transition happened. */
  get reason(): string {
    return this.#reason;
  }

  /**
   * The state after a start, from what was durable (reference: QuorumState.initialize). A leader that restarts has lost
   * what it knew of its epoch and must not lead in it again: it resigns. The only voter waits for nobody before it
   * stands for election (reference: KafkaRaftClient.initialize).
   */
  start(durable: QuorumRecord | null): void {
    const core = this.#core;
    this.#durable = durable;
    const lastEpoch = core.log.lastEpoch;
    const epoch = durable?.epoch ?? 0;
    const electionAtMs = core.isOnlyVoter ? core.nowMs : undefined;
    if (durable === null || epoch < lastEpoch) {
      const isFirst = durable === null && lastEpoch === 0;
      const firstMs = isFirst ? core.firstElectionMs() : undefined;
      const standsAtMs = firstMs === undefined ? electionAtMs : core.nowMs + firstMs;
      const reason = isFirst ? 'first start' : 'started with a log of a newer epoch';
      this.#enter(new Unattached(core, Math.max(epoch, lastEpoch), NO_NODE, null, standsAtMs), reason);
      return;
    }
    const voted = durable.voted === NO_NODE ? null : { id: durable.voted, directory: durable.votedDirectory };
    if (durable.leader === core.id) {
      this.#enter(new Resigned(core, epoch, voted, [], electionAtMs), 'restarted as the leader');
    } else if (durable.leader !== NO_NODE) {
      this.#enter(new Follower(core, epoch, durable.leader, voted), 'restarted as a follower');
    } else if (voted !== null && voted.id === core.id && core.votes) {
      this.#enter(new Candidate(core, epoch, voted), 'restarted as a candidate');
    } else {
      this.#enter(new Unattached(core, epoch, NO_NODE, voted, electionAtMs), 'restarted without a leader');
    }
  }

  /** A larger epoch exists; nothing else is known of it. */
  becomeUnattached(epoch: number, reason: string): void {
    const { voted, electionAtMs } = this.#role;
    // Whoever keeps losing elections must not keep the others from standing: a larger epoch alone resets no timer.
    const keeps = epoch > this.epoch && Number.isFinite(electionAtMs) ? electionAtMs : undefined;
    this.#become(new Unattached(this.#core, epoch, NO_NODE, epoch === this.epoch ? voted : null, keeps), reason);
  }

  /** This node gives its vote of the epoch. */
  becomeVoted(candidate: ReplicaKey): void {
    const { name, epoch, voted, leader } = this.#role;
    assert(
      voted === null && leader === NO_NODE,
      () => `second vote in epoch ${epoch}: ${voted?.id} and ${candidate.id}`,
    );
    assert(name === 'unattached' || name === 'prospective', () => `a ${name} gives no vote`);
    this.#become(new Unattached(this.#core, epoch, NO_NODE, candidate), `voted for ${candidate.id}`);
  }

  becomeFollower(epoch: number, leader: NodeId, reason: string): void {
    const voted = epoch === this.epoch ? this.#role.voted : null;
    this.#become(new Follower(this.#core, epoch, leader, voted), reason);
  }

  /** Asks whether an election could be won before starting one. */
  becomeProspective(reason: string): void {
    const { epoch, leader, voted } = this.#role;
    this.#become(new Prospective(this.#core, epoch, leader, voted), reason);
  }

  becomeCandidate(reason: string): void {
    this.#become(new Candidate(this.#core, this.epoch + 1, this.#core.key), reason);
  }

  /** @param granting Who voted for this node. */
  becomeLeader(granting: Iterable<NodeId>): void {
    const voters = [...granting].sort((a, b) => a - b);
    this.#become(new Leader(this.#core, this.epoch, this.#role.voted, voters), 'elected');
  }

  /** @param successors Who should lead next, best first. */
  becomeResigned(successors: readonly ReplicaKey[], reason: string): void {
    this.#become(new Resigned(this.#core, this.epoch, this.#role.voted, successors), reason);
  }

  /** Stands for election: asks first where pre-vote is on. */
  campaign(reason: string): void {
    if (this.#core.options.preVote) this.becomeProspective(reason);
    else this.becomeCandidate(reason);
  }

  /** The pause before the next election, longer with each one lost in a row. */
  lostElection(): number {
    const { electionBackoffMaxMs } = this.#core.options;
    const bound = 100 * 2 ** Math.min(this.#lostElections++, 20);
    // Drawn below the cap, not cut to it: two losers in step would go on losing in step.
    return 1 + this.#core.dice.below(Math.min(electionBackoffMaxMs, bound));
  }

  /**
   * Takes in what any message says about the state of the quorum.
   *
   * @param epoch An epoch that exists.
   * @param leader Its leader, −1 when the sender does not know.
   * @param itself Whether it is the leader that says so: then whoever had given it up follows it again.
   */
  observe(epoch: number, leader: NodeId, itself: boolean = false): void {
    const mine = this.#role;
    if (epoch > mine.epoch) {
      if (leader === NO_NODE || leader === this.#core.id) this.becomeUnattached(epoch, `epoch ${epoch} exists`);
      else this.becomeFollower(epoch, leader, `${leader} leads epoch ${epoch}`);
    } else if (epoch === mine.epoch && leader !== NO_NODE && leader !== this.#core.id) {
      const waits = mine.name === 'unattached' || mine.name === 'candidate' || mine.name === 'prospective';
      if (waits && (mine.leader === NO_NODE || (itself && mine.leader === leader))) {
        this.becomeFollower(epoch, leader, `${leader} leads epoch ${epoch}`);
      }
    }
  }

  #become(next: Role, reason: string): void {
    const now = this.#role;
    assert(next.epoch >= now.epoch, () => `epoch ${next.epoch} after ${now.epoch}`);
    const allowed = TRANSITIONS[now.name][next.epoch === now.epoch ? 'same' : 'higher'];
    assert(allowed.includes(next.name), () => `${now.name} (${now.epoch}) cannot become ${next.name} (${next.epoch})`);
    if (next.epoch === now.epoch) {
      assert(
        now.leader === NO_NODE || next.leader === NO_NODE || now.leader === next.leader,
        () => `epoch ${now.epoch} has two leaders: ${now.leader} and ${next.leader}`,
      );
    }
    now.leave();
    if (next.leader !== NO_NODE) this.#lostElections = 0;
    this.#enter(next, reason);
  }

  #enter(next: Role, reason: string): void {
    this.#role = next;
    this.#reason = reason;
    this.#persist();
    const { name, epoch, leader } = next;
    this.#core.out.effect({ kind: 'leadership', role: name, leading: name === 'leader', epoch, leader, reason });
    next.start();
  }

  #persist(): void {
    const { epoch, leader, voted } = this.#role;
    const next = { epoch, leader, voted: voted?.id ?? NO_NODE, votedDirectory: voted?.directory ?? '' };
    const last = this.#durable;
    if (last?.epoch === epoch && last.leader === leader && last.voted === next.voted) return;
    this.#durable = next;
    this.#core.out.writeState(next);
  }
}
