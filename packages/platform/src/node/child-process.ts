import { type ChildProcess as NodeChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { enableCompileCache, flushCompileCache } from 'node:module';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** How to start another process of Node. */
export interface ChildProcessOptions {
  /** `file:` URL of what it runs. */
  readonly main: string;
  readonly args: readonly string[];
  /** Where its standard error goes; made if it is missing, appended to if not. */
  readonly logFile: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Told of each line of its standard output. */
  readonly onLine: (line: string) => void;
  /** Told once, when it is gone. */
  readonly onExit: (how: string) => void;
}

/** A process that was started. */
export interface ChildProcess {
  readonly pid: number;
  /** The program and its arguments. */
  readonly command: readonly string[];
  /** Writes a line to its standard input; nothing where it is gone. */
  send(line: string): void;
  kill(signal: 'SIGTERM' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void;
  /** Resolves when it is gone. */
  readonly exited: Promise<void>;
}

/** By then a server has compiled what it needs; one that is killed would not write it at its end. */
const COMPILE_CACHE_FLUSH_MS = 2_000;

/** Condition under which packages are resolved to their sources. */
const SOURCE_CONDITION = '--conditions=@biquorum/source';

/** What starts a file of this repository or of an installed package: program and arguments. */
export function nodeCommand(main: string, args: readonly string[]): readonly string[] {
  const flags = main.endsWith('.ts') ? [SOURCE_CONDITION, '--disable-warning=ExperimentalWarning'] : [];
  return [process.execPath, ...flags, fileURLToPath(main), ...args];
}

/** Starts a process of Node. Its standard input ends with this process, which is how it knows that it is alone. */
export function startChildProcess(options: ChildProcessOptions): ChildProcess {
  const { main, args, logFile, environment, onLine, onExit } = options;
  mkdirSync(dirname(logFile), { recursive: true });
  const command = nodeCommand(main, args);
  const [program = process.execPath, ...rest] = command;
  const log = openSync(logFile, 'a');
  const child = spawn(program, rest, { stdio: ['pipe', 'pipe', log], env: { ...process.env, ...environment } });
  closeSync(log);
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  lines.on('line', onLine);
  child.stdin?.on('error', () => {});
  const pid = child.pid ?? -1;
  let guard: NodeChildProcess | undefined;
  const dismiss = (): void => {
    guard?.kill('SIGKILL');
    guard = undefined;
  };
  const exited = new Promise<void>((resolve) => {
    const ended = (how: string): void => {
      dismiss();
      onExit(how);
      resolve();
    };
    child.once('exit', (code, signal) => ended(signal ?? `status ${code}`));
    child.once('error', (error) => ended(error.message));
  });
  return {
    pid,
    command,
    send(line) {
      if (child.stdin?.writable === true) child.stdin.write(`${line}\n`);
    },
    kill(signal) {
      if (signal === 'SIGSTOP' && pid > 0) guard ??= guardOf(pid);
      if (signal === 'SIGCONT') dismiss();
      child.kill(signal);
    },
    exited,
  };
}

/** A stopped process cannot notice that it is alone: another one ends it when this process has ended. */
function guardOf(pid: number): NodeChildProcess {
  const guard = spawn('/bin/sh', ['-c', 'read -r _; kill -KILL "$0"', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.on('error', () => {});
  guard.stdin?.on('error', () => {});
  guard.unref();
  return guard;
}

/** When a process stops, and what it hears meanwhile. */
export interface StopOptions {
  /**
   * It belongs to the process at the other end of its standard input: that one's end asks it to stop, too, and SIGINT,
   * which a terminal sends to all that run in it, is left to that one.
   */
  readonly watchInput: boolean;
  /** Told of each line of its standard input, where that is watched. */
  readonly onLine?: (line: string) => void;
}

/** Resolves when this process is asked to stop: by SIGINT or SIGTERM, or because its standard input has ended. */
export function untilAskedToStop(options: StopOptions): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve());
    if (!options.watchInput) {
      process.once('SIGINT', () => resolve());
      return;
    }
    process.on('SIGINT', () => {});
    const { onLine } = options;
    if (onLine === undefined) process.stdin.resume();
    else createInterface({ input: process.stdin }).on('line', onLine);
    process.stdin.once('end', () => resolve());
    process.stdin.once('close', () => resolve());
  });
}

/**
 * Runs the program of a process to its end: `body` gets its arguments, and what it returns is the exit status. What the
 * body imports is kept compiled for the next start.
 */
export async function runMain(
  body: (args: readonly string[], print: (line: string) => void) => Promise<number>,
): Promise<void> {
  // What is loaded from here on starts faster the next time.
  enableCompileCache();
  setTimeout(flushCompileCache, COMPILE_CACHE_FLUSH_MS).unref();
  const status = await body(process.argv.slice(2), (line) => process.stdout.write(`${line}\n`));
  // What is still open must not keep a process that has come to its end.
  process.exit(status);
}

/** A variable of the environment. */
export function environmentVariable(name: string): string | undefined {
  return process.env[name];
}
