import type { FilePayload } from '@biquorum/kafka-network';
import type { FileSlice } from '@biquorum/log';

/** A stretch of a log file on its way to a client. */
export class SlicePayload implements FilePayload {
  readonly byteLength: number;
  readonly #slice: FileSlice;

  constructor(slice: FileSlice) {
    this.#slice = slice;
    this.byteLength = slice.byteLength;
  }

  get warm(): boolean {
    return this.#slice.isWarm;
  }

  readSync(offset: number, into: Uint8Array): number {
    return this.#slice.file.readSync(this.#slice.position + offset, into);
  }

  read(offset: number, into: Uint8Array): Promise<number> {
    return this.#slice.file.read(this.#slice.position + offset, into);
  }

  release(): void {
    this.#slice.release();
  }
}
