import { BATCH_HEADER_SIZE, CURRENT_MAGIC, RecordBatch } from '@biquorum/kafka-wire';
import type { DiskFile } from '@biquorum/platform';
import { CorruptLogError } from '../log-error.ts';

/** Bytes that a walk over headers reads at a time: enough for the stretch between two index entries. */
export const SCAN_BYTES: number = 8 << 10;

/** A read that a walk needs: fill `into` from `position` on. */
export interface ReadRequest {
  readonly position: number;
  readonly into: Uint8Array;
}

/**
 * A walk over a file that leaves reading to others: it asks for bytes, and is told how many there were. So the same walk
 * runs at once where the page cache has the bytes, and off the loop where it may not.
 */
export type Scan<Result> = Generator<ReadRequest, Result, number>;

/** Runs a walk without leaving the loop. @throws DiskError, and what the walk throws. */
export function scanNow<Result>(file: DiskFile, scan: Scan<Result>): Result {
  let step = scan.next();
  while (step.done !== true) step = scan.next(file.readSync(step.value.position, step.value.into));
  return step.value;
}

/** Runs a walk off the loop. @throws DiskError (as rejection), and what the walk throws. */
export async function scanLater<Result>(file: DiskFile, scan: Scan<Result>): Promise<Result> {
  let step = scan.next();
  while (step.done !== true) step = scan.next(await file.read(step.value.position, step.value.into));
  return step.value;
}

/**
 * Walks the headers of the batches from `from` to `end`, where batches are known to start and to end.
 *
 * @param buffer memory to read into, at least as long as a header.
 * @param visit sees each header and its position in the file; returns false to stop there. The header is only valid
 *   during the call.
 * @returns the position where the walk stopped: `end`, or that of the batch at which `visit` returned false.
 * @throws CorruptLogError a header that no log has.
 */
export function* scanHeaders(
  path: string,
  from: number,
  end: number,
  buffer: Uint8Array,
  visit: (batch: RecordBatch, position: number) => boolean,
): Scan<number> {
  const batch = new RecordBatch(buffer);
  let position = from;
  let chunkStart = 0;
  let chunkEnd = 0;
  while (position < end) {
    if (position + BATCH_HEADER_SIZE > chunkEnd) {
      const wanted = Math.min(buffer.length, end - position);
      const read = yield { position, into: buffer.subarray(0, wanted) };
      chunkStart = position;
      chunkEnd = position + read;
      if (read < BATCH_HEADER_SIZE) throw new CorruptLogError(path, position, `only ${read} bytes are left of a batch`);
    }
    batch.moveTo(position - chunkStart);
    const { size, magic } = batch;
    if (size < BATCH_HEADER_SIZE || magic !== CURRENT_MAGIC) {
      throw new CorruptLogError(path, position, `a batch of ${size} bytes and magic ${magic}`);
    }
    if (!visit(batch, position)) return position;
    position += size;
  }
  return position;
}

/** Where a batch lies in its segment, and what it holds. */
export interface BatchPlace {
  readonly position: number;
  readonly size: number;
  readonly baseOffset: number;
  readonly lastOffset: number;
}

/** The first batch from `from` on whose last offset is at least `offset`; undefined if there is none before `end`. */
export function* findOffset(
  path: string,
  offset: number,
  from: number,
  end: number,
  buffer: Uint8Array,
): Scan<BatchPlace | undefined> {
  let found: BatchPlace | undefined;
  yield* scanHeaders(path, from, end, buffer, (batch, position) => {
    if (batch.lastOffset < offset) return true;
    found = { position, size: batch.size, baseOffset: batch.baseOffset, lastOffset: batch.lastOffset };
    return false;
  });
  return found;
}
