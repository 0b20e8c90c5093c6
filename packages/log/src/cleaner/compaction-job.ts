import {
  BatchCursor,
  type CompressionCodecs,
  checkBatch,
  describeBatchFault,
  describeRecordsFault,
  openRecords,
  RecordBatch,
  RecordCursor,
} from '@biquorum/kafka-wire';
import type { JobContext } from '@biquorum/platform';
import { OpenFiles } from '../handles/open-files.ts';
import { IndexCache } from '../indexes/index-cache.ts';
import { CorruptLogError } from '../log-error.ts';
import { CLEANED_SUFFIX } from '../names/file-names.ts';
import type { Segment } from '../segments/segment.ts';
import {
  closeSegment,
  createSegment,
  filesOf,
  openSegment,
  type SegmentEnvironment,
} from '../segments/segment-files.ts';
import { SegmentReader } from '../segments/segment-reader.ts';
import { BatchFilter } from './batch-filter.ts';
import type { CompactedGroup, CompactionInput, CompactionOutput, SourceSegment } from './compaction.ts';
import { groupSegments } from './group-segments.ts';
import { KeyHash } from './key-hash.ts';
import { OffsetMap } from './offset-map.ts';
import { TransactionOutcomes } from './transaction-outcomes.ts';

/** The compaction of one log, to be exported by a module that knows the codecs, and named with `defineJob`. */
export type CompactionJob = (input: CompactionInput, context: JobContext) => Promise<CompactionOutput>;

/**
 * Makes the job that compacts a log, for a worker: it reads the old segments and writes new ones beside them, with the
 * suffix `.cleaned`. Putting these in place is up to the log.
 *
 * @example
 * ```ts
 * // compaction.ts
 * export const compact: CompactionJob = compactionJob(codecs);
 * // elsewhere
 * const cleanerJob = defineJob<typeof compact>(import.meta.url, './compaction', 'compact');
 * ```
 */
export function compactionJob(codecs: CompressionCodecs): CompactionJob {
  return (input, context) => new Compaction(input, context, codecs).run();
}

class Compaction {
  readonly #input: CompactionInput;
  readonly #context: JobContext;
  readonly #codecs: CompressionCodecs;
  readonly #environment: SegmentEnvironment;
  readonly #records = new RecordCursor();
  readonly #scratch: Uint8Array = new Uint8Array(1 << 20);
  #outcomes: TransactionOutcomes | undefined;
  #bytesRead = 0;
  #bytesKept = 0;

  constructor(input: CompactionInput, context: JobContext, codecs: CompressionCodecs) {
    this.#input = input;
    this.#context = context;
    this.#codecs = codecs;
    const files = new OpenFiles(context.disk, 16);
    this.#environment = { disk: context.disk, indexes: { files, cache: new IndexCache() } };
  }

  async run(): Promise<CompactionOutput> {
    const { nowMs, deleteRetentionMs, producers, decompressedBytesMax } = this.#input;
    try {
      const { map, endOffset } = await this.#buildMap();
      const filter = new BatchFilter({
        map,
        mapEndOffset: endOffset,
        producers,
        isAborted: (batch) => this.#outcomes?.isAborted(batch) ?? false,
        nowMs,
        deleteRetentionMs,
        codecs: this.#codecs,
        decompressedBytesMax,
      });
      const groups: CompactedGroup[] = [];
      const compacted = this.#input.segments.filter(({ baseOffset }) => baseOffset < endOffset);
      for (const group of groupSegments(compacted, this.#input)) groups.push(await this.#compactGroup(group, filter));
      const { recordsRead, recordsKept } = filter;
      return { endOffset, groups, recordsRead, recordsKept, bytesRead: this.#bytesRead, bytesKept: this.#bytesKept };
    } finally {
      this.#environment.indexes.files.closeAll();
    }
  }

  /** Notes the last offset of each key that is not compacted yet, as far as memory goes. */
  async #buildMap(): Promise<{ readonly map: OffsetMap; readonly endOffset: number }> {
    const { firstDirtyOffset, firstUncleanableOffset, segments } = this.#input;
    const secret = Uint32Array.from({ length: 4 }, () => this.#context.random.uint32());
    const range = firstUncleanableOffset - firstDirtyOffset;
    const keys = Math.min(range, OffsetMap.keysIn(this.#input.dedupeBufferBytes));
    const map = new OffsetMap(keys, new KeyHash(secret));
    let endOffset = firstDirtyOffset;
    const firstDirty = segments.findLastIndex(({ baseOffset }) => baseOffset <= firstDirtyOffset);
    for (const [index, source] of segments.entries()) {
      if (index < firstDirty) continue;
      const reader = this.#readerOf(source);
      try {
        for (let bytes = await this.#next(reader); bytes !== undefined; bytes = await this.#next(reader)) {
          const batches = new BatchCursor(bytes);
          while (batches.next()) {
            const { batch } = batches;
            if (batch.lastOffset < firstDirtyOffset) continue;
            if (!(await this.#mapBatch(batch, map, source))) return { map, endOffset };
            endOffset = batch.nextOffset;
          }
        }
      } finally {
        reader.close();
      }
      endOffset = segments[index + 1]?.baseOffset ?? firstUncleanableOffset;
    }
    return { map, endOffset };
  }

  /** Notes the keys of a batch; false if they do not all fit. */
  async #mapBatch(batch: RecordBatch, map: OffsetMap, source: SourceSegment): Promise<boolean> {
    if (batch.isControl) return true;
    if (batch.isTransactional) {
      this.#outcomes ??= await this.#readOutcomes(source);
      if (this.#outcomes.isAborted(batch)) return true;
    }
    const { decompressedBytesMax: maxBytes, firstDirtyOffset } = this.#input;
    const records = this.#records;
    const fault = openRecords(records, batch, { codecs: this.#codecs, maxBytes, scratch: this.#scratch });
    if (fault !== undefined) throw new CorruptLogError(source.path, batch.position, describeRecordsFault(fault));
    while (records.next()) {
      const { offset, keyPosition, keyLength } = records;
      if (keyLength < 0 || offset < firstDirtyOffset) continue;
      if (map.isFull) return false;
      map.put(records.bytes, keyPosition, keyPosition + keyLength, offset);
    }
    if (records.fault !== undefined) throw new CorruptLogError(source.path, batch.position, 'a record is unreadable');
    return true;
  }

  /**
   * Finds the markers from a segment on. Records before it were compacted, so that those of aborted transactions are
   * gone; most logs have no transactions and need no such look.
   */
  async #readOutcomes(from: SourceSegment): Promise<TransactionOutcomes> {
    const outcomes = new TransactionOutcomes();
    for (const source of [...this.#input.segments, ...this.#input.laterSegments]) {
      if (source.baseOffset < from.baseOffset) continue;
      const reader = this.#readerOf(source);
      try {
        for (let bytes = await this.#next(reader); bytes !== undefined; bytes = await this.#next(reader)) {
          const batches = new BatchCursor(bytes);
          while (batches.next()) if (batches.batch.isControl) outcomes.noteMarker(batches.batch);
        }
      } finally {
        reader.close();
      }
    }
    return outcomes;
  }

  async #compactGroup(group: readonly SourceSegment[], filter: BatchFilter): Promise<CompactedGroup> {
    const [first] = group;
    const last = group.at(-1);
    if (first === undefined || last === undefined) throw new RangeError('a group of segments is empty');
    const segment = await this.#createCleaned(first.baseOffset);
    const writer = new BatchWriter(segment, this.#environment, this.#input);
    for (const source of group) await this.#compactSegment(source, filter, writer);
    writer.flush();
    this.#bytesKept += segment.size;
    segment.sealTimeIndex();
    segment.offsetIndex.entries.persist();
    segment.timeIndex.entries.persist();
    const { disk } = this.#context;
    const { files } = this.#environment.indexes;
    for (const file of filesOf(segment)) await files.sync(file);
    await disk.setModified(segment.log.path, last.modifiedMs);
    closeSegment(this.#environment, segment);
    return {
      baseOffset: first.baseOffset,
      sources: group.map(({ baseOffset }) => baseOffset),
      size: segment.size,
      offsetIndexCount: segment.offsetIndex.entries.count,
      timeIndexCount: segment.timeIndex.entries.count,
      modifiedMs: last.modifiedMs,
    };
  }

  async #compactSegment(source: SourceSegment, filter: BatchFilter, writer: BatchWriter): Promise<void> {
    const reader = this.#readerOf(source);
    try {
      for (let bytes = await this.#next(reader); bytes !== undefined; bytes = await this.#next(reader)) {
        const batches = new BatchCursor(bytes);
        while (batches.next()) {
          const { batch } = batches;
          const fault = checkBatch(batch);
          if (fault !== undefined) {
            throw new CorruptLogError(source.path, reader.position + batch.position, describeBatchFault(fault));
          }
          const kept = filter.keep(batch);
          if (kept === undefined) continue;
          // Records may have gone, the one with the largest timestamp too: what is kept says itself.
          writer.write(kept, batch.lastOffset, new RecordBatch(kept).maxTimestamp);
        }
        // The bytes are about to be overwritten.
        writer.flush();
        this.#bytesRead += bytes.length;
      }
    } finally {
      reader.close();
    }
  }

  /** Makes the files of the new segment, in place of those that an earlier attempt may have left. */
  async #createCleaned(baseOffset: number): Promise<Segment> {
    const { directory, segmentIndexBytes: indexBytesMax } = this.#input;
    const facts = { baseOffset, indexBytesMax, createdMs: 0, rollJitterMs: 0 };
    const stale = openSegment(
      this.#environment,
      directory,
      { ...facts, size: 0, modifiedMs: 0, offsetIndexCount: 0, timeIndexCount: 0 },
      CLEANED_SUFFIX,
    );
    for (const { path } of filesOf(stale)) await this.#context.disk.removeTree(path);
    return createSegment(this.#environment, directory, facts, CLEANED_SUFFIX);
  }

  #readerOf(source: SourceSegment): SegmentReader {
    const { files } = this.#environment.indexes;
    return new SegmentReader(files, { log: { path: source.path }, size: source.size }, 0);
  }

  #next(reader: SegmentReader): Promise<Uint8Array | undefined> {
    if (this.#context.cancelled) throw new RangeError('compaction was cancelled');
    return reader.next();
  }
}

/** Writes batches to the end of a new segment, several at a time. */
class BatchWriter {
  readonly #segment: Segment;
  readonly #environment: SegmentEnvironment;
  readonly #input: CompactionInput;
  #chunks: Uint8Array[] = [];
  #byteLength = 0;
  /** Bytes of the log that are written or wait. */
  #end = 0;

  constructor(segment: Segment, environment: SegmentEnvironment, input: CompactionInput) {
    this.#segment = segment;
    this.#environment = environment;
    this.#input = input;
  }

  /** Takes a batch in. Its bytes must stand until the next `flush`, unless they are the filter's: then until it returns. */
  write(bytes: Uint8Array, lastOffset: number, maxTimestamp: number): void {
    const chunks = [bytes.slice()];
    const appended = { chunks, byteLength: bytes.length, lastOffset, maxTimestamp, offsetOfMaxTimestamp: lastOffset };
    this.#segment.noteAppended(appended, this.#input.indexIntervalBytes, 0);
    this.#chunks.push(...chunks);
    this.#byteLength += bytes.length;
    if (this.#byteLength >= this.#input.ioBufferBytes) this.flush();
  }

  /** Writes what waits. */
  flush(): void {
    if (this.#chunks.length === 0) return;
    this.#environment.indexes.files.get(this.#segment.log).write(this.#end, this.#chunks);
    this.#end += this.#byteLength;
    this.#chunks = [];
    this.#byteLength = 0;
  }
}
