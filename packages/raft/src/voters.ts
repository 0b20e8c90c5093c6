import type { NodeId, Peer } from '@biquorum/consensus';
import { assert } from '@biquorum/std';
import type { ReplicaKey } from './messages.ts';

/** A member that votes. */
export interface Voter extends Peer {
  /** Directory id of its disk; empty until it has made it known. */
  readonly directory: string;
}

/** A voter set, in the order of ids. */
export interface VoterSet {
  readonly voters: readonly Voter[];
  /** The ids alone. */
  readonly ids: readonly NodeId[];
}

/** @throws AssertionError when an id occurs twice. */
export function voterSet(voters: readonly Voter[]): VoterSet {
  const sorted = [...voters].sort((a, b) => a.id - b.id);
  const ids = sorted.map((voter) => voter.id);
  assert(new Set(ids).size === ids.length, () => `voter ids ${ids} repeat`);
  return { voters: sorted, ids };
}

/** The voter that this replica is, if it is one. */
export function findVoter(set: VoterSet, key: ReplicaKey): Voter | undefined {
  const voter = set.voters.find(({ id }) => id === key.id);
  return voter !== undefined && sameDirectory(voter.directory, key.directory) ? voter : undefined;
}

/** Whether two directory ids may be the same disk: an unknown one matches any. */
export function sameDirectory(a: string, b: string): boolean {
  return a === '' || b === '' || a === b;
}

/**
 * The voter sets of the log with the index of each. The last one is in force as soon as it is appended (KIP-853), and
 * is dropped again when the log is cut before it.
 */
export class VoterHistory {
  /** Ascending by index; never empty. */
  readonly #sets: { index: number; set: VoterSet }[];

  constructor(bootstrap: VoterSet) {
    this.#sets = [{ index: -1, set: bootstrap }];
  }

  /** The set in force. */
  get current(): VoterSet {
    return this.#last.set;
  }

  /** Where the set in force stands in the log; −1 for the one that was configured. */
  get index(): number {
    return this.#last.index;
  }

  append(index: number, set: VoterSet): void {
    assert(index > this.index, () => `voter set at ${index} does not come after the one at ${this.index}`);
    this.#sets.push({ index, set });
  }

  /** The log was cut: entries from `end` on are gone. */
  truncate(end: number): void {
    while (this.#sets.length > 1 && this.index >= end) this.#sets.pop();
  }

  /** The log was replaced by a snapshot that ends at `end` and holds `set` (null: none was ever in the log). */
  reset(end: number, set: VoterSet | null): void {
    const bootstrap = this.#sets[0] as { index: number; set: VoterSet };
    this.#sets.length = 0;
    this.#sets.push(set === null ? bootstrap : { index: end - 1, set });
  }

  /** The set in force before index `end`; null when it is the configured one. */
  before(end: number): VoterSet | null {
    for (let at = this.#sets.length - 1; at >= 0; at--) {
      const entry = this.#sets[at] as { index: number; set: VoterSet };
      if (entry.index < end) return entry.index === -1 ? null : entry.set;
    }
    return null;
  }

  /** Entries before `start` are gone: older sets are no longer needed, but for the last of them. */
  deletePrefix(start: number): void {
    while (this.#sets.length > 1 && (this.#sets[1] as { index: number }).index < start) this.#sets.shift();
  }

  get #last(): { index: number; set: VoterSet } {
    return this.#sets[this.#sets.length - 1] as { index: number; set: VoterSet };
  }
}
