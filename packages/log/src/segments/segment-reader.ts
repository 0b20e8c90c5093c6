import { BATCH_HEADER_SIZE, batchSizeAt } from '@biquorum/kafka-wire';
import type { FileLease, LogFile, OpenFiles } from '../handles/open-files.ts';
import { CorruptLogError } from '../log-error.ts';
/** What a {@link SegmentReader} needs of a segment. */
export interface ReadableSegment {
  readonly log: LogFile;
  /** Bytes of log. */
  readonly size: number;
}

/** Bytes that are read at a time. */
const CHUNK_BYTES = 1 << 20;

/**
 * Reads a segment from a batch on to its end, in chunks of whole batches, off the loop. The bounds of the batches are
 * trusted; what they hold is not looked at.
 */
export class SegmentReader {
  readonly #segment: ReadableSegment;
  readonly #lease: FileLease;
  readonly #end: number;
  #buffer: Uint8Array;
  #position: number;
  #next: number;

  /**
   * @param from position of a batch.
   * @param end position where a batch ends; that of the segment by default.
   */
  constructor(files: OpenFiles, segment: ReadableSegment, from: number, end: number = segment.size) {
    this.#segment = segment;
    this.#lease = files.lease(segment.log);
    this.#end = end;
    this.#position = from;
    this.#next = from;
    this.#buffer = new Uint8Array(Math.min(CHUNK_BYTES, end - from));
  }

  /** Position in the file of the chunk that `next` gave last. */
  get position(): number {
    return this.#position;
  }

  /**
   * The next chunk, which stands until the next call; undefined at the end.
   *
   * @throws CorruptLogError the file ends within a batch. @throws DiskError (as rejections)
   */
  async next(): Promise<Uint8Array | undefined> {
    this.#position = this.#next;
    const left = this.#end - this.#position;
    if (left <= 0) return undefined;
    for (;;) {
      const target = this.#buffer.subarray(0, Math.min(this.#buffer.length, left));
      const read = await this.#lease.file.read(this.#position, target);
      const whole = wholeBatches(target.subarray(0, read));
      if (whole > 0) {
        this.#next = this.#position + whole;
        return this.#buffer.subarray(0, whole);
      }
      this.#growFor(read, left);
    }
  }

  /** Ends the use of the file. */
  close(): void {
    this.#lease.release();
  }

  /** Not even one batch fits: makes room for it, if there is one. */
  #growFor(read: number, left: number): void {
    const view = new DataView(this.#buffer.buffer, this.#buffer.byteOffset, read);
    const size = batchSizeAt(view, 0);
    if (size < BATCH_HEADER_SIZE || size > left || size <= read) {
      throw new CorruptLogError(this.#segment.log.path, this.#position, `a batch of ${size} bytes, ${left} are left`);
    }
    this.#buffer = new Uint8Array(size);
  }
}

/** Bytes of the whole batches that the bytes begin with. */
function wholeBatches(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = 0;
  for (;;) {
    const size = batchSizeAt(view, end);
    if (size < BATCH_HEADER_SIZE || end + size > bytes.length) return end;
    end += size;
  }
}
