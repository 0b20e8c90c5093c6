import { decrementSequence, NO_PRODUCER_EPOCH, NO_SEQUENCE, NO_TIMESTAMP } from '@biquorum/kafka-wire';

/** How many batches of a producer are remembered, and so how many a producer may have in flight. */
export const RETAINED_BATCHES = 5;

/** No transaction is open. */
export const NO_TRANSACTION = -1;

/** What is remembered of a batch, to recognise it when it is sent again. */
export interface RetainedBatch {
  readonly lastSequence: number;
  readonly lastOffset: number;
  /** Last minus first offset, which is also last minus first sequence. */
  readonly offsetDelta: number;
  /** Largest timestamp of the batch in ms. */
  readonly timestamp: number;
}

/** Offset of the batch's first record. */
export function firstOffsetOf(batch: RetainedBatch): number {
  return batch.lastOffset - batch.offsetDelta;
}

/** Sequence number of the batch's first record. */
export function firstSequenceOf(batch: RetainedBatch): number {
  return decrementSequence(batch.lastSequence, batch.offsetDelta);
}

/**
 * What a log knows of one idempotent or transactional producer.
 *
 * Source: KIP-98; `ProducerStateEntry`.
 */
export interface ProducerEntry {
  readonly producerId: number;
  /** −1 as long as nothing is known. */
  epoch: number;
  /** Epoch of the coordinator that wrote the last marker; −1 without one. */
  coordinatorEpoch: number;
  /** Largest timestamp of the last batch, or timestamp of the last marker, in ms. */
  lastTimestamp: number;
  /** Where the open transaction began; −1 without one. */
  transactionFirstOffset: number;
  /** The last batches of this epoch, the oldest first; at most `RETAINED_BATCHES`. */
  batches: RetainedBatch[];
}

/** The entry of a producer of which nothing is known. */
export function emptyProducer(producerId: number): ProducerEntry {
  return {
    producerId,
    epoch: NO_PRODUCER_EPOCH,
    coordinatorEpoch: -1,
    lastTimestamp: NO_TIMESTAMP,
    transactionFirstOffset: NO_TRANSACTION,
    batches: [],
  };
}

/** Sequence number of the producer's last record; −1 if none of its epoch is remembered. */
export function lastSequenceOf(entry: ProducerEntry): number {
  return entry.batches.at(-1)?.lastSequence ?? NO_SEQUENCE;
}

/** Offset of the producer's last record; −1 if none of its epoch is remembered. */
export function lastDataOffsetOf(entry: ProducerEntry): number {
  return entry.batches.at(-1)?.lastOffset ?? -1;
}

/** The remembered batch with exactly these sequence numbers, if the epoch is the producer's present one. */
export function findDuplicate(
  entry: ProducerEntry,
  epoch: number,
  firstSequence: number,
  lastSequence: number,
): RetainedBatch | undefined {
  if (epoch !== entry.epoch) return undefined;
  return entry.batches.find((batch) => batch.lastSequence === lastSequence && firstSequenceOf(batch) === firstSequence);
}

/** Moves to another epoch, whose sequence starts anew. */
export function adoptEpoch(entry: ProducerEntry, epoch: number): void {
  if (entry.epoch === epoch) return;
  entry.epoch = epoch;
  entry.batches = [];
}

/** Remembers a batch, and forgets the oldest beyond the window. */
export function retainBatch(entry: ProducerEntry, batch: RetainedBatch): void {
  if (entry.batches.length === RETAINED_BATCHES) entry.batches.shift();
  entry.batches.push(batch);
}
