import type { AppendErrorName, RecordFault } from '@biquorum/log';
import type { Timer, Timers } from '@biquorum/platform';
import type { Partition, RoleError } from './partition.ts';
import type { Waiter } from './waiters.ts';

/** What became of one batch. */
export interface ProduceResult {
  readonly error: ProduceError;
  readonly message: string | null;
  /** −1 when nothing was appended. */
  readonly baseOffset: number;
  /** −1 unless the topic's timestamps are the broker's. */
  readonly logAppendTimeMs: number;
  readonly logStartOffset: number;
  readonly recordFaults: readonly RecordFault[];
}

/** Names of Kafka's errors that a produced batch can end with. */
export type ProduceError =
  | 'NONE'
  | 'UNKNOWN_TOPIC_OR_PARTITION'
  | 'NOT_ENOUGH_REPLICAS'
  | 'NOT_ENOUGH_REPLICAS_AFTER_APPEND'
  | 'REQUEST_TIMED_OUT'
  | RoleError
  | AppendErrorName;

/** A batch for one partition; undefined where this broker has no such partition. */
export interface ProduceEntry {
  readonly partition: Partition | undefined;
  readonly batch: Uint8Array;
}

/** `acks` of a Produce request: 0 and 1 answer after the append, −1 when all in-sync replicas have the records. */
export type RequiredAcks = 0 | 1 | -1;

/** Who appends: a coordinator may write to internal topics and carries no sequence numbers. */
export type ProduceOrigin = 'client' | 'coordinator';

/**
 * Appends batches and calls back when as many replicas have them as `acks` asks for.
 *
 * The callback comes at once where nothing has to be waited for, and by `timeoutMs` at the latest; what has not been
 * replicated by then is in the log all the same (REQUEST_TIMED_OUT).
 */
export function produce(
  entries: readonly ProduceEntry[],
  acks: RequiredAcks,
  timeoutMs: number,
  origin: ProduceOrigin,
  timers: Timers,
  done: (results: readonly ProduceResult[]) => void,
): void {
  const outcomes = entries.map((entry) => appendOne(entry, acks, origin));
  const waits = acks === -1 && outcomes.some((outcome) => outcome.pending !== undefined);
  if (!waits) {
    done(outcomes.map((outcome) => outcome.result));
    return;
  }
  new DelayedProduce(outcomes, timeoutMs, timers, done).begin();
}

interface Outcome {
  result: ProduceResult;
  /** What the result depends on. */
  pending: { readonly partition: Partition; readonly tenure: number | undefined; readonly end: number } | undefined;
}

function appendOne({ partition, batch }: ProduceEntry, acks: RequiredAcks, origin: ProduceOrigin): Outcome {
  if (partition === undefined) return failed('UNKNOWN_TOPIC_OR_PARTITION');
  const error = partition.roleError(-1, true);
  const { leadership } = partition;
  if (error !== null || leadership === undefined) return failed(error ?? 'NOT_LEADER_OR_FOLLOWER');
  if (acks === -1 && !partition.hasEnoughReplicas(leadership)) return failed('NOT_ENOUGH_REPLICAS');
  const appended = partition.append(leadership, batch, origin);
  if (appended.kind === 'rejected') {
    return {
      result: { ...NOTHING, error: appended.error, message: appended.message, recordFaults: appended.recordFaults },
      pending: undefined,
    };
  }
  const { firstOffset, lastOffset, logAppendTimeMs, logStartOffset } = appended;
  const result: ProduceResult = {
    error: 'NONE',
    message: null,
    baseOffset: firstOffset,
    logAppendTimeMs,
    logStartOffset,
    recordFaults: [],
  };
  const end = lastOffset + 1;
  const outcome: Outcome = { result, pending: undefined };
  if (acks === -1) outcome.pending = { partition, tenure: partition.tenure, end };
  return outcome;
}

class DelayedProduce implements Waiter {
  readonly #outcomes: Outcome[];
  readonly #done: (results: readonly ProduceResult[]) => void;
  readonly #timers: Timers;
  readonly #timeoutMs: number;
  #timer: Timer | undefined;
  #waiting = 0;

  constructor(
    outcomes: Outcome[],
    timeoutMs: number,
    timers: Timers,
    done: (results: readonly ProduceResult[]) => void,
  ) {
    this.#outcomes = outcomes;
    this.#timeoutMs = timeoutMs;
    this.#timers = timers;
    this.#done = done;
  }

  begin(): void {
    for (const outcome of this.#outcomes) {
      if (outcome.pending === undefined || settle(outcome)) continue;
      this.#waiting += 1;
      outcome.pending.partition.waiters.add(this);
    }
    if (this.#waiting === 0) this.#finish();
    else this.#timer = this.#timers.set(this.#timeoutMs, () => this.#expire());
  }

  check(): void {
    for (const outcome of this.#outcomes) {
      const { pending } = outcome;
      if (pending === undefined || !settle(outcome)) continue;
      this.#waiting -= 1;
      if (!this.#outcomes.some((other) => other.pending?.partition === pending.partition)) {
        pending.partition.waiters.delete(this);
      }
    }
    if (this.#waiting === 0) this.#finish();
  }

  #expire(): void {
    for (const outcome of this.#outcomes) {
      if (outcome.pending === undefined) continue;
      outcome.pending.partition.waiters.delete(this);
      outcome.result = { ...outcome.result, error: 'REQUEST_TIMED_OUT' };
      outcome.pending = undefined;
    }
    this.#finish();
  }

  #finish(): void {
    this.#timer?.cancel();
    this.#done(this.#outcomes.map((outcome) => outcome.result));
  }
}

/** Is it decided now whether the in-sync replicas have the records? */
function settle(outcome: Outcome): boolean {
  const { pending } = outcome;
  if (pending === undefined) return true;
  const { partition, tenure, end } = pending;
  const { leadership } = partition;
  if (partition.tenure === undefined || partition.tenure !== tenure) {
    // Another leader decides what becomes of the records; the producer asks there.
    outcome.result = { ...NOTHING, error: 'NOT_LEADER_OR_FOLLOWER' };
  } else if (leadership === undefined || leadership.highWatermark < end) return false;
  else if (!partition.hasEnoughReplicas(leadership)) {
    outcome.result = { ...outcome.result, error: 'NOT_ENOUGH_REPLICAS_AFTER_APPEND' };
  }
  outcome.pending = undefined;
  return true;
}

const NOTHING: ProduceResult = {
  error: 'NONE',
  message: null,
  baseOffset: -1,
  logAppendTimeMs: -1,
  logStartOffset: -1,
  recordFaults: [],
};

function failed(error: ProduceError): Outcome {
  return { result: { ...NOTHING, error }, pending: undefined };
}
