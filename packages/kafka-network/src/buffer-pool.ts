/** Buffers of one size that are used again and again. Over the bound, buffers are made and left to the collector. */
export class BufferPool {
  readonly bufferBytes: number;
  readonly #keepMax: number;
  readonly #free: Uint8Array[] = [];

  constructor(bufferBytes: number, keepMax: number) {
    this.bufferBytes = bufferBytes;
    this.#keepMax = keepMax;
  }

  acquire(): Uint8Array {
    return this.#free.pop() ?? new Uint8Array(this.bufferBytes);
  }

  /** Gives a buffer back; nobody may use it any more. */
  release(buffer: Uint8Array): void {
    if (this.#free.length < this.#keepMax) this.#free.push(buffer);
  }
}
