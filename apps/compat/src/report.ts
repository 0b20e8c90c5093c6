/** Result of one check. */
export interface CheckResult {
  readonly suite: string;
  readonly title: string;
  readonly failure: string | undefined;
}

/** How a suite ended. */
export interface SuiteResult {
  readonly name: string;
  readonly durationMs: number;
  /** Why it did not run. */
  readonly skipped: string | undefined;
}

/** Collects results and prints them as they come. */
export class Report {
  readonly #write: (line: string) => void;
  #checks: CheckResult[] = [];
  readonly #unsteady: CheckResult[] = [];
  readonly #suites: SuiteResult[] = [];

  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  begin(name: string, title: string): void {
    this.#write(`\n${name}: ${title}`);
  }

  /** Records one check; `note` is shown beside the title of one that passed. */
  add(result: CheckResult, note?: string): void {
    this.#checks.push(result);
    this.#write(`  ${result.failure === undefined ? 'pass' : 'FAIL'}  ${result.title}${note ? ` (${note})` : ''}`);
    if (result.failure !== undefined) this.#write(result.failure.replace(/^/gm, '        '));
  }

  /** Prints what a suite has to show besides its checks. */
  show(text: string): void {
    this.#write(text.replace(/^/gm, '  '));
  }

  end(result: SuiteResult): void {
    this.#suites.push(result);
    if (result.skipped !== undefined) this.#write(`  SKIPPED: ${result.skipped}`);
  }

  /** How many checks of a suite have failed. */
  failuresOf(suite: string): number {
    return this.#checks.filter((check) => check.suite === suite && check.failure !== undefined).length;
  }

  /** A suite is run once more: its checks so far do not count, and those that failed are told of at the end. */
  again(suite: string): void {
    const earlier = this.#checks.filter((check) => check.suite === suite);
    this.#checks = this.#checks.filter((check) => check.suite !== suite);
    this.#unsteady.push(...earlier.filter(({ failure }) => failure !== undefined));
    this.#write('  and once more:');
  }

  /** Number of checks that failed. */
  get failed(): number {
    return this.#checks.filter((check) => check.failure !== undefined).length;
  }

  /** Prints the time per suite, the failures once more, and the line that closes the run. */
  close(): void {
    this.#write('');
    for (const { name, durationMs, skipped } of this.#suites) {
      this.#write(`${name}: ${skipped === undefined ? `${(durationMs / 1000).toFixed(1)} s` : 'SKIPPED'}`);
    }
    for (const { suite, title } of this.#unsteady) this.#write(`failed the first time: ${suite}: ${title}`);
    for (const { suite, title, failure } of this.#checks) {
      if (failure !== undefined) this.#write(`FAIL  ${suite}: ${title}`);
    }
    this.#write(`${this.#checks.length - this.failed} passed, ${this.failed} failed`);
  }
}
