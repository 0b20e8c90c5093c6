import type { Entry, Position } from '@biquorum/consensus';
import { assert } from '@biquorum/std';
import { epochOf, type Zxid } from '@biquorum/zookeeper-wire';
import type { Place } from './log-appender.ts';
import { PayloadCache } from './payload-cache.ts';

/** An entry of the log as it is asked for; the payload of a transaction may be in its file only. */
export type Slot =
  | { readonly kind: 'jump'; readonly entry: Entry }
  | {
      readonly kind: 'transaction';
      readonly zxid: Zxid;
      readonly bytes: number;
      readonly place: Place | null;
      readonly payload: Uint8Array | undefined;
    };

/** The cut behind a transaction; everything begins with the cut behind none. */
export function cutAfter(zxid: Zxid): Position {
  return zxid === 0 ? { epoch: 0, index: 0 } : { epoch: epochOf(zxid), index: zxid + 1 };
}

/** The zxid before a cut. */
export function zxidBefore(index: number): Zxid {
  return Math.max(0, index - 1);
}

/**
 * Which transactions the log holds and where their payloads are, in columns; and the payloads of the newest.
 *
 * To the engine a log has no gaps. Where a transaction does not follow the one before it, since an epoch begins, a jump
 * stands between them: a control entry that is in no file.
 */
export class LogIndex {
  readonly #cacheBytesMax: number;
  #zxids: Float64Array = new Float64Array(256);
  #files: Float64Array = new Float64Array(256);
  #positions: Float64Array = new Float64Array(256);
  #lengths: Uint32Array = new Uint32Array(256);
  /** Transactions are in the columns from `#head` to `#end`. */
  #head = 0;
  #end = 0;
  #start: Position = { epoch: 0, index: 0 };
  /** A cut inside a jump, where a snapshot was made: there are two jumps then. */
  #split = 0;
  /** The index after the last entry; a jump may be the last. */
  #endIndex = 0;
  readonly #cache: PayloadCache;
  /** Where a payload is in the cache; {@link NOWHERE} for what was never there. */
  #cached: Float64Array = new Float64Array(256);
  /** Payloads up to this transaction can be had from the files. */
  #onDisk: Zxid = 0;

  constructor(cacheBytesMax: number) {
    this.#cacheBytesMax = cacheBytesMax;
    this.#cache = new PayloadCache(cacheBytesMax);
  }

  /** The first index that is held. */
  get start(): Position {
    return this.#start;
  }

  /** The index after the last entry. */
  get endIndex(): number {
    return this.#endIndex;
  }

  get lastZxid(): Zxid {
    return this.#end === this.#head ? zxidBefore(this.#start.index) : (this.#zxids[this.#end - 1] as Zxid);
  }

  /** Null when there is no transaction. */
  get firstZxid(): Zxid | null {
    return this.#end === this.#head ? null : (this.#zxids[this.#head] as Zxid);
  }

  /** Everything begins anew at a cut. */
  reset(start: Position): void {
    this.#head = 0;
    this.#end = 0;
    this.#start = start;
    this.#split = start.index;
    this.#endIndex = start.index;
    this.#cache.clear();
  }

  /** A transaction that a file holds, read at the start. */
  restore(zxid: Zxid, place: Place, bytes: number): void {
    this.#push(zxid, bytes);
    this.placed(zxid, place);
    this.#onDisk = zxid;
  }

  /** What {@link restore} has told begins at this cut. @param split the newest snapshot's cut */
  begin(start: Position, split: number): void {
    this.#start = start;
    this.#split = split;
    this.#endIndex = Math.max(this.#end === this.#head ? start.index : this.lastZxid + 1, split);
  }

  /** Adds an entry at the end. @throws AssertionError when it leaves a hole, or is none that a log can hold. */
  append(entry: Entry): void {
    const { index, span, kind, payload } = entry;
    assert(index === this.#endIndex, () => `entry ${index} does not follow the end ${this.#endIndex} of the log`);
    this.#endIndex = index + span;
    if (kind === 'control') {
      assert(payload.length === 0, () => `entry ${index} of the engine's own has no place in ZooKeeper's log`);
      return;
    }
    assert(span === 1, () => `transaction ${index} spans ${span} indexes`);
    this.#push(index, payload.length);
    this.#cached[this.#end - 1] = this.#cache.add(index, payload);
  }

  /** A transaction has got its place in a file, though it may not be there yet. */
  placed(zxid: Zxid, { file, position }: Place): void {
    const at = this.#find(zxid);
    if (this.#zxids[at] !== zxid || at >= this.#end) return;
    this.#files[at] = file;
    this.#positions[at] = position;
  }

  /** Everything up to a transaction is in the files: what is too much for the memory may go. */
  committed(zxid: Zxid): void {
    this.#onDisk = Math.max(this.#onDisk, zxid);
    this.#cache.shrink(this.#cacheBytesMax, this.#onDisk);
  }

  /** Drops entries from `end` on. */
  truncate(end: number): void {
    while (this.#end > this.#head && (this.#zxids[this.#end - 1] as Zxid) >= end) this.#end--;
    this.#endIndex = Math.min(this.#endIndex, Math.max(end, this.#start.index));
    this.#onDisk = Math.min(this.#onDisk, zxidBefore(end));
  }

  /** Drops entries before a cut. */
  deletePrefix(start: Position): void {
    if (start.index <= this.#start.index) return;
    while (this.#head < this.#end && (this.#zxids[this.#head] as Zxid) < start.index) this.#head++;
    this.#start = start;
    this.#endIndex = Math.max(this.#endIndex, start.index);
  }

  /** A payload that is in memory. */
  cached(zxid: Zxid): Uint8Array | undefined {
    const at = this.#find(zxid);
    return at < this.#end && this.#zxids[at] === zxid ? this.#payloadAt(at) : undefined;
  }

  /**
   * The entries from index `from` on that start below `upTo`, at most `bytesMax` of payload (at least one). Null when no
   * entry starts at `from`.
   */
  range(from: number, upTo: number, bytesMax: number): Slot[] | null {
    if (from < this.#start.index || from >= this.#endIndex) return null;
    let at = this.#find(from);
    const before = at === this.#head ? this.#start.index : (this.#zxids[at - 1] as Zxid) + 1;
    if (from !== before && from !== this.#split && !(at < this.#end && this.#zxids[at] === from)) return null;
    const found: Slot[] = [];
    let bytes = 0;
    for (let index = from; index < upTo && index < this.#endIndex; ) {
      const zxid = at < this.#end ? (this.#zxids[at] as Zxid) : this.#endIndex;
      if (index < zxid) {
        const end = index < this.#split && this.#split < zxid ? this.#split : zxid;
        found.push({ kind: 'jump', entry: jump(index, end) });
        index = end;
        continue;
      }
      bytes += this.#lengths[at] as number;
      if (found.length > 0 && bytes > bytesMax) break;
      found.push(this.#slot(at++));
      index++;
    }
    return found;
  }

  /** All entries in order; the payloads that are not in memory are empty. */
  *entries(): Generator<Entry, void, void> {
    for (let index = this.#start.index; index < this.#endIndex; ) {
      const slots = this.range(index, this.#endIndex, PAGE_BYTES) ?? [];
      for (const slot of slots) {
        const entry = slot.kind === 'jump' ? slot.entry : transaction(slot.zxid, slot.payload ?? NOTHING);
        yield entry;
        index = entry.index + entry.span;
      }
    }
  }

  #slot(at: number): Slot {
    const zxid = this.#zxids[at] as Zxid;
    const file = this.#files[at] as Zxid;
    const place = file === NOWHERE ? null : { file, position: this.#positions[at] as number };
    return { kind: 'transaction', zxid, bytes: this.#lengths[at] as number, place, payload: this.#payloadAt(at) };
  }

  #payloadAt(at: number): Uint8Array | undefined {
    const place = this.#cached[at] as number;
    return place === NOWHERE ? undefined : this.#cache.get(place, this.#lengths[at] as number);
  }

  #push(zxid: Zxid, bytes: number): void {
    if (this.#end === this.#zxids.length) this.#makeRoom();
    this.#zxids[this.#end] = zxid;
    this.#files[this.#end] = NOWHERE;
    this.#cached[this.#end] = NOWHERE;
    this.#lengths[this.#end] = bytes;
    this.#end++;
  }

  #makeRoom(): void {
    const length = this.#end - this.#head;
    const capacity = Math.max(256, length * 2);
    const moved = <Column extends Float64Array | Uint32Array>(column: Column, into: Column): Column => {
      into.set(column.subarray(this.#head, this.#end));
      return into;
    };
    this.#zxids = moved(this.#zxids, new Float64Array(capacity));
    this.#files = moved(this.#files, new Float64Array(capacity));
    this.#positions = moved(this.#positions, new Float64Array(capacity));
    this.#lengths = moved(this.#lengths, new Uint32Array(capacity));
    this.#cached = moved(this.#cached, new Float64Array(capacity));
    this.#head = 0;
    this.#end = length;
  }

  /** The place of the first transaction that is not below `zxid`. */
  #find(zxid: Zxid): number {
    let low = this.#head;
    let high = this.#end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#zxids[middle] as Zxid) < zxid) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** A transaction as an entry. */
export function transaction(zxid: Zxid, payload: Uint8Array): Entry {
  return { index: zxid, span: 1, epoch: epochOf(zxid), kind: 'data', payload };
}

function jump(index: number, end: number): Entry {
  return { index, span: end - index, epoch: epochOf(end), kind: 'control', payload: NOTHING };
}

/** In no file yet, or not in memory. */
const NOWHERE = -1;
const PAGE_BYTES = 1024 * 1024;
const NOTHING: Uint8Array = new Uint8Array(0);
