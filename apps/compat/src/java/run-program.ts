import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** What to start. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Standard input; none if absent. */
  readonly input?: Iterable<string>;
  /** Whether the output of a run that fails is wanted instead of an error. */
  readonly tolerant?: boolean;
}

/** What a program that ended left behind. */
export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  /** Exit status; −1 if a signal ended it. */
  readonly status: number;
}

/** Longest piece of its output that a failure shows. */
const SHOWN_CHARACTERS = 4000;

/**
 * Runs a program to its end while feeding its input.
 *
 * @throws {Error} naming the program, its status and the end of its error output, if the status is not 0 and the
 * caller is not tolerant, or if it cannot be started
 */
export async function runProgram(program: Program): Promise<Outcome> {
  const { command, args, cwd, input, tolerant = false } = program;
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], cwd, env: { ...process.env, ...program.env } });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  const closed = once(child, 'close') as Promise<[number | null]>;
  // A program that ends before it has read everything says why by its status, not by our broken pipe.
  const fed = pipeline(Readable.from(input ?? []), child.stdin).catch(() => {});
  const [[status]] = await Promise.all([closed, fed]);
  const outcome = {
    stdout: Buffer.concat(stdout).toString(),
    stderr: Buffer.concat(stderr).toString(),
    status: status ?? -1,
  };
  if (outcome.status !== 0 && !tolerant) {
    const said = (outcome.stderr.trim() || outcome.stdout.trim()).slice(-SHOWN_CHARACTERS);
    throw new Error(`${command} ${args.at(-1) ?? ''} ended with status ${outcome.status}:\n${said}`);
  }
  return outcome;
}
