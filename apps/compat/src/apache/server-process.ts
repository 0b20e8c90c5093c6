import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** A server to start. */
export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** File that receives everything it prints. */
  readonly logFile: string;
  /** A line that it prints once it serves. */
  readonly readyLine: RegExp;
  readonly readyTimeoutMs: number;
}

/** Servers that still run, so that none outlives this process. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A server in a process of its own. */
export class ServerProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown>;
  readonly #logFile: string;

  private constructor(child: ChildProcess, logFile: string) {
    this.#child = child;
    this.#closed = once(child, 'close');
    this.#logFile = logFile;
    running.add(child);
    child.once('exit', () => running.delete(child));
  }

  /**
   * Starts a server and waits for the line that says it is ready.
   *
   * @throws {Error} with the end of its output, if it ends before or stays silent for too long; it is killed then
   */
  static async start({
    command,
    args,
    cwd,
    logFile,
    readyLine,
    readyTimeoutMs,
  }: ServerCommand): Promise<ServerProcess> {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    const log = openSync(logFile, 'a');
    const server = new ServerProcess(child, logFile);
    const ready = new Promise<boolean>((resolve) => {
      for (const stream of [child.stdout, child.stderr]) {
        if (stream === null) continue;
        createInterface({ input: stream }).on('line', (line) => {
          writeSync(log, `${line}\n`);
          if (readyLine.test(line)) resolve(true);
        });
      }
      child.once('error', () => resolve(false));
      void server.#closed.then(() => {
        closeSync(log);
        resolve(false);
      });
      setTimeout(() => resolve(false), readyTimeoutMs).unref();
    });
    if (await ready) return server;
    const reason = server.isRunning ? `was not ready after ${readyTimeoutMs} ms` : 'ended before it was ready';
    await server.kill();
    throw new Error(`${command} in ${cwd} ${reason}; its last lines:\n${server.lastLines()}`);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null && this.#child.pid !== undefined;
  }

  /** Asks it to end, and waits until it has. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** Ends it as a crash of the process would (kill -9), and waits until it is gone. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** The end of what it printed. */
  lastLines(count = 40): string {
    return readFileSync(this.#logFile, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (this.isRunning) this.#child.kill(signal);
    await this.#closed.catch(() => {});
  }
}
