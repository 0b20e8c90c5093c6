import type { NodeId } from '@biquorum/consensus';
import type { Core, Sent } from '../core.ts';
import type { ReplicaKey } from '../messages.ts';
import { LeaderSearch } from './leader-search.ts';
import type { Role } from './role.ts';

/**
 * Knows an epoch but no leader of it. A voter waits for one and stands for election when none shows up; an observer
 * asks the members in turn who leads.
 */
export class Unattached implements Role {
  readonly name = 'unattached';
  readonly epoch: number;
  readonly leader: NodeId;
  readonly voted: ReplicaKey | null;
  readonly #core: Core;
  readonly #search: LeaderSearch;
  readonly electionAtMs: number;

  constructor(core: Core, epoch: number, leader: NodeId, voted: ReplicaKey | null, electionAtMs?: number) {
    this.#core = core;
    this.epoch = epoch;
    this.leader = leader;
    this.voted = voted;
    this.#search = new LeaderSearch(core, core.options.retryBackoffMs);
    this.electionAtMs = electionAtMs ?? core.nowMs + core.electionTimeoutMs();
  }

  start(): void {}

  tick(): void {
    const core = this.#core;
    if (!core.votes) {
      this.#search.tick(this.epoch);
    } else if (core.nowMs >= this.electionAtMs && core.installing === null) {
      core.quorum.campaign('no leader within the election timeout');
    }
  }

  onReply(sent: Sent): void {
    // Whoever answered has said what it knows of the leader, and that was taken in before this.
    this.#search.settled(sent);
  }

  onFailure(sent: Sent): void {
    this.#search.settled(sent);
  }

  leave(): void {}
}
