import type { SessionTable } from '../tree/apply-txn.ts';

/** The sessions of the whole ensemble with their timeouts, as transactions and snapshots tell of them. */
export class GlobalSessions implements SessionTable {
  readonly #timeouts: Map<bigint, number> = new Map();
  readonly #told: SessionTable;

  /** @param told is told of the same */
  constructor(told: SessionTable) {
    this.#told = told;
  }

  get size(): number {
    return this.#timeouts.size;
  }

  created(sessionId: bigint, timeoutMs: number): void {
    this.#timeouts.set(sessionId, timeoutMs);
    this.#told.created(sessionId, timeoutMs);
  }

  closed(sessionId: bigint): void {
    this.#timeouts.delete(sessionId);
    this.#told.closed(sessionId);
  }

  has(sessionId: bigint): boolean {
    return this.#timeouts.has(sessionId);
  }

  /** In milliseconds; undefined when there is no such session. */
  timeoutOf(sessionId: bigint): number | undefined {
    return this.#timeouts.get(sessionId);
  }

  entries(): Iterable<readonly [sessionId: bigint, timeoutMs: number]> {
    return this.#timeouts;
  }

  /** Forgets all, before a snapshot brings others. */
  clear(): void {
    this.#timeouts.clear();
  }
}
