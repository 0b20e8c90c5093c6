import { RecordBatch } from './batch.ts';
import type { BatchFault } from './batch-fault.ts';
import { checkBatchBounds } from './check-batch.ts';

/**
 * Walks the batches that lie one after the other in a range of bytes, without copying and with one `RecordBatch` that
 * is moved. Only bounds and format are checked; call `checkBatch` on each batch whose CRC must hold.
 *
 * The walk ends at the end of the range or at a fault, which says why. A fault of kind `truncated` is normal at the end
 * of a fetched range or of a log that was cut off by a crash.
 *
 * @example
 * ```ts
 * const batches = new BatchCursor(bytes);
 * while (batches.next()) highest = batches.batch.lastOffset;
 * if (batches.fault !== undefined) throw new Error(describeBatchFault(batches.fault));
 * ```
 */
export class BatchCursor {
  /** The batch that `next` moved to; the same object each time. */
  readonly batch: RecordBatch;
  #next: number;
  #end: number;
  #fault: BatchFault | undefined;

  /**
   * @param start position of the first batch.
   * @param end position where the range ends.
   */
  constructor(bytes: Uint8Array, start = 0, end: number = bytes.length) {
    this.batch = new RecordBatch(bytes, start);
    this.#next = start;
    this.#end = end;
  }

  /** Moves to the next whole batch; false when there is none. */
  next(): boolean {
    if (this.#next >= this.#end || this.#fault !== undefined) return false;
    this.batch.moveTo(this.#next);
    this.#fault = checkBatchBounds(this.batch, this.#end);
    if (this.#fault !== undefined) return false;
    this.#next = this.batch.end;
    return true;
  }

  /** Why the walk ended before the range did; undefined if it did not. */
  get fault(): BatchFault | undefined {
    return this.#fault;
  }

  /** Position behind the last whole batch that `next` moved to. */
  get validEnd(): number {
    return this.#next;
  }
}
