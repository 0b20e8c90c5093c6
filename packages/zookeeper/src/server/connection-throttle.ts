/** How many new connections are taken. Names are those of the properties `zookeeper.connection_throttle_…`. */
export interface ConnectionThrottleOptions {
  /** Tokens there are at most; 0 turns the throttle off. */
  readonly tokens: number;
  /** Every so many milliseconds {@link ConnectionThrottleOptions.fillCount} tokens come. */
  readonly fillTimeMs: number;
  readonly fillCount: number;
  /** How long the chance to be dropped stays as it is, in milliseconds; −1 for no chance. */
  readonly freezeTimeMs: number;
  readonly dropIncrease: number;
  readonly dropDecrease: number;
  /** The chance sinks while no more than this share of the tokens is out. */
  readonly decreaseRatio: number;
  /** What kinds of sessions cost; null when each costs one token. */
  readonly weights: { readonly global: number; readonly renew: number; readonly local: number } | null;
}

/** Java's defaults: off. */
export const NO_CONNECTION_THROTTLE: ConnectionThrottleOptions = {
  tokens: 0,
  fillTimeMs: 1,
  fillCount: 1,
  freezeTimeMs: -1,
  dropIncrease: 0.02,
  dropDecrease: 0.002,
  decreaseRatio: 0,
  weights: null,
};

/**
 * A bucket of tokens that new sessions take from, with the BLUE algorithm above it: while the bucket is empty the chance
 * that a connection is dropped grows. Source: Java `BlueThrottle`.
 */
export class ConnectionThrottle {
  readonly #options: ConnectionThrottleOptions;
  readonly #monotonicMs: () => number;
  readonly #random: () => number;
  readonly #tokensMax: number;
  readonly #fillCount: number;
  #tokens: number;
  #filledMs: number;
  #frozenMs: number;
  #dropChance = 0;

  /** @param random from 0 up to 1 */
  constructor(options: ConnectionThrottleOptions, monotonicMs: () => number, random: () => number) {
    const scale = options.weights?.global ?? 1;
    this.#options = options;
    this.#monotonicMs = monotonicMs;
    this.#random = random;
    this.#tokensMax = options.tokens * scale;
    this.#fillCount = options.fillCount * scale;
    this.#tokens = this.#tokensMax;
    this.#filledMs = monotonicMs();
    this.#frozenMs = this.#filledMs;
  }

  /** The chance that a connection is dropped although there are tokens. */
  get dropChance(): number {
    return this.#dropChance;
  }

  /** Tokens that are out. */
  get deficit(): number {
    return this.#tokensMax - this.#tokens;
  }

  /** Takes the tokens of a new session. @returns False when it must be refused. */
  admits(kind: 'global' | 'renew'): boolean {
    if (this.#tokensMax === 0) return true;
    const need = this.#options.weights?.[kind] ?? 1;
    const nowMs = this.#monotonicMs();
    const sinceMs = nowMs - this.#filledMs;
    if (sinceMs > this.#options.fillTimeMs) {
      const more = Math.floor((sinceMs * this.#fillCount) / this.#options.fillTimeMs);
      this.#tokens = Math.min(this.#tokens + more, this.#tokensMax);
      this.#filledMs = nowMs;
    }
    if (this.#options.freezeTimeMs !== -1 && this.#isDropped(nowMs)) return false;
    if (this.#tokens < need) return false;
    this.#tokens -= need;
    return true;
  }

  #isDropped(nowMs: number): boolean {
    const { freezeTimeMs, dropIncrease, dropDecrease, decreaseRatio } = this.#options;
    if (nowMs - this.#frozenMs > freezeTimeMs) {
      const threshold = Math.round(this.#tokensMax * decreaseRatio);
      if (this.deficit === this.#tokensMax) this.#dropChance = Math.min(this.#dropChance + dropIncrease, 1);
      else if (this.deficit <= threshold) this.#dropChance = Math.max(this.#dropChance - dropDecrease, 0);
      this.#frozenMs = nowMs;
    }
    return this.#random() < this.#dropChance;
  }
}
