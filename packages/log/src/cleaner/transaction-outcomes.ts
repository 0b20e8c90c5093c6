import { controlRecordTypeOf, type RecordBatch, RecordCursor } from '@biquorum/kafka-wire';

/** A transaction's end: where its marker stands and what it says. */
interface Outcome {
  readonly markerOffset: number;
  readonly isAbort: boolean;
}

/** Says of batches of transactions, seen in order, whether these were aborted, from the markers behind them. */
export class TransactionOutcomes {
  /** By producer id, in order of the markers; those that were passed are gone. */
  readonly #outcomes = new Map<number, Outcome[]>();

  /** Notes a control batch. */
  noteMarker(batch: RecordBatch): void {
    const type = markerTypeOf(batch);
    if (type === undefined) return;
    const outcome = { markerOffset: batch.baseOffset, isAbort: type === 'abort' };
    const known = this.#outcomes.get(batch.producerId);
    if (known === undefined) this.#outcomes.set(batch.producerId, [outcome]);
    else known.push(outcome);
  }

  /** Whether the transaction that a batch belongs to was aborted. Offsets must not fall from call to call. */
  isAborted(batch: RecordBatch): boolean {
    const outcomes = this.#outcomes.get(batch.producerId);
    if (outcomes === undefined) return false;
    const { baseOffset } = batch;
    while (outcomes.length > 0 && (outcomes[0] as Outcome).markerOffset < baseOffset) outcomes.shift();
    return outcomes[0]?.isAbort ?? false;
  }
}

/** What the marker in a control batch says; undefined if there is none, or none is left. */
export function markerTypeOf(batch: RecordBatch): 'abort' | 'commit' | undefined {
  if (!batch.hasProducerId || batch.recordCount === 0) return undefined;
  const records = new RecordCursor().open(batch);
  if (!records.next()) return undefined;
  const type = controlRecordTypeOf(records);
  return type === 'abort' || type === 'commit' ? type : undefined;
}
