import { assert } from './assert.ts';
import { splitMix64 } from './split-mix64.ts';
import { Xoshiro128 } from './xoshiro128.ts';

/** A whole number (its 64-bit two's complement is the seed), or the high and the low 32 bits of a 64-bit seed. */
export type Seed = number | readonly [high: number, low: number];

const TWO_31 = 0x8000_0000;
const TWO_32 = 0x1_0000_0000;
const TWO_53 = 0x20_0000_0000_0000;

/**
 * A deterministic generator: the same seed gives the same values on every machine and in every version of Biquorum.
 * Not for secrets.
 *
 * The algorithm is xoshiro128**, its state filled by SplitMix64 as its authors advise.
 */
export class Prng {
  readonly #seed: bigint;
  readonly #generator: Xoshiro128;

  /** @throws AssertionError when the seed is neither a safe integer nor a pair of 32-bit integers. */
  constructor(seed: Seed) {
    this.#seed = seedBits(seed);
    const first = splitMix64(this.#seed, 1n);
    const second = splitMix64(this.#seed, 2n);
    this.#generator = new Xoshiro128(lowHalf(first), highHalf(first), lowHalf(second), highHalf(second));
  }

  /** The next 32 bits, from 0 to 2^32 − 1. */
  uint32(): number {
    return this.#generator.next();
  }

  /**
   * A whole number from 0 to `bound − 1`, each equally likely.
   *
   * @param bound From 1 to 2^53 − 1.
   */
  below(bound: number): number {
    assert(Number.isSafeInteger(bound) && bound > 0, () => `bound ${bound} of a random number is not in 1..2^53-1`);
    if (bound > TWO_31) return this.#belowWide(bound);
    // The words at and above the last multiple of `bound` would make small results likelier: draw again. They are
    // those whose run of `bound` words does not fit below 2^32.
    for (;;) {
      const word = this.uint32();
      const value = word % bound;
      if (word - value <= TWO_32 - bound) return value;
    }
  }

  /** A whole number from `low` to `high`, both included, each equally likely; `high − low` is below 2^53 − 1. */
  between(low: number, high: number): number {
    assert(
      Number.isSafeInteger(low) && Number.isSafeInteger(high) && low <= high,
      () => `range ${low}..${high} of a random number is empty or not of whole numbers`,
    );
    return low + this.below(high - low + 1);
  }

  /** A number from 0 (included) to 1 (excluded) with 53 random bits. */
  float(): number {
    return this.#bits53() / TWO_53;
  }

  /** True with probability `probability`: never for 0, always for 1. Draws the same number of words in any case. */
  chance(probability: number): boolean {
    assert(probability >= 0 && probability <= 1, () => `probability ${probability} is not in 0..1`);
    return this.float() < probability;
  }

  /** One element, each equally likely. @throws AssertionError when there is none. */
  pick<T>(values: ArrayLike<T>): T {
    assert(values.length > 0, 'nothing to pick from: the list is empty');
    return values[this.below(values.length)] as T;
  }

  /** Puts the elements into random order, in place (Fisher–Yates), and returns the same array. */
  shuffle<T>(values: T[]): T[] {
    for (let last = values.length - 1; last > 0; last--) {
      const other = this.below(last + 1);
      const kept = values[last] as T;
      values[last] = values[other] as T;
      values[other] = kept;
    }
    return values;
  }

  /** Fills the bytes, each word little-endian, and returns the same array. */
  fill(bytes: Uint8Array): Uint8Array {
    let word = 0;
    for (let index = 0; index < bytes.length; index++) {
      if ((index & 3) === 0) word = this.uint32();
      bytes[index] = word;
      word >>>= 8;
    }
    return bytes;
  }

  /**
   * A generator whose values are independent of this one's.
   *
   * With a label, it depends on this generator's seed and the label alone, however many values were drawn here: give
   * each consumer its label, and a new consumer does not change what the others see. The same label gives the same
   * stream. Without a label, its seed is the next 64 bits of this generator.
   */
  fork(label?: string): Prng {
    if (label === undefined) return new Prng([this.uint32(), this.uint32()]);
    const seed = splitMix64(this.#seed ^ fnv1a64(label), 1n);
    return new Prng([highHalf(seed), lowHalf(seed)]);
  }

  #bits53(): number {
    return (this.uint32() >>> 5) * 0x400_0000 + (this.uint32() >>> 6);
  }

  #belowWide(bound: number): number {
    for (;;) {
      const bits = this.#bits53();
      const value = bits % bound;
      if (bits - value <= TWO_53 - bound) return value;
    }
  }
}

function seedBits(seed: Seed): bigint {
  if (typeof seed === 'number') {
    assert(Number.isSafeInteger(seed), () => `seed ${seed} is not a safe integer; pass [high, low] for 64 bits`);
    return BigInt.asUintN(64, BigInt(seed));
  }
  const [high, low] = seed;
  assert(
    high >>> 0 === high && low >>> 0 === low,
    () => `seed [${high}, ${low}] is not a pair of unsigned 32-bit integers`,
  );
  return (BigInt(high) << 32n) | BigInt(low);
}

function highHalf(bits: bigint): number {
  return Number(bits >> 32n);
}

function lowHalf(bits: bigint): number {
  return Number(bits & 0xffff_ffffn);
}

/** FNV-1a over UTF-16 code units instead of bytes. */
function fnv1a64(label: string): bigint {
  let hash = 0xcbf2_9ce4_8422_2325n;
  for (let index = 0; index < label.length; index++) {
    hash = ((hash ^ BigInt(label.charCodeAt(index))) * 0x100_0000_01b3n) & 0xffff_ffff_ffff_ffffn;
  }
  return hash;
}
