import { type Entry, ORIGIN, type Position } from '@biquorum/consensus';
import { assert } from '@biquorum/std';
import { epochOf, follows, isTransaction, zxidBefore } from './zxid.ts';

/** The transactions of one epoch: counters without gaps. */
interface Run {
  readonly first: number;
  /** The index after the last one. */
  end: number;
  /** As far as known: payloads read at start may be left out. */
  bytes: number;
}

/**
 * What the engine keeps of its log in memory: where it starts, and which zxids of each epoch stand in it, never a
 * payload.
 */
export class LogShape {
  #runs: Run[] = [];
  #start: Position;
  #end: number;

  constructor(start: Position = ORIGIN) {
    this.#start = start;
    this.#end = start.index;
  }

  /** The first index still held, and the epoch of the transaction before it. */
  get start(): Position {
    return this.#start;
  }

  /** The index after the last transaction. */
  get end(): number {
    return this.#end;
  }

  /** The zxid that everything before is covered by a snapshot. */
  get startZxid(): number {
    return zxidBefore(this.#start.index);
  }

  get lastZxid(): number {
    return zxidBefore(this.#end);
  }

  append(entry: Entry): void {
    const { index, span, epoch, payload } = entry;
    assert(
      index === this.#end && span >= 1,
      () => `entry at ${index} (+${span}) does not follow the log end ${this.#end}`,
    );
    if (isTransaction(entry)) {
      assert(
        follows(zxidBefore(this.transactionsEnd), index) && epoch === epochOf(index),
        () => `transaction ${index} of epoch ${epoch} leaves a hole behind ${zxidBefore(this.transactionsEnd)}`,
      );
      const run = this.#runs.at(-1);
      if (run?.end === index) {
        run.end = index + span;
        run.bytes += payload.length;
      } else this.#runs.push({ first: index, end: index + span, bytes: payload.length });
    }
    this.#end = index + span;
  }

  /** The cut behind the last transaction; before the end when a jump was written and what comes behind it was not. */
  get transactionsEnd(): number {
    return this.#runs.at(-1)?.end ?? this.#start.index;
  }

  /** Drops all entries from `end` on, which is the cut behind a transaction or the start. */
  truncate(end: number): void {
    assert(
      end >= this.#start.index && end <= this.#end,
      () => `cut at ${end} is outside ${this.#start.index}..${this.#end}`,
    );
    while ((this.#runs.at(-1)?.first ?? -1) >= end) this.#runs.pop();
    const run = this.#runs.at(-1);
    if (run !== undefined && run.end > end) {
      run.bytes = Math.round((run.bytes * (end - run.first)) / (run.end - run.first));
      run.end = end;
    }
    this.#end = end;
    assert(end === this.transactionsEnd, () => `cut at ${end} is between an epoch and the next one`);
  }

  /** Forgets everything before `start`, which is a cut of this log. */
  deletePrefix(start: Position): void {
    assert(
      start.index >= this.#start.index && start.index <= this.#end,
      () => `log start ${start.index} is outside the log`,
    );
    this.#runs = this.#runs
      .filter(({ end }) => end > start.index)
      .map((run) => (run.first < start.index ? { ...run, first: start.index } : run));
    this.#start = start;
  }

  /** Empties the log; it goes on from `start`. */
  reset(start: Position): void {
    this.#runs = [];
    this.#start = start;
    this.#end = start.index;
  }

  /** Whether the history up to `zxid` is that of this log: the transaction stands in it, or just before its start. */
  holds(zxid: number): boolean {
    return zxid === this.startZxid || this.#runs.some(({ first, end }) => zxid >= first && zxid < end);
  }

  /** The first transaction after `zxid`; null when there is none. */
  next(zxid: number): number | null {
    for (const { first, end } of this.#runs) if (end - 1 > zxid) return Math.max(first, zxid + 1);
    return null;
  }

  /** The last transaction before `zxid`, or what stands just before the start. */
  previous(zxid: number): number {
    for (let at = this.#runs.length - 1; at >= 0; at--) {
      const { first, end } = this.#runs[at] as Run;
      if (first < zxid) return Math.min(end, zxid) - 1;
    }
    return this.startZxid;
  }

  /** Where the entries begin that lead on from `zxid`, be it held or not: the cut behind the last one up to it. */
  indexAfter(zxid: number): number {
    const last = this.holds(zxid) ? zxid : this.previous(zxid);
    return last === this.startZxid ? this.#start.index : last + 1;
  }

  /** How many transactions come after `zxid`, and roughly how many bytes they are. */
  after(zxid: number): { readonly count: number; readonly bytes: number } {
    let count = 0;
    let bytes = 0;
    for (const run of this.#runs) {
      const part = run.end - Math.max(run.first, zxid + 1);
      if (part <= 0) continue;
      count += part;
      bytes += (run.bytes * part) / (run.end - run.first);
    }
    return { count, bytes };
  }

  /** The cut at `index`, with the epoch of the transaction before it. @throws AssertionError outside the log. */
  cutAt(index: number): Position {
    assert(
      index >= this.#start.index && index <= this.#end,
      () => `cut at ${index} is outside ${this.#start.index}..${this.#end}`,
    );
    return index === this.#start.index ? this.#start : { epoch: epochOf(index - 1), index };
  }
}
