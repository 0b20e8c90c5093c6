import type { FramePool } from './frame-pool.ts';

/** Why bytes on a connection cannot be frames. */
export interface FrameFault {
  readonly kind: 'negative-size' | 'oversized';
  /** The size that the peer announced, in bytes. */
  readonly size: number;
}

/**
 * A frame grows with what has arrived: whatever size a peer claims, so much and a multiple of what it has really sent is
 * all that is allocated for it.
 */
const FIRST_ALLOCATION = 4 * 1024;
const GROWTH = 4;

/**
 * Cuts a stream of bytes into frames as Kafka and ZooKeeper send them: a size of four bytes, then so many bytes.
 *
 * Chunks may be cut anywhere. A frame handed out is a copy of its own, free for the receiver to keep and to change. With
 * a pool, memory comes from there, and may be given back there.
 */
export class FrameReader {
  readonly #frameBytesMax: number;
  readonly #onFrame: (frame: Uint8Array) => void;
  readonly #pool: FramePool | undefined;
  /** The size prefix as far as it has arrived. */
  #prefix = 0;
  #prefixBytes = 0;
  #frame: Uint8Array = NO_BYTES;
  #frameSize = -1;
  #filled = 0;

  /**
   * @param frameBytesMax a larger frame is a fault
   * @param onFrame is given each frame without its size prefix
   */
  constructor(frameBytesMax: number, onFrame: (frame: Uint8Array) => void, pool?: FramePool) {
    this.#frameBytesMax = frameBytesMax;
    this.#onFrame = onFrame;
    this.#pool = pool;
  }

  /** Whether the stream stands at the end of a frame: nothing of the next has come. */
  get isBetween(): boolean {
    return this.#frameSize < 0 && this.#prefixBytes === 0;
  }

  /** Bytes held for a frame that is not complete. */
  get heldBytes(): number {
    return this.#frame.length;
  }

  /**
   * Takes the next bytes of the stream.
   *
   * @param chunk borrowed for the call
   * @returns why the stream is no longer usable; after a fault the reader must not be used again
   */
  push(chunk: Uint8Array): FrameFault | null {
    let at = 0;
    while (at < chunk.length) {
      if (this.#frameSize < 0) {
        this.#prefix = (this.#prefix << 8) | (chunk[at] as number);
        at += 1;
        this.#prefixBytes += 1;
        if (this.#prefixBytes < 4) continue;
        const fault = this.#begin(this.#prefix);
        if (fault !== null) return fault;
        if (this.#frameSize === 0) this.#complete();
        continue;
      }
      const taken = Math.min(this.#frameSize - this.#filled, chunk.length - at);
      this.#ensure(this.#filled + taken);
      this.#frame.set(taken === chunk.length ? chunk : chunk.subarray(at, at + taken), this.#filled);
      this.#filled += taken;
      at += taken;
      if (this.#filled === this.#frameSize) this.#complete();
    }
    return null;
  }

  #begin(size: number): FrameFault | null {
    this.#prefix = 0;
    this.#prefixBytes = 0;
    if (size < 0) return { kind: 'negative-size', size };
    if (size > this.#frameBytesMax) return { kind: 'oversized', size };
    this.#frameSize = size;
    this.#filled = 0;
    return null;
  }

  #ensure(bytes: number): void {
    if (bytes <= this.#frame.length) return;
    const size = this.#frameSize;
    // Memory that is there already may be as large as the peer says.
    const larger =
      this.#pool?.acquireFree(size) ?? this.#allocate(Math.min(size, Math.max(FIRST_ALLOCATION, bytes * GROWTH)));
    larger.set(this.#frame.subarray(0, this.#filled));
    this.#pool?.release(this.#frame);
    this.#frame = larger;
  }

  #allocate(bytes: number): Uint8Array {
    return this.#pool?.acquire(bytes) ?? new Uint8Array(bytes);
  }

  #complete(): void {
    const frame = this.#frame.length === this.#frameSize ? this.#frame : this.#frame.subarray(0, this.#frameSize);
    this.#frame = NO_BYTES;
    this.#frameSize = -1;
    this.#onFrame(frame);
  }
}

const NO_BYTES = new Uint8Array(0);
