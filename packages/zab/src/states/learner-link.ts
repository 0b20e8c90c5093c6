import type { NodeId, PeerView } from '@biquorum/consensus';
import { Queue } from '@biquorum/std';
import { zxidBefore } from '../zxid.ts';

/**
 * How far a learner is:
 *
 * - `info`: it has called, and waits for the epoch;
 * - `epoch`: LEADERINFO is on its way;
 * - `history`: ACKEPOCH is here, synchronisation has not begun;
 * - `sync`: the data and NEWLEADER are on their way;
 * - `synced`: it has acknowledged NEWLEADER;
 * - `serving`: UPTODATE is on its way.
 */
export type LearnerStage = 'info' | 'epoch' | 'history' | 'sync' | 'synced' | 'serving';

/** One link from a learner, as its leader sees it. It lives as long as the link. */
export class LearnerLink {
  readonly id: NodeId;
  /** Follows and votes; else it only observes. */
  readonly participant: boolean;
  readonly voter: boolean;
  stage: LearnerStage = 'info';
  /** The last zxid of its history, and the epoch of it, as it said with ACKEPOCH. */
  zxid = 0;
  /** Everything up to this zxid is on its disk. */
  matched = 0;
  /** What it was sent with DIFF or SNAP; for the bound on learners that are served at once. */
  syncedBy: 'diff' | 'snap' | null = null;
  /** Proposals and commits go to it. */
  forwards = false;
  lastContactMs: number;
  /** It counts as synchronised until then. */
  deadlineMs: number;
  /** Proposals that it owes an acknowledgement for, and when they were sent. */
  readonly #owed: Queue<{ readonly zxid: number; readonly atMs: number }> = new Queue();

  constructor(id: NodeId, participant: boolean, voter: boolean, nowMs: number, deadlineMs: number) {
    this.id = id;
    this.participant = participant;
    this.voter = voter;
    this.lastContactMs = nowMs;
    this.deadlineMs = deadlineMs;
  }

  /** A proposal was sent. */
  owes(zxid: number, nowMs: number): void {
    // How long it takes to adopt what it was sent before is counted in other ways.
    if (this.participant) this.#owed.push({ zxid, atMs: this.stage === 'serving' ? nowMs : NEVER_MS });
  }

  /**
   * Takes an acknowledgement. Each comes in its turn: one that was left out would count for what is not on its disk
   * (ZOOKEEPER-4925). Only what others have committed meanwhile may be left out.
   *
   * @returns False when it is not the next one.
   */
  acknowledge(zxid: number, committed: number): boolean {
    for (let head = this.#owed.peek(); head !== undefined; head = this.#owed.peek()) {
      if (head.zxid > zxid) break;
      if (head.zxid < zxid && head.zxid > committed) return false;
      this.#owed.shift();
      if (head.zxid !== zxid) continue;
      this.matched = zxid;
      return true;
    }
    return zxid <= Math.max(this.matched, committed);
  }

  /** Whether it has owed an acknowledgement for longer than that (Java's SyncLimitCheck). */
  isLate(nowMs: number, limitMs: number): boolean {
    for (const { atMs } of this.#owed) if (atMs !== NEVER_MS) return nowMs - atMs > limitMs;
    return false;
  }

  view(logEnd: number, nowMs: number): PeerView {
    const lag = Math.max(0, zxidBefore(logEnd) - this.matched);
    return {
      id: this.id,
      directory: '',
      voter: this.voter,
      matched: this.matched === 0 ? 0 : this.matched + 1,
      lag,
      lastContactMs: this.lastContactMs,
      lastCaughtUpMs: this.stage === 'serving' ? this.#caughtUpMs(lag, nowMs) : -1,
    };
  }

  /** Who owes acknowledgements had everything until the oldest of those proposals was sent. */
  #caughtUpMs(lag: number, nowMs: number): number {
    const sinceMs = lag === 0 ? undefined : this.#owed.peek()?.atMs;
    return sinceMs === undefined ? nowMs : Math.min(sinceMs, this.lastContactMs);
  }
}

const NEVER_MS = Number.POSITIVE_INFINITY;
