import { availableParallelism } from 'node:os';
import { Queue } from '@biquorum/std';
import type { Telemetry } from '../telemetry.ts';
import type { Job, JobRun, RunOptions, Workers } from '../workers.ts';
import { PendingJob } from './pending-job.ts';
import { WorkerThread } from './worker-thread.ts';

/** How many worker threads there may be, and how they are treated. */
export interface NodeWorkersOptions {
  /** Threads, each of them started when it is first needed. By default one less than there are cores, at least one. */
  readonly threads?: number;
  /** How many jobs may wait. By default 64. */
  readonly waitingMax?: number;
  /** How long a cancelled job may go on before its thread is ended. By default 5,000 ms. */
  readonly cancelGraceMs?: number;
  /**
   * The main module of a worker thread. Needed only by a program that is bundled into one file: there it stands beside
   * the program as a bundle of its own, made from `worker-main.js` of this package.
   */
  readonly main?: URL;
}

/** Jobs in worker threads. */
export class NodeWorkers implements Workers {
  readonly #telemetry: Telemetry;
  readonly #options: Required<NodeWorkersOptions>;
  readonly #threads = new Set<WorkerThread>();
  readonly #waiting: Queue<PendingJob>;
  #closed = false;

  constructor(telemetry: Telemetry, options: NodeWorkersOptions = {}) {
    this.#telemetry = telemetry;
    this.#options = {
      threads: Math.max(1, availableParallelism() - 1),
      waitingMax: 64,
      cancelGraceMs: 5_000,
      main: new URL(`./worker-main${moduleExtension}`, import.meta.url),
      ...options,
    };
    this.#waiting = new Queue(this.#options.waitingMax);
  }

  run<Input, Output>(job: Job<Input, Output>, input: Input, options: RunOptions = {}): JobRun<Output> {
    const pending = new PendingJob(job, input, options.transfer ?? []);
    if (this.#closed) pending.reject('closed');
    else this.#place(pending);
    return { result: pending.result as Promise<Output>, cancel: () => this.#cancel(pending) };
  }

  /** Ends all threads; jobs without a result fail with `closed`. Resolves when nothing runs any more. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const pending of this.#waiting) pending.reject('closed');
    this.#waiting.clear();
    await Promise.all([...this.#threads].map((thread) => thread.end('closed')));
  }

  #place(pending: PendingJob): void {
    const thread = this.#idleThread();
    if (thread !== undefined) thread.take(pending);
    else if (this.#waiting.full) pending.reject('busy');
    else this.#waiting.push(pending);
  }

  #idleThread(): WorkerThread | undefined {
    for (const thread of this.#threads) if (thread.idle) return thread;
    if (this.#threads.size >= this.#options.threads) return undefined;
    const thread = new WorkerThread({
      main: this.#options.main,
      execArgv: threadArguments(),
      cancelGraceMs: this.#options.cancelGraceMs,
      telemetry: this.#telemetry,
      onIdle: () => this.#next(),
      onExit: () => {
        this.#threads.delete(thread);
        this.#next();
      },
    });
    this.#threads.add(thread);
    return thread;
  }

  #next(): void {
    while (!this.#closed) {
      const pending = this.#waiting.peek();
      if (pending === undefined) return;
      if (!pending.settled) {
        const thread = this.#idleThread();
        if (thread === undefined) return;
        thread.take(pending);
      }
      this.#waiting.shift();
    }
  }

  #cancel(pending: PendingJob): void {
    if (pending.settled) return;
    if (pending.thread === undefined) pending.reject('cancelled');
    else pending.thread.cancel(pending);
  }
}

/** This module's own: `.ts` when it runs from sources, `.js` when it was compiled. */
const moduleExtension: string = /\.[cm]?[jt]s$/.exec(import.meta.url)?.[0] ?? '.js';

/**
 * The options of Node for a thread; undefined for those of the process. From sources, the condition that leads imports
 * to the sources of the workspace, and nothing else: much of what a process is given (`--test`) may stop a thread.
 */
function threadArguments(): readonly string[] | undefined {
  if (moduleExtension === '.ts') return ['--conditions=@biquorum/source'];
  // A program given by --eval says so of itself; Node would believe it of the thread as well.
  return process.execArgv.some((argument) => argument.startsWith('--input-type')) ? [] : undefined;
}
