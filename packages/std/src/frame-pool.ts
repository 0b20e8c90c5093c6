/** Smaller frames are not worth the trouble: the collector deals with them in passing. */
const LEAST_BYTES = 4 * 1024;
const LEAST_BITS = Math.log2(LEAST_BYTES);
/** Larger ones are rare, and too much to keep. */
const MOST_BYTES = 4 * 1024 * 1024;
const CLASSES = Math.log2(MOST_BYTES) - LEAST_BITS + 1;

/**
 * Memory for the frames of requests, used again and again. A fresh buffer costs being cleared, and being counted by the
 * collector, which goes through the whole heap for each few dozen megabytes of them.
 *
 * Buffers come in powers of two; what is kept is bounded in bytes.
 */
export class FramePool {
  readonly #keptBytesMax: number;
  readonly #free: Uint8Array[][] = Array.from({ length: CLASSES }, () => []);
  #keptBytes = 0;

  /** @param keptBytesMax the most bytes of free buffers that are kept */
  constructor(keptBytesMax: number) {
    this.#keptBytesMax = keptBytesMax;
  }

  /** Bytes of free buffers. */
  get keptBytes(): number {
    return this.#keptBytes;
  }

  /** A buffer of at least so many bytes, with whatever was in it before. */
  acquire(bytes: number): Uint8Array {
    if (bytes < LEAST_BYTES || bytes > MOST_BYTES) return new Uint8Array(bytes);
    return this.acquireFree(bytes) ?? new Uint8Array(2 ** Math.ceil(Math.log2(bytes)));
  }

  /** As {@link FramePool.acquire}, if there is such a buffer already. */
  acquireFree(bytes: number): Uint8Array | undefined {
    if (bytes < LEAST_BYTES || bytes > MOST_BYTES) return undefined;
    const buffer = this.#free[classOf(bytes)]?.pop();
    if (buffer !== undefined) this.#keptBytes -= buffer.length;
    return buffer;
  }

  /** Takes back memory that came from here; nobody may use it any more. What never did is left to the collector. */
  release(bytes: Uint8Array): void {
    const { byteLength } = bytes.buffer;
    const isOurs = byteLength >= LEAST_BYTES && byteLength <= MOST_BYTES && (byteLength & (byteLength - 1)) === 0;
    if (!isOurs || this.#keptBytes + byteLength > this.#keptBytesMax) return;
    this.#keptBytes += byteLength;
    this.#free[classOf(byteLength)]?.push(new Uint8Array(bytes.buffer));
  }
}

/** The class whose buffers are the least that have room. */
function classOf(bytes: number): number {
  return 32 - Math.clz32(bytes - 1) - LEAST_BITS;
}
