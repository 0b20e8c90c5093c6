import { Worker } from 'node:worker_threads';
import type { LogLevel, Telemetry } from '../telemetry.ts';
import type { WorkerErrorCode } from '../worker-error.ts';
import type { PendingJob } from './pending-job.ts';
import { type JobRequest, restoreError, type WorkerMessage, type WorkerSetup } from './worker-protocol.ts';
import { relay } from './worker-telemetry.ts';

/** What a thread needs of those who keep it. */
export interface WorkerThreadOptions {
  readonly main: URL;
  /** Undefined for those of the process. */
  readonly execArgv: readonly string[] | undefined;
  readonly cancelGraceMs: number;
  readonly telemetry: Telemetry;
  /** Called when a job has settled and the thread can take another. */
  readonly onIdle: () => void;
  /** Called once the thread is gone. */
  readonly onExit: () => void;
}

/** One worker thread and the job it runs. It keeps the process alive only while it has a job. */
export class WorkerThread {
  readonly #options: WorkerThreadOptions;
  readonly #worker: Worker;
  #job: PendingJob | undefined;
  #grace: NodeJS.Timeout | undefined;
  /** Why the thread is being ended, or what killed it. */
  #ending: { readonly code: WorkerErrorCode; readonly cause?: unknown } | undefined;

  constructor(options: WorkerThreadOptions) {
    this.#options = options;
    const workerData: WorkerSetup = { levels: levels.filter((level) => options.telemetry.enabled(level)) };
    const { main, execArgv } = options;
    this.#worker = new Worker(main, execArgv === undefined ? { workerData } : { workerData, execArgv: [...execArgv] });
    this.#worker.on('message', (message: WorkerMessage) => this.#receive(message));
    this.#worker.on('error', (cause) => {
      this.#ending ??= { code: 'crashed', cause };
    });
    this.#worker.on('exit', (exitCode) => this.#exited(exitCode));
    this.#worker.unref();
  }

  /** Whether it can take a job. */
  get idle(): boolean {
    return this.#job === undefined && this.#ending === undefined;
  }

  take(job: PendingJob): void {
    const { module, name, input, cancelled } = job;
    const request: JobRequest = { module, name, input, cancelled };
    try {
      this.#worker.postMessage(request, job.transfer);
    } catch (cause) {
      job.reject('failed', { cause, detail: 'its input cannot be sent to another thread' });
      return;
    }
    this.#job = job;
    job.thread = this;
    this.#worker.ref();
  }

  /** Asks its job to stop, and ends the thread if it does not. */
  cancel(job: PendingJob): void {
    if (job !== this.#job || job.cancelRequested) return;
    job.requestCancel();
    this.#grace = setTimeout(() => void this.end('cancelled'), this.#options.cancelGraceMs);
  }

  /** Ends the thread; a job in it fails with `code` once it is gone. */
  async end(code: WorkerErrorCode): Promise<void> {
    this.#ending ??= { code };
    await this.#worker.terminate();
  }

  #receive(message: WorkerMessage): void {
    const job = this.#job;
    if (message.kind === 'completed') {
      this.#release();
      job?.resolve(message.output);
    } else if (message.kind === 'failed') {
      this.#release();
      job?.reject(job.cancelRequested ? 'cancelled' : 'failed', { cause: restoreError(message.error) });
    } else {
      relay(this.#options.telemetry, message);
      return;
    }
    this.#options.onIdle();
  }

  #release(): void {
    clearTimeout(this.#grace);
    this.#job = undefined;
    this.#worker.unref();
  }

  #exited(exitCode: number): void {
    const { code, cause } = this.#ending ?? { code: 'crashed', cause: undefined };
    this.#ending ??= { code };
    const job = this.#job;
    this.#release();
    if (code === 'crashed') job?.reject(code, { cause, detail: `exit code ${exitCode}` });
    else job?.reject(code);
    this.#options.onExit();
  }
}

const levels: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error'];
