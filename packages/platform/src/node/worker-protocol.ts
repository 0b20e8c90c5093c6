import type { Fields, Labels, LogLevel } from '../telemetry.ts';

/** What a worker thread is told at its start. */
export interface WorkerSetup {
  /** The levels that are worth sending. */
  readonly levels: readonly LogLevel[];
}

/** From the loop to a worker thread: one job. */
export interface JobRequest {
  readonly module: string;
  readonly name: string;
  readonly input: unknown;
  /** One Int32, 0 until the job should stop. Shared, so that a job which never awaits sees it change. */
  readonly cancelled: SharedArrayBuffer;
}

/** From a worker thread to the loop. */
export type WorkerMessage =
  | { readonly kind: 'completed'; readonly output: unknown }
  | { readonly kind: 'failed'; readonly error: PlainError }
  | { readonly kind: 'log'; readonly level: LogLevel; readonly event: string; readonly fields: Fields }
  | { readonly kind: 'count'; readonly name: string; readonly labels: Labels; readonly amount: number }
  | { readonly kind: 'gauge'; readonly name: string; readonly labels: Labels; readonly value: number }
  | { readonly kind: 'gaugeAdd'; readonly name: string; readonly labels: Labels; readonly amount: number }
  | {
      readonly kind: 'record';
      readonly name: string;
      readonly labels: Labels;
      readonly bounds: readonly number[] | undefined;
      readonly value: number;
    };

/** An error in a form that keeps its facts on the way between threads; structured clone drops all but the message. */
export interface PlainError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly code: string | number | undefined;
  readonly cause: PlainError | undefined;
}

const CAUSES_MAX = 8;

/** What can be sent of an error. */
export function flattenError(error: unknown, depth = 0): PlainError {
  if (!(error instanceof Error)) {
    return { name: 'Error', message: String(error), stack: undefined, code: undefined, cause: undefined };
  }
  const { code } = error as { code?: unknown };
  return {
    name: error.name,
    message: error.message,
    stack: error.stack,
    code: typeof code === 'string' || typeof code === 'number' ? code : undefined,
    cause: error.cause === undefined || depth >= CAUSES_MAX ? undefined : flattenError(error.cause, depth + 1),
  };
}

/** The error that was sent, as far as it could be. */
export function restoreError(plain: PlainError): Error {
  const options = plain.cause === undefined ? undefined : { cause: restoreError(plain.cause) };
  const error = Object.assign(new Error(plain.message, options), { name: plain.name });
  if (plain.stack !== undefined) error.stack = plain.stack;
  return plain.code === undefined ? error : Object.assign(error, { code: plain.code });
}
