/** A hash function of the SHA-2 family. */
export interface Sha2 {
  /** Bytes of what it gives. */
  readonly digestBytes: number;
  /** Bytes that it takes at a time; a keyed hash pads its key to so many. */
  readonly blockBytes: number;
  hash(data: Uint8Array): Uint8Array;
}

/**
 * The keyed hash of a message by HMAC.
 *
 * Source: FIPS 198-1, RFC 2104.
 */
export function hmac(sha: Sha2, key: Uint8Array, message: Uint8Array): Uint8Array {
  const padded = new Uint8Array(sha.blockBytes);
  padded.set(key.length > sha.blockBytes ? sha.hash(key) : key);
  const masked = (mask: number): Uint8Array => padded.map((byte) => byte ^ mask);
  return sha.hash(concat(masked(OUTER), sha.hash(concat(masked(INNER), message))));
}

const OUTER = 0x5c;
const INNER = 0x36;
const BYTE = 8n;

/** Where the members of the family differ. */
interface Family {
  readonly wordBits: bigint;
  readonly rounds: number;
  /** Σ0 and Σ1 turn three times; σ0 and σ1 turn twice and shift once. */
  readonly bigSigma0: readonly [bigint, bigint, bigint];
  readonly bigSigma1: readonly [bigint, bigint, bigint];
  readonly smallSigma0: readonly [bigint, bigint, bigint];
  readonly smallSigma1: readonly [bigint, bigint, bigint];
}

/** SHA-256 and SHA-512 are one function on words of another size. It hashes secrets, not streams: clear, and slow. */
class Sha2Function implements Sha2 {
  readonly digestBytes: number;
  readonly blockBytes: number;
  readonly #family: Family;
  /** Computed at first use: most programs hash nothing. */
  #numbers: Numbers | undefined;

  constructor(family: Family) {
    this.#family = family;
    this.digestBytes = Number(family.wordBits);
    this.blockBytes = 2 * this.digestBytes;
  }

  hash(data: Uint8Array): Uint8Array {
    const words = this.#words(data);
    this.#numbers ??= numbersOf(this.#family);
    const { initial, constants } = this.#numbers;
    let state = initial;
    for (let at = 0; at < words.length; at += 16) state = this.#compress(state, words.slice(at, at + 16), constants);
    return bytesOf(state, this.#family.wordBits);
  }

  /** The message as words, with one bit and the message's length after it. */
  #words(data: Uint8Array): bigint[] {
    const wordBytes = this.digestBytes / 8;
    const blocks = Math.ceil((data.length + 1 + 2 * wordBytes) / this.blockBytes);
    const padded = new Uint8Array(blocks * this.blockBytes);
    padded.set(data);
    padded[data.length] = 0x80;
    const words = Array.from({ length: padded.length / wordBytes }, (_, index) => {
      const bytes = padded.subarray(index * wordBytes, (index + 1) * wordBytes);
      return bytes.reduce((word, byte) => (word << BYTE) | BigInt(byte), 0n);
    });
    words[words.length - 1] = BigInt(data.length) * BYTE;
    return words;
  }

  #compress(state: readonly bigint[], words: bigint[], constants: readonly bigint[]): readonly bigint[] {
    const { wordBits, rounds, bigSigma0, bigSigma1, smallSigma0, smallSigma1 } = this.#family;
    const cut = (value: bigint): bigint => BigInt.asUintN(Number(wordBits), value);
    const turn = (word: bigint, by: bigint): bigint => cut((word >> by) | (word << (wordBits - by)));
    const big = (word: bigint, [a, b, c]: Family['bigSigma0']): bigint => turn(word, a) ^ turn(word, b) ^ turn(word, c);
    const small = (word: bigint, [a, b, c]: Family['smallSigma0']): bigint =>
      turn(word, a) ^ turn(word, b) ^ (word >> c);
    const at = (index: number): bigint => words[index] as bigint;
    for (let t = 16; t < rounds; t++) {
      words.push(cut(small(at(t - 2), smallSigma1) + at(t - 7) + small(at(t - 15), smallSigma0) + at(t - 16)));
    }
    let [a, b, c, d, e, f, g, h] = state as [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];
    for (let t = 0; t < rounds; t++) {
      const first = h + big(e, bigSigma1) + ((e & f) ^ (~e & g)) + (constants[t] as bigint) + at(t);
      const second = big(a, bigSigma0) + ((a & b) ^ (a & c) ^ (b & c));
      [a, b, c, d, e, f, g, h] = [cut(first + second), a, b, c, cut(d + first), e, f, g];
    }
    return [a, b, c, d, e, f, g, h].map((word, index) => cut(word + (state[index] as bigint)));
  }
}

/** SHA-256. Source: FIPS 180-4. */
export const sha256: Sha2 = new Sha2Function({
  wordBits: 32n,
  rounds: 64,
  bigSigma0: [2n, 13n, 22n],
  bigSigma1: [6n, 11n, 25n],
  smallSigma0: [7n, 18n, 3n],
  smallSigma1: [17n, 19n, 10n],
});

/** SHA-512. Source: FIPS 180-4. */
export const sha512: Sha2 = new Sha2Function({
  wordBits: 64n,
  rounds: 80,
  bigSigma0: [28n, 34n, 39n],
  bigSigma1: [14n, 18n, 41n],
  smallSigma0: [1n, 8n, 7n],
  smallSigma1: [19n, 61n, 6n],
});

/** "Nothing up my sleeve": the first bits of the fractions of square and cube roots of the first primes. */
interface Numbers {
  readonly initial: readonly bigint[];
  readonly constants: readonly bigint[];
}

function numbersOf({ wordBits, rounds }: Family): Numbers {
  const primes = firstPrimes(rounds);
  return {
    initial: primes.slice(0, 8).map((prime) => fractionOfRoot(prime, 2n, wordBits)),
    constants: primes.map((prime) => fractionOfRoot(prime, 3n, wordBits)),
  };
}

function firstPrimes(count: number): bigint[] {
  const primes: bigint[] = [];
  for (let candidate = 2n; primes.length < count; candidate++) {
    if (primes.every((prime) => candidate % prime !== 0n)) primes.push(candidate);
  }
  return primes;
}

/** The first bits after the point of the n-th root of a number: the root of the number shifted by n times as many. */
function fractionOfRoot(value: bigint, n: bigint, bits: bigint): bigint {
  const target = value << (n * bits);
  let root = 0n;
  for (let bit = 1n << (bits + 9n); bit > 0n; bit >>= 1n) if ((root | bit) ** n <= target) root |= bit;
  return BigInt.asUintN(Number(bits), root);
}

function bytesOf(words: readonly bigint[], wordBits: bigint): Uint8Array {
  const wordBytes = Number(wordBits / BYTE);
  return Uint8Array.from({ length: words.length * wordBytes }, (_, index) => {
    const shift = BigInt(wordBytes - 1 - (index % wordBytes)) * BYTE;
    return Number(((words[Math.floor(index / wordBytes)] as bigint) >> shift) & 0xffn);
  });
}

function concat(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
