/**
 * An immutable map for views that are replaced often and changed little.
 *
 * Entries lie in hash buckets; an edit copies the buckets that it touches and shares the rest, so that changing one of
 * 10⁵ topics copies some dozens of entries. Iteration order is the bucket order: the same keys inserted by the same
 * edits give the same order on every machine.
 */
export class PersistentMap<K extends string | number, V> implements Iterable<readonly [K, V]> {
  readonly #buckets: readonly Bucket<K, V>[];
  readonly size: number;

  private constructor(buckets: readonly Bucket<K, V>[], size: number) {
    this.#buckets = buckets;
    this.size = size;
  }

  /** The map without entries. */
  static empty<K extends string | number, V>(): PersistentMap<K, V> {
    return new PersistentMap<K, V>([new Map<K, V>()], 0);
  }

  get(key: K): V | undefined {
    return bucketOf(this.#buckets, key).get(key);
  }

  has(key: K): boolean {
    return bucketOf(this.#buckets, key).has(key);
  }

  *[Symbol.iterator](): IterableIterator<readonly [K, V]> {
    for (const bucket of this.#buckets) yield* bucket;
  }

  *keys(): IterableIterator<K> {
    for (const bucket of this.#buckets) yield* bucket.keys();
  }

  *values(): IterableIterator<V> {
    for (const bucket of this.#buckets) yield* bucket.values();
  }

  /** A private copy to change; this map stays as it is. */
  edit(): PersistentMapDraft<K, V> {
    return new PersistentMapDraft(this.#buckets, this.size, (buckets, size) => new PersistentMap(buckets, size));
  }
}

/** Collects changes to a {@link PersistentMap}. Use it once: after `finish()` it must not be touched again. */
export class PersistentMapDraft<K extends string | number, V> {
  #buckets: Bucket<K, V>[];
  #owned: Set<Bucket<K, V>> = new Set();
  #size: number;
  readonly #make: (buckets: readonly Bucket<K, V>[], size: number) => PersistentMap<K, V>;

  constructor(
    buckets: readonly Bucket<K, V>[],
    size: number,
    make: (buckets: readonly Bucket<K, V>[], size: number) => PersistentMap<K, V>,
  ) {
    this.#buckets = buckets.slice();
    this.#size = size;
    this.#make = make;
  }

  get(key: K): V | undefined {
    return bucketOf(this.#buckets, key).get(key);
  }

  set(key: K, value: V): void {
    const bucket = this.#ownBucket(key);
    const before = bucket.size;
    bucket.set(key, value);
    this.#size += bucket.size - before;
    if (this.#size > this.#buckets.length * ENTRIES_PER_BUCKET) this.#grow();
  }

  delete(key: K): boolean {
    if (!bucketOf(this.#buckets, key).has(key)) return false;
    this.#ownBucket(key).delete(key);
    this.#size -= 1;
    return true;
  }

  finish(): PersistentMap<K, V> {
    const buckets = this.#buckets;
    this.#buckets = [];
    return this.#make(buckets, this.#size);
  }

  #ownBucket(key: K): Map<K, V> {
    const index = bucketIndex(this.#buckets.length, key);
    const bucket = this.#buckets[index] as Bucket<K, V>;
    if (this.#owned.has(bucket)) return bucket as Map<K, V>;
    const copy = new Map(bucket);
    this.#buckets[index] = copy;
    this.#owned.add(copy);
    return copy;
  }

  #grow(): void {
    const wider: Map<K, V>[] = Array.from({ length: this.#buckets.length * 4 }, () => new Map<K, V>());
    for (const bucket of this.#buckets) {
      for (const [key, value] of bucket) (bucketOf(wider, key) as Map<K, V>).set(key, value);
    }
    this.#buckets = wider;
    this.#owned = new Set(wider);
  }
}

type Bucket<K, V> = ReadonlyMap<K, V>;

const ENTRIES_PER_BUCKET = 32;

function bucketOf<K extends string | number, V>(buckets: readonly Bucket<K, V>[], key: K): Bucket<K, V> {
  return buckets[bucketIndex(buckets.length, key)] as Bucket<K, V>;
}

/** `count` is a power of two. */
function bucketIndex(count: number, key: string | number): number {
  if (count === 1) return 0;
  let hash = 0x811c9dc5;
  if (typeof key === 'number') hash = Math.imul(key | 0, 0x9e3779b1);
  else for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  hash ^= hash >>> 15;
  return hash & (count - 1);
}
