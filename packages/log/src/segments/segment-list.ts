import { assert, lowerBound } from '@biquorum/std';
import type { Segment } from './segment.ts';

/**
 * The segments of a log, in order of their base offsets; never empty once the log is loaded. The last one is the active
 * segment.
 */
export class SegmentList {
  #segments: Segment[];

  constructor(segments: readonly Segment[] = []) {
    this.#segments = [...segments];
  }

  /** Number of segments. */
  get count(): number {
    return this.#segments.length;
  }

  /** The segment that is appended to. */
  get active(): Segment {
    const active = this.#segments.at(-1);
    assert(active, 'a log must have a segment');
    return active;
  }

  /** The oldest segment. */
  get first(): Segment {
    const first = this.#segments[0];
    assert(first, 'a log must have a segment');
    return first;
  }

  /** All segments, the oldest first. Read only; stands until the next change. */
  get all(): readonly Segment[] {
    return this.#segments;
  }

  /** Bytes of log in all segments. */
  get byteLength(): number {
    let bytes = 0;
    for (const { size } of this.#segments) bytes += size;
    return bytes;
  }

  /** Index of the segment in whose range the offset lies; −1 if it lies before the first. */
  indexOf(offset: number): number {
    const last = this.#segments.length - 1;
    if (last >= 0 && (this.#segments[last] as Segment).baseOffset <= offset) return last;
    return lowerBound(last + 1, (index) => (this.#segments[index] as Segment).baseOffset <= offset) - 1;
  }

  /** The segment in whose range the offset lies. */
  floor(offset: number): Segment | undefined {
    return this.#segments[this.indexOf(offset)];
  }

  /** The segment at an index. */
  at(index: number): Segment | undefined {
    return this.#segments[index];
  }

  /** Whether the segment is one of these. */
  has(segment: Segment): boolean {
    return this.floor(segment.baseOffset) === segment;
  }

  /** The base offset of the segment behind this one; undefined for the active one. */
  nextBaseOffset(segment: Segment): number | undefined {
    return this.#segments[this.indexOf(segment.baseOffset) + 1]?.baseOffset;
  }

  /** Makes a segment the active one. */
  push(segment: Segment): void {
    const last = this.#segments.at(-1);
    assert(
      last === undefined || segment.baseOffset > last.baseOffset,
      () => `segment ${segment.baseOffset} cannot follow segment ${last?.baseOffset}`,
    );
    this.#segments.push(segment);
  }

  /** Puts one segment, or none, in the place of some that stand side by side. */
  replace(removed: readonly Segment[], added: Segment | undefined): void {
    const first = removed[0];
    assert(first, 'nothing to replace');
    const at = this.#segments.indexOf(first);
    assert(
      at >= 0 && removed.every((segment, index) => this.#segments[at + index] === segment),
      () => `segments from ${first.baseOffset} on do not stand side by side in their log`,
    );
    const rest = this.#segments.slice(at + removed.length);
    this.#segments = [...this.#segments.slice(0, at), ...(added === undefined ? [] : [added]), ...rest];
  }
}
