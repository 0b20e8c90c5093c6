import { type Entry, type NodeId, type Position, samePosition } from '@biquorum/consensus';
import { assert } from '@biquorum/std';
import type { Core, Sent } from '../core.ts';
import type { FetchReply, FetchRequest, FetchSnapshotReply, ReplicaKey, ReplyMessage } from '../messages.ts';
import { findVoter, type voterSet } from '../voters.ts';
import { FetchLoop } from './fetch-loop.ts';
import { LeaderSearch } from './leader-search.ts';
import type { Role } from './role.ts';

/** An observer whose leader is silent asks again after this time: elections take longer. */
const SEARCH_PAUSE_MS = 50;
/** Between the voters that stand for election when their leader's process has ended: an election takes less, on a busy machine too. */
const GONE_SPREAD_MS = 500;

/** Knows the leader and pulls its log: entries, where to cut, or a snapshot. */
export class Follower implements Role {
  readonly name = 'follower';
  readonly epoch: number;
  readonly leader: NodeId;
  readonly voted: ReplicaKey | null;
  readonly #core: Core;
  readonly #fetches: FetchLoop;
  /** Of an observer whose leader does not answer. */
  readonly #search: LeaderSearch;
  electionAtMs: number;
  /** A fetch was answered by this leader in this epoch; such a follower denies pre-votes (KIP-996). */
  #hasFetched = false;
  /** The leader did not answer, or says that it serves nobody: an observer asks around meanwhile. */
  #doubted = false;
  #snapshot: { readonly id: Position; position: number; waiting: boolean; nextAtMs: number } | null = null;
  #updateAtMs: number;

  constructor(core: Core, epoch: number, leader: NodeId, voted: ReplicaKey | null) {
    this.#core = core;
    this.epoch = epoch;
    this.leader = leader;
    this.voted = voted;
    this.#fetches = new FetchLoop(core);
    this.#search = new LeaderSearch(core, Math.max(SEARCH_PAUSE_MS, core.options.retryBackoffMs));
    // Spread, so that the followers of a leader that died do not all stand at once.
    this.electionAtMs = core.nowMs + this.#fetchTimeoutMs();
    this.#updateAtMs = core.nowMs + core.options.fetchTimeoutMs;
  }

  get hasFetched(): boolean {
    return this.#hasFetched;
  }

  /** Starts pulling at once instead of at the next tick. */
  start(): void {
    this.#fetches.tick(this.epoch, this.leader);
  }

  tick(): void {
    const core = this.#core;
    const late = core.nowMs >= this.electionAtMs && core.installing === null;
    if (late && core.votes) {
      core.quorum.campaign('no answer to a fetch within the fetch timeout');
      return;
    }
    // An observer cannot stand. It no longer holds up those who would: by their voter set it may be one whose pre-vote
    // counts.
    if (late) this.#hasFetched = false;
    // A new leader tells voters of itself; an observer has to find it (reference: maybeSendFetchToBestNode).
    if (!core.votes && (late || this.#doubted)) this.#search.tick(this.epoch, this.leader);
    // The old one is asked all the same: it may only have been slow.
    if (late || this.#snapshot === null) this.#fetches.tick(this.epoch, this.leader);
    else this.#fetchSnapshot();
    this.#updateVoter();
  }

  onReply(sent: Sent, reply: ReplyMessage): void {
    if (sent.to !== this.leader) {
      this.onFailure(sent);
      return;
    }
    if (reply.type === 'fetchReply') this.#onFetch(sent, sent.message as FetchRequest, reply);
    else if (reply.type === 'fetchSnapshotReply') this.#onSnapshotBytes(reply);
  }

  onFailure(sent: Sent): void {
    if (sent.message.type === 'fetch') {
      if (!this.#search.settled(sent) && this.#fetches.failed(sent)) this.#doubted = true;
    } else if (sent.message.type === 'fetchSnapshot') this.#snapshotFailed();
  }

  leave(): void {}

  /** The leader has resigned: stand for election after `delayMs`, at once when that is 0. */
  leaderResigned(delayMs: number): void {
    const core = this.#core;
    if (!core.votes || core.installing !== null) return;
    if (delayMs === 0) core.quorum.becomeCandidate('first successor of a leader that resigned');
    else this.electionAtMs = core.nowMs + delayMs;
  }

  /**
   * The leader's process has ended: stand for election, one voter after the other so that the first is not disturbed,
   * and as an observer ask around. Safe whether or not it is true: epochs decide.
   */
  leaderGone(): void {
    const core = this.#core;
    const place = core.voters.current.ids.filter((id) => id !== this.leader && id < core.id).length;
    const delayMs = core.votes ? Math.min(place * GONE_SPREAD_MS, core.options.electionTimeoutMs) : 0;
    this.electionAtMs = Math.min(this.electionAtMs, core.nowMs + delayMs);
    // It serves nobody: whoever stands first gets this node's pre-vote.
    this.#hasFetched = false;
    this.tick();
  }

  /** A received snapshot is in place (or was damaged): go on pulling. */
  snapshotInstalled(): void {
    this.#snapshot = null;
    this.#fetches.tick(this.epoch, this.leader);
  }

  #onFetch(sent: Sent, request: FetchRequest, reply: FetchReply): void {
    const core = this.#core;
    if (reply.error !== 'none' || core.installing !== null) {
      if (this.#fetches.failed(sent) && reply.error !== 'none') this.#doubted = true;
      return;
    }
    const current = this.#fetches.answered(sent);
    this.#doubted = false;
    // The answer speaks of the log as it was when it was asked for.
    if (request.offset === core.log.end && request.lastEpoch === core.log.lastEpoch) {
      this.#heard();
      if (reply.snapshot !== null) {
        this.#startSnapshot(reply.snapshot);
        return;
      }
      if (reply.diverging !== null) this.#truncate(reply.diverging);
      else if (!this.#append(reply)) return;
    }
    if (current) this.#fetches.send(this.epoch, this.leader);
  }

  /** The leader's log parts from ours: drop what it does not have. */
  #truncate(diverging: Position): void {
    const core = this.#core;
    const local = core.log.endOf(diverging.epoch);
    assert(local !== null, () => `leader ${this.leader} diverges before our log start, at epoch ${diverging.epoch}`);
    const end = local.epoch === diverging.epoch ? Math.min(local.index, diverging.index) : local.index;
    assert(
      end >= core.highWatermark,
      () => `leader ${this.leader} lacks entries from ${end} on that were committed below ${core.highWatermark}`,
    );
    if (end === core.log.end) return;
    core.log.truncate(end);
    core.voters.truncate(end);
    core.out.truncate(end);
  }

  /** @returns Whether the answer could be used. */
  #append(reply: FetchReply): boolean {
    const core = this.#core;
    if (reply.entries.length > 0) {
      if (!this.#follows(reply.entries)) {
        this.#fetches.pause();
        return false;
      }
      for (const entry of reply.entries) {
        core.log.append(entry);
        if (entry.kind === 'control') this.#replay(entry);
      }
      core.out.append(reply.entries, core.log.end);
    }
    core.commit(Math.min(reply.highWatermark, core.log.end));
    return true;
  }

  /** Whether entries continue this log; those of a leader that is in order do. */
  #follows(entries: readonly Entry[]): boolean {
    let { end, lastEpoch } = this.#core.log;
    for (const { index, span, epoch } of entries) {
      if (index !== end || span < 1 || epoch < lastEpoch || epoch > this.epoch) return false;
      end = index + span;
      lastEpoch = epoch;
    }
    return true;
  }

  #replay(entry: Entry): void {
    const core = this.#core;
    core.options.controls.decode(entry.payload).forEach((control, at) => {
      if (control.kind !== 'voters') return;
      core.voters.append(entry.index + at, control.set);
      core.out.effect({ kind: 'members', peers: control.set.voters });
    });
  }

  #startSnapshot(id: Position): void {
    const core = this.#core;
    if (this.#snapshot !== null && samePosition(this.#snapshot.id, id)) return;
    if (id.index <= core.highWatermark) {
      // An answer from before: what it offers is behind us.
      this.#fetches.pause();
      return;
    }
    this.#snapshot = { id, position: 0, waiting: false, nextAtMs: core.nowMs };
    this.#fetchSnapshot();
  }

  #fetchSnapshot(): void {
    const core = this.#core;
    const snapshot = this.#snapshot;
    if (snapshot === null || snapshot.waiting || core.nowMs < snapshot.nextAtMs || core.installing !== null) return;
    snapshot.waiting = true;
    core.request(this.leader, {
      type: 'fetchSnapshot',
      epoch: this.epoch,
      replica: core.key,
      snapshot: snapshot.id,
      position: snapshot.position,
      bytesMax: core.options.snapshotChunkBytesMax,
    });
  }

  #onSnapshotBytes(reply: FetchSnapshotReply): void {
    const core = this.#core;
    const snapshot = this.#snapshot;
    if (snapshot === null || !samePosition(reply.snapshot, snapshot.id) || core.installing !== null) return;
    if (reply.error === 'snapshotNotFound' || reply.error === 'positionOutOfRange') {
      // The leader has moved on to a newer one: ask again from the start.
      this.#snapshot = null;
      return;
    }
    if (reply.error !== 'none' || reply.position !== snapshot.position) {
      this.#snapshotFailed();
      return;
    }
    if (reply.bytes.length > reply.size - reply.position) {
      // It sends more than there is: start again.
      this.#snapshot = null;
      this.#fetches.pause();
      return;
    }
    this.#heard();
    snapshot.waiting = false;
    core.out.effect({ kind: 'receiveSnapshot', id: snapshot.id, position: reply.position, bytes: reply.bytes });
    snapshot.position += reply.bytes.length;
    if (snapshot.position < reply.size) {
      if (reply.bytes.length === 0) this.#snapshotFailed();
      else this.#fetchSnapshot();
      return;
    }
    if (snapshot.id.index <= core.highWatermark) {
      // Entries have come in the meantime and made it needless.
      this.#snapshot = null;
      return;
    }
    core.installing = snapshot.id;
    core.out.effect({ kind: 'installSnapshot', id: snapshot.id, size: reply.size });
  }

  #snapshotFailed(): void {
    if (this.#snapshot === null) return;
    this.#snapshot.waiting = false;
    this.#snapshot.nextAtMs = this.#core.nowMs + this.#core.options.retryBackoffMs;
  }

  #heard(): void {
    this.#hasFetched = true;
    this.electionAtMs = this.#core.nowMs + this.#fetchTimeoutMs();
  }

  #fetchTimeoutMs(): number {
    const { fetchTimeoutMs, electionTimeoutMs } = this.#core.options;
    return fetchTimeoutMs + this.#core.dice.below(electionTimeoutMs);
  }

  /** A voter whose directory or address is not what the voter set says tells its leader (KIP-853). */
  #updateVoter(): void {
    const core = this.#core;
    if (core.nowMs < this.#updateAtMs || !core.options.dynamicVoters || core.voters.index < 0) return;
    this.#updateAtMs = core.nowMs + core.options.fetchTimeoutMs;
    const voter = findVoter(core.voters.current, core.key);
    if (voter === undefined) return;
    const known =
      (core.key.directory === '' || voter.directory === core.key.directory) &&
      (core.address === '' || voter.address === core.address);
    if (known) return;
    core.request(this.leader, { type: 'updateVoter', epoch: this.epoch, voter: core.key, address: core.address });
  }
}

/** The voter set that a snapshot's header holds. */
export function voterSetOf(core: Core, context: Uint8Array): ReturnType<typeof voterSet> | null {
  for (const control of core.options.controls.decode(context)) if (control.kind === 'voters') return control.set;
  return null;
}
