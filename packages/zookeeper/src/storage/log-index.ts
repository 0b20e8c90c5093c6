import type { Entry, Position } from '@biquorum/consensus';
import { assert } from '@biquorum/std';
import { epochOf, type Zxid } from '@biquorum/zookeeper-wire';
import type { Place } from './log-appender.ts';
import { RECORD_EXTRA_BYTES, RECORD_HEAD_BYTES } from './log-format.ts';
import { PayloadCache } from './payload-cache.ts';

/** A part of the log as it is asked for. */
export type Slot =
  | { readonly kind: 'jump'; readonly entry: Entry }
  | { readonly kind: 'cached'; readonly zxid: Zxid; readonly payload: Uint8Array }
  | { readonly kind: 'stored'; readonly from: Zxid; upTo: Zxid; readonly start: StoredStart; end: number };

/** Where transactions that follow each other without a gap lie one behind the other: to be read from here on. */
export interface StoredStart {
  readonly zxid: Zxid;
  /** The file that begins with this transaction. */
  readonly file: Zxid;
  /** Of the first record, its head included. */
  readonly position: number;
}

/** The cut behind a transaction; everything begins with the cut behind none. */
export function cutAfter(zxid: Zxid): Position {
  return zxid === 0 ? { epoch: 0, index: 0 } : { epoch: epochOf(zxid), index: zxid + 1 };
}

/** The zxid before a cut. */
export function zxidBefore(index: number): Zxid {
  return Math.max(0, index - 1);
}

/** Transactions of one file, without a gap between them; behind `end` the file may have been cut. */
interface Stretch {
  readonly first: Zxid;
  /** The zxid after the last one. */
  end: Zxid;
  readonly file: Zxid;
  readonly position: number;
  /** The position behind the last record there ever was. */
  endPosition: number;
}

/**
 * Which transactions the log holds and where their payloads are: of the newest, whose payloads are in memory, one by
 * one; of all others only where a stretch of some hundreds begins, which is walked through when one of them is asked
 * for. A log of millions takes a few bytes for a thousand.
 *
 * To the engine a log has no gaps. Where a transaction does not follow the one before it, since an epoch begins, a jump
 * stands between them: a control entry that is in no file.
 */
export class LogIndex {
  readonly #cacheBytesMax: number;
  /** Oldest first. All of it is in the files. */
  readonly #stretches: Stretch[] = [];
  /** Behind those: what is in memory. Transactions are in the columns from `#head` to `#end`. */
  #zxids: Float64Array = new Float64Array(COLUMNS_MIN);
  #files: Float64Array = new Float64Array(COLUMNS_MIN);
  #positions: Float64Array = new Float64Array(COLUMNS_MIN);
  #lengths: Uint32Array = new Uint32Array(COLUMNS_MIN);
  /** Where a payload is in the cache. */
  #cached: Float64Array = new Float64Array(COLUMNS_MIN);
  #head = 0;
  #end = 0;
  #start: Position = { epoch: 0, index: 0 };
  /** A cut inside a jump, where a snapshot was made: there are two jumps then. */
  #split = 0;
  /** The index after the last entry; a jump may be the last. */
  #endIndex = 0;
  readonly #cache: PayloadCache;
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
    if (this.#end > this.#head) return this.#zxids[this.#end - 1] as Zxid;
    const newest = this.#stretches.at(-1);
    return newest === undefined ? zxidBefore(this.#start.index) : newest.end - 1;
  }

  /** Null when there is no transaction. */
  get firstZxid(): Zxid | null {
    const [oldest] = this.#stretches;
    if (oldest !== undefined) return Math.max(oldest.first, this.#start.index);
    return this.#end === this.#head ? null : (this.#zxids[this.#head] as Zxid);
  }

  /** What it holds on to: transactions one by one, the room that there is for such, and stretches of all others. */
  get held(): { readonly transactions: number; readonly room: number; readonly stretches: number } {
    return { transactions: this.#end - this.#head, room: this.#zxids.length, stretches: this.#stretches.length };
  }

  /** Everything begins anew at a cut. */
  reset(start: Position): void {
    this.#stretches.length = 0;
    this.#head = 0;
    this.#end = 0;
    this.#start = start;
    this.#split = start.index;
    this.#endIndex = start.index;
    this.#cache.clear();
  }

  /** A transaction that a file holds, read at the start. */
  restore(zxid: Zxid, { file, position }: Place, bytes: number): void {
    this.#store(zxid, file, position, bytes);
    this.#onDisk = zxid;
  }

  /** What {@link restore} has told begins at this cut. @param split the newest snapshot's cut */
  begin(start: Position, split: number): void {
    this.#start = start;
    this.#split = split;
    this.#endIndex = Math.max(this.firstZxid === null ? start.index : this.lastZxid + 1, split);
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
    if (this.#end === this.#zxids.length) this.#makeRoom();
    const at = this.#end++;
    this.#zxids[at] = index;
    this.#files[at] = NOWHERE;
    this.#lengths[at] = payload.length;
    this.#cached[at] = this.#cache.add(index, payload);
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
    while (this.#head < this.#end && !this.#cache.holds(this.#cached[this.#head] as number)) {
      const at = this.#head++;
      const file = this.#files[at] as Zxid;
      assert(file !== NOWHERE, () => `transaction ${this.#zxids[at]} is neither in memory nor in a file`);
      this.#store(this.#zxids[at] as Zxid, file, this.#positions[at] as number, this.#lengths[at] as number);
    }
  }

  /** Drops entries from `end` on. */
  truncate(end: number): void {
    while (this.#end > this.#head && (this.#zxids[this.#end - 1] as Zxid) >= end) this.#end--;
    while ((this.#stretches.at(-1)?.first ?? -1) >= end) this.#stretches.pop();
    const last = this.#stretches.at(-1);
    if (last !== undefined) last.end = Math.min(last.end, end);
    this.#endIndex = Math.min(this.#endIndex, Math.max(end, this.#start.index));
    this.#onDisk = Math.min(this.#onDisk, zxidBefore(end));
  }

  /** Drops entries before a cut. */
  deletePrefix(start: Position): void {
    if (start.index <= this.#start.index) return;
    const gone = this.#stretches.findIndex(({ end }) => end > start.index);
    this.#stretches.splice(0, gone === -1 ? this.#stretches.length : gone);
    while (this.#head < this.#end && (this.#zxids[this.#head] as Zxid) < start.index) this.#head++;
    this.#start = start;
    this.#endIndex = Math.max(this.#endIndex, start.index);
  }

  /**
   * The entries from index `from` on that start below `upTo`, at most `bytesMax` of payload (at least one); of what is
   * stored some more. Null when no entry starts at `from`.
   */
  range(from: number, upTo: number, bytesMax: number): Slot[] | null {
    if (from < this.#start.index || from >= this.#endIndex) return null;
    let stretch = this.#stretchAt(from);
    let at = this.#find(from);
    if (!this.#startsAt(from, stretch, at)) return null;
    const found: Slot[] = [];
    let bytes = 0;
    for (let index = from; index < upTo && index < this.#endIndex; ) {
      const stored = this.#stretches[stretch];
      const zxid = Math.max(index, stored?.first ?? (at < this.#end ? (this.#zxids[at] as Zxid) : this.#endIndex));
      if (index < zxid) {
        const end = index < this.#split && this.#split < zxid ? this.#split : zxid;
        found.push({ kind: 'jump', entry: jump(index, end) });
        index = end;
        continue;
      }
      bytes += stored === undefined ? (this.#lengths[at] as number) : stored.endPosition - stored.position;
      if (found.length > 0 && bytes > bytesMax) break;
      if (stored === undefined) {
        const payload = this.#cache.get(this.#cached[at] as number, this.#lengths[at] as number);
        assert(payload !== undefined, () => `transaction ${zxid} has left the memory and was not noted`);
        found.push({ kind: 'cached', zxid, payload });
        at++;
        index++;
      } else {
        const end = Math.min(stored.end, upTo);
        addStored(found, stored, index, end);
        index = end;
        stretch++;
      }
    }
    return found;
  }

  /** All entries in order; the payloads that are not in memory are empty. */
  *entries(): Generator<Entry, void, void> {
    for (let index = this.#start.index; index < this.#endIndex; ) {
      for (const slot of this.range(index, this.#endIndex, PAGE_BYTES) ?? []) {
        if (slot.kind === 'stored') {
          for (let zxid = slot.from; zxid < slot.upTo; zxid++) yield transaction(zxid, NOTHING);
          index = slot.upTo;
          continue;
        }
        const entry = slot.kind === 'jump' ? slot.entry : transaction(slot.zxid, slot.payload);
        yield entry;
        index = entry.index + entry.span;
      }
    }
  }

  /** Whether an entry starts at an index. @param stretch @param at what does not lie before it */
  #startsAt(index: number, stretch: number, at: number): boolean {
    const stored = this.#stretches[stretch];
    if (index === this.#split || (stored !== undefined && stored.first <= index)) return true;
    if (stored === undefined && at < this.#end && this.#zxids[at] === index) return true;
    const inMemory = stored === undefined && at > this.#head;
    const before = inMemory ? (this.#zxids[at - 1] as Zxid) + 1 : (this.#stretches[stretch - 1]?.end ?? 0);
    return index === Math.max(before, this.#start.index);
  }

  #store(zxid: Zxid, file: Zxid, payloadAt: number, bytes: number): void {
    const position = payloadAt - RECORD_HEAD_BYTES;
    const endPosition = position + bytes + RECORD_EXTRA_BYTES;
    const last = this.#stretches.at(-1);
    const follows = last?.file === file && last.end === zxid && last.endPosition === position;
    if (follows && position - last.position < STRETCH_BYTES) {
      last.end = zxid + 1;
      last.endPosition = endPosition;
    } else this.#stretches.push({ first: zxid, end: zxid + 1, file, position, endPosition });
  }

  #makeRoom(): void {
    const length = this.#end - this.#head;
    const capacity = Math.max(COLUMNS_MIN, length * 2);
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

  /** The place in the columns of the first transaction that is not below `zxid`. */
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

  /** The first stretch that does not end before `zxid`. */
  #stretchAt(zxid: Zxid): number {
    let low = 0;
    let high = this.#stretches.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#stretches[middle] as Stretch).end <= zxid) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Stretches that lie one behind the other are read as one. */
function addStored(found: Slot[], { first, file, position, endPosition }: Stretch, from: Zxid, upTo: Zxid): void {
  const last = found.at(-1);
  if (last?.kind === 'stored' && last.upTo === from && last.start.file === file && last.end === position) {
    last.upTo = upTo;
    last.end = endPosition;
  } else found.push({ kind: 'stored', from, upTo, start: { zxid: first, file, position }, end: endPosition });
}

/** A transaction as an entry. */
export function transaction(zxid: Zxid, payload: Uint8Array): Entry {
  return { index: zxid, span: 1, epoch: epochOf(zxid), kind: 'data', payload };
}

function jump(index: number, end: number): Entry {
  return { index, span: end - index, epoch: epochOf(end), kind: 'control', payload: NOTHING };
}

/** In no file yet. */
const NOWHERE = -1;
const COLUMNS_MIN = 256;
/** A transaction is found by walking through no more than so many bytes before it. */
const STRETCH_BYTES = 64 * 1024;
const PAGE_BYTES = 1024 * 1024;
const NOTHING: Uint8Array = new Uint8Array(0);
