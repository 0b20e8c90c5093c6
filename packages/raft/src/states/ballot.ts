import type { NodeId } from '@biquorum/consensus';
import type { Core } from '../core.ts';

/** One round of asking all voters: each once, again when the request was lost. */
export class Ballot {
  readonly granted: Set<NodeId> = new Set();
  readonly refused: Set<NodeId> = new Set();
  readonly #core: Core;
  readonly #epoch: number;
  readonly #preVote: boolean;
  readonly #again: Set<NodeId> = new Set();

  constructor(core: Core, epoch: number, preVote: boolean) {
    this.#core = core;
    this.#epoch = epoch;
    this.#preVote = preVote;
  }

  open(): void {
    if (this.#core.votes) this.granted.add(this.#core.id);
    for (const { id } of this.#core.voters.current.voters) if (id !== this.#core.id) this.#ask(id);
  }

  count(voter: NodeId, granted: boolean): void {
    (granted ? this.granted : this.refused).add(voter);
  }

  failed(voter: NodeId): void {
    this.#again.add(voter);
  }

  resend(): void {
    for (const voter of this.#again) this.#ask(voter);
    this.#again.clear();
  }

  #ask(id: NodeId): void {
    const { key, log, voters } = this.#core;
    const voter = voters.current.voters.find((candidate) => candidate.id === id);
    if (voter === undefined) return;
    this.#core.request(id, {
      type: 'vote',
      epoch: this.#epoch,
      candidate: key,
      voter: { id, directory: voter.directory },
      lastEpoch: log.lastEpoch,
      end: log.end,
      preVote: this.#preVote,
    });
  }
}
