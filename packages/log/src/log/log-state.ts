import { DiskError } from '@biquorum/platform';
import { assert } from '@biquorum/std';
import type { LogConfig } from '../config/log-config.ts';
import type { LeaderEpochs } from '../epochs/leader-epochs.ts';
import { LogStorageError } from '../log-error.ts';
import { formatTopicPartition, type TopicPartition } from '../names/topic-partition.ts';
import type { ProducerStates } from '../producers/producer-states.ts';
import type { RecentBatches } from '../segments/recent-batches.ts';
import type { SegmentList } from '../segments/segment-list.ts';
import type { LogContext } from './log-context.ts';
import { TaskChain } from './task-chain.ts';

/** What a log begins with, as it was found on disk or made. */
export interface LogParts {
  readonly context: LogContext;
  readonly partition: TopicPartition;
  /** Directory of the log, absolute. */
  readonly directory: string;
  readonly config: LogConfig;
  readonly topicId: string | undefined;
  readonly segments: SegmentList;
  readonly epochs: LeaderEpochs;
  readonly producers: ProducerStates;
  /** Offsets of the producer snapshots on disk, rising. */
  readonly snapshots: readonly number[];
  readonly logStartOffset: number;
  readonly endOffset: number;
  readonly recoveryPoint: number;
  readonly highWatermark: number;
}

/**
 * The state of one log, which the operations in this folder share. It is not seen from outside of the package.
 *
 * `logStartOffset <= highWatermark <= endOffset`; `recoveryPoint <= endOffset`; what lies below the recovery point is
 * durable, indexes, epochs and names included.
 */
export class LogState {
  readonly context: LogContext;
  readonly partition: TopicPartition;
  readonly segments: SegmentList;
  readonly epochs: LeaderEpochs;
  readonly producers: ProducerStates;
  /** Operations that change the set of segments or cut the log; one at a time. */
  readonly changes: TaskChain = new TaskChain();
  /** Flushes; one at a time. */
  readonly flushes: TaskChain = new TaskChain();
  /** Writes of `leader-epoch-checkpoint`; one at a time. */
  readonly epochWrites: TaskChain = new TaskChain();
  directory: string;
  config: LogConfig;
  topicId: string | undefined;
  snapshots: number[];
  logStartOffset: number;
  endOffset: number;
  recoveryPoint: number;
  highWatermark: number;
  /** Undefined until something is appended, and again when the log has been idle. */
  recent: RecentBatches | undefined;
  /** The flush that has not begun yet: whoever wants one waits for it. */
  nextFlush: Promise<void> | undefined;
  /** Bytes appended since the last flush began. */
  unflushedBytes = 0;
  /** Bytes flushed since the last producer snapshot was written. */
  bytesSinceSnapshot = 0;
  /** Monotonic time of the last flush. */
  lastFlushMs: number;
  /** Goes up with each truncation: whoever waited meanwhile must look again. */
  truncations = 0;
  /** While the log is being cut, nothing can be appended. */
  truncating = false;
  /** Whether the epochs differ from their file in what lies before the end of the log. */
  epochsDirty = false;
  /**
   * Whether they differ in epochs that begin at its end or behind: those of leaders that have appended nothing. They say
   * nothing until something is appended, and no start of a process gives anything on them: nobody needs to write them.
   */
  epochsTrail = false;
  /** Whether files were made whose names are not durable. */
  namesDirty = false;
  /** Snapshots that were written and not synced. */
  unsyncedSnapshots: number[] = [];
  closed = false;
  /** Who is told when the log start offset moves forward. */
  startMoved: () => void = () => {};
  #failure: LogStorageError | undefined;

  constructor(parts: LogParts) {
    this.context = parts.context;
    this.partition = parts.partition;
    this.directory = parts.directory;
    this.config = parts.config;
    this.topicId = parts.topicId;
    this.segments = parts.segments;
    this.epochs = parts.epochs;
    this.producers = parts.producers;
    this.snapshots = [...parts.snapshots];
    this.logStartOffset = parts.logStartOffset;
    this.endOffset = parts.endOffset;
    this.recoveryPoint = parts.recoveryPoint;
    this.highWatermark = parts.highWatermark;
    this.lastFlushMs = parts.context.clock.monotonicMs();
  }

  /** `topic-partition`. */
  get name(): string {
    return formatTopicPartition(this.partition);
  }

  /** Why the log refuses everything; undefined as long as all is well. */
  get failure(): LogStorageError | undefined {
    return this.#failure;
  }

  /** Call before any operation. @throws LogStorageError the disk has failed under the log. */
  checkUsable(): void {
    if (this.#failure !== undefined) throw this.#failure;
    assert(!this.closed, () => `log ${this.name} is closed`);
  }

  /** Takes note of an error; a failed disk ends the use of the log. Returns what to throw. */
  fail(error: unknown): unknown {
    if (!(error instanceof DiskError)) return error;
    if (this.#failure === undefined) {
      this.#failure = new LogStorageError(this.directory, error);
      this.context.keeper.failed(this, error);
    }
    return this.#failure;
  }

  /** Runs a step that touches the disk; a failure of the disk ends the use of the log. */
  attempt<T>(step: () => T): T {
    try {
      return step();
    } catch (error) {
      throw this.fail(error);
    }
  }

  /** As `attempt`, for what takes time. */
  async attemptLater<T>(step: () => Promise<T>): Promise<T> {
    try {
      return await step();
    } catch (error) {
      throw this.fail(error);
    }
  }
}
