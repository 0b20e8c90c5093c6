import { add, suite as bennySuite, configure } from 'benny';
import { type BenchMode, modeOf } from './mode.ts';
import { jsonLines, table } from './print.ts';
import { type CaseResult, type SuiteResult, summarize } from './result.ts';

/** What is measured: called again and again. When it returns a promise, the time until that settles counts. */
export type Run = () => unknown;

/** A case that prepares something first, outside the measurement, or that counts differently from the suite. */
export interface CaseWithSetup {
  /** Called once, before any case of the suite runs. */
  readonly setup: () => Run | Promise<Run>;
  /** Overrides that of the suite. */
  readonly opsPerCall?: number;
  /** Overrides that of the suite. */
  readonly bytesPerOp?: number;
}

export type Case = Run | CaseWithSetup;

/** Cases that do the same work in different ways. */
export interface Suite {
  readonly title: string;
  /** The name of the case that the others are compared to. */
  readonly baseline: string;
  readonly cases: Readonly<Record<string, Case>>;
  /** How many operations one call makes, for work that takes nanoseconds and is done in a loop; 1 by default. */
  readonly opsPerCall?: number;
  /** How many bytes one operation goes through; when given, throughput is printed too. */
  readonly bytesPerOp?: number;
}

interface Prepared {
  readonly name: string;
  readonly run: Run;
  readonly opsPerCall: number;
  readonly bytesPerOp: number | undefined;
}

// What a case returns is stored here, so that the engine cannot drop the work as unused.
const kept: { value: unknown } = { value: undefined };

/**
 * Measures all cases, prints a table, and returns what was measured.
 *
 * The cases take turns: each round runs every case for a moment, in an order that is rotated from round to round, and
 * the ratio is taken within the round. So a machine that slows down for a while slows all of them. A first round
 * that is not counted lets the engine compile.
 *
 * @throws Error when no case has the name of the baseline, or when a case throws.
 */
export async function suite(
  definition: Suite,
  mode: BenchMode = modeOf(process.argv.slice(2), process.env),
): Promise<SuiteResult> {
  const { title, baseline, cases } = definition;
  if (!Object.hasOwn(cases, baseline)) {
    throw new Error(`suite "${title}": baseline "${baseline}" is not among the cases ${Object.keys(cases).join(', ')}`);
  }
  const prepared: Prepared[] = [];
  for (const [name, what] of Object.entries(cases)) prepared.push(await prepare(definition, name, what));
  const samples = await measure(title, prepared, mode);
  const results: CaseResult[] = summarize(baseline, prepared, samples);
  const result: SuiteResult = { title, baseline, quick: mode.quick, results };
  console.log(table(result));
  if (mode.json) console.log(jsonLines(result));
  return result;
}

async function prepare(definition: Suite, name: string, what: Case): Promise<Prepared> {
  const own: Partial<CaseWithSetup> = typeof what === 'function' ? {} : what;
  const run = typeof what === 'function' ? what : await what.setup();
  // A promise has to get through to benny, which then waits for it; anything else is kept from being dropped.
  const first = run();
  const isAsync = first instanceof Promise;
  await first;
  return {
    name,
    run: isAsync
      ? run
      : () => {
          kept.value = run();
        },
    opsPerCall: own.opsPerCall ?? definition.opsPerCall ?? 1,
    bytesPerOp: own.bytesPerOp ?? definition.bytesPerOp,
  };
}

/** Runs all rounds; returns per case and round the sampled seconds per call. */
async function measure(title: string, prepared: readonly Prepared[], mode: BenchMode): Promise<number[][][]> {
  const entries = [];
  const order: { readonly round: number; readonly index: number }[] = [];
  for (let round = 0; round <= mode.rounds; round++) {
    for (let turn = 0; turn < prepared.length; turn++) {
      const index = (turn + round) % prepared.length;
      const { name, run } = prepared[index] as Prepared;
      order.push({ round, index });
      entries.push(add(`${name}, round ${round}`, run));
    }
  }
  const { minTimeS: minTime, maxTimeS: maxTime, minSamples } = mode;
  const summary = await bennySuite(title, configure({ cases: { minTime, maxTime, minSamples, delay: 0 } }), ...entries);
  const samples: number[][][] = prepared.map(() => []);
  for (const [at, { round, index }] of order.entries()) {
    const seconds = summary.results[at]?.details.sampleResults ?? [];
    if (seconds.length === 0) throw new Error(`suite "${title}": case "${prepared[index]?.name}" gave no samples`);
    // Round 0 is for warming up.
    if (round > 0) samples[index]?.push(seconds);
  }
  return samples;
}
