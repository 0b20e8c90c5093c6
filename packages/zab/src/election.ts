import { NO_NODE, type NodeId } from '@biquorum/consensus';
import type { Core } from './core.ts';
import { LONG_MIN, NOTIFICATION_VERSION, type Notification } from './messages.ts';
import { agree, type Candidate, isBetter, type Vote, voteOf } from './vote.ts';

/** The zxid of a server that has none to show; its votes are passed over. */
const NO_ZXID = -1;
/** An observer's pause grows to so many of the shortest ones. */
const OBSERVER_PAUSES_MAX = 10;
/** Strangers whose first words are kept for later. */
const EARLY_MAX = 1000;

/**
 * Fast leader election: rounds of votes that are sent to every voter until a quorum agrees (Java's FastLeaderElection).
 * Keeps its round and its last vote while the server leads or follows, for those who look then.
 */
export class Election {
  readonly #core: Core;
  #round = 0;
  /** Whom this server votes for in this round; while it leads or follows, the vote that won. */
  #vote: Candidate = { leader: NO_NODE, zxid: 0, peerEpoch: 0 };
  /** The round of the vote that won. */
  #voteRound = 0;
  #looking = false;
  /** The votes of this round, and of who leads or follows whatever the round. */
  readonly #received: Map<NodeId, Vote> = new Map();
  readonly #outOfElection: Map<NodeId, Vote> = new Map();
  #sendAtMs = 0;
  #pauseMs = 0;
  /** What has come before this server takes part; the newest of each. */
  readonly #early: Map<NodeId, Notification> = new Map();
  /** When the vote of this server wins if no better one comes. */
  #decideAtMs = Number.POSITIVE_INFINITY;

  constructor(core: Core) {
    this.#core = core;
  }

  get round(): number {
    return this.#round;
  }

  /** Starts a round with a vote for itself. */
  begin(): void {
    this.#looking = true;
    this.#round++;
    this.#received.clear();
    this.#outOfElection.clear();
    this.#pauseMs = this.#core.options.notificationMinMs;
    this.#cast(this.#own);
    this.#count();
    const early = [...this.#early];
    this.#early.clear();
    for (const [from, message] of early) this.receive(from, message);
  }

  /** The leader's epoch is adopted: votes from now on name it (ZOOKEEPER-1732). */
  adopt(epoch: number): void {
    this.#vote = { ...this.#vote, peerEpoch: epoch };
  }

  tick(): void {
    const { nowMs } = this.#core;
    if (nowMs >= this.#decideAtMs) {
      this.#win(this.#vote, this.#round);
      return;
    }
    if (nowMs < this.#sendAtMs) return;
    this.#pauseMs = Math.min(2 * this.#pauseMs, this.#longestPauseMs);
    this.#broadcast();
  }

  receive(from: NodeId, message: Notification): void {
    if (from === this.#core.id) return;
    if (!this.#looking && this.#core.states.role.state === 'looking') {
      if (this.#isVoter(from) || this.#early.size < EARLY_MAX) this.#early.set(from, message);
      return;
    }
    if (!this.#isVoter(from)) {
      this.#answer(from);
      return;
    }
    if (!this.#looking) {
      if (message.state === 'looking') this.#answer(from);
      return;
    }
    const lagging = message.state === 'looking' && message.electionEpoch < this.#round;
    if (lagging) this.#answer(from);
    if (!this.#isVoter(message.leader)) return;
    if (message.state === 'looking') {
      if (!lagging && message.zxid !== NO_ZXID) this.#onLooking(from, message);
    } else if (message.state !== 'observing') this.#onDecided(from, message);
  }

  #onLooking(from: NodeId, message: Notification): void {
    const { verifier } = this.#core;
    const weightOf = (voter: NodeId): number => verifier.weightOf(voter);
    if (message.electionEpoch > this.#round) {
      this.#round = message.electionEpoch;
      this.#received.clear();
      this.#cast(isBetter(message, this.#own, weightOf) ? message : this.#own);
    } else if (isBetter(message, this.#vote, weightOf)) this.#cast(message);
    this.#received.set(from, voteOf(message));
    this.#count();
  }

  /** Somebody leads or follows: join once a quorum does the same and the leader itself says that it leads. */
  #onDecided(from: NodeId, message: Notification): void {
    const vote = voteOf(message);
    if (message.electionEpoch === this.#round) {
      this.#received.set(from, vote);
      if (this.#hasQuorum(this.#received, vote) && this.#leads(this.#received, message)) {
        this.#win(message, this.#round);
        return;
      }
    }
    this.#outOfElection.set(from, vote);
    if (!this.#hasQuorum(this.#outOfElection, vote) || !this.#leads(this.#outOfElection, message)) return;
    this.#round = message.electionEpoch;
    this.#win(message, this.#round);
  }

  #leads(votes: ReadonlyMap<NodeId, Vote>, { leader, electionEpoch }: Notification): boolean {
    if (leader === this.#core.id) return electionEpoch === this.#round;
    return votes.get(leader)?.state === 'leading';
  }

  #cast({ leader, zxid, peerEpoch }: Candidate): void {
    this.#vote = { leader, zxid, peerEpoch };
    this.#decideAtMs = Number.POSITIVE_INFINITY;
    if (this.#core.votes) this.#received.set(this.#core.id, this.#ownVote);
    this.#broadcast();
  }

  #count(): void {
    if (!this.#hasQuorum(this.#received, this.#ownVote)) this.#decideAtMs = Number.POSITIVE_INFINITY;
    else if (this.#decideAtMs === Number.POSITIVE_INFINITY)
      this.#decideAtMs = this.#core.nowMs + this.#core.options.finalizeWaitMs;
  }

  #hasQuorum(votes: ReadonlyMap<NodeId, Vote>, vote: Vote): boolean {
    const agreeing = new Set<NodeId>();
    for (const [voter, cast] of votes) if (agree(vote, cast)) agreeing.add(voter);
    return this.#core.verifier.isQuorum(agreeing);
  }

  #win({ leader, zxid, peerEpoch }: Candidate, round: number): void {
    this.#looking = false;
    this.#vote = { leader, zxid, peerEpoch };
    this.#voteRound = round;
    this.#decideAtMs = Number.POSITIVE_INFINITY;
    this.#core.states.elected(leader);
  }

  #broadcast(): void {
    const { verifier, id, nowMs } = this.#core;
    this.#sendAtMs = nowMs + this.#pauseMs;
    for (const voter of verifier.voters) if (voter !== id) this.#answer(voter);
  }

  #answer(to: NodeId): void {
    const { states, options, out } = this.#core;
    out.notify(to, {
      type: 'notification',
      state: this.#looking ? 'looking' : states.role.state,
      ...this.#vote,
      electionEpoch: this.#looking ? this.#round : this.#voteRound,
      version: NOTIFICATION_VERSION,
      config: options.config,
    });
  }

  /** Nobody tells an observer how an election ended: it has to ask. */
  get #longestPauseMs(): number {
    const { votes, options } = this.#core;
    const { notificationMinMs, notificationMaxMs } = options;
    return votes ? notificationMaxMs : Math.min(notificationMaxMs, OBSERVER_PAUSES_MAX * notificationMinMs);
  }

  get #ownVote(): Vote {
    return { ...this.#vote, electionEpoch: this.#round, state: 'looking', version: 0 };
  }

  /** The vote that this server starts a round with. */
  get #own(): Candidate {
    const { votes, id, log, currentEpoch } = this.#core;
    // What is on its way to the disk counts: memory and log are one here (ZOOKEEPER-2845).
    if (!votes) return { leader: LONG_MIN, zxid: LONG_MIN, peerEpoch: LONG_MIN };
    return { leader: id, zxid: log.lastZxid, peerEpoch: currentEpoch };
  }

  #isVoter(id: NodeId): boolean {
    return this.#core.verifier.voters.includes(id);
  }
}
