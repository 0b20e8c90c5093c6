import type { Entry } from '@biquorum/consensus';
import { BatchCursor, checkBatch, type RecordBatch } from '@biquorum/kafka-wire';

/** The entry that a batch of the metadata log is: the whole batch is its payload. */
export function entryOf(batch: RecordBatch): Entry {
  return {
    index: batch.baseOffset,
    span: batch.lastOffset - batch.baseOffset + 1,
    epoch: batch.partitionLeaderEpoch,
    kind: batch.isControl ? 'control' : 'data',
    payload: batch.bytes.subarray(batch.position, batch.end),
  };
}

/** The whole batches in bytes of the own log, from the one at `from` on and below `upTo`; one cut off is left out. */
export function readEntries(bytes: Uint8Array, from: number, upTo: number): Entry[] {
  const entries: Entry[] = [];
  const batches = new BatchCursor(bytes);
  while (batches.next()) {
    const { baseOffset } = batches.batch;
    if (baseOffset >= from && baseOffset < upTo) entries.push(entryOf(batches.batch));
  }
  return entries;
}

/** What fetched batches must follow. */
export interface FetchedAfter {
  readonly offset: number;
  readonly lastEpoch: number;
  /** Epoch of the leader that was asked. */
  readonly leaderEpoch: number;
}

/**
 * The batches that a leader sent, checked: bounds, CRC, no gap, epochs that do not fall. One that is cut off at the end
 * is left out, and so are batches of later epochs than the leader's: it may have lost its role, and cut and filled its
 * log anew, before its answer was sent (KAFKA-18723).
 *
 * @returns The entries, or what is wrong with the bytes.
 */
export function fetchedEntries(bytes: Uint8Array, after: FetchedAfter): Entry[] | string {
  const entries: Entry[] = [];
  let { offset, lastEpoch } = after;
  const batches = new BatchCursor(bytes);
  while (batches.next()) {
    const { batch } = batches;
    if (batch.partitionLeaderEpoch > after.leaderEpoch) return entries;
    const fault = checkBatch(batch);
    if (fault !== undefined) return `batch at offset ${batch.baseOffset} is at fault: ${fault.kind}`;
    const entry = entryOf(batch);
    if (entry.index !== offset) return `batch at offset ${entry.index} where ${offset} was due`;
    if (entry.epoch < lastEpoch) return `batch at offset ${offset} has epoch ${entry.epoch} after ${lastEpoch}`;
    if (entry.span < 1) return `batch at offset ${offset} covers ${entry.span} offsets`;
    entries.push(entry);
    offset += entry.span;
    lastEpoch = entry.epoch;
  }
  const { fault } = batches;
  return fault === undefined || fault.kind === 'truncated' ? entries : `a batch is at fault: ${fault.kind}`;
}
