import type { Entry, NodeId, View } from '@biquorum/consensus';
import { crc32c } from '@biquorum/std';
import { Violation } from './violation.ts';

/** What is known of one incarnation of a node. */
interface Watched {
  epoch: number;
  leading: boolean;
  highWatermark: number;
  votersIndex: number;
  voters: readonly NodeId[];
  /** How many committed voter sets it was held against. */
  setsSeen: number;
}

/**
 * The properties that must hold after every event, whatever the engine. Sees what nodes show and what their machines
 * are given, never how they work.
 */
export class SafetyChecker {
  readonly #leaders: Map<number, NodeId> = new Map();
  readonly #nodes: Map<NodeId, Watched> = new Map();
  /** Checksum of every entry that any machine was given, by its index. */
  readonly #delivered: Map<number, { readonly sum: number; readonly span: number; readonly by: NodeId }> = new Map();
  /** Running checksum of the whole sequence up to an index. */
  readonly #digests: Map<number, number> = new Map([[0, 0]]);
  /** How far the leader of each epoch has committed. */
  readonly #ends: Map<number, number> = new Map();
  /** Voter sets that were shown as committed, ascending by index. */
  readonly #voterSets: { readonly index: number; readonly voters: readonly NodeId[] }[] = [];
  #end = 0;

  /** The end of what was delivered anywhere. */
  get deliveredEnd(): number {
    return this.#end;
  }

  /** A node starts anew; what it knew without having it on its disk is gone. */
  restarted(id: NodeId): void {
    this.#nodes.delete(id);
  }

  /** A node has taken an input in. */
  observe(view: View): void {
    const { id, epoch, leading, highWatermark, logEnd, durableEnd, voters, votersIndex } = view;
    const before = this.#nodes.get(id);
    const same = before?.highWatermark === highWatermark && before.votersIndex === votersIndex;
    // Only what is new can be wrong: in this view, or in what others have shown since the last one.
    if (!same || before.voters !== voters || before.setsSeen !== this.#voterSets.length) this.#knowsVoters(view);
    const setsSeen = this.#voterSets.length;
    if (highWatermark > logEnd) {
      throw new Violation('high watermark within the log', `node ${id}: ${highWatermark} is beyond ${logEnd}`);
    }
    // A leader counts its own disk: what it has cut off would count for entries that are not there yet.
    if (durableEnd > logEnd) {
      throw new Violation('what is durable is in the log', `node ${id}: ${durableEnd} is beyond ${logEnd}`);
    }
    if (before === undefined) {
      this.#nodes.set(id, { epoch, leading, highWatermark, votersIndex, voters, setsSeen });
      if (leading) this.#leads(view);
      return;
    }
    if (epoch < before.epoch) throw new Violation('epochs never fall', `node ${id}: ${epoch} after ${before.epoch}`);
    if (highWatermark < before.highWatermark) {
      throw new Violation('high watermarks never fall', `node ${id}: ${highWatermark} after ${before.highWatermark}`);
    }
    if (leading && (!before.leading || epoch > before.epoch)) this.#leads(view);
    else if (leading && votersIndex > before.votersIndex) this.#changesVoters(view, before);
    // What a leader shows as committed binds the leaders of later epochs; those of earlier ones may not know yet.
    if (leading && highWatermark > before.highWatermark) this.#ends.set(epoch, highWatermark);
    before.epoch = epoch;
    before.leading = leading;
    before.highWatermark = highWatermark;
    before.votersIndex = votersIndex;
    before.voters = voters;
    before.setsSeen = setsSeen;
  }

  /** A machine is given an entry; `digest` is that of its sequence before. @returns The digest after it. */
  deliver(id: NodeId, entry: Entry, digest: number): number {
    const { index, span, epoch, payload } = entry;
    const sum = crc32c(payload, 0, payload.length, epoch);
    const known = this.#delivered.get(index);
    if (known !== undefined && (known.sum !== sum || known.span !== span)) {
      throw new Violation(
        'one sequence of entries',
        `nodes ${known.by} and ${id} were given different entries at ${index}`,
      );
    }
    if (known === undefined) {
      if (index < this.#end) {
        throw new Violation(
          'one sequence of entries',
          `node ${id} was given an entry at ${index}, where others have none`,
        );
      }
      if (index > this.#end) {
        throw new Violation('no gaps', `node ${id} was given an entry at ${index}; the sequence ends at ${this.#end}`);
      }
      this.#delivered.set(index, { sum, span, by: id });
      this.#end = index + span;
    }
    const next = Math.imul(digest ^ sum, 0x9e37_79b1) ^ (digest >>> 15);
    this.#digests.set(index + span, next);
    return next;
  }

  /** Whether a log on a disk holds everything that was committed: from its start on, entry by entry, to the end. */
  holdsCommitted(start: number, entries: readonly Entry[]): boolean {
    let end = start;
    for (const { index, span, epoch, payload } of entries) {
      if (end >= this.#end) break;
      const known = this.#delivered.get(index);
      if (index !== end || known?.sum !== crc32c(payload, 0, payload.length, epoch)) return false;
      end = index + span;
    }
    return end >= this.#end;
  }

  /** A machine is given a whole state that claims to be the sequence up to `index`. */
  restore(id: NodeId, index: number, digest: number): void {
    const known = this.#digests.get(index);
    if (known === undefined)
      throw new Violation('snapshots hold what was committed', `node ${id}: nothing ends at ${index}`);
    if (known !== digest)
      throw new Violation('snapshots hold what was committed', `node ${id}: another state at ${index}`);
  }

  /** Whoever knows that a voter set is committed has it in force, or a later one. */
  #knowsVoters({ id, highWatermark, voters, votersIndex }: View): void {
    const sets = this.#voterSets;
    const last = sets.at(-1);
    if (votersIndex < highWatermark && votersIndex > (last?.index ?? -1)) {
      // The same set may be shown at a later place: at the end of the snapshot that holds it.
      if (last?.voters.join() !== voters.join()) sets.push({ index: votersIndex, voters });
    }
    let at = sets.length - 1;
    while (at >= 0 && (sets[at]?.index ?? 0) >= highWatermark) at--;
    const committed = sets[at];
    if (committed === undefined || votersIndex >= highWatermark) return;
    if (voters.join() !== committed.voters.join()) {
      throw new Violation(
        'committed voter sets are in force',
        `node ${id} has ${voters} (${votersIndex}), not ${committed.voters} (${committed.index})`,
      );
    }
  }

  #leads({ id, epoch, logEnd }: View): void {
    const leader = this.#leaders.get(epoch);
    if (leader !== undefined && leader !== id) {
      throw new Violation('one leader in an epoch', `nodes ${leader} and ${id} lead epoch ${epoch}`);
    }
    this.#leaders.set(epoch, id);
    for (const [older, end] of this.#ends) {
      if (older < epoch && end > logEnd) {
        throw new Violation(
          'leaders have what was committed',
          `node ${id} of epoch ${epoch} ends at ${logEnd} before ${end}`,
        );
      }
    }
  }

  /** A leader replaces the voter set: one member at a time, and never while an earlier change is open. */
  #changesVoters({ id, voters, votersIndex, highWatermark }: View, before: Watched): void {
    const joined = voters.filter((voter) => !before.voters.includes(voter)).length;
    const left = before.voters.filter((voter) => !voters.includes(voter)).length;
    if (joined + left > 1) {
      throw new Violation('one voter change at a time', `leader ${id}: ${before.voters} became ${voters}`);
    }
    if (before.votersIndex >= 0 && before.votersIndex >= highWatermark) {
      throw new Violation(
        'one voter change at a time',
        `leader ${id} at ${votersIndex}: the change at ${before.votersIndex} is not committed`,
      );
    }
  }
}
