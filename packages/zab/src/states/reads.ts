import { NO_NODE, type Token } from '@biquorum/consensus';
import type { Core } from '../core.ts';

/**
 * Linearizable reads: each waits for a transaction that was proposed after it came. One no-op at a time carries all that
 * have come meanwhile.
 */
export class Reads {
  readonly #core: Core;
  #waiting: Token[] = [];
  /** The no-op under way; 0 for none. */
  #carrier = 0;

  constructor(core: Core) {
    this.#core = core;
  }

  /** @returns Whether it was taken in. */
  add(token: Token): boolean {
    if (this.#waiting.length < this.#core.options.readsMax) {
      this.#waiting.push(token);
      return true;
    }
    const outcome = { kind: 'refused', reason: 'busy', leader: this.#core.id } as const;
    this.#core.out.effect({ kind: 'settle', token, outcome });
    return false;
  }

  /** Those that the next no-op is to carry; none while one is under way. */
  take(): readonly Token[] {
    if (this.#carrier !== 0) return [];
    const tokens = this.#waiting;
    this.#waiting = [];
    return tokens;
  }

  carriedBy(zxid: number): void {
    this.#carrier = zxid;
  }

  /** A transaction is committed. */
  carried(zxid: number): void {
    if (zxid === this.#carrier) this.#carrier = 0;
  }

  /** Leadership is lost. */
  leave(): void {
    for (const token of this.#waiting) {
      this.#core.out.effect({ kind: 'settle', token, outcome: { kind: 'unknown', leader: NO_NODE } });
    }
    this.#waiting = [];
  }
}
