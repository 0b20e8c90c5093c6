/** Words of a {@link KeyHash} result. */
export const HASH_WORDS = 4;

/**
 * Hashes record keys to 128 bits under a secret, so that nobody can choose two keys that fall together and have one
 * drop the other's records. Two runs of HalfSipHash-2-4 with 64 bits each, under different halves of the secret.
 *
 * Source: J.-P. Aumasson and D. J. Bernstein, "SipHash: a fast short-input PRF", 2012, and their reference code.
 */
export class KeyHash {
  /** The hash of the last key. */
  readonly words: Uint32Array = new Uint32Array(HASH_WORDS);
  readonly #secret: Uint32Array;

  /** @param secret four random words. */
  constructor(secret: Uint32Array) {
    this.#secret = secret;
  }

  /** Hashes the bytes from `start` to `end` into `words`. */
  hash(bytes: Uint8Array, start: number, end: number): void {
    const [k0 = 0, k1 = 0, k2 = 0, k3 = 0] = this.#secret;
    halfSipHash(bytes, start, end, k0, k1, this.words, 0);
    halfSipHash(bytes, start, end, k2, k3, this.words, 2);
  }
}

/** HalfSipHash-2-4 with 64 bits of output, as two words at `at`. Words of input are little-endian. */
export function halfSipHash(
  bytes: Uint8Array,
  start: number,
  end: number,
  key0: number,
  key1: number,
  out: Uint32Array,
  at: number,
): void {
  let v0 = key0 | 0;
  let v1 = (key1 ^ 0xee) | 0;
  let v2 = (0x6c796765 ^ key0) | 0;
  let v3 = (0x74656462 ^ key1) | 0;
  const length = end - start;
  const wholeEnd = end - (length & 3);
  let position = start;
  let rounds = 2;
  let word: number;
  // One word at a time, then the rest with the length, then the two finalisations: the same rounds for all.
  for (let phase = 0; phase < 3; ) {
    if (phase === 0 && position < wholeEnd) {
      word =
        (bytes[position] as number) |
        ((bytes[position + 1] as number) << 8) |
        ((bytes[position + 2] as number) << 16) |
        ((bytes[position + 3] as number) << 24);
      position += 4;
    } else if (phase === 0) {
      word = length << 24;
      for (let shift = 0; position < end; shift += 8) word |= (bytes[position++] as number) << shift;
      phase = 1;
    } else {
      word = 0;
      if (phase === 1) v2 ^= 0xee;
      else v1 ^= 0xdd;
      rounds = 4;
      phase++;
    }
    v3 ^= word;
    for (let round = 0; round < rounds; round++) {
      v0 = (v0 + v1) | 0;
      v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
      v0 = (v0 << 16) | (v0 >>> 16);
      v2 = (v2 + v3) | 0;
      v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
      v0 = (v0 + v3) | 0;
      v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
      v2 = (v2 + v1) | 0;
      v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
      v2 = (v2 << 16) | (v2 >>> 16);
    }
    v0 ^= word;
    if (rounds === 4) out[at + phase - 2] = (v1 ^ v3) >>> 0;
  }
}
