import { NO_NODE, type NodeId } from '@biquorum/consensus';
import type { Core, Sent } from '../core.ts';

/** Keeps one fetch under way: the next one leaves when the last is answered, or after a pause when it failed. */
export class FetchLoop {
  readonly #core: Core;
  /** The fetch under way. Answers to earlier ones (of another state, say) must not start a second loop beside it. */
  #current: Sent | null = null;
  #nextAtMs: number;

  constructor(core: Core) {
    this.#core = core;
    this.#nextAtMs = core.nowMs;
  }

  /** Sends when nothing is under way and the pause is over. */
  tick(epoch: number, to: NodeId): void {
    if (this.#current === null && this.#core.nowMs >= this.#nextAtMs && to >= 0) this.send(epoch, to);
  }

  /** Sends the next fetch now. It acknowledges the whole log, so it waits for all writes. */
  send(epoch: number, to: NodeId): void {
    const core = this.#core;
    if (core.installing !== null) return;
    this.#current = core.requestAfterLog(to, {
      type: 'fetch',
      epoch,
      replica: core.key,
      offset: core.log.end,
      lastEpoch: core.log.lastEpoch,
      highWatermark: core.highWatermark,
      waitMs: core.options.fetchWaitMs,
      bytesMax: core.options.fetchBytesMax,
    });
  }

  /** Takes an answer in. @returns Whether it is that of the fetch under way, so that the next one may leave. */
  answered(sent: Sent): boolean {
    if (this.#current !== sent) return false;
    this.#current = null;
    return true;
  }

  /** The fetch was lost or refused: a pause, then another. */
  failed(sent: Sent): void {
    if (!this.answered(sent)) return;
    this.pause();
  }

  /** Nothing leaves for a while. */
  pause(): void {
    this.#nextAtMs = this.#core.nowMs + this.#core.options.retryBackoffMs;
  }
}

/** Any other member that was ever heard of (but not `except`), to ask who leads; −1 when none is known. */
export function someoneElse(core: Core, except: NodeId = NO_NODE): NodeId {
  const { addresses, voters, configured, quorum } = core;
  const known = [quorum.role.leader, ...configured, ...voters.current.ids, ...addresses.keys()].filter(
    (id) => id >= 0 && id !== core.id && id !== except,
  );
  return known.length === 0 ? -1 : (known[core.dice.below(known.length)] as NodeId);
}
