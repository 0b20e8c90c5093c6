import { NO_NODE, type NodeId, tally } from '@biquorum/consensus';
import type { Core, Sent } from '../core.ts';
import type { ReplicaKey, ReplyMessage } from '../messages.ts';
import { Ballot } from './ballot.ts';
import type { Role } from './role.ts';

/** Has voted for itself and asks the others. */
export class Candidate implements Role {
  readonly name = 'candidate';
  readonly epoch: number;
  readonly leader: NodeId = NO_NODE;
  readonly voted: ReplicaKey;
  readonly #core: Core;
  readonly #ballot: Ballot;
  electionAtMs: number;
  #lost = false;

  constructor(core: Core, epoch: number, voted: ReplicaKey) {
    this.#core = core;
    this.epoch = epoch;
    this.voted = voted;
    this.#ballot = new Ballot(core, epoch, false);
    this.electionAtMs = core.nowMs + core.electionTimeoutMs();
  }

  /** Asks for votes. They leave once the own vote is on the disk. */
  start(): void {
    this.#ballot.open();
    this.#decide();
  }

  tick(): void {
    if (this.#core.nowMs >= this.electionAtMs) this.#again();
    else if (!this.#lost) this.#ballot.resend();
  }

  onReply(sent: Sent, reply: ReplyMessage): void {
    if (reply.type !== 'voteReply' || sent.message.type !== 'vote' || sent.message.preVote) return;
    if (sent.message.epoch !== this.epoch) return;
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
    if (result === 'won') quorum.becomeLeader(this.#ballot.granted);
    else if (result === 'lost' && !this.#lost) {
      this.#lost = true;
      this.electionAtMs = this.#core.nowMs + quorum.lostElection();
    }
  }

  #again(): void {
    const { quorum, options, votes } = this.#core;
    if (!this.#lost) quorum.lostElection();
    if (!votes) quorum.becomeUnattached(this.epoch + 1, 'no longer a voter');
    else if (options.preVote) quorum.becomeProspective('election lost');
    else quorum.becomeCandidate('election lost');
  }
}
