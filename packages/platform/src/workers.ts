import type { Clock } from './clock.ts';
import type { Disk } from './disk.ts';
import type { Random } from './random.ts';
import type { Telemetry } from './telemetry.ts';

/**
 * Work that would hold up the loop (compaction, a long recovery), run beside it: in worker threads in production, in
 * line under the simulator. Reaching another thread costs 0.1 ms and starting one 40 ms, so this is for work
 * measured in milliseconds.
 */
export interface Workers {
  /**
   * Queues a job. At most one job runs in a worker at a time; jobs start in the order of the calls.
   *
   * Input and output are passed by structured clone: plain data and typed arrays, no functions.
   *
   * @throws WorkerError (as rejection of {@link JobRun.result}) `busy` when the queue is full, `cancelled`, `failed`
   * when the job threw (its error is the cause), `crashed` when the worker died, `closed`.
   */
  run<Input, Output>(job: Job<Input, Output>, input: Input, options?: RunOptions): JobRun<Output>;
}

/** How to run a job. */
export interface RunOptions {
  /** Buffers that move into the worker instead of being copied; they are empty here afterwards. */
  readonly transfer?: readonly ArrayBuffer[];
}

/** A job on its way. */
export interface JobRun<Output> {
  /** Settles once, and when it does nothing of the job is running any more: its files can be touched safely. */
  readonly result: Promise<Output>;

  /**
   * Asks the job to stop: a waiting one is dropped, a running one sees {@link JobContext.cancelled}. `result` rejects
   * with `cancelled` if the job throws or the worker has to be ended, but a job that completes all the same has
   * completed. Does nothing once `result` has settled.
   */
  cancel(): void;
}

/**
 * The name of a function in a module: what can be sent to another thread in place of the function. Made by
 * {@link defineJob}.
 */
export interface Job<Input, Output> {
  /** URL of the module, absolute. */
  readonly module: string;
  /** Name of the exported {@link JobFunction}. */
  readonly name: string;
  /** Never present; binds the types of input and output. */
  readonly signature?: JobFunction<Input, Output>;
}

/**
 * A job itself. It may be asynchronous. To hand large buffers back without copying, return `transferring(output,
 * buffers)`.
 */
export type JobFunction<Input, Output> = (input: Input, context: JobContext) => JobOutput<Output>;

/** What a job returns, at once or later. */
export type JobOutput<Output> = Output | Transferring<Output> | Promise<Output | Transferring<Output>>;

/** The ports of a worker. */
export interface JobContext {
  readonly clock: Clock;
  readonly random: Random;
  readonly disk: Disk;
  readonly telemetry: Telemetry;

  /** True once the job should stop. It changes while the job runs, even if that never awaits; look at it now and then. */
  readonly cancelled: boolean;
}

/**
 * Names a job by the module that exports it. `module` is relative to the calling module and has no extension: the
 * extension of the caller is added, so that the same line works compiled and from TypeScript sources.
 *
 * ```ts
 * import type { compact } from './compact.ts';
 * export const compactJob = defineJob<typeof compact>(import.meta.url, './compact', 'compact');
 * ```
 */
export function defineJob<Function extends (input: never, context: JobContext) => unknown>(
  caller: string,
  module: string,
  name: string,
): Job<Parameters<Function>[0], JobResult<Function>> {
  const directory = caller.slice(0, caller.lastIndexOf('/') + 1);
  const extension = /\.[cm]?[jt]s$/.exec(caller)?.[0] ?? '.js';
  return { module: resolve(directory, `${module}${extension}`), name };
}

/** What the result of a job's function is, without the wrappings of {@link JobOutput}. */
export type JobResult<Function extends (...parameters: never) => unknown> =
  Awaited<ReturnType<Function>> extends Transferring<infer Output> ? Output : Awaited<ReturnType<Function>>;

/** An output together with the buffers that move with it. */
export class Transferring<Output> {
  readonly output: Output;
  readonly buffers: readonly ArrayBuffer[];

  constructor(output: Output, buffers: readonly ArrayBuffer[]) {
    this.output = output;
    this.buffers = buffers;
  }
}

/** Marks buffers of a job's output as moving instead of being copied. */
export function transferring<Output>(output: Output, buffers: readonly ArrayBuffer[]): Transferring<Output> {
  return new Transferring(output, buffers);
}

/** `./` and `../` against a directory URL. The URL class is not in every environment that we compile for. */
function resolve(directory: string, relative: string): string {
  let base = directory;
  let rest = relative;
  for (;;) {
    if (rest.startsWith('./')) rest = rest.slice(2);
    else if (rest.startsWith('../')) {
      rest = rest.slice(3);
      base = base.slice(0, base.lastIndexOf('/', base.length - 2) + 1);
    } else return base + rest;
  }
}
