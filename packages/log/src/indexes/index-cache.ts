/** How many bytes of indexes one {@link IndexCache} keeps in memory by default. */
export const INDEX_CACHE_BYTES_DEFAULT: number = 64 << 20;

/** Something whose memory can be given back, to be read from its file again later. */
export interface Evictable {
  /** Lets go of all that can be read again. */
  evict(): void;
}

/** The indexes that were read into memory for look-ups far from the end of their logs; bounded by bytes. */
export class IndexCache {
  readonly #bytesMax: number;
  /** From the least to the most recently used. */
  readonly #bytes = new Map<Evictable, number>();
  #totalBytes = 0;

  constructor(bytesMax: number = INDEX_CACHE_BYTES_DEFAULT) {
    this.#bytesMax = bytesMax;
  }

  /** Bytes of all indexes that are held. */
  get totalBytes(): number {
    return this.#totalBytes;
  }

  /** An index was read, or is used again, and takes this much memory. Others make room. */
  hold(index: Evictable, bytes: number): void {
    this.forget(index);
    this.#bytes.set(index, bytes);
    this.#totalBytes += bytes;
    for (const [oldest] of this.#bytes) {
      if (this.#totalBytes <= this.#bytesMax || oldest === index) return;
      this.forget(oldest);
      oldest.evict();
    }
  }

  /** The index is gone, or has let go of its memory by itself. */
  forget(index: Evictable): void {
    const bytes = this.#bytes.get(index);
    if (bytes === undefined) return;
    this.#bytes.delete(index);
    this.#totalBytes -= bytes;
  }
}
