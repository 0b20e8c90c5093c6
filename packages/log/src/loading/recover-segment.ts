import {
  batchSizeAt,
  checkBatch,
  describeBatchFault,
  LOG_OVERHEAD,
  NO_TIMESTAMP,
  RecordBatch,
} from '@biquorum/kafka-wire';
import { ProducerChanges } from '../append/producer-check.ts';
import type { LeaderEpochs } from '../epochs/leader-epochs.ts';
import type { OpenFiles } from '../handles/open-files.ts';
import type { ProducerStates } from '../producers/producer-states.ts';
import type { Segment } from '../segments/segment.ts';

/** Bytes that are read at a time. */
const CHUNK_BYTES = 1 << 20;

/** What recovery rebuilds beside the indexes. */
export interface RecoveryTarget {
  readonly files: OpenFiles;
  readonly indexIntervalBytes: number;
  readonly epochs: LeaderEpochs;
  /** State up to where recovery begins; undefined where it is not wanted. */
  readonly producers: ProducerStates | undefined;
  /** Position where the reading ends; the end of the segment by default. */
  readonly end?: number;
}

/** Where sound batches end. */
export interface RecoveredEnd {
  /** Bytes of the segment that are sound. */
  readonly position: number;
  readonly nextOffset: number;
  /** Why the rest of the file is not; undefined if there is no rest. */
  readonly reason: string | undefined;
  /** Whether epochs were found that were not known. */
  readonly hasNewEpochs: boolean;
}

/**
 * Reads a segment from a batch on to its end, checks every batch as if it had just come in, and makes the indexes, the
 * epochs and the state of the producers anew. Neither the log file nor anything behind the sound end is changed: that
 * is the caller's decision.
 *
 * The indexes must hold nothing at or behind `fromOffset`. Source: `LogSegment.recover`.
 *
 * @param from position of the first batch to read.
 * @param fromOffset offset that it has at least.
 */
export async function recoverSegment(
  segment: Segment,
  from: number,
  fromOffset: number,
  target: RecoveryTarget,
): Promise<RecoveredEnd> {
  const end = target.end ?? segment.size;
  const lease = target.files.lease(segment.log);
  const walk = new RecoveryWalk(segment, from, fromOffset, target);
  try {
    let buffer = new Uint8Array(Math.min(CHUNK_BYTES, end - from));
    while (walk.position < end && walk.reason === undefined) {
      const left = end - walk.position;
      const chunk = buffer.subarray(0, Math.min(buffer.length, left));
      const read = await lease.file.read(walk.position, chunk);
      const wanted = walk.take(chunk.subarray(0, read), left);
      if (wanted > buffer.length) buffer = new Uint8Array(wanted);
    }
  } finally {
    lease.release();
  }
  walk.finish();
  const { position, nextOffset, reason, hasNewEpochs } = walk;
  return { position, nextOffset, reason, hasNewEpochs };
}

class RecoveryWalk {
  position: number;
  nextOffset: number;
  reason: string | undefined;
  hasNewEpochs = false;
  readonly #segment: Segment;
  readonly #target: RecoveryTarget;
  #lastIndexed: number;
  #maxTimestamp: number;
  #offsetOfMaxTimestamp: number;

  constructor(segment: Segment, from: number, fromOffset: number, target: RecoveryTarget) {
    this.position = from;
    this.nextOffset = fromOffset;
    this.#segment = segment;
    this.#target = target;
    this.#lastIndexed = from;
    this.#maxTimestamp = from === 0 ? NO_TIMESTAMP : segment.maxTimestamp;
    this.#offsetOfMaxTimestamp = from === 0 ? segment.baseOffset : segment.offsetOfMaxTimestamp;
  }

  /**
   * Takes in the batches that are whole in the chunk at the present position.
   *
   * @param left bytes of the file from there on.
   * @returns the size of a batch for which the chunk is too small, 0 if there is none.
   */
  take(chunk: Uint8Array, left: number): number {
    const batch = new RecordBatch(chunk);
    let at = 0;
    while (at < chunk.length) {
      const size = batchSizeAt(batch.view, at);
      // A batch that goes on behind the chunk, and not behind the file, is read again as a whole.
      if (at + Math.max(size, LOG_OVERHEAD) > chunk.length && at + size <= left && chunk.length < left) {
        if (at > 0) break;
        return size;
      }
      batch.moveTo(at);
      this.reason = this.#check(batch, chunk.length);
      if (this.reason !== undefined) break;
      this.#admit(batch, this.position + at);
      if (this.reason !== undefined) break;
      at += size;
    }
    this.position += at;
    if (at === 0 && this.reason === undefined) this.reason = 'the file cannot be read to its end';
    return 0;
  }

  /** Notes the largest timestamp, as the closing of a segment does. */
  finish(): void {
    if (this.position === 0) return;
    this.#segment.noteMaxTimestamp(this.#maxTimestamp, this.#offsetOfMaxTimestamp);
    this.#segment.timeIndex.appendIfLarger(this.#maxTimestamp, this.#offsetOfMaxTimestamp);
  }

  #check(batch: RecordBatch, end: number): string | undefined {
    const fault = checkBatch(batch, end);
    if (fault !== undefined) return describeBatchFault(fault);
    const { baseOffset, lastOffset } = batch;
    if (baseOffset < this.nextOffset || lastOffset < baseOffset) {
      return `a batch holds offsets ${baseOffset} to ${lastOffset} where ${this.nextOffset} is next`;
    }
    if (!this.#segment.offsetIndex.canHold(lastOffset))
      return `offset ${lastOffset} is too far from the segment's base`;
    return undefined;
  }

  #admit(batch: RecordBatch, position: number): void {
    const { baseOffset, lastOffset, maxTimestamp, partitionLeaderEpoch: epoch } = batch;
    const { producers, epochs, indexIntervalBytes } = this.#target;
    if (producers !== undefined && batch.hasProducerId) {
      const changes = new ProducerChanges(producers, 'replication');
      const refusal = changes.add(batch);
      if (refusal !== undefined) {
        this.reason = refusal.message;
        return;
      }
      changes.apply();
    }
    // The file may still tell of leaders that appended nothing there, or of what an earlier crash has taken.
    if (epoch >= 0 && epochs.witness(epoch, baseOffset)) this.hasNewEpochs = true;
    if (maxTimestamp > this.#maxTimestamp) {
      this.#maxTimestamp = maxTimestamp;
      this.#offsetOfMaxTimestamp = lastOffset;
    }
    const { offsetIndex, timeIndex } = this.#segment;
    if (position - this.#lastIndexed > indexIntervalBytes) {
      offsetIndex.append(lastOffset, position);
      timeIndex.appendIfLarger(this.#maxTimestamp, this.#offsetOfMaxTimestamp);
      this.#lastIndexed = position;
    }
    this.nextOffset = lastOffset + 1;
    producers?.advanceTo(this.nextOffset);
  }
}
