/** How long and how often the cases run, and what is printed. */
export interface BenchMode {
  readonly quick: boolean;
  readonly json: boolean;
  /** Counted rounds. */
  readonly rounds: number;
  /** The least time of one sample. */
  readonly minTimeS: number;
  /** The time of one case in one round. */
  readonly maxTimeS: number;
  readonly minSamples: number;
}

/**
 * The mode that the command line and the environment ask for: `--quick` or `BENCH_QUICK=1` for a smoke run whose
 * figures mean little, `--json` for one JSON line per case.
 */
export function modeOf(args: readonly string[], env: { readonly BENCH_QUICK?: string | undefined }): BenchMode {
  const quick = args.includes('--quick') || env.BENCH_QUICK === '1';
  const json = args.includes('--json');
  return quick
    ? { quick, json, rounds: 1, minTimeS: 0.002, maxTimeS: 0.01, minSamples: 2 }
    : { quick, json, rounds: 7, minTimeS: 0.03, maxTimeS: 0.15, minSamples: 4 };
}
