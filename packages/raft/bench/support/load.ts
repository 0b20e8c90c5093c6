/** A load that keeps a number of proposals under way, and how long each of them took. */
export class ClosedLoop {
  readonly #propose: () => Promise<unknown>;
  readonly #outstanding: number;
  readonly #count: number;
  /** Milliseconds from the proposal of an entry to its commit. */
  #latenciesMs: number[] = [];

  /**
   * @param propose Resolves once the entry is committed.
   * @param outstanding Proposals under way at most.
   * @param count Proposals that one run makes.
   */
  constructor(propose: () => Promise<unknown>, outstanding: number, count: number) {
    this.#propose = propose;
    this.#outstanding = outstanding;
    this.#count = count;
  }

  /** Proposes all entries; resolves when the last is committed. */
  readonly run = (): Promise<void> =>
    new Promise((resolve, reject) => {
      let started = 0;
      let ended = 0;
      const next = (): void => {
        if (started >= this.#count) return;
        started++;
        const startMs = performance.now();
        this.#propose().then(() => {
          this.#latenciesMs.push(performance.now() - startMs);
          ended++;
          if (ended === this.#count) resolve();
          else next();
        }, reject);
      };
      for (let slot = 0; slot < this.#outstanding; slot++) next();
    });

  /** The latency that `share` of all proposals so far kept within, in milliseconds (nearest rank). */
  percentileMs(share: number): number {
    const sorted = Float64Array.from(this.#latenciesMs).sort();
    return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
  }
}

/** One line for each percentile: what every load took, and how many times the first one's that is. */
export function latencyTable(loads: Readonly<Record<string, ClosedLoop>>, shares: readonly number[]): string {
  const [baseline] = Object.values(loads);
  return shares
    .map((share) => {
      const cells = Object.entries(loads).map(([name, load]) => {
        const ms = load.percentileMs(share);
        const ratio = load === baseline ? '' : ` (${(ms / (baseline?.percentileMs(share) ?? Number.NaN)).toFixed(2)}x)`;
        return `${name} ${ms.toFixed(2)} ms${ratio}`;
      });
      return `latency p${share * 100}: ${cells.join(', ')}`;
    })
    .join('\n');
}
