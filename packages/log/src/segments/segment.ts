import { NO_TIMESTAMP } from '@biquorum/kafka-wire';
import type { LogFile } from '../handles/open-files.ts';
import type { OffsetIndex } from '../indexes/offset-index.ts';
import type { TimeIndex } from '../indexes/time-index.ts';

/** What is appended in one go: whole batches, one after the other. */
export interface AppendedBytes {
  readonly chunks: readonly Uint8Array[];
  readonly byteLength: number;
  readonly lastOffset: number;
  /** Largest timestamp of the batches in ms; −1 if none has one. */
  readonly maxTimestamp: number;
  /** Last offset of the first batch with that timestamp. */
  readonly offsetOfMaxTimestamp: number;
}

/** When a segment must give way to the next one. */
export interface RollRules {
  readonly segmentBytes: number;
  readonly segmentMs: number;
  readonly nowMs: number;
}

/** The three files of a segment and what is known of them. */
export interface SegmentParts {
  readonly baseOffset: number;
  readonly log: LogFile;
  readonly offsetIndex: OffsetIndex;
  readonly timeIndex: TimeIndex;
  /** Bytes of log. */
  readonly size: number;
  readonly createdMs: number;
  /** When the log file was last written, by the wall clock. */
  readonly modifiedMs: number;
  /** Random time by which this segment is closed early. */
  readonly rollJitterMs: number;
}

/**
 * A stretch of a log: a file of batches, and two indexes into it. Only the last segment of a log, the active one, is
 * appended to.
 *
 * All offsets in it are at least `baseOffset` and below the base offset of the next segment. Source: `LogSegment`.
 */
export class Segment {
  readonly baseOffset: number;
  readonly log: LogFile;
  readonly offsetIndex: OffsetIndex;
  readonly timeIndex: TimeIndex;
  readonly createdMs: number;
  readonly rollJitterMs: number;
  /** Bytes of log. */
  size: number;
  modifiedMs: number;
  /** Position from which on the bytes were written by this process a short while ago, and so lie in the page cache. */
  warmFrom: number;
  /** Whether the indexes are missing or damaged and must be made anew before they are used. */
  areIndexesBroken = false;
  /** Largest timestamp of the first append in ms; undefined as long as it has not been read. */
  firstTimestamp: number | undefined;
  /** Largest timestamp so far in ms, and the last offset of the batch that has it; undefined until it is read. */
  #maxTimestamp: number | undefined;
  #offsetOfMaxTimestamp: number;
  #bytesSinceIndexEntry = 0;

  constructor(parts: SegmentParts) {
    this.baseOffset = parts.baseOffset;
    this.log = parts.log;
    this.offsetIndex = parts.offsetIndex;
    this.timeIndex = parts.timeIndex;
    this.size = parts.size;
    this.createdMs = parts.createdMs;
    this.modifiedMs = parts.modifiedMs;
    this.rollJitterMs = parts.rollJitterMs;
    this.warmFrom = parts.size;
    this.#maxTimestamp = parts.size === 0 ? NO_TIMESTAMP : undefined;
    this.#offsetOfMaxTimestamp = parts.baseOffset;
  }

  /** Whether the timestamps below are known without I/O. */
  get areTimestampsKnown(): boolean {
    return this.#maxTimestamp !== undefined || this.timeIndex.isLastKnown;
  }

  /** Largest timestamp so far in ms; −1 if no record has one. Must be known. */
  get maxTimestamp(): number {
    this.#recallMaxTimestamp();
    return this.#maxTimestamp as number;
  }

  /** Last offset of the first batch with the largest timestamp. Must be known. */
  get offsetOfMaxTimestamp(): number {
    this.#recallMaxTimestamp();
    return this.#offsetOfMaxTimestamp;
  }

  /** Age that retention goes by: the largest timestamp, or the last write if no record has one. Must be known. */
  get retentionTimestamp(): number {
    return this.maxTimestamp >= 0 ? this.maxTimestamp : this.modifiedMs;
  }

  /** Tells the largest timestamp where it was found by reading the log. */
  noteMaxTimestamp(timestamp: number, offset: number): void {
    this.#maxTimestamp = timestamp;
    this.#offsetOfMaxTimestamp = offset;
  }

  /**
   * Whether the next segment must be begun before an append of `byteLength` bytes up to `lastOffset`.
   *
   * Source: `LogSegment.shouldRoll`.
   */
  mustRollBefore(byteLength: number, lastOffset: number, maxTimestamp: number, rules: RollRules): boolean {
    if (this.size > rules.segmentBytes - byteLength) return true;
    if (this.size > 0 && this.#ageAt(maxTimestamp, rules.nowMs) > rules.segmentMs - this.rollJitterMs) return true;
    return this.offsetIndex.isFull || this.timeIndex.isFull || !this.offsetIndex.canHold(lastOffset);
  }

  /**
   * Takes account of bytes that were written at the end of the file, and indexes them if an index entry is due.
   *
   * Source: `LogSegment.append`.
   */
  noteAppended(appended: AppendedBytes, indexIntervalBytes: number, nowMs: number): void {
    const position = this.size;
    if (position === 0) this.firstTimestamp = appended.maxTimestamp;
    this.size = position + appended.byteLength;
    this.modifiedMs = nowMs;
    if (appended.maxTimestamp > this.maxTimestamp) {
      this.noteMaxTimestamp(appended.maxTimestamp, appended.offsetOfMaxTimestamp);
    }
    if (this.#bytesSinceIndexEntry > indexIntervalBytes) {
      this.offsetIndex.append(appended.lastOffset, position);
      this.timeIndex.appendIfLarger(this.maxTimestamp, this.offsetOfMaxTimestamp);
      this.#bytesSinceIndexEntry = 0;
    }
    this.#bytesSinceIndexEntry += appended.byteLength;
  }

  /** Notes the largest timestamp in the time index: when the segment is closed, and when the log is. */
  sealTimeIndex(): void {
    if (this.areTimestampsKnown) this.timeIndex.appendIfLarger(this.maxTimestamp, this.offsetOfMaxTimestamp);
  }

  /** The log was cut: what was known of the bytes behind is void. */
  noteTruncated(size: number): void {
    this.size = size;
    this.warmFrom = Math.min(this.warmFrom, size);
    this.#bytesSinceIndexEntry = 0;
    this.#maxTimestamp = undefined;
    if (size > 0) return;
    this.firstTimestamp = undefined;
    this.noteMaxTimestamp(NO_TIMESTAMP, this.baseOffset);
  }

  /** Lets go of memory that can be had again from the files. */
  evict(): void {
    this.offsetIndex.entries.evict();
    this.timeIndex.entries.evict();
  }

  #recallMaxTimestamp(): void {
    if (this.#maxTimestamp !== undefined) return;
    const { timestamp, offset } = this.timeIndex.last;
    this.noteMaxTimestamp(timestamp, offset);
  }

  /** Time that the segment has waited: by the records' clock if the first one has a timestamp, else by ours. */
  #ageAt(timestamp: number, nowMs: number): number {
    const first = this.firstTimestamp ?? NO_TIMESTAMP;
    return first >= 0 ? timestamp - first : nowMs - this.createdMs;
  }
}
