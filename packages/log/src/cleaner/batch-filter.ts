import {
  BatchBuilder,
  type CompressionCodecs,
  describeRecordsFault,
  emptyBatchOf,
  openRecords,
  type RecordBatch,
  RecordCursor,
} from '@biquorum/kafka-wire';
import type { KnownProducer } from './compaction.ts';
import type { OffsetMap } from './offset-map.ts';
import { markerTypeOf } from './transaction-outcomes.ts';

/** What decides over batches and records. */
export interface FilterRules {
  /** The last offset of each key up to `mapEndOffset`. */
  readonly map: OffsetMap;
  /** First offset that the map does not cover. */
  readonly mapEndOffset: number;
  readonly producers: readonly KnownProducer[];
  /** Whether a batch of a transaction belongs to one that was aborted. */
  readonly isAborted: (batch: RecordBatch) => boolean;
  readonly nowMs: number;
  readonly deleteRetentionMs: number;
  readonly codecs: CompressionCodecs;
  readonly decompressedBytesMax: number;
}

/**
 * Decides what is left of each batch of a log that is compacted. Batches are to be shown in order, from the start of
 * the log.
 *
 * Source: KIP-534; `Cleaner.cleanInto`, `MemoryRecords.filterTo`.
 */
export class BatchFilter {
  recordsRead = 0;
  recordsKept = 0;
  readonly #rules: FilterRules;
  readonly #producers: ReadonlyMap<number, KnownProducer>;
  /** Producers of which records of the present transaction were seen. */
  readonly #withRecords = new Set<number>();
  readonly #records = new RecordCursor();
  readonly #builder = new BatchBuilder();
  readonly #scratch: Uint8Array = new Uint8Array(1 << 20);

  constructor(rules: FilterRules) {
    this.#rules = rules;
    this.#producers = new Map(rules.producers.map((producer) => [producer.producerId, producer]));
  }

  /**
   * What is left of a batch: its own bytes, other bytes that stand until the next call, or nothing.
   *
   * @throws RangeError the records cannot be read.
   */
  keep(batch: RecordBatch): Uint8Array | undefined {
    const { nowMs } = this.#rules;
    const isWorthless = this.#isWorthless(batch);
    const horizon = batch.deleteHorizonMs;
    // A marker without records stays until its horizon has passed, for consumers that are in the middle of it.
    const isDiscarded = isWorthless && (!batch.isControl || (horizon !== undefined && horizon <= nowMs));
    const mustLeaveTrace = batch.hasProducerId && this.#isLastOfProducer(batch);
    if (isDiscarded) return mustLeaveTrace ? emptyBatchOf(batch) : undefined;
    const kept = this.#filterRecords(batch, isWorthless && batch.isControl);
    return kept ?? (mustLeaveTrace ? emptyBatchOf(batch) : undefined);
  }

  /** Whether no reader of committed records needs the batch: it was aborted, or marks the end of nothing. */
  #isWorthless(batch: RecordBatch): boolean {
    const { producerId } = batch;
    if (batch.isControl) {
      if (batch.recordCount === 0) return true;
      return markerTypeOf(batch) !== undefined && !this.#withRecords.delete(producerId);
    }
    if (!batch.isTransactional) return false;
    this.#withRecords.add(producerId);
    return this.#rules.isAborted(batch);
  }

  #isLastOfProducer(batch: RecordBatch): boolean {
    const producer = this.#producers.get(batch.producerId);
    if (producer === undefined) return false;
    if (producer.lastDataOffset >= 0) return batch.lastOffset === producer.lastDataOffset;
    return batch.isControl && batch.producerEpoch === producer.epoch;
  }

  /** The batch with the records that stay; undefined if none does. */
  #filterRecords(batch: RecordBatch, isMarkerOfNothing: boolean): Uint8Array | undefined {
    const { recordCount } = batch;
    const kept = this.#choose(batch);
    if (kept.offsets.length === 0) return undefined;
    const needsHorizon = batch.deleteHorizonMs === undefined && (kept.hasTombstones || isMarkerOfNothing);
    if (kept.offsets.length === recordCount && !needsHorizon) {
      return batch.bytes.subarray(batch.position, batch.end);
    }
    const { nowMs, deleteRetentionMs } = this.#rules;
    return this.#rebuild(batch, kept.offsets, needsHorizon ? nowMs + deleteRetentionMs : batch.deleteHorizonMs);
  }

  #choose(batch: RecordBatch): { readonly offsets: readonly number[]; readonly hasTombstones: boolean } {
    const offsets: number[] = [];
    let hasTombstones = false;
    const records = this.#open(batch);
    while (records.next()) {
      this.recordsRead++;
      if (!batch.isControl && !this.#keepsRecord(batch, records)) continue;
      offsets.push(records.offset);
      if (records.valueLength < 0) hasTombstones = true;
    }
    this.#check();
    this.recordsKept += offsets.length;
    return { offsets, hasTombstones };
  }

  #keepsRecord(batch: RecordBatch, records: RecordCursor): boolean {
    const { map, mapEndOffset, nowMs } = this.#rules;
    const { offset, keyPosition, keyLength } = records;
    if (offset >= mapEndOffset) return true;
    if (keyLength < 0) return false;
    if (offset < map.get(records.bytes, keyPosition, keyPosition + keyLength)) return false;
    return records.valueLength >= 0 || batch.deleteHorizonMs === undefined || nowMs < batch.deleteHorizonMs;
  }

  #rebuild(batch: RecordBatch, offsets: readonly number[], deleteHorizonMs: number | undefined): Uint8Array {
    const type = batch.compressionType;
    const codec = type === undefined || type === 'none' ? undefined : this.#rules.codecs[type];
    const compression = type === undefined || type === 'none' || codec === undefined ? undefined : { type, codec };
    const builder = this.#builder.start({
      baseOffset: batch.baseOffset,
      partitionLeaderEpoch: batch.partitionLeaderEpoch,
      compression,
      appendTimestampMs: batch.timestampType === 'log-append-time' ? batch.maxTimestamp : undefined,
      producerId: batch.producerId,
      producerEpoch: batch.producerEpoch,
      baseSequence: batch.baseSequence,
      isTransactional: batch.isTransactional,
      isControl: batch.isControl,
      deleteHorizonMs,
    });
    const records = this.#open(batch);
    let next = 0;
    while (next < offsets.length && records.next()) {
      if (records.offset !== offsets[next]) continue;
      builder.appendFrom(records);
      next++;
    }
    this.#check();
    return builder.build(batch.lastOffset);
  }

  #open(batch: RecordBatch): RecordCursor {
    const { codecs, decompressedBytesMax: maxBytes } = this.#rules;
    const fault = openRecords(this.#records, batch, { codecs, maxBytes, scratch: this.#scratch });
    if (fault !== undefined) throw new RangeError(describeRecordsFault(fault));
    return this.#records;
  }

  #check(): void {
    const { fault } = this.#records;
    if (fault !== undefined) throw new RangeError(describeRecordsFault(fault));
  }
}
