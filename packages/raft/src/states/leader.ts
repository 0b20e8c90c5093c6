import {
  type Command,
  majorityValue,
  NO_NODE,
  type NodeId,
  type Outcome,
  type PeerView,
  type Proposal,
  type Refusal,
  samePosition,
  type Token,
} from '@biquorum/consensus';
import { assert } from '@biquorum/std';
import type { Control } from '../controls.ts';
import type { Core, Sent } from '../core.ts';
import type {
  FetchReply,
  FetchRequest,
  FetchSnapshotRequest,
  ReplicaKey,
  ReplyMessage,
  UpdateVoterRequest,
} from '../messages.ts';
import { findVoter, sameDirectory, type Voter, voterSet } from '../voters.ts';
import { type ParkedFetch, ParkedFetches } from './parked-fetches.ts';
import { acknowledge } from './progress.ts';
import { Proposals } from './proposals.ts';
import { Reads } from './reads.ts';
import { Replicas } from './replicas.ts';
import type { Role } from './role.ts';

/** A handover of leadership under way. */
interface Transfer {
  readonly to: NodeId;
  readonly token: Token;
  readonly endMs: number;
}

/** Leads an epoch: appends, answers fetches, counts what they acknowledge. */
export class Leader implements Role {
  readonly name = 'leader';
  readonly epoch: number;
  readonly leader: NodeId;
  readonly voted: ReplicaKey | null;
  /** A leader never stands; having been one, it waits like anybody else. */
  readonly electionAtMs: number = Number.POSITIVE_INFINITY;
  readonly #core: Core;
  /** Who voted for it. */
  readonly #granting: readonly NodeId[];
  readonly #epochStart: number;
  readonly #replicas: Replicas;
  readonly #proposals: Proposals;
  readonly #parked: ParkedFetches = new ParkedFetches();
  readonly #reads: Reads;
  /** When each voter was last told who leads, and whether it has not answered yet. */
  readonly #announced: Map<NodeId, number> = new Map();
  #transfer: Transfer | null = null;
  /** Updates of voters that wait for their commit. */
  #updates: { readonly token: Token; readonly index: number }[] = [];

  constructor(core: Core, epoch: number, voted: ReplicaKey | null, granting: readonly NodeId[] = []) {
    this.#core = core;
    this.#granting = granting;
    this.epoch = epoch;
    this.leader = core.id;
    this.voted = voted;
    this.#epochStart = core.log.end;
    this.#replicas = new Replicas(core);
    this.#proposals = new Proposals(core, epoch);
    this.#reads = new Reads(core, (voter, round) => this.#announce(voter, round));
  }

  get uncommittedBytes(): number {
    return this.#proposals.uncommittedBytes;
  }

  get peers(): readonly PeerView[] {
    return this.#replicas.view();
  }

  /** Writes the first entry of the epoch; once that is committed, so is everything before it. */
  start(): void {
    const { id: leader, voters, options } = this.#core;
    const controls: Control[] = [
      { kind: 'leaderChange', leader, voters: voters.current.ids, granting: this.#granting },
    ];
    // The configured voter set goes into the log with the first leader, so that snapshots can carry it.
    if (options.dynamicVoters && voters.index < 0) controls.push({ kind: 'voters', set: this.#named() });
    this.#appendControls(controls, null);
    for (const { id } of this.#replicas.voters) this.#announce(id);
    this.#advance();
  }

  tick(): void {
    const core = this.#core;
    const { nowMs, options } = core;
    if (!this.#heardFromMajority()) {
      this.#resign('a majority has not fetched in time');
      return;
    }
    for (const fetch of this.#parked.take((parked) => this.#hasNews(parked))) this.#answer(fetch);
    for (const fetch of this.#parked.expired(nowMs)) this.#answer(fetch);
    for (const { id, lastContactMs } of this.#replicas.voters) {
      const interval = options.fetchTimeoutMs / 2;
      const announcedMs = this.#announced.get(id) ?? Number.NEGATIVE_INFINITY;
      if (nowMs - Math.max(lastContactMs, announcedMs) >= interval) this.#announce(id);
    }
    this.#replicas.forgetObservers();
    if (this.#transfer !== null && nowMs >= this.#transfer.endMs) this.#endTransfer('timedOut');
  }

  onReply(sent: Sent, reply: ReplyMessage): void {
    if (reply.type !== 'beginQuorumReply') return;
    if (reply.error === 'none') this.#reads.confirm(sent.to, sent.round);
  }

  onFailure(sent: Sent): void {
    if (sent.message.type === 'beginQuorum') this.#reads.failed(sent.to, sent.round);
  }

  leave(): void {
    this.#proposals.leave();
    this.#reads.refuse();
    // Another node leads by now, be it the successor or not.
    if (this.#transfer !== null) this.#settle(this.#transfer.token, { kind: 'unknown', leader: NO_NODE });
    this.#transfer = null;
    for (const { token } of this.#updates)
      this.#core.out.answer(token, { ...this.#core.reply('notLeaderOrFollower'), type: 'updateVoterReply' });
    this.#updates = [];
    // Parked fetches go unanswered: this node no longer speaks for the epoch, and the replicas ask again.
  }

  propose(batch: readonly { readonly token: Token; readonly proposal: Proposal }[]): void {
    if (this.#transfer !== null) {
      for (const { token } of batch) this.#refuse(token, 'transferring');
      return;
    }
    this.#proposals.propose(batch);
    this.#appended();
  }

  read(token: Token): void {
    if (this.#reads.waiting >= this.#core.options.readsMax) {
      this.#refuse(token, 'busy');
      return;
    }
    this.#reads.add(token);
    if (this.#epochCommitted) this.#reads.start();
  }

  command(token: Token, command: Exclude<Command, { readonly kind: 'trim' }>): void {
    switch (command.kind) {
      case 'addVoter':
        this.#addVoter(token, { ...command.peer, directory: command.directory });
        return;
      case 'removeVoter':
        this.#removeVoter(token, { id: command.id, directory: command.directory });
        return;
      case 'transferLeadership':
        this.#startTransfer(token, command.to);
        return;
      case 'resign':
        this.#resign('asked to');
        this.#settle(token, { kind: 'done' });
    }
  }

  /** Writes of this node are on the disk; the leader's own log counts from now. */
  written(): void {
    this.#advance();
  }

  fetch(token: Token, request: FetchRequest): void {
    const core = this.#core;
    const { epoch, offset, lastEpoch, replica } = request;
    if (epoch !== this.epoch) {
      this.#answerEmpty(token, request, epoch < this.epoch ? 'fencedLeaderEpoch' : 'unknownLeaderEpoch');
      return;
    }
    if (offset < 0 || lastEpoch < 0 || lastEpoch > epoch || request.bytesMax < 0) {
      this.#answerEmpty(token, request, 'invalidRequest');
      return;
    }
    const progress = this.#replicas.track(replica);
    if (progress !== undefined) progress.lastContactMs = core.nowMs;
    const snapshot = core.latestSnapshot;
    const known = core.log.endOf(lastEpoch);
    if (snapshot !== undefined && (offset === 0 || offset < core.log.start.index || known === null)) {
      core.out.answer(token, { ...this.#reply(request, 'none'), snapshot: snapshot.id });
      return;
    }
    if (known === null || offset < core.log.start.index) {
      this.#answerEmpty(token, request, 'invalidRequest');
      return;
    }
    if (known.epoch !== lastEpoch || offset > known.index) {
      core.out.answer(token, { ...this.#reply(request, 'none'), diverging: known });
      return;
    }
    if (progress !== undefined) acknowledge(progress, offset, core.log.end, core.nowMs);
    this.#advance();
    if (core.quorum.role !== this) {
      this.#answerEmpty(token, request, 'notLeaderOrFollower');
      return;
    }
    const fetch = {
      token,
      request,
      untilMs: core.nowMs + Math.max(0, Math.min(request.waitMs, core.options.fetchWaitMs)),
    };
    // Whoever is not kept track of is one of too many, and must not fill the memory with what is parked.
    const crowded = progress === undefined && this.#parked.size >= core.options.observersMax;
    if (this.#hasData(fetch) || request.waitMs <= 0 || crowded) this.#answer(fetch);
    else {
      const before = this.#parked.park(fetch);
      if (before !== undefined) this.#answer(before);
    }
  }

  fetchSnapshot(token: Token, request: FetchSnapshotRequest): void {
    const core = this.#core;
    const { snapshot: id, position } = request;
    const empty = { type: 'fetchSnapshotReply', snapshot: id, size: 0, position, bytes: new Uint8Array(0) } as const;
    if (request.epoch !== this.epoch) {
      const error = request.epoch < this.epoch ? 'fencedLeaderEpoch' : 'unknownLeaderEpoch';
      core.out.answer(token, { ...core.reply(error), ...empty });
      return;
    }
    const progress = this.#replicas.track(request.replica);
    if (progress !== undefined) progress.lastContactMs = core.nowMs;
    const snapshot = core.snapshots.find((held) => samePosition(held.id, id));
    if (snapshot === undefined) {
      core.out.answer(token, { ...core.reply('snapshotNotFound'), ...empty });
      return;
    }
    if (position < 0 || position >= snapshot.size) {
      core.out.answer(token, { ...core.reply('positionOutOfRange'), ...empty });
      return;
    }
    const bytesMax = Math.max(1, Math.min(request.bytesMax, core.options.snapshotChunkBytesMax));
    core.out.answer(
      token,
      { ...core.reply('none'), ...empty, size: snapshot.size },
      { kind: 'snapshot', id, position, bytesMax },
    );
  }

  updateVoter(token: Token, request: UpdateVoterRequest): void {
    const core = this.#core;
    const refuse = (error: 'requestTimedOut' | 'voterNotFound' | 'fencedLeaderEpoch' | 'unknownLeaderEpoch'): void =>
      core.out.answer(token, { ...core.reply(error), type: 'updateVoterReply' });
    if (request.epoch !== this.epoch) {
      refuse(request.epoch < this.epoch ? 'fencedLeaderEpoch' : 'unknownLeaderEpoch');
      return;
    }
    const voter = findVoter(core.voters.current, request.voter);
    if (voter === undefined) {
      refuse('voterNotFound');
      return;
    }
    if (this.#changePending) {
      refuse('requestTimedOut');
      return;
    }
    const others = core.voters.current.voters.filter(({ id }) => id !== voter.id);
    this.#changeVoters([...others, { ...request.voter, address: request.address }], null);
    this.#updates.push({ token, index: core.log.end });
  }

  /** Whether an entry of this epoch is committed: only then is the high watermark what earlier leaders promised. */
  get #epochCommitted(): boolean {
    return this.#core.highWatermark > this.#epochStart;
  }

  /** A second voter set must not go into the log before the first is committed: their majorities might not meet. */
  get #changePending(): boolean {
    return !this.#epochCommitted || this.#core.voters.index >= this.#core.highWatermark;
  }

  /**
   * Moves the high watermark to what a majority has on its disks. Entries of earlier epochs count only once one of this
   * epoch does (Raft §5.4.2, figure 8).
   */
  #advance(): void {
    const core = this.#core;
    const ends: number[] = [];
    for (const { matched } of this.#replicas.voters) ends.push(matched);
    if (core.votes) ends.push(core.out.durableEnd);
    const majority = majorityValue(ends);
    if (majority > this.#epochStart && core.commit(majority)) this.#committed();
    const transfer = this.#transfer;
    if (transfer !== null && (this.#replicas.voter(transfer.to)?.matched ?? -1) >= core.log.end)
      this.#handOver(transfer);
  }

  #committed(): void {
    const core = this.#core;
    this.#proposals.committed(core.highWatermark);
    while ((this.#updates[0]?.index ?? Number.POSITIVE_INFINITY) <= core.highWatermark) {
      const { token } = this.#updates.shift() as { token: Token };
      core.out.answer(token, { ...core.reply('none'), type: 'updateVoterReply' });
    }
    this.#reads.start();
    if (!core.votes && core.voters.index < core.highWatermark) this.#resign('removed from the voters');
  }

  #appended(): void {
    for (const fetch of this.#parked.take((parked) => this.#hasData(parked))) this.#answer(fetch);
    this.#advance();
  }

  #hasData({ request }: ParkedFetch): boolean {
    return request.offset < this.#core.log.end;
  }

  /**
   * A high watermark that the replica does not know yet is worth an answer, too, but one that waits for the next tick:
   * under load the next entries take it along, and half of all messages are saved.
   */
  #hasNews({ request }: ParkedFetch): boolean {
    const told = this.#replicas.known(request.replica)?.toldHighWatermark ?? Number.POSITIVE_INFINITY;
    const known = request.highWatermark >= 0 ? request.highWatermark : told;
    return known < this.#core.highWatermark;
  }

  #answer({ token, request }: ParkedFetch): void {
    const { log, options, out } = this.#core;
    const bytesMax = Math.min(request.bytesMax, options.fetchBytesMax);
    const { offset } = request;
    // The log may have been shortened at its start while the fetch was parked.
    const holds = offset >= log.start.index && offset < log.end;
    const progress = this.#replicas.known(request.replica);
    if (progress !== undefined) progress.toldHighWatermark = this.#core.highWatermark;
    out.answer(
      token,
      this.#reply(request, 'none'),
      holds ? { kind: 'entries', from: offset, upTo: log.end, bytesMax } : null,
    );
  }

  #answerEmpty(token: Token, request: FetchRequest, error: FetchReply['error']): void {
    this.#core.out.answer(token, this.#reply(request, error));
  }

  #reply(request: FetchRequest, error: FetchReply['error']): FetchReply {
    const { highWatermark, log } = this.#core;
    return {
      ...this.#core.reply(error),
      type: 'fetchReply',
      highWatermark,
      logStart: log.start.index,
      diverging: null,
      snapshot: null,
      offset: request.offset,
      entries: [],
    };
  }

  #announce(id: NodeId, round: number = 0): void {
    const core = this.#core;
    const voter = core.voters.current.voters.find((candidate) => candidate.id === id);
    if (voter === undefined) return;
    this.#announced.set(id, core.nowMs);
    const { directory } = voter;
    core.request(
      id,
      {
        type: 'beginQuorum',
        epoch: this.epoch,
        leader: core.id,
        leaderAddress: core.address,
        voter: { id, directory },
      },
      round,
    );
  }

  /** Check-quorum: a leader that a majority does not fetch from may have been replaced without knowing. */
  #heardFromMajority(): boolean {
    const { nowMs, options, votes } = this.#core;
    const contacts: number[] = votes ? [nowMs] : [];
    for (const { lastContactMs } of this.#replicas.voters) contacts.push(lastContactMs);
    return nowMs - majorityValue(contacts) < options.fetchTimeoutMs * 1.5;
  }

  #addVoter(token: Token, voter: Voter): void {
    const { voters, nowMs, options } = this.#core;
    const refusal = this.#changeRefusal();
    if (refusal !== null) {
      this.#refuse(token, refusal);
      return;
    }
    if (voters.current.ids.includes(voter.id)) {
      this.#refuse(token, 'alreadyVoter');
      return;
    }
    const newcomer = this.#replicas.observer(voter);
    if (
      newcomer === undefined ||
      newcomer.lastCaughtUpMs < 0 ||
      nowMs - newcomer.lastCaughtUpMs > options.caughtUpWithinMs
    ) {
      this.#refuse(token, 'notCaughtUp');
      return;
    }
    this.#changeVoters([...voters.current.voters, voter], token);
  }

  #removeVoter(token: Token, key: ReplicaKey): void {
    const { voters } = this.#core;
    const refusal = this.#changeRefusal();
    if (refusal !== null) {
      this.#refuse(token, refusal);
      return;
    }
    if (findVoter(voters.current, key) === undefined) {
      this.#refuse(token, 'notVoter');
      return;
    }
    if (voters.current.ids.length === 1) {
      this.#refuse(token, 'lastVoter');
      return;
    }
    this.#changeVoters(
      voters.current.voters.filter(({ id }) => id !== key.id),
      token,
    );
  }

  #changeRefusal(): Refusal | null {
    if (!this.#core.options.dynamicVoters) return 'unsupported';
    if (this.#transfer !== null) return 'transferring';
    return this.#changePending ? 'changePending' : null;
  }

  #changeVoters(voters: readonly Voter[], token: Token | null): void {
    this.#appendControls([{ kind: 'voters', set: voterSet(voters) }], token);
    this.#appended();
  }

  /** Appends control records; a voter set among them is in force from here on (KIP-853). */
  #appendControls(controls: readonly Control[], token: Token | null): void {
    const core = this.#core;
    const at = { epoch: this.epoch, index: core.log.end };
    const { controls: codec } = core.options;
    this.#proposals.control(codec.spanOf?.(controls) ?? controls.length, codec.encode(controls, at), token);
    controls.forEach((control, offset) => {
      if (control.kind !== 'voters') return;
      core.voters.append(at.index + offset, control.set);
      this.#replicas.votersChanged();
      this.#reads.votersChanged();
      core.out.effect({ kind: 'members', peers: control.set.voters });
    });
  }

  /** The voter set in force, with this node's own disk and address filled in. */
  #named(): ReturnType<typeof voterSet> {
    const { voters, key, address } = this.#core;
    return voterSet(
      voters.current.voters.map((voter) =>
        voter.id === key.id && sameDirectory(voter.directory, key.directory)
          ? { id: voter.id, directory: key.directory, address: address === '' ? voter.address : address }
          : voter,
      ),
    );
  }

  #startTransfer(token: Token, to: NodeId): void {
    const core = this.#core;
    if (this.#transfer !== null) {
      this.#refuse(token, 'transferring');
    } else if (to === core.id) {
      this.#settle(token, { kind: 'done' });
    } else if (this.#replicas.voter(to) === undefined) {
      this.#refuse(token, 'notVoter');
    } else {
      this.#transfer = { to, token, endMs: core.nowMs + core.options.electionTimeoutMs };
      this.#advance();
    }
  }

  /** The successor has the whole log: make way for it. */
  #handOver({ to, token }: Transfer): void {
    this.#transfer = null;
    this.#settle(token, { kind: 'done' });
    const successors = this.#replicas.successors();
    const first = successors.find(({ id }) => id === to);
    assert(first !== undefined, () => `leadership goes to ${to}, which is no voter`);
    this.#core.quorum.becomeResigned([first, ...successors.filter((key) => key !== first)], `leadership goes to ${to}`);
  }

  #endTransfer(reason: Refusal): void {
    const transfer = this.#transfer as Transfer;
    this.#transfer = null;
    this.#refuse(transfer.token, reason);
  }

  #resign(reason: string): void {
    this.#core.quorum.becomeResigned(this.#replicas.successors(), reason);
  }

  #refuse(token: Token, reason: Refusal): void {
    const leader = reason === 'notLeader' ? NO_NODE : this.#core.id;
    this.#settle(token, { kind: 'refused', reason, leader });
  }

  #settle(token: Token, outcome: Outcome): void {
    this.#core.out.effect({ kind: 'settle', token, outcome });
  }
}
