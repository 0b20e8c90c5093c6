import { NO_PRODUCER_ID, RecordBatch } from '@biquorum/kafka-wire';

/** A batch of the model. */
export interface ModelBatch {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly leaderEpoch: number;
  readonly maxTimestamp: number;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly lastSequence: number;
  readonly bytes: Uint8Array;
}

/**
 * A log as simple as can be: a list of batches. What is removed from its start is remembered, for a crash may bring it
 * back.
 */
export class ModelLog {
  /** All batches that were appended and not cut off, those before the start included. */
  batches: ModelBatch[] = [];
  startOffset = 0;
  endOffset = 0;
  highWatermark = 0;
  /** Offset up to which a crash must leave everything. */
  durableOffset = 0;

  /** Batches that can still be read. */
  get live(): ModelBatch[] {
    return this.batches.filter(({ lastOffset }) => lastOffset >= this.startOffset);
  }

  append(bytes: Uint8Array): void {
    for (const batch of batchesIn(bytes)) {
      this.batches.push(batch);
      this.endOffset = batch.lastOffset + 1;
    }
  }

  /** @param endOffset where the log says that it ends: at the cut, or before if there was a gap or a batch in it. */
  truncateTo(offset: number, endOffset: number): boolean {
    if (offset >= this.endOffset) return false;
    this.batches = this.batches.filter(({ lastOffset }) => lastOffset < offset);
    const [first, last] = [this.live[0]?.baseOffset ?? 0, this.live.at(-1)?.lastOffset ?? -1];
    if (endOffset > offset || endOffset <= last || endOffset < first) throw new RangeError(`log ends at ${endOffset}`);
    this.endOffset = endOffset;
    this.startOffset = Math.min(this.startOffset, endOffset);
    this.highWatermark = Math.min(this.highWatermark, endOffset);
    this.durableOffset = Math.min(this.durableOffset, endOffset);
    return true;
  }

  truncateFullyAndStartAt(offset: number): void {
    this.batches = [];
    this.startOffset = offset;
    this.endOffset = offset;
    this.highWatermark = offset;
    this.durableOffset = 0;
  }

  /** The batches that a read finds. */
  read(startOffset: number, upperBound: number): ModelBatch[] {
    return this.batches.filter(({ lastOffset }) => lastOffset >= startOffset && lastOffset < upperBound);
  }

  /** Where an epoch ends, worked out from the batches alone. */
  endOffsetFor(epoch: number): { epoch: number; endOffset: number } | undefined {
    const starts: { epoch: number; startOffset: number }[] = [];
    for (const { leaderEpoch, baseOffset } of this.batches) {
      if (leaderEpoch === starts.at(-1)?.epoch) continue;
      if (baseOffset <= this.startOffset) starts.length = 0;
      starts.push({ epoch: leaderEpoch, startOffset: Math.max(baseOffset, this.startOffset) });
    }
    const latest = starts.at(-1)?.epoch ?? -1;
    if (epoch > latest || epoch < 0) return undefined;
    if (epoch === latest) return { epoch, endOffset: this.endOffset };
    const next = starts.findIndex((start) => start.epoch > epoch);
    const endOffset = starts[next]?.startOffset as number;
    return { epoch: starts[next - 1]?.epoch ?? epoch, endOffset };
  }
}

/** The batches in some bytes, as the model keeps them. */
export function batchesIn(bytes: Uint8Array): ModelBatch[] {
  const batches: ModelBatch[] = [];
  const batch = new RecordBatch(bytes);
  for (let at = 0; at < bytes.length; at = batch.end) {
    batch.moveTo(at);
    batches.push({
      baseOffset: batch.baseOffset,
      lastOffset: batch.lastOffset,
      leaderEpoch: batch.partitionLeaderEpoch,
      maxTimestamp: batch.maxTimestamp,
      producerId: batch.producerId,
      producerEpoch: batch.producerEpoch,
      baseSequence: batch.baseSequence,
      lastSequence: batch.lastSequence,
      bytes: bytes.slice(at, batch.end),
    });
  }
  return batches;
}

/** The last batch of each producer. */
export function lastOfProducers(batches: readonly ModelBatch[]): Map<number, ModelBatch> {
  const last = new Map<number, ModelBatch>();
  for (const batch of batches) if (batch.producerId !== NO_PRODUCER_ID) last.set(batch.producerId, batch);
  return last;
}
