import { NO_NODE, type NodeId, tally } from '@biquorum/consensus';
import type { Core, Sent } from '../core.ts';
import type { ReplicaKey, ReplyMessage } from '../messages.ts';
import { Ballot } from './ballot.ts';
import type { Role } from './role.ts';

/** Asks whether it would win an election before it starts one; nothing durable changes until then (KIP-996). */
export class Prospective implements Role {
  readonly name = 'prospective';
  readonly epoch: number;
  /** The leader it may go back to. */
  readonly leader: NodeId;
  readonly voted: ReplicaKey | null;
  readonly #core: Core;
  readonly #ballot: Ballot;
  readonly electionAtMs: number;

  constructor(core: Core, epoch: number, leader: NodeId, voted: ReplicaKey | null) {
    this.#core = core;
    this.epoch = epoch;
    this.leader = leader;
    this.voted = voted;
    this.#ballot = new Ballot(core, epoch, true);
    this.electionAtMs = core.nowMs + core.electionTimeoutMs();
  }

  start(): void {
    this.#ballot.open();
    this.#decide();
  }

  tick(): void {
    if (this.#core.nowMs >= this.electionAtMs) this.#lost('pre-votes did not come in time');
    else this.#ballot.resend();
  }

  onReply(sent: Sent, reply: ReplyMessage): void {
    if (reply.type !== 'voteReply' || sent.message.type !== 'vote' || !sent.message.preVote) return;
    this.#ballot.count(sent.to, reply.error === 'none' && reply.granted);
    this.#decide();
  }

  onFailure(sent: Sent): void {
    this.#ballot.failed(sent.to);
  }

  leave(): void {}

  #decide(): void {
    const { quorum, voters } = this.#core;
    const result = tally(voters.current.ids, this.#ballot.granted, this.#ballot.refused);
    if (result === 'won') quorum.becomeCandidate('a majority would vote for it');
    else if (result === 'lost') this.#lost('a majority would not vote for it');
  }

  #lost(reason: string): void {
    const { quorum } = this.#core;
    if (this.leader !== NO_NODE && this.leader !== this.#core.id)
      quorum.becomeFollower(this.epoch, this.leader, reason);
    else quorum.becomeUnattached(this.epoch, reason);
  }
}
