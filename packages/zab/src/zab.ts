import {
  type Command,
  type Engine,
  type EngineSetup,
  type Input,
  NO_NODE,
  type NodeId,
  ORIGIN,
  type Outcome,
  type Position,
  type Token,
  type View,
} from '@biquorum/consensus';
import { unreachable } from '@biquorum/std';
import { Core } from './core.ts';
import type { Epochs, LearnerMessage, Notification, ServerState, ZabMessage } from './messages.ts';
import { checkOptions, type ZabOptions } from './options.ts';
import { ELECTION, type ZabEffect } from './outbox.ts';
import { Leader } from './states/leader.ts';
import type { Phase } from './states/role.ts';

/** What a ZAB server shows besides what every engine does. */
export interface ZabView extends View {
  /** As its notifications say it. */
  readonly state: ServerState;
  /** How far it is with its leader (Java's ZabState). */
  readonly phase: Phase;
  /** Whom it has elected, be it in sync or not; −1 while it looks. */
  readonly elected: NodeId;
  readonly acceptedEpoch: number;
  readonly currentEpoch: number;
  /** The last transaction in its log. */
  readonly lastZxid: number;
  /** The round of its last election (Java's logicalclock). */
  readonly electionEpoch: number;
}

/** A ZooKeeper server's part in agreeing on transactions: a pure function of its inputs. */
export class ZabEngine implements Engine<ZabMessage, Epochs> {
  readonly #core: Core;

  /** @throws EngineConfigError when a setting is out of its range, or the epochs on the disk contradict each other. */
  constructor(setup: EngineSetup<Epochs>, options: ZabOptions) {
    this.#core = new Core(setup, checkOptions(options));
    this.#core.states.start();
  }

  /**
   * Takes one input in. What it wants done comes back in order.
   *
   * @throws AssertionError when an invariant is broken.
   */
  step(input: Input<ZabMessage>): readonly ZabEffect[] {
    const core = this.#core;
    const { role } = core.states;
    switch (input.kind) {
      case 'tick':
        core.nowMs = Math.max(core.nowMs, input.nowMs);
        role.tick();
        break;
      case 'message':
        if (input.channel === ELECTION) core.election.receive(input.from, input.message as Notification);
        else role.onMessage(input.from, input.message as LearnerMessage);
        break;
      case 'request':
        // Nothing here is asked and answered.
        break;
      case 'link':
        if (input.channel !== ELECTION) role.onLink(input.peer, input.up);
        break;
      case 'written':
        core.out.finished(input.write);
        role.onWritten();
        break;
      case 'propose':
        if (role instanceof Leader && core.states.serves) role.propose(input.proposals);
        else for (const { token } of input.proposals) this.#refuse(token);
        break;
      case 'read':
        if (role instanceof Leader && core.states.serves) role.read(input.token);
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
        this.#installed(input.id, input.size, input.context !== null);
        break;
      case 'application':
        role.application(input.to, input.payload, input.afterCommit);
        break;
      default:
        unreachable(input);
    }
    return core.out.take();
  }

  view(): ZabView {
    const { id, log, out, verifier, committed, states, acceptedEpoch, currentEpoch, election } = this.#core;
    const { role, serves, name, reason } = states;
    const leads = role instanceof Leader;
    return {
      id,
      role: name,
      leading: serves && leads,
      epoch: acceptedEpoch,
      leader: serves ? role.leader : NO_NODE,
      voters: verifier.voters,
      votersIndex: -1,
      logStart: log.start.index,
      logEnd: log.end,
      durableEnd: out.durableEnd,
      highWatermark: committed,
      uncommittedBytes: leads ? role.uncommittedBytes : 0,
      peers: leads ? role.peers : [],
      reason,
      state: role.state,
      phase: role.phase,
      elected: role.leader,
      acceptedEpoch,
      currentEpoch,
      lastZxid: log.lastZxid,
      electionEpoch: election.round,
    };
  }

  #onCommand(token: Token, command: Command): void {
    const { states } = this.#core;
    switch (command.kind) {
      case 'resign':
        if (states.role instanceof Leader) states.look('resigned');
        this.#settle(token, { kind: 'done' });
        return;
      case 'trim':
        this.#trim(command.start);
        this.#settle(token, { kind: 'done' });
        return;
      case 'addVoter':
      case 'removeVoter':
      case 'transferLeadership':
        this.#settle(token, { kind: 'refused', reason: 'unsupported', leader: this.#leader });
        return;
      default:
        unreachable(command);
    }
  }

  get #leader(): NodeId {
    const { states } = this.#core;
    return states.serves ? states.role.leader : NO_NODE;
  }

  #refuse(token: Token): void {
    this.#settle(token, { kind: 'refused', reason: 'notLeader', leader: this.#leader });
  }

  #settle(token: Token, outcome: Outcome): void {
    this.#core.out.effect({ kind: 'settle', token, outcome });
  }

  /** A snapshot covers what is committed and nothing else, and is made once for a cut (ZOOKEEPER-4837). */
  #takeSnapshot(upTo: number): void {
    const { latestSnapshot, committed, log, installing, out } = this.#core;
    const first = latestSnapshot === undefined;
    if (upTo > committed || upTo < log.start.index || installing !== null) return;
    if (!first && upTo <= latestSnapshot.id.index) return;
    out.effect({ kind: 'snapshot', id: log.cutAt(upTo), context: new Uint8Array(0) });
  }

  #keepSnapshot(id: Position, size: number): void {
    const core = this.#core;
    // One that was received in the meantime may be newer.
    if (core.latestSnapshot === undefined || id.index > core.latestSnapshot.id.index) {
      core.snapshots.push({ id, size });
      this.#dropOldSnapshots();
    }
    core.states.role.onSnapshot();
  }

  #dropOldSnapshots(): void {
    const { snapshots, options } = this.#core;
    while (snapshots.length > options.snapshotsRetained) snapshots.shift();
    if (snapshots.length === options.snapshotsRetained) this.#trim(snapshots[0]?.id ?? ORIGIN);
  }

  #trim(start: Position): void {
    const { snapshots, latestSnapshot, installing, log, out } = this.#core;
    // What no snapshot covers is needed; and a log that is about to be replaced has nothing to cut.
    if (start.index <= log.start.index || start.index > (latestSnapshot?.id.index ?? 0) || installing !== null) return;
    while ((snapshots[0]?.id.index ?? Number.POSITIVE_INFINITY) < start.index) snapshots.shift();
    log.deletePrefix(start);
    out.write({ deletePrefix: start }, log.end);
  }

  #installed(id: Position, size: number, whole: boolean): void {
    const core = this.#core;
    core.installing = null;
    if (whole) {
      core.log.reset(id);
      core.out.installed(id.index);
      core.snapshots.length = 0;
      core.snapshots.push({ id, size });
      core.committed = id.index;
      core.out.effect({ kind: 'restore', snapshot: id });
    }
    core.states.role.onInstalled(whole);
  }
}
