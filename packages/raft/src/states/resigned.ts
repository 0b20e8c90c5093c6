import type { NodeId } from '@biquorum/consensus';
import type { Core, Sent } from '../core.ts';
import type { ReplicaKey, ReplyMessage } from '../messages.ts';
import type { Role } from './role.ts';

/**
 * Led this epoch and no longer does: tells the voters, with its wishes for a successor, until they know or its time is
 * over. It never votes or leads in this epoch again.
 */
export class Resigned implements Role {
  readonly name = 'resigned';
  readonly epoch: number;
  readonly leader: NodeId;
  readonly voted: ReplicaKey | null;
  readonly #core: Core;
  readonly #successors: readonly ReplicaKey[];
  readonly electionAtMs: number;
  /** Voters that have not been told, and since when the request to each is on its way. */
  readonly #toTell: Map<NodeId, { asked: boolean; nextAtMs: number }> = new Map();

  constructor(
    core: Core,
    epoch: number,
    voted: ReplicaKey | null,
    successors: readonly ReplicaKey[],
    electionAtMs?: number,
  ) {
    this.#core = core;
    this.epoch = epoch;
    this.leader = core.id;
    this.voted = voted;
    this.#successors = successors;
    this.electionAtMs = electionAtMs ?? core.nowMs + core.electionTimeoutMs();
    for (const id of core.voters.current.ids)
      if (id !== core.id) this.#toTell.set(id, { asked: false, nextAtMs: core.nowMs });
  }

  start(): void {
    this.#tell();
  }

  tick(): void {
    const core = this.#core;
    if (core.nowMs >= this.electionAtMs && core.installing === null) {
      // Entering the next epoch without a vote keeps this node from ever acting in the old one (4.x); 3.9 stands.
      if (core.votes && !core.options.preVote) core.quorum.becomeCandidate('its time as resigned leader is over');
      else core.quorum.becomeUnattached(this.epoch + 1, 'its time as resigned leader is over');
      return;
    }
    this.#tell();
  }

  onReply(sent: Sent, reply: ReplyMessage): void {
    if (reply.type === 'endQuorumReply' && reply.error === 'none') this.#toTell.delete(sent.to);
    else this.onFailure(sent);
  }

  onFailure(sent: Sent): void {
    const voter = this.#toTell.get(sent.to);
    if (voter === undefined) return;
    voter.asked = false;
    voter.nextAtMs = this.#core.nowMs + this.#core.options.retryBackoffMs;
  }

  leave(): void {}

  #tell(): void {
    const core = this.#core;
    for (const [id, voter] of this.#toTell) {
      if (voter.asked || core.nowMs < voter.nextAtMs) continue;
      voter.asked = true;
      core.request(id, { type: 'endQuorum', epoch: this.epoch, leader: core.id, successors: this.#successors });
    }
  }
}
