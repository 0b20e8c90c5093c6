import { checkLinearizability, HistoryRecorder, type Model } from '@biquorum/simulator';
import type { Stat } from '@biquorum/zookeeper-wire';

/** A write of the register; -1 stands for any version, as in `setData`. */
export interface RegisterWrite {
  readonly expected: number;
}

/** The version that a write made; {@link REFUSED} when the register had another than was expected. */
export type WriteOutcome = number;

export const REFUSED = -1;

/** What `setData` does to the version of a node. */
const versions: Model<number, RegisterWrite, WriteOutcome> = {
  initial: 0,
  step(version, { expected }, outcome) {
    const refused = expected !== -1 && expected !== version;
    const made = refused ? REFUSED : version + 1;
    if (outcome !== null && outcome !== made) return null;
    return { state: refused ? version : made };
  },
  name: String,
};

/** What a server showed of a node. */
interface Reading {
  readonly version: number;
  /** The last transaction that the server had applied by then. */
  readonly zxid: number;
  readonly by: string;
}

/**
 * What all clients know together, and what is wrong with it. The register is one node that all of them write: its
 * versions are the order of the writes, and the zxid of each is its place among everything else.
 */
export class Ledger {
  readonly faults: string[] = [];
  reads = 0;
  moves = 0;
  /** Sessions that ended, by expiry or because their client ended them, and whose ephemerals were looked for. */
  ended = 0;
  /** Writes of the register that were acknowledged. */
  acknowledged = 0;
  /** The newest version that anybody was told of as made. */
  newest = 0;
  readonly #writes: HistoryRecorder<RegisterWrite, WriteOutcome> = new HistoryRecorder();
  readonly #shown: Map<number, { readonly mzxid: number; readonly text: string; readonly by: string }> = new Map();
  readonly #readings: Reading[] = [];
  #callers = 0;

  /** A client asks for a write. @returns What {@link Ledger.wrote} wants to know. */
  writes(write: RegisterWrite): number {
    return this.#writes.call(this.#callers++, write);
  }

  /** It was answered. */
  wrote(call: number, outcome: WriteOutcome): void {
    this.#writes.answer(call, outcome);
    if (outcome === REFUSED) return;
    this.acknowledged++;
    this.newest = Math.max(this.newest, outcome);
  }

  /** A client was shown the register, or what its write has made of it. */
  saw(by: string, { version, mzxid }: Stat, text: string, zxid: number): void {
    const known = this.#shown.get(version);
    if (known === undefined) this.#shown.set(version, { mzxid, text, by });
    else if (known.mzxid !== mzxid || known.text !== text) {
      const other = `${known.by} saw '${known.text}' of zxid ${known.mzxid}`;
      this.faults.push(`${by} saw version ${version} as '${text}' of zxid ${mzxid}, and ${other}`);
    }
    if (mzxid > zxid) this.faults.push(`${by} saw a change of zxid ${mzxid} at a server that was at ${zxid}`);
    this.#readings.push({ version, zxid, by });
  }

  /** All that was wrong: now that everything is known, also what can be told from the whole of it alone. */
  verdict(): readonly string[] {
    const verdict = checkLinearizability(this.#writes.operations(), versions);
    const stuck = verdict.kind === 'violation' ? `: ${JSON.stringify(verdict.stuck)}` : '';
    const writes =
      verdict.kind === 'linearizable' ? [] : [`the writes are no linear history (${verdict.kind})${stuck}`];
    return [...this.faults, ...writes, ...this.#staleReadings()];
  }

  /** A server at a zxid shows all that was made up to there: reads are those of one history. */
  #staleReadings(): string[] {
    return this.#readings.flatMap(({ version, zxid, by }) => {
      const next = this.#shown.get(version + 1);
      if (next === undefined || next.mzxid > zxid) return [];
      return [`${by} was shown version ${version} at zxid ${zxid}, though ${next.mzxid} had made another`];
    });
  }
}
