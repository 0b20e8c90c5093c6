import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { batchSizeAt, checkBatch, LOG_OVERHEAD, RecordBatch } from '@biquorum/kafka-wire';
import { UsageError } from '../command.ts';
import { asInput, readInputFile } from '../input-file.ts';

/** A batch in a file. */
export interface FoundBatch {
  readonly batch: RecordBatch;
  /** Where it begins in the file. */
  readonly position: number;
  /** Whether its CRC holds. */
  readonly isValid: boolean;
}

/** A log segment, or a snapshot of metadata, whose batches are read one at a time. */
export class BatchFile implements Disposable {
  /** Bytes that are looked at. */
  readonly size: number;
  readonly #file: number;

  /** @throws UsageError when it cannot be opened */
  constructor(path: string, bytesMax: number | undefined = undefined) {
    this.#file = asInput('--files', path, () => openSync(path, 'r'));
    const found = fstatSync(this.#file);
    if (!found.isFile()) {
      closeSync(this.#file);
      throw new UsageError(
        `--files ${path}: this is a folder, or another thing that is no file; name segments, with commas between them.`,
      );
    }
    const { size } = found;
    this.size = bytesMax === undefined ? size : Math.min(size, bytesMax);
  }

  /**
   * Batch after batch from a position on, until the end or to where no whole batch is. Only one is in memory at a time.
   */
  *batches(from: number): Generator<FoundBatch, void, void> {
    const head = new Uint8Array(LOG_OVERHEAD);
    const headView = new DataView(head.buffer);
    let position = from;
    while (position < this.size) {
      if (readSync(this.#file, head, 0, LOG_OVERHEAD, position) < LOG_OVERHEAD) return;
      const size = batchSizeAt(headView, 0);
      if (size < LOG_OVERHEAD || size > this.size - position) return;
      const bytes = new Uint8Array(size);
      if (readSync(this.#file, bytes, 0, size, position) < size) return;
      const batch = new RecordBatch(bytes);
      const fault = checkBatch(batch);
      if (fault !== undefined && fault.kind !== 'crc-mismatch') return;
      yield { batch, position, isValid: fault === undefined };
      position += size;
    }
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }
}

/** All bytes of a small file. @throws UsageError when it cannot be read */
export function bytesOfFile(path: string): Uint8Array {
  return readInputFile('--files', path);
}
