import { hasMajority, NO_NODE, type NodeId, type Token } from '@biquorum/consensus';
import { Queue } from '@biquorum/std';
import type { Core } from '../core.ts';

/**
 * Linearizable reads without a log entry (Raft §6.4 restated for pull): a read takes the high watermark of the moment
 * it arrives, then a majority must confirm, in answer to a BeginQuorumEpoch sent after that moment, that this node
 * still leads. Fetches prove nothing here: one that arrives now may have been sent before a newer leader was elected.
 * Reads that arrive during a round share the next one.
 */
export class Reads {
  readonly #core: Core;
  readonly #ask: (voter: NodeId, round: number) => void;
  readonly #next: Queue<Token> = new Queue();
  /** The reads that the round under way will confirm. */
  #tokens: Token[] = [];
  #index = 0;
  #round = 0;
  readonly #confirmed: Set<NodeId> = new Set();
  readonly #asked: Set<NodeId> = new Set();

  /** @param ask Sends a BeginQuorumEpoch to a voter and remembers the round with the request. */
  constructor(core: Core, ask: (voter: NodeId, round: number) => void) {
    this.#core = core;
    this.#ask = ask;
  }

  get waiting(): number {
    return this.#next.size + this.#tokens.length;
  }

  add(token: Token): void {
    this.#next.push(token);
  }

  /**
   * Starts the next round if none is under way. To be called only once an entry of this epoch is committed: before
   * that the high watermark may lie behind what an earlier leader acknowledged.
   */
  start(): void {
    const core = this.#core;
    if (this.#tokens.length > 0 || this.#next.size === 0) return;
    this.#tokens = [...this.#next];
    this.#next.clear();
    this.#index = core.highWatermark;
    this.#round++;
    this.#confirmed.clear();
    if (core.votes) this.#confirmed.add(core.id);
    this.#asked.clear();
    this.#askVoters();
    this.#settle();
  }

  /** Another voter set is in force: whoever joined counts in the round under way, so it is asked, too. */
  votersChanged(): void {
    if (this.#tokens.length === 0) return;
    this.#askVoters();
    this.#settle();
  }

  /** A voter has answered, in this epoch, a request of `round`. */
  confirm(voter: NodeId, round: number): void {
    if (this.#tokens.length === 0 || round !== this.#round) return;
    this.#confirmed.add(voter);
    this.#settle();
  }

  /** A request of `round` was lost: ask again. */
  failed(voter: NodeId, round: number): void {
    if (this.#tokens.length > 0 && round === this.#round) this.#ask(voter, round);
  }

  /** Leadership is lost: the reads did not happen. */
  refuse(): void {
    for (const token of [...this.#tokens, ...this.#next]) {
      this.#core.out.effect({
        kind: 'settle',
        token,
        outcome: { kind: 'refused', reason: 'notLeader', leader: NO_NODE },
      });
    }
    this.#tokens = [];
    this.#next.clear();
  }

  #askVoters(): void {
    for (const id of this.#core.voters.current.ids) {
      if (id === this.#core.id || this.#asked.has(id)) continue;
      this.#asked.add(id);
      this.#ask(id, this.#round);
    }
  }

  #settle(): void {
    if (!hasMajority(this.#core.voters.current.ids, this.#confirmed)) return;
    const tokens = this.#tokens;
    this.#tokens = [];
    for (const token of tokens) {
      this.#core.out.effect({ kind: 'settle', token, outcome: { kind: 'readable', index: this.#index } });
    }
    this.start();
  }
}
