import { NO_NODE, type NodeId } from '@biquorum/consensus';
import { assert } from '@biquorum/std';
import type { Core } from './core.ts';
import type { ServerState } from './messages.ts';
import { Leader } from './states/leader.ts';
import { Learner } from './states/learner.ts';
import { Looking } from './states/looking.ts';
import type { Phase, Role } from './states/role.ts';

/** What a server may become from each of its states; a state goes through its phases in their order. */
const TRANSITIONS: Readonly<Record<ServerState, readonly ServerState[]>> = {
  looking: ['looking', 'leading', 'following', 'observing'],
  leading: ['looking'],
  following: ['looking'],
  observing: ['looking'],
};

/** Which phase may come after which, within one state. */
const PHASES: Readonly<Record<Phase, readonly Phase[]>> = {
  election: [],
  discovery: ['synchronization'],
  synchronization: ['broadcast'],
  broadcast: [],
};

/**
 * The one owner of a server's state: every transition is made here and checked against the tables.
 *
 * | from                            | to              | guard                                                       |
 * | ------------------------------- | --------------- | ----------------------------------------------------------- |
 * | looking                         | leading         | a quorum voted for this server, and nobody better came up   |
 * | looking                         | following       | a quorum voted for another, or follows it and it says so    |
 * | leading: discovery              | synchronization | a quorum accepted the new epoch, and nobody in it is ahead  |
 * | leading: synchronization        | broadcast       | a quorum has this history and the new epoch on its disks    |
 * | following: discovery            | synchronization | the leader's epoch is accepted, and on the disk             |
 * | following: synchronization      | broadcast       | UPTODATE                                                    |
 * | leading, following, observing   | looking         | anything that went wrong; the reason is kept                |
 */
export class ServerStates {
  readonly #core: Core;
  #role: Role;
  #reason = 'start';

  constructor(core: Core) {
    this.#core = core;
    this.#role = new Looking(core, 0);
  }

  get role(): Role {
    return this.#role;
  }

  /** Why the last transition happened. */
  get reason(): string {
    return this.#reason;
  }

  /** What a server shows of itself: what it serves as, or the phase that it is in. */
  get name(): string {
    const { state, phase } = this.#role;
    if (phase === 'broadcast') return state;
    return phase === 'election' ? 'looking' : phase;
  }

  get serves(): boolean {
    return this.#role.phase === 'broadcast';
  }

  start(): void {
    this.#enter(this.#role, 'start');
  }

  /** An election is decided. */
  elected(leader: NodeId): void {
    const core = this.#core;
    if (leader === core.id) this.#become(new Leader(core), 'elected');
    else this.#become(new Learner(core, leader), `server ${leader} is elected`);
  }

  /** Back to the election. @param delayMs How long to wait before it. */
  look(reason: string, delayMs: number = 0): void {
    this.#become(new Looking(this.#core, delayMs), reason);
  }

  /** The state in force goes on to its next phase. */
  proceed(role: Role & { phase: Phase }, phase: Phase, reason: string): void {
    assert(role === this.#role, () => `a server that is ${this.#role.state} does not go on as ${role.state}`);
    assert(PHASES[role.phase].includes(phase), () => `${phase} does not follow ${role.phase}`);
    role.phase = phase;
    this.#tell(reason);
  }

  #become(next: Role, reason: string): void {
    const now = this.#role;
    assert(TRANSITIONS[now.state].includes(next.state), () => `${now.state} does not become ${next.state}`);
    now.leave();
    this.#enter(next, reason);
  }

  #enter(next: Role, reason: string): void {
    this.#role = next;
    this.#tell(reason);
    next.start();
  }

  #tell(reason: string): void {
    this.#reason = reason;
    const { state, leader } = this.#role;
    const { acceptedEpoch, out } = this.#core;
    out.effect({
      kind: 'leadership',
      role: this.name,
      leading: this.serves && state === 'leading',
      epoch: acceptedEpoch,
      leader: this.serves ? leader : NO_NODE,
      reason,
    });
  }
}
