import type { Entry, NodeId, PeerView, Proposal, Token, WriteId } from '@biquorum/consensus';
import { assert, unreachable } from '@biquorum/std';
import type { Core } from '../core.ts';
import type { AckEpoch, LearnerInfo, LearnerMessage, Transaction } from '../messages.ts';
import { PROTOCOL_VERSION } from '../messages.ts';
import { LEARNER, PING } from '../outbox.ts';
import { counterOf, EPOCH_MAX, showZxid, zxidBefore, zxidOf } from '../zxid.ts';
import { LearnerLink } from './learner-link.ts';
import { type Outstanding, Proposals } from './proposals.ts';
import { Reads } from './reads.ts';
import type { Leading, Phase } from './role.ts';
import { chooseSync } from './sync-choice.ts';

/** The last write that has to be on the disk before this server's own word counts. */
const NOT_YET: WriteId = Number.POSITIVE_INFINITY;

/** An elected server: finds an epoch, brings a quorum to its history, then broadcasts. */
export class Leader implements Leading {
  readonly state = 'leading';
  phase: Phase = 'discovery';
  readonly #core: Core;
  readonly #learners: Map<NodeId, LearnerLink> = new Map();
  /** The epoch that this server leads: one more than any that a quorum had accepted. */
  #epoch: number;
  /** Voters that have called, until the epoch is found. */
  readonly #calling: Set<NodeId>;
  /** Voters that have accepted the epoch. */
  readonly #accepted: Set<NodeId>;
  #epochFound = false;
  /** LEADERINFO waits for it, and NEWLEADER for the other. */
  #acceptedWrite: WriteId = 0;
  #currentWrite: WriteId = NOT_YET;
  #deadlineMs: number;
  #proposals: Proposals;
  #reads: Reads;
  #nextPingMs = Number.POSITIVE_INFINITY;
  /** Every other ping is a whole tick. */
  #halfTick = true;
  /** Learners that were sent a long history, and the zxid that it began behind. */
  readonly #longDiffs: Map<NodeId, number> = new Map();
  /** Packets of the application that wait for what was outstanding when they came. */
  readonly #afterCommit: { readonly zxid: number; readonly to: NodeId; readonly payload: Uint8Array }[] = [];

  constructor(core: Core) {
    this.#core = core;
    this.#epoch = Math.max(core.acceptedEpoch, core.epochSeen) + 1;
    this.#calling = new Set([core.id]);
    this.#accepted = new Set([core.id]);
    this.#deadlineMs = core.nowMs + core.ticksMs(core.options.initLimit);
    this.#proposals = new Proposals(core, this.#epoch);
    this.#reads = new Reads(core);
  }

  get leader(): NodeId {
    return this.#core.id;
  }

  get uncommittedBytes(): number {
    return this.#proposals.uncommittedBytes;
  }

  get peers(): readonly PeerView[] {
    const { log, nowMs } = this.#core;
    return [...this.#learners.values()].map((learner) => learner.view(log.end, nowMs));
  }

  start(): void {
    this.#findEpoch();
  }

  leave(): void {
    const { out } = this.#core;
    for (const id of this.#learners.keys()) out.hangUp(id);
    this.#learners.clear();
    this.#proposals.leave();
    this.#reads.leave();
  }

  tick(): void {
    const { nowMs, options, states } = this.#core;
    if (this.phase !== 'broadcast' && nowMs >= this.#deadlineMs) {
      states.look(`no quorum within ${options.initLimit} ticks in ${this.phase}`);
      return;
    }
    const lost = [...this.#learners.values()].filter((learner) => this.#isLost(learner));
    for (const learner of lost) this.#drop(learner);
    // Who was held up for so long that its followers have left leads no more, and must not wait to see it.
    if (lost.length > 0 && this.phase === 'broadcast' && !this.#hasSyncedQuorum()) {
      states.look('too few followers are in sync');
      return;
    }
    if (nowMs < this.#nextPingMs) return;
    this.#nextPingMs += options.tickMs / 2;
    if (this.#nextPingMs <= nowMs) this.#nextPingMs = nowMs + options.tickMs / 2;
    this.#halfTick = !this.#halfTick;
    if (!this.#halfTick && !this.#hasSyncedQuorum()) {
      states.look('too few followers are in sync');
      return;
    }
    const ping = { type: 'ping', zxid: this.#proposals.lastZxid, payload: NOTHING } as const;
    for (const { id, forwards } of this.#learners.values()) if (forwards) this.#core.out.send(id, ping);
  }

  /** Whichever it was, it is over: a link that comes up is another one. */
  onLink(peer: NodeId): void {
    const learner = this.#learners.get(peer);
    if (learner !== undefined) this.#forget(learner);
  }

  onMessage(from: NodeId, message: LearnerMessage): void {
    const learner = this.#learners.get(from);
    if (learner === undefined) {
      if (message.type === 'followerInfo' || message.type === 'observerInfo') this.#onCall(from, message);
      else this.#core.out.hangUp(from);
      return;
    }
    const { nowMs, options } = this.#core;
    learner.lastContactMs = nowMs;
    switch (message.type) {
      case 'ackEpoch':
        if (learner.stage === 'epoch') this.#onAckEpoch(learner, message);
        else this.#drop(learner);
        break;
      case 'ack':
        this.#onAck(learner, message.zxid);
        break;
      case 'ping':
        if (message.payload.length > 0 && learner.stage === 'serving')
          this.#core.out.effect({ kind: 'application', channel: PING, from, payload: message.payload });
        break;
      case 'application':
        if (learner.stage === 'serving')
          this.#core.out.effect({ kind: 'application', channel: LEARNER, from, payload: message.payload });
        else this.#drop(learner);
        break;
      case 'followerInfo':
      case 'observerInfo':
      case 'leaderInfo':
      case 'diff':
      case 'trunc':
      case 'snap':
      case 'snapshotChunk':
      case 'history':
      case 'newLeader':
      case 'upToDate':
      case 'proposal':
      case 'inform':
      case 'commit':
      case 'commitAndActivate':
      case 'informAndActivate':
        // What only a leader says, or what is said only once: not a learner of this protocol.
        this.#drop(learner);
        break;
      default:
        unreachable(message);
    }
    if (learner.stage === 'synced' || learner.stage === 'serving')
      learner.deadlineMs = nowMs + this.#core.ticksMs(options.syncLimit);
  }

  onWritten(): void {
    if (this.phase === 'synchronization') this.#tryToServe();
    if (this.phase === 'broadcast') this.#commit();
  }

  onInstalled(): void {}

  /** Learners may wait for it; those that the epoch is not agreed on with wait for more. */
  onSnapshot(): void {
    if (this.phase === 'discovery') return;
    for (const learner of [...this.#learners.values()]) if (learner.stage === 'history') this.#synchronize(learner);
  }

  application(to: NodeId, payload: Uint8Array, afterCommit: boolean): void {
    const zxid = this.#proposals.lastZxid;
    // Behind another that waits for the same link, it waits as well: they keep their order.
    const waits = this.#afterCommit.some((waiting) => waiting.to === to);
    const outstanding = counterOf(zxid) !== 0 && zxid >= this.#core.committed;
    if (waits || (afterCommit && outstanding)) {
      this.#afterCommit.push({ zxid: afterCommit && outstanding ? zxid : 0, to, payload });
    } else this.#say(to, payload);
  }

  propose(proposals: readonly { readonly token: Token; readonly proposal: Proposal }[]): void {
    this.#broadcast(this.#proposals.propose(proposals));
    this.#stepDownIfExhausted();
  }

  read(token: Token): void {
    if (this.#reads.add(token)) this.#carryReads();
  }

  #say(to: NodeId, payload: Uint8Array): void {
    if (this.#learners.get(to)?.stage === 'serving') this.#core.out.send(to, { type: 'application', payload });
  }

  #onCall(from: NodeId, { type, sid, acceptedEpoch, configVersion }: LearnerInfo): void {
    const { out, verifier, options, nowMs, states } = this.#core;
    const voter = verifier.voters.includes(from);
    const participant = type === 'followerInfo';
    // Another server than the link says, or one that knows a newer configuration than this leader.
    const stranger = sid !== from || configVersion > options.configVersion || (voter && !participant);
    if (stranger || acceptedEpoch >= EPOCH_MAX) {
      out.hangUp(from);
      return;
    }
    this.#core.epochSeen = Math.max(this.#core.epochSeen, acceptedEpoch);
    if (this.#epochFound && voter && acceptedEpoch > this.#epoch) {
      // It can never follow in this epoch, and a later one has been promised: find a newer one with it.
      states.look(`server ${from} has accepted epoch ${acceptedEpoch}, after ${this.#epoch}`);
      return;
    }
    const limitMs = this.#core.ticksMs(options.initLimit + options.syncLimit);
    const learner = new LearnerLink(from, participant, voter, nowMs, nowMs + limitMs);
    this.#learners.set(from, learner);
    if (this.#epochFound) {
      this.#sayEpoch(learner);
      return;
    }
    this.#epoch = Math.max(this.#epoch, acceptedEpoch + 1);
    if (voter) this.#calling.add(from);
    this.#findEpoch();
  }

  /** With a quorum of callers the epoch is larger than any that an earlier leader can be acting in. */
  #findEpoch(): void {
    const { verifier, out, log } = this.#core;
    if (!verifier.isQuorum(this.#calling)) return;
    this.#epochFound = true;
    this.#acceptedWrite = out.write({ durable: this.#core.promise({ acceptedEpoch: this.#epoch }) }, log.end);
    this.#deadlineMs = this.#core.nowMs + this.#core.ticksMs(this.#core.options.initLimit);
    for (const learner of this.#learners.values()) this.#sayEpoch(learner);
    this.#tryToSynchronize();
  }

  #sayEpoch(learner: LearnerLink): void {
    learner.stage = 'epoch';
    const message = { type: 'leaderInfo', epoch: this.#epoch, protocolVersion: PROTOCOL_VERSION } as const;
    this.#core.out.send(learner.id, message, this.#acceptedWrite);
  }

  #onAckEpoch(learner: LearnerLink, { zxid, currentEpoch }: AckEpoch): void {
    const { log, states } = this.#core;
    learner.stage = 'history';
    learner.zxid = zxid;
    if (this.phase !== 'discovery') {
      this.#synchronize(learner);
      return;
    }
    // Who had accepted this epoch before may have done so for another leader of it.
    if (currentEpoch === -1 || !learner.voter) return;
    const mine = this.#core.currentEpoch;
    if (currentEpoch > mine || (currentEpoch === mine && zxid > log.lastZxid)) {
      states.look(`server ${learner.id} is ahead with epoch ${currentEpoch} and ${showZxid(zxid)}`);
      return;
    }
    this.#accepted.add(learner.id);
    this.#tryToSynchronize();
  }

  #tryToSynchronize(): void {
    const { verifier, out, states, log } = this.#core;
    if (!this.#epochFound || !verifier.isQuorum(this.#accepted)) return;
    const durable = this.#core.promise({ currentEpoch: this.#epoch });
    this.#currentWrite = out.write({ durable }, log.end);
    this.#deadlineMs = this.#core.nowMs + this.#core.ticksMs(this.#core.options.initLimit);
    states.proceed(this, 'synchronization', `a quorum accepted epoch ${this.#epoch}`);
    for (const learner of [...this.#learners.values()]) if (learner.stage === 'history') this.#synchronize(learner);
    this.#tryToServe();
  }

  /** Sends what a learner lacks, and NEWLEADER behind it. */
  #synchronize(learner: LearnerLink): void {
    const { log, options, out, latestSnapshot } = this.#core;
    // Never more than is committed: what is not may yet be replaced (ZOOKEEPER-2846).
    const max = zxidBefore(this.phase === 'broadcast' ? this.#core.committed : log.end);
    const snapshot = latestSnapshot === undefined ? null : latestSnapshot;
    const held = snapshot === null ? null : { zxid: zxidBefore(snapshot.id.index), size: snapshot.size };
    // Who comes back with nothing gained could not take so much: it may not fit into its memory, or the link's time.
    const again = this.#longDiffs.get(learner.id) === learner.zxid && (held?.zxid ?? 0) > learner.zxid;
    const settings = again ? { ...options, forceSnapshotSync: true } : options;
    const { kind, zxid, from } = chooseSync(log, { peer: learner.zxid, max, snapshot: held }, settings);
    if (kind === 'diff' && log.after(learner.zxid).count > options.commitLogCount)
      this.#longDiffs.set(learner.id, learner.zxid);
    else this.#longDiffs.delete(learner.id);
    if (kind === 'snap' && snapshot === null) {
      out.effect({ kind: 'wantSnapshot' });
      return;
    }
    const syncedBy = kind === 'snap' ? 'snap' : 'diff';
    if (!learner.participant && this.#isBusy(syncedBy)) {
      this.#drop(learner);
      return;
    }
    learner.stage = 'sync';
    learner.syncedBy = syncedBy;
    learner.matched = max;
    out.send(learner.id, { type: kind, zxid });
    if (kind === 'snap' && snapshot !== null) {
      const chunk = { type: 'snapshotChunk', position: 0, bytes: NOTHING, last: false } as const;
      const bytesMax = options.snapshotChunkBytesMax;
      out.send(learner.id, chunk, 0, { kind: 'snapshot', id: snapshot.id, position: 0, bytesMax });
    }
    if (from < max) {
      const range = { from: log.indexAfter(from), upTo: max + 1, bytesMax: options.historyBytesMax };
      out.send(learner.id, { type: 'history', entries: [] }, 0, { kind: 'entries', ...range });
    }
    learner.forwards = true;
    if (learner.participant)
      for (const { zxid, entry } of this.#proposals) this.#forward(learner, zxid, transaction('proposal', entry));
    const newLeader = { type: 'newLeader', zxid: zxidOf(this.#epoch, 0), config: options.config } as const;
    out.send(learner.id, newLeader, this.#currentWrite);
  }

  /** Voters are always served. */
  #isBusy(syncedBy: 'diff' | 'snap'): boolean {
    const { concurrentDiffSyncsMax, concurrentSnapSyncsMax } = this.#core.options;
    let count = 0;
    for (const learner of this.#learners.values())
      if (learner.stage === 'sync' && learner.syncedBy === syncedBy) count++;
    return count >= (syncedBy === 'snap' ? concurrentSnapSyncsMax : concurrentDiffSyncsMax);
  }

  #onAck(learner: LearnerLink, zxid: number): void {
    if (counterOf(zxid) === 0) {
      if (learner.stage === 'sync' && zxid === zxidOf(this.#epoch, 0)) {
        learner.stage = 'synced';
        if (this.phase === 'broadcast') this.#upToDate(learner);
        else this.#tryToServe();
      }
      // The other one, for UPTODATE, says nothing new.
      return;
    }
    if (!learner.participant || learner.stage === 'info' || learner.stage === 'epoch' || learner.stage === 'history') {
      this.#drop(learner);
      return;
    }
    const committed = zxidBefore(this.#core.committed);
    if (!learner.acknowledge(zxid, committed)) this.#drop(learner);
    // What others have committed already is not committed again.
    else if (this.phase === 'broadcast' && zxid > committed) this.#commit();
  }

  /** With NEWLEADER acknowledged by a quorum, this history is committed, and this server leads. */
  #tryToServe(): void {
    const core = this.#core;
    const { verifier, out, states, log, id, nowMs, options } = core;
    if (this.phase !== 'synchronization') return;
    const synced = new Set<NodeId>();
    for (const learner of this.#learners.values()) if (learner.stage === 'synced') synced.add(learner.id);
    if (out.written >= this.#currentWrite) synced.add(id);
    if (!verifier.isQuorum(synced)) return;
    this.#proposals = new Proposals(core, this.#epoch);
    core.election.adopt(this.#epoch);
    core.commit(log.end);
    this.#nextPingMs = nowMs + options.tickMs / 2;
    states.proceed(this, 'broadcast', `a quorum has the history of epoch ${this.#epoch}`);
    for (const learner of this.#learners.values()) if (learner.stage === 'synced') this.#upToDate(learner);
  }

  #upToDate(learner: LearnerLink): void {
    learner.stage = 'serving';
    learner.deadlineMs = this.#core.nowMs + this.#core.ticksMs(this.#core.options.syncLimit);
    this.#core.out.send(learner.id, { type: 'upToDate' });
    this.#commit();
  }

  #broadcast(proposed: readonly Outstanding[]): void {
    for (const { zxid, entry } of proposed) {
      // One message for all: whoever encodes it need do so once.
      const message = transaction('proposal', entry);
      for (const learner of this.#learners.values())
        if (learner.forwards && learner.participant) this.#forward(learner, zxid, message);
    }
  }

  #forward(learner: LearnerLink, zxid: number, message: Transaction): void {
    this.#core.out.send(learner.id, message);
    learner.owes(zxid, this.#core.nowMs);
  }

  /** Commits what a quorum has on its disks, strictly in order. */
  #commit(): void {
    const core = this.#core;
    const { verifier, out, id } = core;
    const mine = zxidBefore(out.durableEnd);
    const reached = verifier.reached((voter) => {
      if (voter === id) return mine;
      const learner = this.#learners.get(voter);
      // What it acknowledges before NEWLEADER stands on a history that it may yet lose (ZOOKEEPER-4685).
      return learner?.stage === 'synced' || learner?.stage === 'serving' ? learner.matched : 0;
    });
    const upTo = Math.min(reached, this.#proposals.lastZxid);
    for (const { zxid, entry, settle } of this.#proposals.committed(upTo)) {
      const commit = { type: 'commit', zxid } as const;
      for (const learner of this.#learners.values()) {
        if (!learner.forwards) continue;
        if (learner.participant) out.send(learner.id, commit);
        else out.send(learner.id, transaction('inform', entry));
      }
      core.commit(zxid + 1);
      for (const { token, outcome } of settle) out.effect({ kind: 'settle', token, outcome });
      this.#reads.carried(zxid);
    }
    this.#release();
    this.#carryReads();
    this.#stepDownIfExhausted();
  }

  /** The next epoch begins at 1 again; nothing that was proposed is given up for it. */
  #stepDownIfExhausted(): void {
    const { committed, states } = this.#core;
    const { exhausted, lastZxid } = this.#proposals;
    if (exhausted && (counterOf(lastZxid) === 0 || lastZxid < committed))
      states.look(`epoch ${this.#epoch} has no zxids left`);
  }

  /** Sends what waited for commits. */
  #release(): void {
    for (let head = this.#afterCommit[0]; head !== undefined; head = this.#afterCommit[0]) {
      if (head.zxid >= this.#core.committed) return;
      this.#afterCommit.shift();
      this.#say(head.to, head.payload);
    }
  }

  #carryReads(): void {
    if (this.#proposals.exhausted) return;
    const tokens = this.#reads.take();
    if (tokens.length === 0) return;
    const proposed = this.#proposals.noop(tokens);
    this.#reads.carriedBy(this.#proposals.lastZxid);
    this.#broadcast(proposed);
  }

  #hasSyncedQuorum(): boolean {
    const { id, nowMs, verifier } = this.#core;
    const synced = new Set<NodeId>([id]);
    for (const learner of this.#learners.values()) if (nowMs <= learner.deadlineMs) synced.add(learner.id);
    return verifier.isQuorum(synced);
  }

  #isLost(learner: LearnerLink): boolean {
    const { nowMs, options } = this.#core;
    const synced = learner.stage === 'synced' || learner.stage === 'serving';
    const silentMs = this.#core.ticksMs(synced ? options.syncLimit : options.initLimit);
    // A learner that waits for the quorum has nothing to say.
    const mayBeSilent = learner.stage === 'info' || learner.stage === 'history' || learner.stage === 'synced';
    if (!mayBeSilent && nowMs - learner.lastContactMs > silentMs) return true;
    return learner.stage === 'serving' && learner.isLate(nowMs, this.#core.ticksMs(options.syncLimit));
  }

  #drop(learner: LearnerLink): void {
    this.#core.out.hangUp(learner.id);
    this.#forget(learner);
  }

  #forget(learner: LearnerLink): void {
    assert(this.#learners.get(learner.id) === learner, () => `learner ${learner.id} was forgotten before`);
    this.#learners.delete(learner.id);
    // Who has gone before the epoch is found does not count for it.
    if (!this.#epochFound) this.#calling.delete(learner.id);
    if (this.phase === 'discovery') this.#accepted.delete(learner.id);
    for (let at = this.#afterCommit.length - 1; at >= 0; at--)
      if (this.#afterCommit[at]?.to === learner.id) this.#afterCommit.splice(at, 1);
  }
}

const NOTHING = new Uint8Array(0);

function transaction(type: Transaction['type'], { index, span, kind, payload }: Entry): Transaction {
  return span === 1 ? { type, zxid: index, kind, payload } : { type, zxid: index, span, kind, payload };
}
