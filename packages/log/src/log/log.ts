import type { RecordBatch } from '@biquorum/kafka-wire';
import type { FollowerAppendResult, LeaderAppendResult } from '../append/append-result.ts';
import type { AppendOrigin } from '../append/rejection.ts';
import type { LogConfig } from '../config/log-config.ts';
import type { EpochEnd } from '../epochs/leader-epochs.ts';
import type { EpochStart } from '../files/leader-epoch-checkpoint.ts';
import { formatPartitionMetadata } from '../files/partition-metadata.ts';
import { PARTITION_METADATA_FILE } from '../names/file-names.ts';
import type { TopicPartition } from '../names/topic-partition.ts';
import type { ProducerEntry } from '../producers/producer-entry.ts';
import { appendAsFollower, type FollowerAppendOptions } from './append-as-follower.ts';
import { appendAsLeader } from './append-as-leader.ts';
import { batchesOf } from './batches.ts';
import { announceEpoch } from './epoch-changes.ts';
import { flush } from './flush.ts';
import type { LogState } from './log-state.ts';
import { type FoundRecord, findByTimestamp, findMaxTimestamp } from './look-up.ts';
import { advanceLogStart, lastStableOffset, setHighWatermark } from './offsets.ts';
import { type LogRead, type ReadRequest, read, tryRead } from './read.ts';
import { removeOldSegments } from './retention.ts';
import { roll } from './roll.ts';
import { truncateFullyAndStartAt, truncateTo } from './truncate.ts';
import { type LeaderEpochEnd, type TruncationStep, truncateToEpochEnd } from './truncate-to-epoch.ts';

/** Who leads, and who sends. */
export interface LeaderAppendOptions {
  readonly leaderEpoch: number;
  /** `client` by default: full checks. */
  readonly origin?: Extract<AppendOrigin, 'client' | 'coordinator'>;
}

/**
 * The log of one partition, in Apache Kafka's files.
 *
 * Appends, and reads close to the end, are synchronous: they touch only memory and the page cache. What may wait for
 * the disk is asynchronous. What is appended becomes durable by `flush`, or by and by on its own.
 *
 * Every method throws (or rejects with) `LogStorageError` once the disk has failed under the log.
 */
export class Log {
  readonly #log: LogState;

  /** Made by `LogManager`. */
  constructor(log: LogState) {
    this.#log = log;
  }

  /** Whose log it is. */
  get partition(): TopicPartition {
    return this.#log.partition;
  }

  /** Directory of its files, absolute. */
  get directory(): string {
    return this.#log.directory;
  }

  /** Id of the topic, 22 characters of base64url; undefined as long as none was assigned. */
  get topicId(): string | undefined {
    return this.#log.topicId;
  }

  /** The settings that hold for it. */
  get config(): LogConfig {
    return this.#log.config;
  }

  /** First offset that can be read. */
  get logStartOffset(): number {
    return this.#log.logStartOffset;
  }

  /** Offset that the next record gets. */
  get endOffset(): number {
    return this.#log.endOffset;
  }

  /** Offset up to which the records are replicated, as far as this log was told. */
  get highWatermark(): number {
    return this.#log.highWatermark;
  }

  /** First offset that consumers of committed records must not see. */
  get lastStableOffset(): number {
    return lastStableOffset(this.#log);
  }

  /** Offset up to which everything is durable. */
  get recoveryPoint(): number {
    return this.#log.recoveryPoint;
  }

  /** Bytes of log in all segments. */
  get byteLength(): number {
    return this.#log.segments.byteLength;
  }

  /** Base offsets of the segments, the active one last. */
  get segmentBaseOffsets(): readonly number[] {
    return this.#log.segments.all.map(({ baseOffset }) => baseOffset);
  }

  /** Why it refuses everything; undefined as long as all is well. */
  get failure(): Error | undefined {
    return this.#log.failure;
  }

  /** Makes other settings hold from now on. */
  updateConfig(config: LogConfig): void {
    this.#log.config = config;
  }

  /**
   * Appends one batch as the leader of the partition: checks it as Java does, gives it offsets, epoch and timestamps in
   * place, and compresses it anew if the topic asks for that. `bytes` is changed and may be used again afterwards.
   *
   * A batch of an idempotent producer that is in the log already is answered with the offsets it had got.
   */
  appendAsLeader(bytes: Uint8Array, { leaderEpoch, origin = 'client' }: LeaderAppendOptions): LeaderAppendResult {
    return appendAsLeader(this.#log, bytes, leaderEpoch, origin);
  }

  /**
   * Appends batches exactly as a leader wrote them, after checking headers and CRC. A batch that is cut off at the end
   * of `bytes` is left out, as are those that the leader cannot have written. Where nothing is left, `lastOffset` is
   * below `firstOffset`.
   */
  appendAsFollower(bytes: Uint8Array, options: FollowerAppendOptions = {}): FollowerAppendResult {
    return appendAsFollower(this.#log, bytes, options);
  }

  /**
   * Finds records close to the end of the log, without waiting; undefined if that would touch the disk: then ask
   * `read`. @throws OffsetOutOfRangeError
   */
  tryRead(request: ReadRequest): LogRead | undefined {
    return tryRead(this.#log, request);
  }

  /** Finds records anywhere in the log. @throws OffsetOutOfRangeError, CorruptLogError (as rejections) */
  read(request: ReadRequest): Promise<LogRead> {
    return read(this.#log, request);
  }

  /**
   * The batches from the one with `fromOffset` on up to what the end of the log is now, for tools and for state that
   * is built from a log. A batch stands until the next one is asked for.
   */
  batches(fromOffset: number = this.logStartOffset): AsyncGenerator<RecordBatch, void, void> {
    return batchesOf(this.#log, fromOffset);
  }

  /** The first record whose timestamp is at least `timestampMs`. */
  findByTimestamp(timestampMs: number): Promise<FoundRecord | undefined> {
    return findByTimestamp(this.#log, timestampMs);
  }

  /** The first record with the largest timestamp. */
  findMaxTimestamp(): Promise<FoundRecord | undefined> {
    return findMaxTimestamp(this.#log);
  }

  /** The newest leader epoch; undefined as long as there is none. */
  get latestEpoch(): number | undefined {
    return this.#log.epochs.latest;
  }

  /** All leader epochs and where their records begin, the oldest first. */
  get epochs(): readonly EpochStart[] {
    return this.#log.epochs.entries();
  }

  /** Where an epoch ends; undefined if the log cannot know. See `LeaderEpochs.endOffsetFor`. */
  endOffsetForEpoch(epoch: number): EpochEnd | undefined {
    return this.#log.epochs.endOffsetFor(epoch, this.#log.endOffset);
  }

  /** The epoch of the leader that appended the record at an offset. */
  epochForOffset(offset: number): number | undefined {
    return this.#log.epochs.epochForOffset(offset);
  }

  /**
   * Notes that an epoch begins, as a replica does when it becomes leader: at the end of the log. There it is forgotten
   * by the next start of the process, unless something was appended; elsewhere it is durable when the promise resolves.
   */
  assignEpoch(epoch: number, startOffset: number = this.endOffset): Promise<void> {
    return announceEpoch(this.#log, epoch, startOffset);
  }

  /** Moves the high watermark, to within the log; returns where it is now. */
  setHighWatermark(offset: number): number {
    return setHighWatermark(this.#log, offset);
  }

  /**
   * Moves the log start offset forward, as DeleteRecords and a leader's answer ask for. Returns whether it moved.
   *
   * @throws OffsetOutOfRangeError it would pass the high watermark.
   */
  advanceLogStart(offset: number): boolean {
    return advanceLogStart(this.#log, offset);
  }

  /** Calls back whenever the log start offset has moved forward, retention included. There is one listener: the last one. */
  onStartMoved(listener: () => void): void {
    this.#log.startMoved = listener;
  }

  /**
   * Cuts the log so that it ends before `offset`; a batch in which that lies goes as a whole. Resolves, durably cut, with
   * whether there was anything to cut.
   */
  truncateTo(offset: number): Promise<boolean> {
    return truncateTo(this.#log, offset);
  }

  /** Takes the step towards a leader's log that the leader's answer about an epoch allows. */
  truncateToEpochEnd(leader: LeaderEpochEnd): Promise<TruncationStep> {
    return truncateToEpochEnd(this.#log, leader);
  }

  /** Drops all records; the next one gets `offset`. */
  truncateFullyAndStartAt(offset: number, logStartOffset: number = offset): Promise<void> {
    return truncateFullyAndStartAt(this.#log, offset, logStartOffset);
  }

  /** Makes everything durable that the log holds now. */
  flush(): Promise<void> {
    return flush(this.#log);
  }

  /** Closes the active segment, if it holds anything, and begins the next one. */
  roll(): void {
    this.#log.checkUsable();
    if (this.#log.segments.active.size > 0) roll(this.#log);
  }

  /** Removes what retention allows to; resolves with the number of segments. `LogManager` does it from time to time. */
  removeOldSegments(): Promise<number> {
    return removeOldSegments(this.#log);
  }

  /** Notes the id of the topic, durably. @throws TypeError (as rejection) the log has another one. */
  async assignTopicId(topicId: string): Promise<void> {
    const log = this.#log;
    if (log.topicId === topicId) return;
    if (log.topicId !== undefined) {
      throw new TypeError(`log ${log.name} belongs to topic id ${log.topicId} and cannot become one of ${topicId}`);
    }
    log.topicId = topicId;
    const path = `${log.directory}/${PARTITION_METADATA_FILE}`;
    await log.attemptLater(() => log.context.disk.replace(path, formatPartitionMetadata(topicId)));
  }

  /** What is known of the producers. Read only. */
  producers(): Iterable<Readonly<ProducerEntry>> {
    return this.#log.producers.entries();
  }

  /** Forgets producers that have been idle for too long. `LogManager` does it from time to time. */
  removeExpiredProducers(): void {
    const { clock, producerIdExpirationMs } = this.#log.context;
    this.#log.producers.removeExpired(clock.wallMs(), producerIdExpirationMs);
  }
}
