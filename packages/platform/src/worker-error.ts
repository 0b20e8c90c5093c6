/** Why a job has no result. */
export type WorkerErrorCode =
  /** The queue is full. */
  | 'busy'
  /** Somebody asked it to stop. */
  | 'cancelled'
  /** The job threw; its error is the cause. */
  | 'failed'
  /** The worker died under it. */
  | 'crashed'
  /** The workers have been shut down. */
  | 'closed';

/** A job without a result, as a value: a code and the job's name. */
export class WorkerError extends Error {
  override readonly name: string = 'WorkerError';
  readonly code: WorkerErrorCode;
  /** Name of the job's function. */
  readonly job: string;

  constructor(code: WorkerErrorCode, facts: WorkerErrorFacts) {
    const { job, detail, cause } = facts;
    const explanation = detail === undefined ? explanations[code] : `${explanations[code]}: ${detail}`;
    super(`job ${job}: ${explanation}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.job = job;
  }
}

/** What a {@link WorkerError} is about. */
export interface WorkerErrorFacts {
  readonly job: string;
  /** Says more than the code alone. */
  readonly detail?: string;
  readonly cause?: unknown;
}

const explanations: Readonly<Record<WorkerErrorCode, string>> = {
  busy: 'too many jobs are waiting; try again later',
  cancelled: 'cancelled',
  failed: 'failed',
  crashed: 'its worker died',
  closed: 'the workers have been shut down',
};
