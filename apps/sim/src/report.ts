/** What a run is about: a whole cluster, an engine by itself, or a program on the ports. */
export type SimulatedKind = 'cluster' | 'engine' | 'scenario';

/** What does not hold, and how to see it again. */
export interface ReportedViolation {
  readonly text: string;
  /** The fewest families of faults with which it still happens; null where faults come without families. */
  readonly families: readonly string[] | null;
  /** The command that shows it again. */
  readonly replay: string;
}

/** What one seed came to. */
export interface SeedReport {
  readonly kind: SimulatedKind;
  /** The cluster's mode, the engine's name or the scenario's. */
  readonly mode: string;
  /** The build that is broken on purpose; null for the whole one. */
  readonly mutant: string | null;
  readonly seed: number;
  /** A digest of everything that happened. */
  readonly trace: string;
  readonly virtualMs: number;
  /** Families of faults that could strike; null where faults come without families. */
  readonly families: readonly string[] | null;
  /** How much of what was done, by name. */
  readonly operations: Readonly<Record<string, number>>;
  /** How often faults struck, by name. */
  readonly faults: Readonly<Record<string, number>>;
  /** Empty when all held. */
  readonly violations: readonly ReportedViolation[];
}

/** Takes what runs come to, as they come to it. */
export interface Report {
  /** A line for people: what came of many seeds, or what broke. */
  print(line: string): void;
  /** What one seed came to. */
  seed(report: SeedReport): void;
  /** What happened in a run, where everything is to be told. */
  told(seed: number, line: string): void;
  /** Something that had to hold beside the seeds, such as that one seed run twice did the same. */
  check(name: string, held: boolean): void;
  /** A build that is broken on purpose. */
  mutant(mutant: { readonly name: string; readonly breaks: string; readonly seed: number }): void;
  /** Nothing more comes. */
  end(): void;
}

/** How often it is told how far long work has come. */
const PROGRESS_EVERY_MS = 5_000;

/**
 * Lines for people; what seeds came to is in them already.
 *
 * @param progress Takes a line now and then about how many seeds are done.
 */
export function textReport(
  print: (line: string) => void,
  progress: (line: string) => void = () => {},
  nowMs: () => number = () => 0,
): Report {
  let seeds = 0;
  let toldMs = nowMs();
  return {
    print,
    seed: ({ kind, mode, seed }) => {
      seeds++;
      if (nowMs() - toldMs < PROGRESS_EVERY_MS) return;
      toldMs = nowMs();
      progress(`${seeds} seeds so far; seed ${seed} of ${kind} ${mode} is done`);
    },
    told: (_, line) => print(line),
    check: () => {},
    mutant: ({ name, breaks }) => print(`${name.padEnd(40)}${breaks}`),
    end: () => {},
  };
}

/** An object of JSON in each line: one for each seed, check and broken build, and one with the sums at the end. */
export function jsonReport(print: (line: string) => void, nowMs: () => number): Report {
  const startMs = nowMs();
  const line = (event: string, facts: object): void => print(JSON.stringify({ event, ...facts }));
  const sums = new Sums();
  return {
    print: () => {},
    seed: (report) => {
      sums.add(report);
      const { kind, mode, mutant, seed, operations, faults, violations, ...facts } = report;
      const counts = { operations: keyed(Object.entries(operations)), faults: keyed(Object.entries(faults)) };
      line('seed', { kind, mode, mutant, seed, held: isHeld(report), ...facts, ...counts, violations });
    },
    told: (seed, text) => line('told', { seed, line: text }),
    check: (name, held) => {
      sums.check(name, held);
      line('check', { name, held });
    },
    mutant: ({ name, breaks, seed }) => line('mutant', { name, breaks, seed }),
    end: () => line('end', { ...sums.all(), tookMs: Math.round(nowMs() - startMs) }),
  };
}

/** Adds up what seeds came to. */
class Sums {
  #passed = 0;
  #failed = 0;
  #virtualMs = 0;
  readonly #operations: Map<string, number> = new Map();
  readonly #faults: Map<string, number> = new Map();
  readonly #violations: object[] = [];
  readonly #brokenChecks: string[] = [];
  #checks = 0;

  add(report: SeedReport): void {
    if (isHeld(report)) this.#passed++;
    else this.#failed++;
    this.#virtualMs += report.virtualMs;
    addUp(this.#operations, report.operations);
    addUp(this.#faults, report.faults);
    const { kind, mode, seed } = report;
    for (const violation of report.violations) this.#violations.push({ kind, mode, seed, ...violation });
  }

  check(name: string, held: boolean): void {
    this.#checks++;
    if (!held) this.#brokenChecks.push(name);
  }

  all(): object {
    return {
      held: this.#failed === 0 && this.#brokenChecks.length === 0,
      seeds: { passed: this.#passed, failed: this.#failed },
      checks: { passed: this.#checks - this.#brokenChecks.length, failed: this.#brokenChecks },
      virtualMs: Math.round(this.#virtualMs),
      operations: keyed(this.#operations),
      faults: keyed(this.#faults),
      violations: this.#violations,
    };
  }
}

/** Counts under names such as programs have them: `recordsRead` for records read. */
function keyed(counts: Iterable<readonly [name: string, count: number]>): Readonly<Record<string, number>> {
  const key = (name: string): string => name.replace(/ (\w)/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries([...counts].map(([name, count]) => [key(name), count]));
}

function isHeld({ violations }: SeedReport): boolean {
  return violations.length === 0;
}

function addUp(sums: Map<string, number>, counts: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(counts)) sums.set(name, (sums.get(name) ?? 0) + count);
}
