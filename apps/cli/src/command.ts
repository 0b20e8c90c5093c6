/** Where a command writes to. */
export interface Output {
  /** One line of result, for the standard output. */
  print(line: string): void;
  /** One line about what went wrong, for the standard error. */
  complain(line: string): void;
}

/** What a program ends with: 0 for done, 1 for done but not well, 2 for a call that makes no sense. */
export type ExitCode = 0 | 1 | 2;

/** One subcommand of `biquorum`. */
export interface Command {
  readonly name: string;
  /** Arguments and options, as the help shows them. */
  readonly synopsis: string;
  /** What it does, in one line. */
  readonly summary: string;
  /**
   * Runs it.
   *
   * @throws UsageError when the arguments make no sense.
   */
  run(args: readonly string[], output: Output): ExitCode | Promise<ExitCode>;
}

/** The caller's fault: the message says what is wrong with the arguments and what would be right. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
