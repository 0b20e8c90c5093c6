import { assert } from '@biquorum/std';
import type { AppendOrigin } from '../append/rejection.ts';
import { adoptEpoch, NO_TRANSACTION, type ProducerEntry, retainBatch } from './producer-entry.ts';
import { type CompletedTransaction, ProducerUpdate } from './producer-update.ts';

/** A transaction whose marker is in the log, but perhaps not on enough replicas yet. */
interface UnreplicatedTransaction {
  readonly firstOffset: number;
  /** Offset of the marker. */
  readonly lastOffset: number;
}

/**
 * What a log knows of its idempotent and transactional producers, up to an offset. A log without such producers pays
 * for one empty object.
 *
 * Source: KIP-98; `ProducerStateManager`.
 */
export class ProducerStates {
  #producers: Map<number, ProducerEntry> | undefined;
  /** Producer ids of open transactions by their first offset, in rising order of it. */
  #ongoing: Map<number, number> | undefined;
  /** In rising order of the first offset. */
  #unreplicated: UnreplicatedTransaction[] | undefined;
  #endOffset: number;

  /** @param endOffset offset up to which nothing is known, and nothing has happened. */
  constructor(endOffset = 0) {
    this.#endOffset = endOffset;
  }

  /** Offset up to which the state is that of the log. */
  get endOffset(): number {
    return this.#endOffset;
  }

  /** The state holds for the log up to here. */
  advanceTo(endOffset: number): void {
    this.#endOffset = endOffset;
  }

  /** Number of known producers. */
  get size(): number {
    return this.#producers?.size ?? 0;
  }

  /** Whether nothing at all is known. */
  get isEmpty(): boolean {
    return this.size === 0 && (this.#unreplicated?.length ?? 0) === 0;
  }

  /** What is known of a producer. Read only. */
  get(producerId: number): Readonly<ProducerEntry> | undefined {
    return this.#producers?.get(producerId);
  }

  /** All known producers. Read only. */
  entries(): IterableIterator<Readonly<ProducerEntry>> {
    return (this.#producers ?? NO_PRODUCERS).values();
  }

  /** Begins the changes of one append to one producer. */
  prepare(producerId: number, origin: AppendOrigin): ProducerUpdate {
    return new ProducerUpdate(producerId, this.#producers?.get(producerId), origin);
  }

  /** Lets the changes of an append take effect. */
  apply(update: ProducerUpdate): void {
    const { producerId, updated } = update;
    assert(producerId >= 0, () => `producer id ${producerId} stands for none and has no state`);
    this.#producers ??= new Map();
    const known = this.#producers.get(producerId);
    if (known === undefined) {
      this.#producers.set(producerId, updated);
    } else {
      adoptEpoch(known, updated.epoch);
      for (const batch of updated.batches) retainBatch(known, batch);
      known.coordinatorEpoch = updated.coordinatorEpoch;
      known.transactionFirstOffset = updated.transactionFirstOffset;
      known.lastTimestamp = updated.lastTimestamp;
    }
    for (const firstOffset of update.startedTransactions) {
      this.#ongoing ??= new Map();
      this.#ongoing.set(firstOffset, producerId);
    }
  }

  /** The transaction has its marker. It holds the last stable offset back until the marker is replicated. */
  complete(transaction: CompletedTransaction): void {
    const { firstOffset, lastOffset } = transaction;
    const known = this.#ongoing?.delete(firstOffset) ?? false;
    assert(known, () => `transaction at offset ${firstOffset} ended at ${lastOffset} and had never begun`);
    this.#unreplicated ??= [];
    const at = this.#unreplicated.findIndex((other) => other.firstOffset > firstOffset);
    this.#unreplicated.splice(at < 0 ? this.#unreplicated.length : at, 0, { firstOffset, lastOffset });
  }

  /** First offset that consumers of committed records must not pass, as far as transactions are concerned. */
  get firstUnstableOffset(): number | undefined {
    const undecided = this.firstUndecidedOffset;
    const unreplicated = this.#unreplicated?.[0]?.firstOffset;
    if (undecided === undefined) return unreplicated;
    return unreplicated === undefined ? undecided : Math.min(undecided, unreplicated);
  }

  /** Where the oldest transaction without a marker begins. */
  get firstUndecidedOffset(): number | undefined {
    for (const firstOffset of this.#ongoing?.keys() ?? []) return firstOffset;
    return undefined;
  }

  /** Transactions whose marker lies below are settled. */
  highWatermarkMoved(highWatermark: number): void {
    const pending = this.#unreplicated;
    if (pending === undefined || pending.length === 0) return;
    this.#unreplicated = pending.filter(({ lastOffset }) => lastOffset >= highWatermark);
  }

  /** The log begins later now. */
  logStartMoved(logStartOffset: number): void {
    this.highWatermarkMoved(logStartOffset);
    if (this.#endOffset < logStartOffset) this.#endOffset = logStartOffset;
  }

  /** Forgets producers that have been idle for `expirationMs`, but none with an open transaction. */
  removeExpired(nowMs: number, expirationMs: number): void {
    for (const entry of this.entries()) {
      if (isExpired(entry, nowMs, expirationMs)) this.#producers?.delete(entry.producerId);
    }
  }

  /** Forgets everything; the state is that of a log which begins at `endOffset`. */
  reset(endOffset: number): void {
    this.#producers = undefined;
    this.#ongoing = undefined;
    this.#unreplicated = undefined;
    this.#endOffset = endOffset;
  }

  /** Takes over what a snapshot at `endOffset` says, without the producers that have expired since. */
  load(entries: readonly ProducerEntry[], endOffset: number, nowMs: number, expirationMs: number): void {
    this.reset(endOffset);
    const live = entries.filter((entry) => !isExpired(entry, nowMs, expirationMs));
    if (live.length > 0) this.#producers = new Map(live.map((entry) => [entry.producerId, entry]));
    const open = live.filter((entry) => entry.transactionFirstOffset !== NO_TRANSACTION);
    if (open.length === 0) return;
    open.sort((left, right) => left.transactionFirstOffset - right.transactionFirstOffset);
    this.#ongoing = new Map(open.map((entry) => [entry.transactionFirstOffset, entry.producerId]));
  }
}

const NO_PRODUCERS: ReadonlyMap<number, ProducerEntry> = new Map();

function isExpired(entry: Readonly<ProducerEntry>, nowMs: number, expirationMs: number): boolean {
  return entry.transactionFirstOffset === NO_TRANSACTION && nowMs - entry.lastTimestamp >= expirationMs;
}
