import { NO_NODE, type NodeId } from '@biquorum/consensus';
import type { Core, Sent } from '../core.ts';
import { fetchRequest } from './fetch-loop.ts';

/** Somebody who has not answered within this time is passed over; the answer may still come. */
const PASS_OVER_MS = 50;

/**
 * Asks the members in turn who leads, each at most once at a time: one that is silent holds nobody up. What an answer says
 * of the leader is taken in before the state that asked hears of it.
 *
 * Java's `RequestManager` has one request under way altogether, so that each silent member costs a request timeout.
 */
export class LeaderSearch {
  readonly #core: Core;
  readonly #pauseMs: number;
  readonly #asked: Map<NodeId, Sent> = new Map();
  #nextAtMs: number;
  /** Whose turn it is; −1 until the first is drawn. */
  #turn = -1;
  #last: Sent | null = null;

  /** @param pauseMs between an answer that did not help and the next question */
  constructor(core: Core, pauseMs: number) {
    this.#core = core;
    this.#pauseMs = pauseMs;
    this.#nextAtMs = core.nowMs;
  }

  /** Asks the next one when it is time to. @param except who is not asked */
  tick(epoch: number, except: NodeId = NO_NODE): void {
    const core = this.#core;
    if (core.nowMs < this.#nextAtMs || core.installing !== null) return;
    const members = this.#members(except);
    if (members.length === 0) return;
    if (this.#turn < 0) this.#turn = core.dice.below(members.length);
    for (let tried = 0; tried < members.length; tried++) {
      const to = members[this.#turn++ % members.length] as NodeId;
      if (this.#asked.has(to)) continue;
      this.#last = core.requestAfterLog(to, fetchRequest(core, epoch));
      this.#asked.set(to, this.#last);
      this.#nextAtMs = core.nowMs + PASS_OVER_MS;
      return;
    }
  }

  /** Takes in that a request was answered or lost. @returns Whether it was one of this search */
  settled(sent: Sent): boolean {
    if (this.#asked.get(sent.to) !== sent) return false;
    this.#asked.delete(sent.to);
    if (this.#last === sent) this.#nextAtMs = this.#core.nowMs + this.#pauseMs;
    return true;
  }

  /** Everybody who was ever heard of. */
  #members(except: NodeId): readonly NodeId[] {
    const { addresses, voters, configured, quorum, id: self } = this.#core;
    const known = new Set([quorum.role.leader, ...configured, ...voters.current.ids, ...addresses.keys()]);
    return [...known].filter((id) => id >= 0 && id !== self && id !== except);
  }
}
