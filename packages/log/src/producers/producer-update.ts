import { NO_PRODUCER_EPOCH, NO_SEQUENCE, SEQUENCE_MAX } from '@biquorum/kafka-wire';
import { type AppendOrigin, type AppendRejection, rejection } from '../append/rejection.ts';
import {
  adoptEpoch,
  emptyProducer,
  lastSequenceOf,
  NO_TRANSACTION,
  type ProducerEntry,
  retainBatch,
} from './producer-entry.ts';

/** What a batch with a producer id says of its producer. */
export interface ProducedBatch {
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly lastSequence: number;
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly maxTimestamp: number;
  readonly isTransactional: boolean;
}

/** The end of a transaction, as a control batch states it. */
export interface TransactionMarker {
  readonly outcome: 'abort' | 'commit';
  readonly coordinatorEpoch: number;
}

/** A transaction that a marker ended. */
export interface CompletedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
  /** Offset of the marker. */
  readonly lastOffset: number;
  readonly outcome: 'abort' | 'commit';
}

/**
 * The changes that one append makes to one producer, checked against what the log knows and against each other. They
 * take effect only when the whole append does (`ProducerStates.apply`).
 *
 * Source: KIP-98, KIP-360; `ProducerAppendInfo`.
 */
export class ProducerUpdate {
  readonly producerId: number;
  /** What the log knew. */
  readonly current: ProducerEntry;
  /** What it will know; its batches are only the new ones. */
  readonly updated: ProducerEntry;
  /** First offsets of the transactions that this append began. */
  readonly startedTransactions: number[] = [];
  readonly #origin: AppendOrigin;

  constructor(producerId: number, current: ProducerEntry | undefined, origin: AppendOrigin) {
    this.producerId = producerId;
    this.current = current ?? emptyProducer(producerId);
    this.updated = { ...this.current, batches: [] };
    this.#origin = origin;
  }

  /** Takes in a batch of records; a rejection if the producer may not append it now. */
  appendBatch(batch: ProducedBatch): AppendRejection | undefined {
    const { producerEpoch, baseOffset, lastOffset } = batch;
    const refusal =
      this.#checkEpoch(producerEpoch, baseOffset) ??
      (this.#origin === 'client' ? this.#checkSequence(producerEpoch, batch.baseSequence, baseOffset) : undefined);
    if (refusal !== undefined) return refusal;
    adoptEpoch(this.updated, producerEpoch);
    retainBatch(this.updated, {
      lastSequence: batch.lastSequence,
      lastOffset,
      offsetDelta: lastOffset - baseOffset,
      timestamp: batch.maxTimestamp,
    });
    this.updated.lastTimestamp = batch.maxTimestamp;
    return this.#enterTransaction(batch);
  }

  /** Takes in the marker that ends the producer's transaction; the result names the transaction if one was open. */
  appendMarker(
    marker: TransactionMarker,
    producerEpoch: number,
    offset: number,
    timestamp: number,
  ): AppendRejection | CompletedTransaction | undefined {
    const refusal = this.#checkEpoch(producerEpoch, offset) ?? this.#checkCoordinator(marker, offset);
    if (refusal !== undefined) return refusal;
    const firstOffset = this.updated.transactionFirstOffset;
    adoptEpoch(this.updated, producerEpoch);
    this.updated.coordinatorEpoch = marker.coordinatorEpoch;
    this.updated.transactionFirstOffset = NO_TRANSACTION;
    this.updated.lastTimestamp = timestamp;
    if (firstOffset === NO_TRANSACTION) return undefined;
    return { producerId: this.producerId, firstOffset, lastOffset: offset, outcome: marker.outcome };
  }

  #enterTransaction({ isTransactional, baseOffset }: ProducedBatch): AppendRejection | undefined {
    const open = this.updated.transactionFirstOffset !== NO_TRANSACTION;
    if (open && !isTransactional) {
      return rejection(
        'INVALID_TXN_STATE',
        `producer ${this.producerId} has a transaction open and sent a batch at offset ${baseOffset} that is not part of it; let it commit or abort first`,
      );
    }
    if (!open && isTransactional) {
      this.updated.transactionFirstOffset = baseOffset;
      this.startedTransactions.push(baseOffset);
    }
    return undefined;
  }

  #checkEpoch(epoch: number, offset: number): AppendRejection | undefined {
    // What a leader has accepted, its follower keeps, whatever it thinks of it.
    if (this.#origin === 'replication' || epoch >= this.updated.epoch) return undefined;
    return rejection(
      'INVALID_PRODUCER_EPOCH',
      `producer ${this.producerId} sent epoch ${epoch} at offset ${offset}, epoch ${this.updated.epoch} is known; a newer instance has taken over`,
    );
  }

  #checkSequence(epoch: number, firstSequence: number, offset: number): AppendRejection | undefined {
    if (epoch !== this.updated.epoch) {
      if (firstSequence === 0 || this.updated.epoch === NO_PRODUCER_EPOCH) return undefined;
      return this.#outOfOrder(offset, `begins epoch ${epoch} with sequence ${firstSequence} instead of 0`);
    }
    // Without an epoch nothing is left of the producer (retention, deleted records): any sequence is the next.
    if (this.current.epoch === NO_PRODUCER_EPOCH) return undefined;
    const last = this.#lastSequence(epoch);
    if (firstSequence === last + 1 || (firstSequence === 0 && last === SEQUENCE_MAX)) return undefined;
    return this.#outOfOrder(offset, `sent sequence ${firstSequence} after ${last}`);
  }

  #lastSequence(epoch: number): number {
    if (this.updated.batches.length > 0) return lastSequenceOf(this.updated);
    return epoch === this.current.epoch ? lastSequenceOf(this.current) : NO_SEQUENCE;
  }

  #checkCoordinator(marker: TransactionMarker, offset: number): AppendRejection | undefined {
    if (this.#origin === 'replication' || this.updated.coordinatorEpoch <= marker.coordinatorEpoch) return undefined;
    return rejection(
      'TRANSACTION_COORDINATOR_FENCED',
      `marker for producer ${this.producerId} at offset ${offset} is from coordinator epoch ${marker.coordinatorEpoch}, epoch ${this.updated.coordinatorEpoch} is known`,
    );
  }

  #outOfOrder(offset: number, what: string): AppendRejection {
    return rejection('OUT_OF_ORDER_SEQUENCE_NUMBER', `producer ${this.producerId} ${what}, at offset ${offset}`);
  }
}
