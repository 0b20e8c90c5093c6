import { WorkerError, type WorkerErrorCode } from '../worker-error.ts';
import type { Job } from '../workers.ts';
import type { WorkerThread } from './worker-thread.ts';

/** A job on its way: waiting, or in a thread, until it settles. */
export class PendingJob {
  readonly module: string;
  readonly name: string;
  readonly input: unknown;
  readonly transfer: readonly ArrayBuffer[];
  readonly cancelled: SharedArrayBuffer = new SharedArrayBuffer(4);
  readonly result: Promise<unknown>;
  /** The thread that runs it. */
  thread: WorkerThread | undefined;
  settled = false;
  #resolve: (output: unknown) => void = () => {};
  #reject: (error: WorkerError) => void = () => {};

  constructor(job: Job<never, unknown>, input: unknown, transfer: readonly ArrayBuffer[]) {
    this.module = job.module;
    this.name = job.name;
    this.input = input;
    this.transfer = transfer;
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  get cancelRequested(): boolean {
    return Atomics.load(new Int32Array(this.cancelled), 0) !== 0;
  }

  requestCancel(): void {
    Atomics.store(new Int32Array(this.cancelled), 0, 1);
  }

  resolve(output: unknown): void {
    this.settled = true;
    this.#resolve(output);
  }

  reject(code: WorkerErrorCode, facts: { readonly detail?: string; readonly cause?: unknown } = {}): void {
    this.settled = true;
    this.#reject(new WorkerError(code, { job: this.name, ...facts }));
  }
}
