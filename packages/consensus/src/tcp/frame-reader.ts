/** Cuts a stream of bytes into frames: a length of four bytes, then so many bytes. */
export class FrameReader {
  readonly #frameBytesMax: number;
  #buffer: Uint8Array = new Uint8Array(64 * 1024);
  #start = 0;
  #end = 0;

  constructor(frameBytesMax: number) {
    this.#frameBytesMax = frameBytesMax;
  }

  /** Takes in bytes, which stay the caller's. */
  push(chunk: Uint8Array): void {
    const needed = this.#end - this.#start + chunk.length;
    if (this.#end + chunk.length > this.#buffer.length) {
      // Frames that were given out look into the old memory.
      const larger = new Uint8Array(Math.max(64 * 1024, needed * 2));
      larger.set(this.#buffer.subarray(this.#start, this.#end));
      this.#buffer = larger;
      this.#end -= this.#start;
      this.#start = 0;
    }
    this.#buffer.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /**
   * The next whole frame, which is the caller's to keep; null when more bytes are needed.
   *
   * @throws RangeError when a frame claims to be longer than allowed.
   */
  next(): Uint8Array | null {
    const available = this.#end - this.#start;
    if (available < 4) return null;
    const at = this.#start;
    const b = this.#buffer;
    const length =
      (b[at] as number) * 0x100_0000 +
      (((b[at + 1] as number) << 16) | ((b[at + 2] as number) << 8) | (b[at + 3] as number));
    if (length > this.#frameBytesMax) {
      throw new RangeError(`a frame of ${length} bytes is longer than the ${this.#frameBytesMax} allowed`);
    }
    if (available < 4 + length) return null;
    this.#start = at + 4 + length;
    return b.subarray(at + 4, at + 4 + length);
  }
}
