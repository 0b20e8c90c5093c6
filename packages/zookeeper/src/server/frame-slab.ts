const SLAB_BYTES = 64 * 1_024;

/**
 * Gathers small frames of many connections: each is copied behind the last, and frames of one connection that lie side
 * by side become one chunk. A slab is left to its chunks when it is full; nothing is written twice.
 */
export class FrameSlab {
  #slab: Uint8Array = NO_BYTES;
  #at = 0;

  /** Adds a copy of the frame to what a connection will send. */
  add(frame: Uint8Array, output: Output): void {
    if (frame.length > SLAB_BYTES / 4) {
      output.chunks.push(frame.slice());
      return;
    }
    if (this.#at + frame.length > this.#slab.length) {
      this.#slab = new Uint8Array(SLAB_BYTES);
      this.#at = 0;
    }
    this.#slab.set(frame, this.#at);
    const { chunks } = output;
    const last = chunks.at(-1);
    const end = this.#at + frame.length;
    if (last?.buffer === this.#slab.buffer && last.byteOffset + last.length === this.#at) {
      chunks[chunks.length - 1] = this.#slab.subarray(last.byteOffset, end);
    } else chunks.push(this.#slab.subarray(this.#at, end));
    this.#at = end;
  }
}

/** What a connection will send at the end of the turn. */
export interface Output {
  chunks: Uint8Array[];
}

const NO_BYTES = new Uint8Array(0);
