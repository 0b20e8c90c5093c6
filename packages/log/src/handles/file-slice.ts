import type { DiskFile } from '@biquorum/platform';
import type { FileLease } from './open-files.ts';

/**
 * A stretch of a log file, to be sent as it is. The file stays open until `release`, whatever becomes of the log in
 * the meantime; the bytes stay what they are unless the log is cut.
 */
export class FileSlice {
  readonly position: number;
  /** Number of bytes. */
  readonly byteLength: number;
  /** Whether the bytes surely lie in the page cache, so that reading them at once does not hold up the loop. */
  readonly isWarm: boolean;
  #lease: FileLease | undefined;

  constructor(lease: FileLease, position: number, byteLength: number, isWarm: boolean) {
    this.#lease = lease;
    this.position = position;
    this.byteLength = byteLength;
    this.isWarm = isWarm;
  }

  /** The open file. @throws TypeError after `release`. */
  get file(): DiskFile {
    if (this.#lease === undefined) throw new TypeError('a file slice was used after its release');
    return this.#lease.file;
  }

  /** Reads the bytes: at once if they are warm, off the loop otherwise. @throws DiskError (as rejection) */
  async read(into: Uint8Array = new Uint8Array(this.byteLength)): Promise<Uint8Array> {
    const target = into.subarray(0, this.byteLength);
    const { file, position } = this;
    const count = this.isWarm ? file.readSync(position, target) : await file.read(position, target);
    return target.subarray(0, count);
  }

  /** Ends the use. Does nothing the second time. */
  release(): void {
    this.#lease?.release();
    this.#lease = undefined;
  }

  /** As `release`, for `using`. */
  [Symbol.dispose](): void {
    this.release();
  }
}
