import type { Entry, Position } from '@biquorum/consensus';
import type { LogShape } from '../log-shape.ts';
import type { Transaction } from '../messages.ts';
import { cutAfter, epochOf, follows, isTransaction, jumpTo } from '../zxid.ts';

/** A transaction that came in. */
export type Arriving = Omit<Transaction, 'type'>;

/** A snapshot that is being received. */
export interface Incoming {
  readonly id: Position;
  /** What this server's log holds already is read past: it has the same history up to there. */
  readonly needed: boolean;
  size: number;
  whole: boolean;
}

/**
 * What a learner was sent and has not adopted yet: nothing on its disk changes before NEWLEADER, so a synchronisation
 * that breaks off leaves no trace (ZOOKEEPER-3642). Transactions that the log holds already are read past.
 */
export class HistoryBuffer {
  readonly #log: LogShape;
  /** The last zxid of the log that stays; what comes after it is cut off. */
  #base: number;
  #last: number;
  #committed: number;
  readonly #entries: Entry[] = [];
  /** Proposed and not committed, in order. */
  readonly #open: number[] = [];
  #bytes = 0;
  readonly snapshot: Incoming | null;

  /**
   * @param base The history that is agreed on: the learner's last zxid after DIFF, the cut of TRUNC, the snapshot's name
   *   after SNAP.
   */
  constructor(log: LogShape, base: number, kind: 'diff' | 'trunc' | 'snap') {
    this.#log = log;
    const start = log.startZxid;
    const known = log.holds(base) || base < start;
    this.#base = known ? Math.max(base, start) : base;
    this.#last = base;
    this.#committed = base;
    this.snapshot = kind === 'snap' ? { id: cutAfter(base), needed: !known, size: 0, whole: false } : null;
  }

  /** The last zxid that came. */
  get last(): number {
    return this.#last;
  }

  /** The cut up to which everything is committed that came. */
  get committedCut(): number {
    return this.#cutAfter(this.#committed);
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Those that came without a commit. */
  get open(): readonly number[] {
    return this.#open;
  }

  /** @returns False when it leaves a hole, or is not what the log holds there. */
  propose({ zxid, span = 1, kind, payload }: Arriving): boolean {
    if (!follows(this.#last, zxid)) return false;
    const last = zxid + span - 1;
    const log = this.#log;
    const known = this.#entries.length === 0 && this.snapshot?.needed !== true;
    if (known && (zxid <= log.startZxid || log.holds(zxid))) {
      // A transaction has one span, wherever it stands: who gives it another speaks of another history.
      if (last > log.startZxid && !log.holds(last)) return false;
      this.#base = Math.max(this.#base, last);
    } else {
      const jump = jumpTo(zxid, this.#end);
      if (jump !== null) this.#entries.push(jump);
      this.#entries.push({ index: zxid, span, epoch: epochOf(zxid), kind, payload });
      this.#bytes += payload.length;
    }
    this.#last = last;
    this.#open.push(last);
    return true;
  }

  /** @returns False when it is not the oldest that is open. */
  commit(zxid: number): boolean {
    if (this.#open[0] !== zxid) return false;
    this.#open.shift();
    this.#committed = zxid;
    return true;
  }

  /** Transactions that are committed already. @returns False when they leave a hole. */
  history(entries: readonly Entry[]): boolean {
    for (const entry of entries) {
      if (!isTransaction(entry)) continue;
      const { index, span, kind, payload } = entry;
      if (!this.propose({ zxid: index, span, kind, payload }) || !this.commit(index + span - 1)) return false;
    }
    return true;
  }

  /** What has to be cut off, and what comes behind it. */
  adopt(): { readonly cut: number; readonly entries: readonly Entry[] } {
    return { cut: this.#cutAfter(this.#base), entries: this.#entries };
  }

  /** Where the next entry goes. */
  get #end(): number {
    const last = this.#entries.at(-1);
    return last === undefined ? this.#cutAfter(this.#base) : last.index + last.span;
  }

  #cutAfter(zxid: number): number {
    return zxid <= this.#log.startZxid ? this.#log.start.index : zxid + 1;
  }
}
