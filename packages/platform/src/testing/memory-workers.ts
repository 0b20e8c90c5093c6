import { Queue } from '@biquorum/std';
import { WorkerError, type WorkerErrorCode } from '../worker-error.ts';
import {
  type Job,
  type JobContext,
  type JobFunction,
  type JobRun,
  type RunOptions,
  Transferring,
  type Workers,
} from '../workers.ts';
import type { HostLoop } from './host-loop.ts';

/** What a {@link MemoryWorkers} is like. */
export interface MemoryWorkersOptions {
  readonly loop: HostLoop;
  /** What jobs are given, but for their own `cancelled`. */
  readonly ports: Omit<JobContext, 'cancelled'>;
  /** How many jobs run at a time. By default 1. */
  readonly threads?: number;
  /** How many jobs may wait. By default 64. */
  readonly waitingMax?: number;
  /** How long it takes to reach another thread, each way. By default 0.05 ms. */
  readonly latencyMs?: number;
}

/** Jobs on the loop itself, in virtual time: what a job computes takes no time, what it awaits takes its own. */
export class MemoryWorkers implements Workers {
  readonly #options: Required<MemoryWorkersOptions>;
  readonly #waiting: Queue<MemoryJob>;
  #running = 0;

  constructor(options: MemoryWorkersOptions) {
    this.#options = { threads: 1, waitingMax: 64, latencyMs: 0.05, ...options };
    this.#waiting = new Queue(this.#options.waitingMax);
  }

  run<Input, Output>(job: Job<Input, Output>, input: Input, options: RunOptions = {}): JobRun<Output> {
    this.#options.loop.check();
    const pending = new MemoryJob(job, this.#options.loop);
    if (this.#running < this.#options.threads || !this.#waiting.full) this.#take(pending, input, options);
    else pending.reject('busy');
    return { result: pending.result as Promise<Output>, cancel: () => this.#cancel(pending) };
  }

  #take(pending: MemoryJob, input: unknown, { transfer = [] }: RunOptions): void {
    try {
      pending.input = clone(input, transfer);
    } catch (cause) {
      pending.reject('failed', { cause, detail: 'its input cannot be sent to another thread' });
      return;
    }
    if (this.#running < this.#options.threads) this.#start(pending);
    else this.#waiting.push(pending);
  }

  #start(pending: MemoryJob): void {
    this.#running++;
    pending.started = true;
    this.#options.loop.after(this.#options.latencyMs, () => void this.#perform(pending));
  }

  async #perform(pending: MemoryJob): Promise<void> {
    const { loop, ports, latencyMs } = this.#options;
    let settle: () => void;
    try {
      // Loading a module is real, and takes real time that must not pass for virtual.
      const job = await loop.time.hold(load(pending.job));
      const context: JobContext = {
        ...ports,
        get cancelled() {
          return pending.cancelled;
        },
      };
      const returned = await job(pending.input, context);
      const output = returned instanceof Transferring ? clone(returned.output, returned.buffers) : clone(returned, []);
      settle = () => pending.resolve(output);
    } catch (cause) {
      settle = () => pending.reject(pending.cancelled ? 'cancelled' : 'failed', { cause });
    }
    loop.after(latencyMs, () => {
      this.#running--;
      settle();
      this.#next();
    });
  }

  #next(): void {
    while (this.#running < this.#options.threads) {
      const pending = this.#waiting.shift();
      if (pending === undefined) return;
      if (!pending.settled) this.#start(pending);
    }
  }

  #cancel(pending: MemoryJob): void {
    if (pending.settled) return;
    pending.cancelled = true;
    if (!pending.started) pending.reject('cancelled');
  }
}

class MemoryJob {
  readonly job: Job<never, unknown>;
  readonly result: Promise<unknown>;
  input: unknown;
  started = false;
  cancelled = false;
  settled = false;
  readonly #loop: HostLoop;
  #resolve: (output: unknown) => void = () => {};
  #reject: (error: WorkerError) => void = () => {};

  constructor(job: Job<never, unknown>, loop: HostLoop) {
    this.job = job;
    this.#loop = loop;
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  resolve(output: unknown): void {
    this.settled = true;
    this.#resolve(output);
  }

  reject(code: WorkerErrorCode, facts: { readonly detail?: string; readonly cause?: unknown } = {}): void {
    this.settled = true;
    const error = new WorkerError(code, { job: this.job.name, ...facts });
    this.#loop.after(0, () => this.#reject(error));
  }
}

async function load({ module, name }: Job<never, unknown>): Promise<JobFunction<unknown, unknown>> {
  const exports = (await import(/* @vite-ignore */ module)) as { readonly [name: string]: unknown };
  const job = exports[name];
  if (typeof job !== 'function') throw new TypeError(`module ${module} exports no function ${name}`);
  return job as JobFunction<unknown, unknown>;
}

/** The way values take between threads. Every environment has it, though the language does not. */
function clone(value: unknown, transfer: readonly ArrayBuffer[]): unknown {
  const { structuredClone } = globalThis as unknown as {
    structuredClone: (value: unknown, options: { transfer: readonly ArrayBuffer[] }) => unknown;
  };
  return structuredClone(value, { transfer });
}
