import {
  controlRecordTypeOf,
  markerCoordinatorEpochOf,
  NO_PRODUCER_ID,
  type RecordBatch,
  RecordCursor,
} from '@biquorum/kafka-wire';
import { findDuplicate, type RetainedBatch } from '../producers/producer-entry.ts';
import type { ProducerStates } from '../producers/producer-states.ts';
import type { CompletedTransaction, ProducerUpdate, TransactionMarker } from '../producers/producer-update.ts';
import { type AppendOrigin, type AppendRejection, rejection } from './rejection.ts';

/** The changes that an append makes to the producers of a log, to be applied once it is written. */
export class ProducerChanges {
  readonly #states: ProducerStates;
  readonly #origin: AppendOrigin;
  /** By producer id; the last one used stands apart, for most appends have one producer. */
  #updates: Map<number, ProducerUpdate> | undefined;
  #last: ProducerUpdate | undefined;
  #completed: CompletedTransaction[] | undefined;

  constructor(states: ProducerStates, origin: AppendOrigin) {
    this.#states = states;
    this.#origin = origin;
  }

  /** The batch that a client has sent before; undefined if this one is new. */
  duplicateOf(batch: RecordBatch): RetainedBatch | undefined {
    if (this.#origin !== 'client') return undefined;
    const known = this.#states.get(batch.producerId);
    if (known === undefined) return undefined;
    return findDuplicate(known, batch.producerEpoch, batch.baseSequence, batch.lastSequence);
  }

  /** Takes in a batch whose offsets are set; a rejection if its producer may not append it. */
  add(batch: RecordBatch): AppendRejection | undefined {
    const { producerId } = batch;
    if (producerId <= NO_PRODUCER_ID) return undefined;
    const update = this.#updateOf(producerId);
    return batch.isControl ? this.#addMarker(update, batch) : update.appendBatch(batch);
  }

  /** Lets all changes take effect. */
  apply(): void {
    for (const update of this.#updates?.values() ?? []) this.#states.apply(update);
    for (const transaction of this.#completed ?? []) this.#states.complete(transaction);
  }

  #addMarker(update: ProducerUpdate, batch: RecordBatch): AppendRejection | undefined {
    // Compaction may have emptied the batch: then the whole transaction is gone.
    if (batch.recordCount === 0) return undefined;
    const marker = readMarker(batch);
    if (marker.kind === 'rejected') return marker;
    const { lastOffset } = batch;
    const outcome = update.appendMarker(marker, batch.producerEpoch, lastOffset, marker.timestamp);
    if (outcome === undefined) return undefined;
    if ('kind' in outcome) return outcome;
    this.#completed ??= [];
    this.#completed.push(outcome);
    return undefined;
  }

  #updateOf(producerId: number): ProducerUpdate {
    if (this.#last?.producerId === producerId) return this.#last;
    this.#updates ??= new Map();
    let update = this.#updates.get(producerId);
    if (update === undefined) {
      update = this.#states.prepare(producerId, this.#origin);
      this.#updates.set(producerId, update);
    }
    this.#last = update;
    return update;
  }
}

interface ReadMarker extends TransactionMarker {
  readonly kind: 'marker';
  readonly timestamp: number;
}

/** The marker in a control batch of a producer. Control batches are never compressed. */
function readMarker(batch: RecordBatch): ReadMarker | AppendRejection {
  const records = new RecordCursor().open(batch);
  if (!records.next()) return rejection('INVALID_RECORD', `control batch at offset ${batch.baseOffset} is unreadable`);
  const outcome = controlRecordTypeOf(records);
  if (outcome !== 'abort' && outcome !== 'commit') {
    return rejection('INVALID_RECORD', `control batch at offset ${batch.baseOffset} of a producer ends no transaction`);
  }
  const coordinatorEpoch = markerCoordinatorEpochOf(records);
  if (typeof coordinatorEpoch !== 'number') {
    return rejection('INVALID_RECORD', `marker at offset ${batch.baseOffset} does not name its coordinator's epoch`);
  }
  return { kind: 'marker', outcome, coordinatorEpoch, timestamp: records.timestamp };
}
