import type { Readable } from 'node:stream';

/** Where a command writes to. */
export interface Output {
  /** One line of result, for the standard output. */
  print(line: string): void;
  /** One line about what went wrong, for the standard error. */
  complain(line: string): void;
}

/** What a command can see and do of the console besides. */
export interface Terminal extends Output {
  /** Bytes of result as they are. Resolves when more of them may follow. */
  write(bytes: Uint8Array): Promise<void>;
  /** What is typed, or piped in. */
  readonly input: Readable;
  /** Shows how far long work has come, in place of what it was told before; where that is written down, only now and then. */
  progress(line: string): void;
}

/** What a program ends with: 0 for done, 1 for done but not well, 2 for a call that makes no sense. */
export type ExitCode = 0 | 1 | 2;

/** An option of a command: how it is read, and what the help and the documentation say of it. */
export interface Flag {
  /** Without its dashes. */
  readonly name: string;
  /** One letter, where it may be called so, too. */
  readonly short?: string;
  /** What stands for its value in the help; a flag without has none. */
  readonly value?: string;
  /** Its value may be left out. */
  readonly optional?: true;
  /** It may be given several times. */
  readonly multiple?: true;
  readonly summary: string;
}

/** One subcommand of `biquorum`. */
export interface Command {
  readonly name: string;
  /** Arguments and options, as the help shows them. */
  readonly synopsis: string;
  /** What it does, in one line. */
  readonly summary: string;
  /** Its options, where it lists them. */
  readonly flags?: readonly Flag[];
  /** Calls that a newcomer may copy. */
  readonly examples?: readonly string[];
  /**
   * Runs it.
   *
   * @throws UsageError when the arguments make no sense.
   * @throws CommandFault when it cannot be done.
   */
  run(args: readonly string[], terminal: Terminal): ExitCode | Promise<ExitCode>;
}

/** A command by its name; what it needs is loaded when it is called. */
export interface CommandEntry {
  readonly name: string;
  load(): Promise<Command>;
}

/** The caller's fault: the message says what is wrong with the arguments and what would be right. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What was asked for cannot be done: the message says why, and what to do about it. */
export class CommandFault extends Error {
  override readonly name: string = 'CommandFault';
}
