import { assert, lowerBound } from '@biquorum/std';
import type { LogFile } from '../handles/open-files.ts';
import { type IndexContext, IndexFile } from './index-file.ts';

/** Bytes of an entry: relative offset int32, position int32. */
export const OFFSET_INDEX_ENTRY_SIZE = 8;
const RELATIVE_OFFSET_MAX = 0x7fff_ffff;

/**
 * Where in a segment an offset lies, roughly: for every few KiB of log one entry with the last offset of an append and
 * the position where that append starts.
 *
 * Entries rise strictly in offset. Look-ups are synchronous on what is in memory; `isLoadedFor` tells whether that
 * suffices, `load` gets the rest. Source: `OffsetIndex`.
 */
export class OffsetIndex {
  readonly baseOffset: number;
  readonly #entries: IndexFile;
  readonly #countMax: number;
  /** Last offset in the index; the base offset if it is empty, −1 as long as it has not been read. */
  #lastOffset: number;
  /** Position of the last entry; 0 if there is none or it has not been read. */
  #lastPosition = 0;

  /**
   * @param bytesMax size at which the index is full.
   * @param count number of entries in the file.
   */
  constructor(context: IndexContext, file: LogFile, baseOffset: number, bytesMax: number, count: number) {
    this.baseOffset = baseOffset;
    this.#entries = new IndexFile(context, file, OFFSET_INDEX_ENTRY_SIZE, count);
    this.#countMax = Math.floor(bytesMax / OFFSET_INDEX_ENTRY_SIZE);
    this.#lastOffset = count === 0 ? baseOffset : -1;
  }

  /** The file beneath, for flushing, loading and closing. */
  get entries(): IndexFile {
    return this.#entries;
  }

  /** Whether the segment must be closed before more is indexed. */
  get isFull(): boolean {
    return this.#entries.count >= this.#countMax;
  }

  /** Whether an offset is not too far from the base for an entry. */
  canHold(offset: number): boolean {
    const relative = offset - this.baseOffset;
    return relative >= 0 && relative <= RELATIVE_OFFSET_MAX;
  }

  /** Adds an entry. Offsets that do not rise break the index. */
  append(offset: number, position: number): void {
    assert(
      this.canHold(offset) && (this.#entries.count === 0 || offset > this.#lastOffset),
      () => `offset ${offset} cannot follow ${this.#lastOffset} in the index of segment ${this.baseOffset}`,
    );
    const at = this.#entries.push();
    this.#entries.view.setInt32(at, offset - this.baseOffset);
    this.#entries.view.setInt32(at + 4, position);
    this.#lastOffset = offset;
    this.#lastPosition = position;
  }

  /** Whether `positionBefore` can answer for the offset without I/O. */
  isLoadedFor(offset: number): boolean {
    const { firstLoaded, count } = this.#entries;
    if (this.#lastOffset !== -1 && offset >= this.#lastOffset) return true;
    return firstLoaded === 0 || (firstLoaded < count && this.#offsetAt(firstLoaded) <= offset);
  }

  /** Position from which to look for the offset: that of the last entry at or before it, 0 if there is none. */
  positionBefore(offset: number): number {
    if (this.#lastOffset !== -1 && offset >= this.#lastOffset) return this.#lastPosition;
    const slot = this.#slotAfter(offset) - 1;
    return slot < this.#entries.firstLoaded ? 0 : this.#positionAt(slot);
  }

  /** Whether somebody knows the last entry without looking it up. */
  get isLastKnown(): boolean {
    return this.#lastOffset !== -1;
  }

  /** Offset of the last entry, the base offset if there is none; the newest entry must be in memory. */
  get lastOffset(): number {
    if (this.#lastOffset === -1) this.#lastOffset = this.#offsetAt(this.#entries.count - 1);
    return this.#lastOffset;
  }

  /** Tells the last entry, where somebody has read it from the file. */
  noteLast(offset: number, position: number): void {
    this.#lastOffset = offset;
    this.#lastPosition = position;
  }

  /** Drops the entries at and behind `offset`. Loads the index if need be. */
  async truncateTo(offset: number): Promise<void> {
    if (this.#entries.count === 0) return;
    await this.#entries.whileLoaded(() =>
      this.keepFirst(lowerBound(this.#entries.count, (entry) => this.#offsetAt(entry) < offset)),
    );
  }

  /** Drops all but the first `count` entries; the index must be loaded. */
  async keepFirst(count: number): Promise<void> {
    this.#lastOffset = count === 0 ? this.baseOffset : this.#offsetAt(count - 1);
    this.#lastPosition = count === 0 ? 0 : this.#positionAt(count - 1);
    await this.#entries.truncate(count);
  }

  /** Drops all entries. */
  async clear(): Promise<void> {
    await this.keepFirst(0);
  }

  /**
   * Number of leading entries that hold together, offsets and positions rising, and belong to `size` bytes of log; the
   * index must be loaded. An index whose number is smaller than its count has to be rebuilt.
   */
  countSound(size: number): number {
    const { count } = this.#entries;
    // An entry for the base offset or for position 0 is never written: bytes that are all zero are none.
    let offset = this.baseOffset;
    let position = 0;
    for (let entry = 0; entry < count; entry++) {
      if (this.#offsetAt(entry) <= offset || this.#positionAt(entry) <= position) return entry;
      offset = this.#offsetAt(entry);
      position = this.#positionAt(entry);
      if (position >= size) return entry;
    }
    return count;
  }

  #slotAfter(offset: number): number {
    const { firstLoaded, count } = this.#entries;
    return firstLoaded + lowerBound(count - firstLoaded, (entry) => this.#offsetAt(firstLoaded + entry) <= offset);
  }

  #offsetAt(entry: number): number {
    return this.baseOffset + this.#entries.view.getInt32(this.#entries.positionOf(entry));
  }

  #positionAt(entry: number): number {
    return this.#entries.view.getInt32(this.#entries.positionOf(entry) + 4);
  }
}
