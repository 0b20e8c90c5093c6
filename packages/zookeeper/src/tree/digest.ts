import { crc32 } from '@biquorum/std';
import type { StatPersisted } from '@biquorum/zookeeper-wire';
import { ZOOKEEPER } from './paths.ts';

/** The version of the digest that Java writes. */
export const DIGEST_VERSION = 2;

const STAT_BYTES = 60;
const stats = new Uint8Array(STAT_BYTES);
const view = new DataView(stats.buffer);
const utf8 = new TextEncoder();
const scratch = new Uint8Array(1_024);

/** A server's own subtree is different on each: it does not count. */
const SUBTREE = `${ZOOKEEPER}/`;

/**
 * What a node adds to the digest of its tree: the tree's digest is the sum modulo 2^64. Source: Java
 * `DigestCalculator`, version 2.
 */
export function nodeDigest(path: string, data: Uint8Array | null, stat: StatPersisted): number {
  if (path.startsWith(SUBTREE)) return 0;
  let crc = crc32(bytesOf(path === '/' ? '' : path));
  if (data !== null) crc = crc32(data, crc);
  writeLong(0, stat.czxid);
  writeLong(8, stat.mzxid);
  writeLong(16, stat.pzxid);
  writeLong(24, stat.ctimeMs);
  writeLong(32, stat.mtimeMs);
  view.setInt32(40, stat.version);
  view.setInt32(44, stat.cversion);
  view.setInt32(48, stat.aversion);
  view.setBigInt64(52, stat.ephemeralOwner);
  return crc32(stats, crc);
}

/** Paths are encoded into the same memory each time, but for very long ones. */
function bytesOf(path: string): Uint8Array {
  if (path.length * 3 > scratch.length) return utf8.encode(path);
  return scratch.subarray(0, utf8.encodeInto(path, scratch).written);
}

/** The digest of a tree: a sum modulo 2^64, kept in two halves so that adding costs no allocation. */
export class TreeDigest {
  #high = 0;
  #low = 0;

  add(value: number): void {
    this.#low += value;
    if (this.#low >= TWO_32) {
      this.#low -= TWO_32;
      this.#high = (this.#high + 1) >>> 0;
    }
  }

  remove(value: number): void {
    this.#low -= value;
    if (this.#low < 0) {
      this.#low += TWO_32;
      this.#high = (this.#high - 1) >>> 0;
    }
  }

  /** Becomes the same as another. */
  copy(other: TreeDigest): void {
    this.#high = other.#high;
    this.#low = other.#low;
  }

  /** As a signed 64-bit number, as Java writes it. */
  get value(): bigint {
    return BigInt.asIntN(64, (BigInt(this.#high) << 32n) | BigInt(this.#low));
  }

  set value(value: bigint) {
    const bits = BigInt.asUintN(64, value);
    this.#high = Number(bits >> 32n);
    this.#low = Number(bits & 0xffff_ffffn);
  }
}

const TWO_32 = 0x1_0000_0000;

function writeLong(at: number, value: number): void {
  view.setInt32(at, Math.floor(value / TWO_32));
  view.setInt32(at + 4, value);
}
