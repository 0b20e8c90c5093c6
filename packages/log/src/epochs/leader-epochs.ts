import { assert, lowerBound } from '@biquorum/std';
import type { EpochStart } from '../files/leader-epoch-checkpoint.ts';

/** Where an epoch ends: the largest epoch up to the one asked for, and the offset behind its last record. */
export interface EpochEnd {
  readonly epoch: number;
  readonly endOffset: number;
}

/**
 * The leader epochs of a log and where the records of each begin. Epochs and start offsets both rise strictly, which
 * is what lets a follower find the point where its log and its leader's part.
 *
 * Source: KIP-101, KIP-279; `LeaderEpochFileCache`.
 */
export class LeaderEpochs {
  /** Two parallel columns; both rise strictly. */
  #epochs: number[];
  #starts: number[];

  /** Entries that conflict with later ones give way to them, as they do in `assign`. */
  constructor(entries: Iterable<EpochStart> = []) {
    this.#epochs = [];
    this.#starts = [];
    for (const { epoch, startOffset } of entries) this.assign(epoch, startOffset);
  }

  /** Number of entries. */
  get size(): number {
    return this.#epochs.length;
  }

  /** The newest epoch; undefined as long as there is none. */
  get latest(): number | undefined {
    return this.#epochs.at(-1);
  }

  /** The oldest entry. */
  get earliest(): EpochStart | undefined {
    return this.#at(0);
  }

  /** All entries, the oldest first. */
  entries(): EpochStart[] {
    return this.#epochs.map((epoch, index) => ({ epoch, startOffset: this.#starts[index] as number }));
  }

  /**
   * Notes that `epoch` begins at `startOffset`. Newer or further entries contradict that and are dropped. An epoch that
   * is the newest already keeps its start unless the new one lies before it.
   *
   * @returns whether anything changed.
   */
  assign(epoch: number, startOffset: number): boolean {
    assert(
      Number.isSafeInteger(epoch) && epoch >= 0 && Number.isSafeInteger(startOffset) && startOffset >= 0,
      () => `leader epoch ${epoch} cannot begin at offset ${startOffset}`,
    );
    const last = this.#epochs.length - 1;
    if (last >= 0 && this.#epochs[last] === epoch && startOffset >= (this.#starts[last] as number)) return false;
    let kept = this.#epochs.length;
    while (
      kept > 0 &&
      ((this.#epochs[kept - 1] as number) >= epoch || (this.#starts[kept - 1] as number) >= startOffset)
    ) {
      kept--;
    }
    this.#keepFirst(kept);
    this.#epochs.push(epoch);
    this.#starts.push(startOffset);
    return true;
  }

  /**
   * Where an epoch ends.
   *
   * The newest epoch ends at the log end offset; an older one where its successor begins; one that the log never had
   * is answered with the largest epoch below it. Undefined if the log cannot know: the epoch is −1 or newer than all.
   */
  endOffsetFor(epoch: number, logEndOffset: number): EpochEnd | undefined {
    const size = this.#epochs.length;
    if (epoch < 0 || size === 0) return undefined;
    if (this.#epochs[size - 1] === epoch) return { epoch, endOffset: logEndOffset };
    const higher = lowerBound(size, (index) => (this.#epochs[index] as number) <= epoch);
    if (higher === size) return undefined;
    const endOffset = this.#starts[higher] as number;
    return { epoch: higher === 0 ? epoch : (this.#epochs[higher - 1] as number), endOffset };
  }

  /** The epoch in whose range the offset lies; undefined if it lies before all of them. */
  epochForOffset(offset: number): number | undefined {
    const after = lowerBound(this.#starts.length, (index) => (this.#starts[index] as number) <= offset);
    return after === 0 ? undefined : this.#epochs[after - 1];
  }

  /** Drops the epochs that begin at or behind `endOffset`. Returns whether anything changed. */
  truncateFromEnd(endOffset: number): boolean {
    if (endOffset < 0) return false;
    const kept = lowerBound(this.#starts.length, (index) => (this.#starts[index] as number) < endOffset);
    if (kept === this.#starts.length) return false;
    this.#keepFirst(kept);
    return true;
  }

  /**
   * Drops what lies wholly before `startOffset`; the epoch in which it lies begins there from now on. Returns whether
   * anything changed.
   */
  truncateFromStart(startOffset: number): boolean {
    const after = lowerBound(this.#starts.length, (index) => (this.#starts[index] as number) <= startOffset);
    if (after === 0) return false;
    const changed = after > 1 || this.#starts[0] !== startOffset;
    this.#epochs.splice(0, after - 1);
    this.#starts.splice(0, after - 1);
    this.#starts[0] = startOffset;
    return changed;
  }

  /**
   * A batch of `epoch` lies at `offset`: what contradicts that goes, later entries stay. Returns whether anything
   * changed.
   */
  witness(epoch: number, offset: number): boolean {
    if (this.epochForOffset(offset) === epoch) return false;
    const kept = this.entries().filter((entry) => {
      if (entry.epoch === epoch) return entry.startOffset <= offset;
      return entry.epoch < epoch ? entry.startOffset < offset : entry.startOffset > offset;
    });
    const at = kept.findIndex((entry) => entry.epoch >= epoch);
    if (kept[at]?.epoch !== epoch) kept.splice(at === -1 ? kept.length : at, 0, { epoch, startOffset: offset });
    this.#epochs.splice(0, Infinity, ...kept.map((entry) => entry.epoch));
    this.#starts.splice(0, Infinity, ...kept.map((entry) => entry.startOffset));
    return true;
  }

  /** Drops all entries. Returns whether there were any. */
  clear(): boolean {
    const changed = this.#epochs.length > 0;
    this.#keepFirst(0);
    return changed;
  }

  #at(index: number): EpochStart | undefined {
    const epoch = this.#epochs[index];
    return epoch === undefined ? undefined : { epoch, startOffset: this.#starts[index] as number };
  }

  #keepFirst(count: number): void {
    this.#epochs.length = count;
    this.#starts.length = count;
  }
}
