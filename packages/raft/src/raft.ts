import {
  type Command,
  type Effect,
  type Engine,
  type EngineSetup,
  type Input,
  NO_NODE,
  type NodeId,
  ORIGIN,
  type Position,
  type RequestId,
  type Token,
  type View,
} from '@biquorum/consensus';
import { unreachable } from '@biquorum/std';
import { Core, type Sent } from './core.ts';
import { handleBeginQuorum, handleEndQuorum, handleVote } from './elections.ts';
import { LogShape } from './log-shape.ts';
import type { QuorumRecord, RaftMessage, ReplyMessage, RequestMessage } from './messages.ts';
import { checkOptions, type RaftOptions } from './options.ts';
import { Follower, voterSetOf } from './states/follower.ts';
import { Leader } from './states/leader.ts';
import { VoterHistory, voterSet } from './voters.ts';

/** A Raft node in KRaft's flavour: a pure function of its inputs. */
export class RaftEngine implements Engine<RaftMessage, QuorumRecord> {
  readonly #core: Core;

  /** @throws EngineConfigError when a setting is out of its range. */
  constructor(setup: EngineSetup<QuorumRecord>, options: RaftOptions) {
    checkOptions(options);
    const { restored } = setup;
    const log = new LogShape(restored.logStart);
    const voters = new VoterHistory(voterSet(setup.peers.map((peer) => ({ ...peer, directory: '' }))));
    this.#core = new Core(setup, options, log, voters);
    const core = this.#core;
    if (restored.snapshot !== null)
      voters.reset(restored.snapshot.id.index, voterSetOf(core, restored.snapshot.context));
    for (const entry of restored.entries) {
      log.append(entry);
      if (entry.kind !== 'control') continue;
      options.controls.decode(entry.payload).forEach((control, at) => {
        const index = entry.index + at;
        // Those that the snapshot covers are in its header.
        if (control.kind === 'voters' && index > voters.index) voters.append(index, control.set);
      });
    }
    core.out.installed(log.end);
    for (const { id, address } of voters.current.voters) if (address !== '') core.addresses.set(id, address);
    if (voters.index >= 0) core.out.effect({ kind: 'members', peers: voters.current.voters });
    core.quorum.start(restored.durable);
  }

  /**
   * Takes one input in. What it wants done comes back in order.
   *
   * @throws AssertionError when an invariant is broken.
   */
  step(input: Input<RaftMessage>): readonly Effect<RaftMessage, QuorumRecord>[] {
    const core = this.#core;
    switch (input.kind) {
      case 'tick':
        core.nowMs = Math.max(core.nowMs, input.nowMs);
        core.dice.feed(input.random);
        this.#expire();
        core.quorum.role.tick();
        break;
      case 'message':
        this.#onReply(input.from, input.inReplyTo, input.message as ReplyMessage);
        break;
      case 'request':
        this.#onRequest(input.token, input.message as RequestMessage);
        break;
      case 'link':
        if (!input.up) this.#fail((sent) => sent.to === input.peer);
        if (!input.up && input.gone === true) this.#gone(input.peer);
        break;
      case 'written':
        core.out.written(input.write);
        if (core.quorum.role instanceof Leader) core.quorum.role.written();
        break;
      case 'propose':
        if (core.quorum.role instanceof Leader) core.quorum.role.propose(input.proposals);
        else for (const { token } of input.proposals) this.#refuse(token);
        break;
      case 'read':
        if (core.quorum.role instanceof Leader) core.quorum.role.read(input.token);
        else this.#refuse(input.token);
        break;
      case 'command':
        this.#onCommand(input.token, input.command);
        break;
      case 'snapshot':
        this.#takeSnapshot(input.upTo);
        break;
      case 'snapshotWritten':
        this.#keepSnapshot(input.id, input.size);
        break;
      case 'snapshotInstalled':
        this.#installed(input.id, input.size, input.context);
        break;
      case 'application':
        // Not declared: such a message has no place in an order on links that keep none.
        break;
      default:
        unreachable(input);
    }
    return core.out.take();
  }

  view(): View {
    const { id, log, voters, out, highWatermark, quorum } = this.#core;
    const { role } = quorum;
    return {
      id,
      role: role.name,
      leading: role.name === 'leader',
      epoch: role.epoch,
      leader: role.leader,
      voters: voters.current.ids,
      votersIndex: voters.index,
      logStart: log.start.index,
      logEnd: log.end,
      durableEnd: out.durableEnd,
      highWatermark,
      uncommittedBytes: role instanceof Leader ? role.uncommittedBytes : 0,
      peers: role instanceof Leader ? role.peers : [],
      reason: quorum.reason,
    };
  }

  #onRequest(token: Token, message: RequestMessage): void {
    const core = this.#core;
    const { role } = core.quorum;
    switch (message.type) {
      case 'vote':
        handleVote(core, token, message);
        return;
      case 'beginQuorum':
        handleBeginQuorum(core, token, message);
        return;
      case 'endQuorum':
        handleEndQuorum(core, token, message);
        return;
      case 'fetch':
        if (role instanceof Leader) role.fetch(token, message);
        else {
          core.out.answer(token, {
            ...core.reply(this.#notLeader(message.epoch)),
            type: 'fetchReply',
            highWatermark: -1,
            logStart: 0,
            diverging: null,
            snapshot: null,
            offset: message.offset,
            entries: [],
          });
        }
        return;
      case 'fetchSnapshot':
        if (role instanceof Leader) role.fetchSnapshot(token, message);
        else {
          core.out.answer(token, {
            ...core.reply(this.#notLeader(message.epoch)),
            type: 'fetchSnapshotReply',
            snapshot: message.snapshot,
            size: 0,
            position: message.position,
            bytes: new Uint8Array(0),
          });
        }
        return;
      case 'updateVoter':
        if (role instanceof Leader) role.updateVoter(token, message);
        else core.out.answer(token, { ...core.reply('notLeaderOrFollower'), type: 'updateVoterReply' });
        return;
      default:
        unreachable(message);
    }
  }

  #notLeader(epoch: number): 'fencedLeaderEpoch' | 'unknownLeaderEpoch' | 'notLeaderOrFollower' {
    const mine = this.#core.quorum.epoch;
    if (epoch < mine) return 'fencedLeaderEpoch';
    return epoch > mine ? 'unknownLeaderEpoch' : 'notLeaderOrFollower';
  }

  #onReply(from: NodeId, request: RequestId, reply: ReplyMessage): void {
    const core = this.#core;
    const sent = core.requests.get(request);
    // Answered before, given up, or not ours.
    if (sent === undefined || sent.to !== from) return;
    core.requests.delete(request);
    core.learnAddress(reply.leader, reply.leaderAddress);
    core.quorum.observe(reply.epoch, reply.leader);
    const { role } = core.quorum;
    // What an older epoch answered does not bind this one; its requester may be another state by now, too. An answer to
    // something that was not asked is none.
    const fits = reply.type === `${sent.message.type}Reply`;
    if (fits && reply.epoch === role.epoch && sent.message.epoch === role.epoch) role.onReply(sent, reply);
    else role.onFailure(sent);
  }

  /** Gives up requests that were not answered in time. */
  #expire(): void {
    const { nowMs, options } = this.#core;
    this.#fail((sent) => nowMs - sent.sentMs >= options.requestTimeoutMs);
  }

  /** A follower need not wait out the fetch timeout of a leader whose process has ended. */
  #gone(peer: NodeId): void {
    const { role } = this.#core.quorum;
    if (role instanceof Follower && role.leader === peer) role.leaderGone();
  }

  #fail(lost: (sent: Sent) => boolean): void {
    const { requests, quorum } = this.#core;
    // Failing one may send another, which is not to be looked at: it is new.
    const failed: [RequestId, Sent][] = [];
    for (const request of requests) if (lost(request[1])) failed.push(request);
    for (const [id, sent] of failed) {
      requests.delete(id);
      quorum.role.onFailure(sent);
    }
  }

  #onCommand(token: Token, command: Command): void {
    const { role } = this.#core.quorum;
    if (command.kind === 'trim') {
      this.#trim(command.start);
      this.#core.out.effect({ kind: 'settle', token, outcome: { kind: 'done' } });
    } else if (role instanceof Leader) role.command(token, command);
    else if (command.kind === 'resign') this.#core.out.effect({ kind: 'settle', token, outcome: { kind: 'done' } });
    else this.#refuse(token);
  }

  #refuse(token: Token): void {
    const { leader, name } = this.#core.quorum.role;
    const known = name === 'follower' ? leader : NO_NODE;
    this.#core.out.effect({ kind: 'settle', token, outcome: { kind: 'refused', reason: 'notLeader', leader: known } });
  }

  /** A snapshot covers what is committed and nothing else, and is made once for a cut. */
  #takeSnapshot(upTo: number): void {
    const core = this.#core;
    const { latestSnapshot, highWatermark, log, installing } = core;
    if (
      upTo > highWatermark ||
      upTo <= (latestSnapshot?.id.index ?? 0) ||
      upTo < log.start.index ||
      installing !== null
    )
      return;
    const id = log.cutAt(upTo);
    const set = core.voters.before(upTo);
    const context = core.options.controls.encode(set === null ? [] : [{ kind: 'voters', set }], id);
    core.out.effect({ kind: 'snapshot', id, context });
  }

  #keepSnapshot(id: Position, size: number): void {
    const core = this.#core;
    // One that was received in the meantime may be newer.
    if (id.index <= (core.latestSnapshot?.id.index ?? 0)) return;
    core.snapshots.push({ id, size });
    this.#dropOldSnapshots();
  }

  #dropOldSnapshots(): void {
    const { snapshots, options } = this.#core;
    while (snapshots.length > options.snapshotsRetained) snapshots.shift();
    if (snapshots.length === options.snapshotsRetained) this.#trim(snapshots[0]?.id ?? ORIGIN);
  }

  #trim(start: Position): void {
    const { snapshots, latestSnapshot, installing, log, voters, out } = this.#core;
    // What no snapshot covers is needed; and a log that is about to be replaced has nothing to cut.
    if (start.index <= log.start.index || start.index > (latestSnapshot?.id.index ?? 0) || installing !== null) return;
    while ((snapshots[0]?.id.index ?? Number.POSITIVE_INFINITY) < start.index) snapshots.shift();
    log.deletePrefix(start);
    voters.deletePrefix(start.index);
    out.deletePrefix(start);
  }

  #installed(id: Position, size: number, context: Uint8Array | null): void {
    const core = this.#core;
    core.installing = null;
    if (context !== null) {
      core.log.reset(id);
      core.out.installed(id.index);
      core.voters.reset(id.index, voterSetOf(core, context));
      core.snapshots.length = 0;
      core.snapshots.push({ id, size });
      core.highWatermark = id.index;
      core.out.effect({ kind: 'restore', snapshot: id });
      core.out.effect({ kind: 'members', peers: core.voters.current.voters });
    }
    if (core.quorum.role instanceof Follower) core.quorum.role.snapshotInstalled();
  }
}
