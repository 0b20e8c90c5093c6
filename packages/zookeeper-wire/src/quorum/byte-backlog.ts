/**
 * Bytes of a stream that have arrived and were not taken yet. Grows with what has really arrived, whatever lengths a peer
 * claims.
 */
export class ByteBacklog {
  #bytes: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(this.#bytes.buffer);
  #start = 0;
  #end = 0;

  /** How many bytes wait. */
  get size(): number {
    return this.#end - this.#start;
  }

  /** Adds what has arrived. @param chunk borrowed for the call */
  push(chunk: Uint8Array): void {
    const size = this.size;
    if (this.#end + chunk.length > this.#bytes.length) {
      // What is handed out lies in the old memory, which is therefore left alone.
      // Most of the time whole packets arrive, and no room is needed for more.
      const grown = new Uint8Array(size === 0 ? chunk.length : Math.max(FIRST_BYTES, 2 * (size + chunk.length)));
      grown.set(this.#bytes.subarray(this.#start, this.#end));
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
      this.#start = 0;
      this.#end = size;
    }
    this.#bytes.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** Where what waits begins in {@link ByteBacklog.view}. */
  get start(): number {
    return this.#start;
  }

  /** The memory in which it waits. Valid until the next call. */
  get view(): DataView {
    return this.#view;
  }

  /** What waits, left in place. Valid until the next call. */
  peek(): Uint8Array {
    return this.#bytes.subarray(this.#start, this.#end);
  }

  /** Takes so many bytes out; the memory is the caller's from now on, for as long as it likes. */
  take(length: number): Uint8Array {
    const taken = this.#bytes.subarray(this.#start, this.#start + length);
    this.#start += length;
    return taken;
  }
}

const FIRST_BYTES = 4 * 1024;
