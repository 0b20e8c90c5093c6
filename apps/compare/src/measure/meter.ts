import type { NodeTally } from '../node/tally.ts';
import { Missing, type RunningSide } from '../sides/side.ts';
import { type Usage, usageOf } from './usage.ts';

/** What a cluster has done between two moments. */
export interface Metered {
  readonly elapsedMs: number;
  /** Messages between nodes about metadata. */
  readonly messages: number | Missing;
  readonly bytes: number | Missing;
  /** Syncs of what the government of the cluster keeps. */
  readonly syncs: number | Missing;
  readonly processorMs: number | Missing;
  /** At the second moment. */
  readonly residentMiB: number | Missing;
}

/** Reads what nodes have counted, once now and once later. */
export class Meter {
  readonly #side: RunningSide;
  readonly #startMs: number;
  readonly #tallies: ReadonlyMap<number, NodeTally>;
  readonly #usage: ReadonlyMap<number, Usage> | undefined;

  private constructor(side: RunningSide, tallies: readonly NodeTally[], usage: ReadonlyMap<number, Usage> | undefined) {
    this.#side = side;
    this.#tallies = byPid(tallies);
    this.#usage = usage;
    this.#startMs = performance.now();
  }

  /** The first moment is when this resolves. */
  static async start(side: RunningSide): Promise<Meter> {
    return new Meter(side, (await side.tallies?.()) ?? [], usageOf(side.pids));
  }

  /** What the processes of a cluster have done since they began. */
  static async sinceStart(side: RunningSide): Promise<Metered> {
    return new Meter(side, [], new Map()).read();
  }

  /** Processes that have ended meanwhile are left out; those that have begun count whole. */
  async read(): Promise<Metered> {
    const elapsedMs = performance.now() - this.#startMs;
    const usage = usageOf(this.#side.pids);
    const tallies = await this.#side.tallies?.();
    const uncounted = new Missing('nobody counts at the ports of Apache’s processes');
    const grown = (read: (tally: NodeTally) => number): number | Missing => {
      if (tallies === undefined) return uncounted;
      return tallies.reduce((sum, now) => {
        const before = this.#tallies.get(now.pid);
        return sum + read(now) - (before === undefined ? 0 : read(before));
      }, 0);
    };
    const used = (read: (now: Usage, before: Usage | undefined) => number): number | Missing => {
      if (usage === undefined) return new Missing('only Linux tells it in /proc');
      return [...usage].reduce((sum, [pid, now]) => sum + read(now, this.#usage?.get(pid)), 0);
    };
    return {
      elapsedMs,
      messages: grown(({ control }) => control.messages),
      bytes: grown(({ control }) => control.bytes),
      syncs: grown(({ syncs }) => syncs.control),
      processorMs: used((now, before) => now.processorMs - (before?.processorMs ?? 0)),
      residentMiB: used((now) => now.residentMiB),
    };
  }
}

function byPid(tallies: readonly NodeTally[]): ReadonlyMap<number, NodeTally> {
  return new Map(tallies.map((tally) => [tally.pid, tally]));
}
