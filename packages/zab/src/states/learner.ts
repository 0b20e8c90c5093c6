import type { Entry, NodeId, WriteId } from '@biquorum/consensus';
import { Queue, unreachable } from '@biquorum/std';
import type { Core } from '../core.ts';
import { type LeaderInfo, type LearnerMessage, type NewLeader, PROTOCOL_VERSION, type SyncStart } from '../messages.ts';
import { LEARNER } from '../outbox.ts';
import { EPOCH_MAX, epochOf, follows, jumpTo, showZxid, zxidBefore, zxidOf } from '../zxid.ts';
import { type Arriving, HistoryBuffer } from './history-buffer.ts';
import { START_AGAIN, START_ANEW } from './outside.ts';
import type { Phase, Role } from './role.ts';

/**
 * How far a learner is with its leader:
 *
 * - `calling`: the first packet is on its way, LEADERINFO is waited for;
 * - `accepted`: ACKEPOCH is on its way, DIFF, TRUNC or SNAP is waited for;
 * - `receiving`: what it lacks is coming in;
 * - `installing`: NEWLEADER is here, a snapshot is being put in place;
 * - `adopted`: the history is on its way to the disk, UPTODATE is waited for;
 * - `serving`.
 */
type Stage = 'calling' | 'accepted' | 'receiving' | 'installing' | 'adopted' | 'serving';

/** A server that follows a leader or observes one. */
export class Learner implements Role {
  readonly state: 'following' | 'observing';
  phase: Phase = 'discovery';
  readonly leader: NodeId;
  readonly #core: Core;
  #stage: Stage = 'calling';
  #epoch = 0;
  #tries = 0;
  #retryAtMs = Number.POSITIVE_INFINITY;
  readonly #startedMs: number;
  #heardMs: number;
  #buffer: HistoryBuffer | null = null;
  /** Everything before this cut is committed; what is not delivered yet waits for UPTODATE. */
  #committedCut = 0;
  /** Proposals in the log that are not committed yet, in order. */
  readonly #open: Queue<number> = new Queue();
  /** Proposals that are to be acknowledged once they are on the disk, with the writes that they are in. */
  readonly #unacknowledged: Queue<{ readonly zxid: number; readonly write: WriteId }> = new Queue();

  constructor(core: Core, leader: NodeId) {
    this.#core = core;
    this.leader = leader;
    this.state = core.votes ? 'following' : 'observing';
    this.#startedMs = core.nowMs;
    this.#heardMs = core.nowMs;
  }

  start(): void {
    this.#call();
  }

  leave(): void {
    this.#core.out.hangUp(this.leader);
  }

  tick(): void {
    const { nowMs, options } = this.#core;
    if (nowMs >= this.#retryAtMs) this.#call();
    const limit = this.phase === 'broadcast' ? options.syncLimit : options.initLimit;
    const sinceMs = this.#stage === 'calling' ? this.#startedMs : this.#heardMs;
    if (nowMs - sinceMs > this.#core.ticksMs(limit)) this.#quit(`nothing from leader ${this.leader} in ${limit} ticks`);
  }

  onLink(peer: NodeId, up: boolean): void {
    if (peer !== this.leader || up) return;
    const { nowMs, options } = this.#core;
    if (this.#stage === 'calling' && this.#tries < options.connectTries)
      this.#retryAtMs = nowMs + options.connectRetryMs;
    else this.#quit(`the link to leader ${this.leader} is down`);
  }

  onMessage(from: NodeId, message: LearnerMessage): void {
    if (from !== this.leader) {
      this.#core.out.hangUp(from);
      return;
    }
    this.#heardMs = this.#core.nowMs;
    const fault = this.#receive(message);
    if (fault !== null) this.#quit(`leader ${this.leader} sent ${fault}`);
  }

  onWritten(): void {
    this.#acknowledge();
  }

  onInstalled(whole: boolean): void {
    if (this.#stage !== 'installing') return;
    if (whole) this.#adopt();
    else this.#quit('the snapshot was damaged on its way');
  }

  onSnapshot(): void {}

  application(to: NodeId, payload: Uint8Array): void {
    if (to === this.leader && this.#stage === 'serving') this.#core.out.send(to, { type: 'application', payload });
  }

  /** @returns What is wrong with the packet; null when nothing is. */
  #receive(message: LearnerMessage): string | null {
    const { out, options } = this.#core;
    switch (message.type) {
      case 'leaderInfo':
        return this.#stage === 'calling' ? this.#onLeaderInfo(message) : 'a second LEADERINFO';
      case 'diff':
      case 'trunc':
      case 'snap':
        return this.#stage === 'accepted' ? this.#onSyncStart(message) : `${message.type} out of place`;
      case 'snapshotChunk':
        return this.#onChunk(message);
      case 'history':
        if (this.#stage !== 'receiving' || this.#buffer === null) return 'history out of place';
        return this.#buffer.history(message.entries) ? this.#checkRoom() : 'history with a hole';
      case 'newLeader':
        return this.#stage === 'receiving' ? this.#onNewLeader(message) : 'NEWLEADER out of place';
      case 'upToDate':
        if (this.#stage !== 'adopted') return 'UPTODATE out of place';
        this.#serve();
        return null;
      case 'proposal':
        return this.#onProposal(message);
      case 'commit':
      case 'commitAndActivate':
        return this.#onCommit(message.zxid);
      case 'inform':
        return this.#onProposal(message) ?? this.#onCommit(message.zxid + (message.span ?? 1) - 1);
      case 'informAndActivate':
        return this.#onProposal({ ...message, kind: 'data' }) ?? this.#onCommit(message.zxid);
      case 'ping':
        // Before it serves, a learner has no sessions to tell of.
        if (this.#stage === 'serving')
          out.send(this.leader, { type: 'ping', zxid: message.zxid, payload: options.pingData() });
        return null;
      case 'application':
        if (this.#stage !== 'serving') return 'a packet of the application before UPTODATE';
        out.effect({ kind: 'application', channel: LEARNER, from: this.leader, payload: message.payload });
        return null;
      case 'ack':
      case 'ackEpoch':
      case 'followerInfo':
      case 'observerInfo':
        return `${message.type}, which only learners do`;
      default:
        return unreachable(message);
    }
  }

  #call(): void {
    const { out, acceptedEpoch, id, options } = this.#core;
    this.#tries++;
    this.#retryAtMs = Number.POSITIVE_INFINITY;
    out.effect({ kind: 'dial', channel: LEARNER, peer: this.leader });
    out.send(this.leader, {
      type: this.state === 'following' ? 'followerInfo' : 'observerInfo',
      acceptedEpoch,
      sid: id,
      protocolVersion: PROTOCOL_VERSION,
      configVersion: options.configVersion,
    });
  }

  #onLeaderInfo({ epoch }: LeaderInfo): string | null {
    const { out, log, acceptedEpoch, currentEpoch, states } = this.#core;
    if (epoch > EPOCH_MAX) return `epoch ${epoch}, for which there are no zxids`;
    if (epoch < acceptedEpoch) return `epoch ${epoch}; this server has accepted ${acceptedEpoch}`;
    this.#epoch = epoch;
    this.#stage = 'accepted';
    const isNew = epoch > acceptedEpoch;
    // The promise, and all of the history that is spoken of, are on the disk before the leader hears of them.
    const write = out.write({ durable: this.#core.promise({ acceptedEpoch: epoch }) }, log.end);
    states.proceed(this, 'synchronization', `accepted epoch ${epoch} of server ${this.leader}`);
    out.send(this.leader, { type: 'ackEpoch', zxid: log.lastZxid, currentEpoch: isNew ? currentEpoch : -1 }, write);
    return null;
  }

  #onSyncStart({ type, zxid }: SyncStart): string | null {
    const { log } = this.#core;
    const start = showZxid(log.startZxid);
    if (type === 'trunc' && zxid < log.startZxid)
      return `TRUNC to ${showZxid(zxid)}, below the snapshot at ${start}: ${START_ANEW}`;
    if (type === 'trunc' && !log.holds(zxid))
      return `TRUNC to ${showZxid(zxid)}, which is not in this log: ${START_ANEW}`;
    this.#buffer = new HistoryBuffer(log, type === 'diff' ? log.lastZxid : zxid, type);
    this.#stage = 'receiving';
    return null;
  }

  #onChunk({ position, bytes, last }: Extract<LearnerMessage, { type: 'snapshotChunk' }>): string | null {
    const snapshot = this.#buffer?.snapshot;
    if (this.#stage !== 'receiving' || snapshot == null || snapshot.whole) return 'a piece of a snapshot out of place';
    if (position !== snapshot.size) return 'a snapshot with a hole';
    if (snapshot.needed) this.#core.out.effect({ kind: 'receiveSnapshot', id: snapshot.id, position, bytes });
    snapshot.size += bytes.length;
    snapshot.whole = last;
    return null;
  }

  #onProposal(arriving: Arriving): string | null {
    const { zxid, span = 1, kind, payload } = arriving;
    switch (this.#stage) {
      case 'calling':
      case 'accepted':
        return 'a proposal out of place';
      case 'receiving':
      case 'installing':
        if (this.#buffer?.propose(arriving) !== true) return behindAHole(zxid);
        return this.#checkRoom();
      case 'adopted':
      case 'serving': {
        const { log, out } = this.#core;
        if (epochOf(zxid) !== this.#epoch) return `${showZxid(zxid)} in epoch ${this.#epoch}`;
        if (!follows(log.lastZxid, zxid)) return behindAHole(zxid);
        const jump = jumpTo(zxid, log.end);
        const entry: Entry = { index: zxid, span, epoch: epochOf(zxid), kind, payload };
        const entries = jump === null ? [entry] : [jump, entry];
        for (const each of entries) log.append(each);
        const write = out.append(entries, log.end);
        this.#open.push(log.lastZxid);
        if (this.state === 'following') this.#unacknowledged.push({ zxid: log.lastZxid, write });
        return null;
      }
    }
  }

  #onCommit(zxid: number): string | null {
    switch (this.#stage) {
      case 'calling':
      case 'accepted':
        return 'a COMMIT out of place';
      case 'receiving':
      case 'installing':
        return this.#buffer?.commit(zxid) === true ? null : notTheNext(zxid);
      case 'adopted':
      case 'serving':
        if (this.#open.peek() !== zxid) return notTheNext(zxid);
        this.#open.shift();
        this.#committedCut = zxid + 1;
        if (this.#stage === 'serving') this.#core.commit(this.#committedCut);
        return null;
    }
  }

  #checkRoom(): string | null {
    return (this.#buffer?.bytes ?? 0) <= this.#core.options.pendingBytesMax ? null : 'more than can be held';
  }

  #onNewLeader({ zxid }: NewLeader): string | null {
    const core = this.#core;
    const buffer = this.#buffer as HistoryBuffer;
    if (zxid !== zxidOf(this.#epoch, 0)) return `NEWLEADER of ${showZxid(zxid)} in epoch ${this.#epoch}`;
    const { snapshot } = buffer;
    if (snapshot !== null && !snapshot.whole) return 'NEWLEADER before the end of the snapshot';
    if (buffer.last < core.log.startZxid)
      return `history up to ${showZxid(buffer.last)}, below the snapshot at ${showZxid(core.log.startZxid)}: ${START_ANEW}`;
    if (snapshot?.needed !== true && buffer.adopt().cut < Math.min(core.committed, core.log.end))
      return `history that parts from this server's below ${showZxid(zxidBefore(core.committed))}, which was committed here: a quorum has lost data; ${START_AGAIN}`;
    if (snapshot?.needed === true) {
      this.#stage = 'installing';
      core.installing = snapshot.id;
      core.out.effect({ kind: 'installSnapshot', id: snapshot.id, size: snapshot.size });
    } else this.#adopt();
    return null;
  }

  /** Takes the leader's history over in the order that is safe: transactions, then the epoch, then the word. */
  #adopt(): void {
    const core = this.#core;
    const { log, out } = core;
    const buffer = this.#buffer as HistoryBuffer;
    this.#buffer = null;
    this.#stage = 'adopted';
    const { cut, entries } = buffer.adopt();
    const truncates = cut < log.end;
    if (truncates) log.truncate(cut);
    for (const entry of entries) log.append(entry);
    const durable = core.promise({ currentEpoch: this.#epoch });
    const append = entries.length > 0 ? { append: entries } : {};
    const write = out.write({ ...(truncates ? { truncateTo: cut } : {}), ...append, durable }, log.end);
    out.send(this.leader, { type: 'ack', zxid: zxidOf(this.#epoch, 0) }, write);
    this.#committedCut = buffer.committedCut;
    for (const zxid of buffer.open) {
      this.#open.push(zxid);
      if (this.state === 'following') this.#unacknowledged.push({ zxid, write });
    }
  }

  #serve(): void {
    const core = this.#core;
    this.#stage = 'serving';
    core.election.adopt(this.#epoch);
    core.commit(this.#committedCut);
    core.out.send(this.leader, { type: 'ack', zxid: zxidOf(this.#epoch, 0) });
    core.states.proceed(this, 'broadcast', `up to date with server ${this.leader}`);
    this.#acknowledge();
  }

  /** Proposals are acknowledged from the disk, and after the history that they stand on (ZOOKEEPER-4685). */
  #acknowledge(): void {
    if (this.#stage !== 'serving') return;
    const { out } = this.#core;
    for (let head = this.#unacknowledged.peek(); head !== undefined; head = this.#unacknowledged.peek()) {
      if (head.write > out.written) return;
      this.#unacknowledged.shift();
      out.send(this.leader, { type: 'ack', zxid: head.zxid });
    }
  }

  /** Who could not be synchronised does not try again at the speed of the network. */
  #quit(reason: string): void {
    const { states, options } = this.#core;
    const { connectRetryMs, observerElectionDelayMs } = options;
    const pauseMs = this.phase === 'broadcast' ? 0 : connectRetryMs;
    states.look(reason, this.state === 'observing' ? Math.max(pauseMs, observerElectionDelayMs) : pauseMs);
  }
}

function behindAHole(zxid: number): string {
  return `${showZxid(zxid)} behind a hole`;
}

function notTheNext(zxid: number): string {
  return `COMMIT of ${showZxid(zxid)}, which is not the next`;
}
