/**
 * The orders in which Java and Scala walk through their hash maps: Kafka's JSON has its keys in them.
 *
 * Facts of Java 17 and Scala 2.13.
 */

/** The order of `scala.collection.mutable.HashMap` when keys were added one by one to an empty one. */
export function mutableHashMapOrder(keys: readonly string[]): readonly string[] {
  let tableSize = 16;
  while (keys.length + 1 > tableSize * LOAD_FACTOR) tableSize *= 2;
  const placed = keys.map((key) => ({ key, hash: spread(hashOf(key)) }));
  // Within a bucket nodes are sorted by hash.
  return placed
    .sort((a, b) => (a.hash & (tableSize - 1)) - (b.hash & (tableSize - 1)) || a.hash - b.hash)
    .map(({ key }) => key);
}

/** The order of `scala.collection.immutable.Map`: up to four keys as they were added, above that a hash trie. */
export function immutableMapOrder(keys: readonly string[]): readonly string[] {
  if (keys.length <= SMALL_MAP) return keys;
  return trieOrder(
    keys.map((key) => ({ key, hash: improve(hashOf(key)) })),
    0,
  );
}

/** The order of `java.util.Properties`, which is that of a `ConcurrentHashMap` of 8 at first. */
export function propertiesOrder(keys: readonly string[]): readonly string[] {
  let tableSize = 16;
  while (keys.length >= tableSize * LOAD_FACTOR) tableSize *= 2;
  const placed = keys.map((key) => ({ key, slot: spread(hashOf(key)) & (tableSize - 1) }));
  return placed.sort((a, b) => a.slot - b.slot).map(({ key }) => key);
}

const LOAD_FACTOR = 0.75;
const SMALL_MAP = 4;
const TRIE_BITS = 5;
const TRIE_MASK: number = (1 << TRIE_BITS) - 1;
const HASH_BITS = 32;

interface Hashed {
  readonly key: string;
  readonly hash: number;
}

/** A node gives its own keys first, then its subtrees, each in the order of the hash's next five bits. */
function trieOrder(entries: readonly Hashed[], shift: number): readonly string[] {
  if (shift >= HASH_BITS) return entries.map(({ key }) => key);
  const slots = new Map<number, Hashed[]>();
  for (const entry of entries) {
    const slot = (entry.hash >>> shift) & TRIE_MASK;
    slots.set(slot, [...(slots.get(slot) ?? []), entry]);
  }
  const sorted = [...slots].sort(([a], [b]) => a - b).map(([, inSlot]) => inSlot);
  const own = sorted.flatMap((inSlot) => (inSlot.length === 1 ? inSlot.map(({ key }) => key) : []));
  const below = sorted.flatMap((inSlot) => (inSlot.length > 1 ? trieOrder(inSlot, shift + TRIE_BITS) : []));
  return [...own, ...below];
}

/** Java's `String.hashCode`. */
function hashOf(text: string): number {
  let hash = 0;
  for (let at = 0; at < text.length; at++) hash = (Math.imul(31, hash) + text.charCodeAt(at)) | 0;
  return hash;
}

function spread(hash: number): number {
  return hash ^ (hash >>> 16);
}

/** Scala's `Hashing.improve`. */
function improve(hash: number): number {
  let mixed = (hash + ~(hash << 9)) | 0;
  mixed ^= mixed >>> 14;
  mixed = (mixed + (mixed << 4)) | 0;
  return mixed ^ (mixed >>> 10);
}
