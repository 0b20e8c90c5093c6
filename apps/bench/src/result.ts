/** The figures of one case. */
export interface CaseResult {
  readonly name: string;
  readonly opsPerSecond: number;
  readonly nsPerOp: number;
  /** Undefined when the suite does not say how many bytes an operation goes through. */
  readonly bytesPerSecond: number | undefined;
  /** The slowest round's time per operation over the fastest round's, less one, in percent. */
  readonly spreadPercent: number;
  /** How many times as fast as the baseline: the median over the rounds. 1 for the baseline itself. */
  readonly ratio: number;
}

export interface SuiteResult {
  readonly title: string;
  readonly baseline: string;
  /** Whether this was a smoke run, whose figures mean little. */
  readonly quick: boolean;
  readonly results: readonly CaseResult[];
}

/** What has to be known of a case to make figures of its samples. */
export interface Measured {
  readonly name: string;
  readonly opsPerCall: number;
  readonly bytesPerOp: number | undefined;
}

/**
 * Condenses samples: the median of each round, and of these the median.
 *
 * @param samples Per case and round the seconds that a call took.
 */
export function summarize(
  baseline: string,
  cases: readonly Measured[],
  samples: readonly (readonly number[][])[],
): CaseResult[] {
  const secondsPerOp = cases.map(({ opsPerCall }, index) =>
    (samples[index] ?? []).map((round) => median(round) / opsPerCall),
  );
  const reference = secondsPerOp[cases.findIndex(({ name }) => name === baseline)] ?? [];
  return cases.map(({ name, bytesPerOp }, index) => {
    const rounds = secondsPerOp[index] ?? [];
    const seconds = median(rounds);
    return {
      name,
      opsPerSecond: 1 / seconds,
      nsPerOp: seconds * 1e9,
      bytesPerSecond: bytesPerOp === undefined ? undefined : bytesPerOp / seconds,
      spreadPercent: (Math.max(...rounds) / Math.min(...rounds) - 1) * 100,
      ratio: median(rounds.map((own, round) => (reference[round] ?? Number.NaN) / own)),
    };
  });
}

/** The middle value; of an even number, the mean of the two in the middle. NaN when there is none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
