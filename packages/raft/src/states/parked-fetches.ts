import type { Token } from '@biquorum/consensus';
import type { FetchRequest } from '../messages.ts';

/** A fetch that has nothing to bring yet. */
export interface ParkedFetch {
  readonly token: Token;
  readonly request: FetchRequest;
  readonly untilMs: number;
}

/** The fetches that a leader holds back, one per replica. */
export class ParkedFetches {
  readonly #byReplica: Map<string, ParkedFetch> = new Map();
  #nextExpiryMs = Number.POSITIVE_INFINITY;

  get size(): number {
    return this.#byReplica.size;
  }

  /** @returns The fetch of the same replica that this one takes the place of, to be answered empty. */
  park(fetch: ParkedFetch): ParkedFetch | undefined {
    const key = replicaName(fetch.request);
    const before = this.#byReplica.get(key);
    this.#byReplica.set(key, fetch);
    this.#nextExpiryMs = Math.min(this.#nextExpiryMs, fetch.untilMs);
    return before;
  }

  /** Takes out all that `ready` says. */
  take(ready: (fetch: ParkedFetch) => boolean): ParkedFetch[] {
    const taken: ParkedFetch[] = [];
    for (const [key, fetch] of this.#byReplica) {
      if (!ready(fetch)) continue;
      taken.push(fetch);
      this.#byReplica.delete(key);
    }
    return taken;
  }

  /** Takes out all whose time is over. */
  expired(nowMs: number): ParkedFetch[] {
    if (nowMs < this.#nextExpiryMs) return [];
    const taken = this.take(({ untilMs }) => nowMs >= untilMs);
    this.#nextExpiryMs = Number.POSITIVE_INFINITY;
    for (const { untilMs } of this.#byReplica.values()) this.#nextExpiryMs = Math.min(this.#nextExpiryMs, untilMs);
    return taken;
  }
}

function replicaName({ replica }: FetchRequest): string {
  return `${replica.id}/${replica.directory}`;
}
