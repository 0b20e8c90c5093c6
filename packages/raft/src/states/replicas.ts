import type { NodeId, PeerView } from '@biquorum/consensus';
import type { Core } from '../core.ts';
import type { ReplicaKey } from '../messages.ts';
import { findVoter, sameDirectory } from '../voters.ts';
import { newProgress, type Progress } from './progress.ts';

/** The replicas that a leader knows: the other voters, always, and the observers that fetch. */
export class Replicas {
  readonly #core: Core;
  readonly #voters: Map<NodeId, Progress> = new Map();
  readonly #observers: Map<string, Progress> = new Map();

  constructor(core: Core) {
    this.#core = core;
    this.votersChanged();
  }

  /** The other voters. */
  get voters(): Iterable<Progress> {
    return this.#voters.values();
  }

  voter(id: NodeId): Progress | undefined {
    return this.#voters.get(id);
  }

  /** The observer that this replica is, if it has fetched. */
  observer(key: ReplicaKey): Progress | undefined {
    return this.#observers.get(nameOf(key));
  }

  /** What is known of a replica that has fetched. */
  known(key: ReplicaKey): Progress | undefined {
    return findVoter(this.#core.voters.current, key) === undefined ? this.observer(key) : this.#voters.get(key.id);
  }

  /** The replica that fetches; a new observer is remembered, unless there are too many. */
  track(key: ReplicaKey): Progress | undefined {
    const core = this.#core;
    if (findVoter(core.voters.current, key) !== undefined) {
      const voter = this.#voters.get(key.id);
      if (voter === undefined || voter.directory === key.directory) return voter;
      // The voter set does not name its disk; whichever comes is taken, and what another one acknowledged is void.
      const fresh = newProgress(key.id, key.directory, core.nowMs);
      this.#voters.set(key.id, fresh);
      return fresh;
    }
    const name = nameOf(key);
    const known = this.#observers.get(name);
    if (known !== undefined) return known;
    if (key.id < 0 || key.id === core.id || this.#observers.size >= core.options.observersMax) return undefined;
    const fresh = newProgress(key.id, key.directory, core.nowMs);
    this.#observers.set(name, fresh);
    return fresh;
  }

  /** Another voter set is in force: who joined keeps what is known of it, who left becomes an observer. */
  votersChanged(): void {
    const core = this.#core;
    for (const progress of this.#voters.values()) {
      if (findVoter(core.voters.current, progress) !== undefined) continue;
      this.#voters.delete(progress.id);
      this.#observers.set(nameOf(progress), progress);
    }
    for (const voter of core.voters.current.voters) {
      if (voter.id === core.id || this.#voters.has(voter.id)) continue;
      let progress = newProgress(voter.id, voter.directory, core.nowMs);
      for (const [name, observer] of this.#observers) {
        if (observer.id !== voter.id || !sameDirectory(observer.directory, voter.directory)) continue;
        progress = observer;
        this.#observers.delete(name);
        break;
      }
      this.#voters.set(voter.id, progress);
    }
  }

  /** Forgets observers that have stopped fetching. */
  forgetObservers(): void {
    const { nowMs, options } = this.#core;
    for (const [name, { lastContactMs }] of this.#observers) {
      if (nowMs - lastContactMs >= options.observerTimeoutMs) this.#observers.delete(name);
    }
  }

  /** The other voters, the furthest first: in this order they should follow this leader. */
  successors(): ReplicaKey[] {
    return [...this.#voters.values()]
      .sort((a, b) => b.matched - a.matched || a.id - b.id)
      .map(({ id, directory }) => ({ id, directory }));
  }

  view(): PeerView[] {
    const end = this.#core.log.end;
    const show = (progress: Progress, voter: boolean): PeerView => ({
      id: progress.id,
      directory: progress.directory,
      voter,
      matched: Math.max(progress.matched, 0),
      lag: end - Math.max(progress.matched, 0),
      lastContactMs: progress.matched < 0 ? -1 : progress.lastContactMs,
      lastCaughtUpMs: progress.lastCaughtUpMs,
    });
    return [
      ...[...this.#voters.values()].map((progress) => show(progress, true)),
      ...[...this.#observers.values()].map((progress) => show(progress, false)),
    ];
  }
}

function nameOf({ id, directory }: ReplicaKey): string {
  return `${id}/${directory}`;
}
