import type { NodeId } from '@biquorum/consensus';
import type { Core, Sent } from '../core.ts';
import type { FetchRequest } from '../messages.ts';

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
    this.#current = core.requestAfterLog(to, fetchRequest(core, epoch));
  }

  /** Takes an answer in. @returns Whether it is that of the fetch under way, so that the next one may leave. */
  answered(sent: Sent): boolean {
    if (this.#current !== sent) return false;
    this.#current = null;
    return true;
  }

  /** The fetch was lost or refused: a pause, then another. @returns Whether it was the one under way. */
  failed(sent: Sent): boolean {
    if (!this.answered(sent)) return false;
    this.pause();
    return true;
  }

  /** Nothing leaves for a while. */
  pause(): void {
    this.#nextAtMs = this.#core.nowMs + this.#core.options.retryBackoffMs;
  }
}

/** Asks for what comes after this node's log. It acknowledges the whole of it. */
export function fetchRequest(core: Core, epoch: number): FetchRequest {
  const { key, log, highWatermark, options } = core;
  return {
    type: 'fetch',
    epoch,
    replica: key,
    offset: log.end,
    lastEpoch: log.lastEpoch,
    highWatermark,
    waitMs: options.fetchWaitMs,
    bytesMax: options.fetchBytesMax,
  };
}
