/** A segment that compaction reads. */
export interface SourceSegment {
  readonly baseOffset: number;
  /** Path of the log file. */
  readonly path: string;
  /** Bytes of it that count. */
  readonly size: number;
  readonly modifiedMs: number;
  readonly offsetIndexBytes: number;
  readonly timeIndexBytes: number;
}

/** A producer that is still known: its last batch must not vanish without a trace. */
export interface KnownProducer {
  readonly producerId: number;
  readonly epoch: number;
  /** Offset of its last record; −1 if only a marker of it is left. */
  readonly lastDataOffset: number;
}

/** What a worker needs to know to compact a log. Plain data. */
export interface CompactionInput {
  readonly directory: string;
  /** Segments from the start of the log up to `firstUncleanableOffset`. */
  readonly segments: readonly SourceSegment[];
  /** Segments behind these up to the last stable offset: markers of transactions that began before stand there. */
  readonly laterSegments: readonly SourceSegment[];
  readonly firstDirtyOffset: number;
  /** First offset that must not be compacted: base offset of a segment. */
  readonly firstUncleanableOffset: number;
  readonly producers: readonly KnownProducer[];
  readonly nowMs: number;
  readonly deleteRetentionMs: number;
  readonly segmentBytes: number;
  readonly segmentIndexBytes: number;
  readonly indexIntervalBytes: number;
  readonly dedupeBufferBytes: number;
  readonly ioBufferBytes: number;
  readonly decompressedBytesMax: number;
}

/** Some segments that were compacted into one, whose files have the suffix `.cleaned` and are durable. */
export interface CompactedGroup {
  /** Base offset of the new segment: that of the first of the old ones. */
  readonly baseOffset: number;
  /** Base offsets of the old segments. */
  readonly sources: readonly number[];
  readonly size: number;
  readonly offsetIndexCount: number;
  readonly timeIndexCount: number;
  readonly modifiedMs: number;
}

/** What came of a compaction. */
export interface CompactionOutput {
  /** Offset up to which the log is compacted now. */
  readonly endOffset: number;
  readonly groups: readonly CompactedGroup[];
  readonly recordsRead: number;
  readonly recordsKept: number;
  readonly bytesRead: number;
  readonly bytesKept: number;
}
