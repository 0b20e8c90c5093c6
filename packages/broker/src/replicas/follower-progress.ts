import { type BrokerEpoch, NO_BROKER_EPOCH } from '@biquorum/metadata';

/** What a leader learns from one fetch of a follower. */
export interface FollowerFetch {
  /** The follower has everything before this offset. */
  readonly fetchOffset: number;
  readonly logStartOffset: number;
  /** The epoch under which it is registered, −1 when it does not say. */
  readonly brokerEpoch: BrokerEpoch;
  /** When the fetch arrived, on the monotonic clock. */
  readonly atMs: number;
  /** The leader's log end when the fetch arrived. */
  readonly leaderEnd: number;
}

/** The fetches of a session as a whole: each is one of every partition that it does not name, too. */
export interface FetchBeat {
  /** When the last one arrived, on the monotonic clock. */
  atMs: number;
}

/**
 * What a leader knows of one follower.
 *
 * "Caught up" is judged without asking for the very end of the log, which a busy leader never stands still at: a fetch
 * from where the log ended at the fetch before proves that the follower was caught up at that earlier moment.
 * Source: Java `kafka.cluster.Replica`.
 *
 * A follower that has everything {@link FollowerProgress.restOn rests} on its session: from then on until the partition
 * changes, each fetch of the session counts as one from where it stands, without anybody's looking at the partition.
 */
export class FollowerProgress {
  /** −1 until the follower has fetched. */
  logEnd = -1;
  logStart = -1;
  brokerEpoch: BrokerEpoch = NO_BROKER_EPOCH;
  #caughtUpAtMs: number;
  #lastFetchAtMs = Number.NEGATIVE_INFINITY;
  #leaderEndAtLastFetch = Number.POSITIVE_INFINITY;
  #beat: FetchBeat | undefined;

  /** @param inSync the replica is in the ISR that the new leader starts with, and gets the time to show itself */
  constructor(inSync: boolean, nowMs: number) {
    this.#caughtUpAtMs = inSync ? nowMs : Number.NEGATIVE_INFINITY;
  }

  /** The last moment at which it had everything the leader had, on the monotonic clock. */
  get caughtUpAtMs(): number {
    return this.#beat === undefined ? this.#caughtUpAtMs : Math.max(this.#caughtUpAtMs, this.#beat.atMs);
  }

  fetched(fetch: FollowerFetch): void {
    if (this.#beat !== undefined) this.stir(this.#beat);
    if (fetch.fetchOffset >= fetch.leaderEnd) this.#caughtUpAtMs = Math.max(this.#caughtUpAtMs, fetch.atMs);
    else if (fetch.fetchOffset >= this.#leaderEndAtLastFetch) {
      this.#caughtUpAtMs = Math.max(this.#caughtUpAtMs, this.#lastFetchAtMs);
    }
    this.logEnd = fetch.fetchOffset;
    this.logStart = fetch.logStartOffset;
    this.brokerEpoch = fetch.brokerEpoch;
    this.#lastFetchAtMs = fetch.atMs;
    this.#leaderEndAtLastFetch = fetch.leaderEnd;
  }

  /** It has fetched from the end of the leader's log, which stands still until {@link FollowerProgress.stir}. */
  restOn(beat: FetchBeat): void {
    this.#beat = beat;
  }

  /** The partition has changed: later fetches of that session say nothing of it any more. */
  stir(beat: FetchBeat): void {
    if (this.#beat !== beat) return;
    this.#beat = undefined;
    this.#caughtUpAtMs = Math.max(this.#caughtUpAtMs, beat.atMs);
    this.#lastFetchAtMs = Math.max(this.#lastFetchAtMs, beat.atMs);
  }

  /** @param lagMsMax `replica.lag.time.max.ms` */
  isCaughtUp(leaderEnd: number, nowMs: number, lagMsMax: number): boolean {
    return this.logEnd === leaderEnd || nowMs - this.caughtUpAtMs <= lagMsMax;
  }
}
