import { NO_NODE, type NodeId } from '@biquorum/consensus';
import type { Core } from '../core.ts';
import type { LearnerMessage } from '../messages.ts';
import type { Role } from './role.ts';

/** Looks for a leader. */
export class Looking implements Role {
  readonly state = 'looking';
  readonly phase = 'election';
  readonly leader: NodeId = NO_NODE;
  readonly #core: Core;
  readonly #beginAtMs: number;
  #begun = false;

  /** @param delayMs How long it waits before it votes. */
  constructor(core: Core, delayMs: number) {
    this.#core = core;
    this.#beginAtMs = core.nowMs + delayMs;
  }

  start(): void {
    this.#tryToBegin();
  }

  tick(): void {
    if (this.#begun) this.#core.election.tick();
    else this.#tryToBegin();
  }

  /** Nobody leads here: a call is turned away, as by a port on which nothing listens. */
  onMessage(from: NodeId, _message: LearnerMessage): void {
    this.#core.out.hangUp(from);
  }

  onLink(): void {}

  onWritten(): void {}

  onInstalled(): void {
    this.#tryToBegin();
  }

  onSnapshot(): void {}

  application(): void {}

  leave(): void {}

  /** With a snapshot half in place there is no history to vote with (ZOOKEEPER-3642). */
  #tryToBegin(): void {
    const { installing, nowMs, election } = this.#core;
    if (this.#begun || installing !== null || nowMs < this.#beginAtMs) return;
    this.#begun = true;
    election.begin();
  }
}
