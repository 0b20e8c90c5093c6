/**
 * Numbers that look random, made from what ticks bring: the engine has no randomness of its own, yet may need several
 * numbers between two ticks.
 */
export class Dice {
  #seed: number;

  constructor(seed: number) {
    this.#seed = seed >>> 0;
  }

  /** Mixes fresh random bits in. */
  feed(random: number): void {
    this.#seed = (this.#seed ^ random) >>> 0;
  }

  /** A whole number from 0 to `bound` − 1. */
  below(bound: number): number {
    // One step of SplitMix32; ample for spreading timeouts.
    this.#seed = (this.#seed + 0x9e37_79b9) >>> 0;
    let bits = this.#seed;
    bits = Math.imul(bits ^ (bits >>> 16), 0x21f0_aaad);
    bits = Math.imul(bits ^ (bits >>> 15), 0x735a_2d97);
    bits = (bits ^ (bits >>> 15)) >>> 0;
    return Math.floor((bits / 0x1_0000_0000) * bound);
  }
}
