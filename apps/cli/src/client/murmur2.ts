const SEED = 0x9747b28c | 0;
const M = 0x5bd1e995;
const R = 24;

/** The hash of a key from which Java's producer takes the partition: MurmurHash2, as `Utils.murmur2` has it. int32. */
export function murmur2(bytes: Uint8Array): number {
  const { length } = bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, length);
  let hash = SEED ^ length;
  const whole = length & ~3;
  for (let at = 0; at < whole; at += 4) {
    let word = Math.imul(view.getInt32(at, true), M);
    word = Math.imul(word ^ (word >>> R), M);
    hash = Math.imul(hash, M) ^ word;
  }
  const rest = length & 3;
  for (let index = rest - 1; index >= 0; index--) hash ^= (bytes[whole + index] as number) << (8 * index);
  if (rest > 0) hash = Math.imul(hash, M);
  hash = Math.imul(hash ^ (hash >>> 13), M);
  return hash ^ (hash >>> 15);
}

/** The partition of a key, where nobody chooses another. Source: Java `BuiltInPartitioner.partitionForKey`. */
export function partitionOfKey(key: Uint8Array, partitionCount: number): number {
  return (murmur2(key) & 0x7fff_ffff) % partitionCount;
}
