import { type PeerChannel, PeerError } from '@biquorum/kafka-network';
import { decodeResponseHeader, errorName, ProtocolError, requestFrame } from '@biquorum/kafka-wire';
import {
  type FetchResponse,
  type FetchResponsePartitionData,
  fetchRequest,
  fetchResponse,
} from '@biquorum/kafka-wire/messages/fetch';
import { listOffsetsRequest, listOffsetsResponse } from '@biquorum/kafka-wire/messages/list-offsets';
import { LogStorageError, type UnexpectedOffset } from '@biquorum/log';
import type { BrokerEpoch, LeaderEpoch, NodeId } from '@biquorum/metadata';
import type { Clock, Telemetry, Timer, Timers } from '@biquorum/platform';
import { ByteReader } from '@biquorum/std';
import type { Partition } from '../replicas/partition.ts';
import type { Waiter } from '../replicas/waiters.ts';
import { type FollowerPosition, FollowerSession } from './follower-session.ts';

/** Settings by Kafka's keys. */
export interface FetcherSettings {
  /** `replica.fetch.wait.max.ms`. */
  readonly waitMsMax: number;
  /** `replica.fetch.min.bytes`. */
  readonly bytesMin: number;
  /** `replica.fetch.max.bytes`, per partition. */
  readonly partitionBytesMax: number;
  /** `replica.fetch.response.max.bytes`. */
  readonly responseBytesMax: number;
  /** `replica.fetch.backoff.ms`. */
  readonly backoffMs: number;
}

/** What a fetcher needs. */
export interface FetcherParts {
  readonly self: NodeId;
  readonly leader: NodeId;
  readonly channel: PeerChannel;
  readonly clientId: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly telemetry: Telemetry;
  readonly brokerEpoch: () => BrokerEpoch;
  readonly settings: FetcherSettings;
}

/** Version of Fetch and ListOffsets between brokers of 3.9. */
const FETCH_VERSION = 17;
const LIST_OFFSETS_VERSION = 9;

/**
 * Copies partitions from one leader: asks for what comes after the own log's end, appends it, and asks again.
 *
 * The offset asked for is the acknowledgement, so it is read from the log itself at each request. Each position carries
 * the leader epoch under which it was made; an answer for another epoch, or for a log that has moved meanwhile, is
 * dropped, and the leader asked to tell all of it again. Where the logs part, the leader says so (KIP-595) and the own
 * log is cut before the next request.
 *
 * Only partitions that something has happened to are looked at before a request: with 10⁵ of them, those that stand still
 * cost nothing.
 */
export class ReplicaFetcher {
  readonly #parts: FetcherParts;
  readonly #session: FollowerSession;
  readonly #copies: Map<Partition, Copy> = new Map();
  /** The same by topic id and number, as the leader names them. */
  readonly #named: Map<string, Map<number, Partition>> = new Map();
  /** What the session may say of them is out of date. */
  readonly #touched: Set<Partition> = new Set();
  /** Left out of the session: their log is being cut, or they wait after an error. */
  readonly #held: Set<Partition> = new Set();
  #wake: (() => void) | undefined;
  #wakeTimer: Timer | undefined;
  #running = false;
  #closed = false;

  constructor(parts: FetcherParts) {
    this.#parts = parts;
    this.#session = new FollowerSession(parts.settings.partitionBytesMax);
  }

  get size(): number {
    return this.#copies.size;
  }

  /** Copies a partition from now on, under its present leader epoch. */
  add(partition: Partition): void {
    const watch: Waiter = { check: () => this.#touched.add(partition) };
    this.#drop(partition);
    this.#copies.set(partition, {
      leaderEpoch: partition.leaderEpoch,
      notBeforeMs: 0,
      busy: false,
      ended: undefined,
      watch,
    });
    const partitions = this.#named.get(partition.topicId) ?? new Map<number, Partition>();
    this.#named.set(partition.topicId, partitions);
    partitions.set(partition.index, partition);
    partition.waiters.add(watch);
    this.#touched.add(partition);
    this.#wakeNow();
    if (!this.#running) {
      this.#running = true;
      void this.#run();
    }
  }

  /** Copies it no longer. Resolves, if there is something to wait for, when its log is no longer being cut. */
  remove(partition: Partition): Promise<void> | undefined {
    const ended = this.#copies.get(partition)?.ended;
    this.#drop(partition);
    return ended;
  }

  close(): void {
    this.#closed = true;
    for (const partition of [...this.#copies.keys()]) this.#drop(partition);
    this.#parts.channel.close();
    this.#wakeNow();
  }

  #drop(partition: Partition): void {
    const copy = this.#copies.get(partition);
    if (copy === undefined) return;
    this.#copies.delete(partition);
    this.#touched.delete(partition);
    this.#held.delete(partition);
    partition.waiters.delete(copy.watch);
    const partitions = this.#named.get(partition.topicId);
    if (partitions?.get(partition.index) !== partition) return;
    partitions.delete(partition.index);
    if (partitions.size === 0) this.#named.delete(partition.topicId);
    this.#session.forget(partition.topicId, partition.index);
  }

  async #run(): Promise<void> {
    while (!this.#closed) {
      this.#bringUpToDate();
      if (this.#session.size === 0) {
        await this.#sleep(this.#untilNextMs());
        continue;
      }
      try {
        await this.#round();
      } catch (error) {
        if (this.#closed) break;
        if (!(error instanceof PeerError || error instanceof ProtocolError)) throw error;
        this.#session.reset();
        this.#parts.telemetry.log('warn', 'cannot fetch from leader', { leader: this.#parts.leader, error });
        await this.#sleep(this.#parts.settings.backoffMs);
      }
    }
    this.#running = false;
  }

  /** Tells the session what has become of partitions since the last request. */
  #bringUpToDate(): void {
    const now = this.#parts.clock.monotonicMs();
    for (const partition of [...this.#held, ...this.#touched]) {
      const copy = this.#copies.get(partition);
      if (copy === undefined) continue;
      if (copy.busy || copy.notBeforeMs > now) {
        this.#held.add(partition);
        this.#session.forget(partition.topicId, partition.index);
      } else {
        this.#held.delete(partition);
        this.#session.tell(positionOf(partition));
      }
    }
    this.#touched.clear();
  }

  async #round(): Promise<void> {
    const response = await this.#fetch();
    const error = errorName(response.errorCode);
    if (error !== 'NONE') {
      if (error === 'FETCH_SESSION_ID_NOT_FOUND') this.#session.lost();
      else this.#session.reset();
      if (!error.includes('FETCH_SESSION')) await this.#sleep(this.#parts.settings.backoffMs);
      return;
    }
    this.#session.answered(response.sessionId);
    for (const topic of response.responses) {
      for (const data of topic.partitions) {
        const partition = this.#named.get(topic.topicId)?.get(data.partitionIndex);
        const position = this.#session.position(topic.topicId, data.partitionIndex);
        if (partition === undefined || position === undefined) continue;
        this.#touched.add(partition);
        this.#take(partition, position, data);
      }
    }
  }

  async #fetch(): Promise<FetchResponse> {
    const { self, channel, clientId, brokerEpoch, settings } = this.#parts;
    const { isUrgent, ...session } = this.#session.next();
    const frame = await channel.request((correlationId) => {
      const header = { correlationId, clientId };
      const body = {
        ...session,
        replicaState: { replicaId: self, replicaEpoch: brokerEpoch() },
        maxWaitMs: isUrgent ? 0 : settings.waitMsMax,
        minBytes: settings.bytesMin,
        maxBytes: settings.responseBytesMax,
      };
      return withoutSize(requestFrame(fetchRequest, FETCH_VERSION, header, body));
    });
    const reader = new ByteReader(frame);
    decodeResponseHeader(reader, fetchRequest.table.apiKey ?? -1, FETCH_VERSION);
    return fetchResponse.decode(reader, FETCH_VERSION);
  }

  #take(partition: Partition, position: FollowerPosition, data: FetchResponsePartitionData): void {
    const copy = this.#copies.get(partition);
    // The role changed while the answer was under way: this copy ends.
    if (copy === undefined || copy.leaderEpoch !== partition.leaderEpoch || partition.leadership !== undefined) return;
    // It was asked under an earlier epoch, and an error may be about that one: this copy would end for nothing. Or the
    // log was cut meanwhile.
    const isLate = position.currentLeaderEpoch !== copy.leaderEpoch || position.fetchOffset !== partition.log.endOffset;
    if (isLate || copy.busy) {
      this.#session.unheard(partition.topicId, partition.index);
      return;
    }
    const error = errorName(data.errorCode);
    if (error !== 'NONE') this.#onError(partition, copy, error);
    else if (data.divergingEpoch.epoch >= 0) this.#cut(partition, copy, data.divergingEpoch);
    else {
      try {
        this.#append(partition, copy, position, data);
      } catch (failure) {
        if (!(failure instanceof LogStorageError)) throw failure;
        // Who looks after the log directories has been told; the other partitions go on until the broker stops.
        this.#drop(partition);
        this.#parts.telemetry.log('error', 'cannot write what the leader sent', {
          ...named(partition),
          error: failure,
        });
      }
    }
  }

  #append(partition: Partition, copy: Copy, position: FollowerPosition, data: FetchResponsePartitionData): void {
    const { log } = partition;
    if (data.records !== null && data.records.length > 0) {
      const result = log.appendAsFollower(data.records, { leaderEpoch: position.currentLeaderEpoch });
      if (result.kind === 'rejected' || result.kind === 'unexpected-offset') {
        // An empty replica of a leader whose first records were deleted starts where the leader's do.
        if (
          result.kind === 'unexpected-offset' &&
          result.firstOffset > log.endOffset &&
          data.logStartOffset > log.endOffset
        ) {
          this.#startOver(partition, copy, data.logStartOffset);
          return;
        }
        if (result.kind === 'unexpected-offset' && beginsWithin(result, log)) {
          this.#beginWithBatch(partition, copy, result.firstOffset, position, data);
          return;
        }
        this.#parts.telemetry.log('error', 'records from leader refused', {
          ...named(partition),
          reason: result.message,
        });
        this.#delay(copy);
        return;
      }
      // Only batches of later leaders came: to ask this one again and again brings nothing else.
      if (result.byteLength === 0) this.#delay(copy);
    }
    partition.learn(data.highWatermark, data.logStartOffset);
  }

  #onError(partition: Partition, copy: Copy, error: string): void {
    switch (error) {
      case 'OFFSET_OUT_OF_RANGE':
        void this.#backIntoRange(partition, copy);
        return;
      case 'FENCED_LEADER_EPOCH':
        // The leader knows a newer epoch than this broker: the assignment that tells it is on its way.
        this.#drop(partition);
        return;
      default:
        this.#delay(copy);
        this.#parts.telemetry.log('debug', 'leader does not serve partition', { ...named(partition), reason: error });
    }
  }

  #cut(partition: Partition, copy: Copy, leaderEnd: { readonly epoch: number; readonly endOffset: number }): void {
    this.#whileBusy(partition, copy, async () => {
      const { endOffset: before, latestEpoch } = partition.log;
      const { endOffset } = await partition.log.truncateToEpochEnd(leaderEnd);
      // Nothing went: the leader would say the same again at once, and again.
      if (partition.log.endOffset === before && partition.log.latestEpoch === latestEpoch) this.#delay(copy);
      this.#parts.telemetry.log('info', 'log cut to agree with leader', { ...named(partition), before, endOffset });
    });
  }

  #startOver(partition: Partition, copy: Copy, offset: number): void {
    this.#whileBusy(partition, copy, () => partition.log.truncateFullyAndStartAt(offset));
  }

  /**
   * Makes room for a batch that begins before the log does, and takes it from the answer at hand: the leader would refuse
   * to serve from the batch's first offset, which lies before its own log start.
   *
   * Source: Java `Partition.appendRecordsToFollowerOrFutureReplica`.
   */
  #beginWithBatch(
    partition: Partition,
    copy: Copy,
    offset: number,
    position: FollowerPosition,
    data: FetchResponsePartitionData,
  ): void {
    this.#whileBusy(partition, copy, async () => {
      await partition.log.truncateFullyAndStartAt(offset);
      if (this.#copies.get(partition) !== copy) return;
      this.#append(partition, copy, { ...position, fetchOffset: offset }, data);
    });
  }

  /** Source: Java `AbstractFetcherThread.fetchOffsetAndTruncate`. */
  async #backIntoRange(partition: Partition, copy: Copy): Promise<void> {
    copy.busy = true;
    this.#held.add(partition);
    try {
      const latest = await this.#askOffset(partition, LATEST);
      const earliest = await this.#askOffset(partition, EARLIEST);
      // Roles may have changed while the leader was asked: then what it said is of no use.
      if (this.#copies.get(partition) !== copy) return;
      this.#whileBusy(partition, copy, () => this.#fitInto(partition, earliest, latest));
    } catch (error) {
      if (!(error instanceof PeerError || error instanceof ProtocolError)) throw error;
      copy.busy = false;
      this.#cannotAgree(partition, copy, error);
    }
  }

  async #fitInto({ log, topic, index }: Partition, earliest: number, latest: number): Promise<void> {
    if (latest < log.endOffset) {
      this.#parts.telemetry.log('warn', 'leader has fewer records; own log is cut', {
        topic,
        partition: index,
        latest,
      });
      await log.truncateTo(latest);
    } else if (earliest > log.endOffset) await log.truncateFullyAndStartAt(earliest);
    else if (earliest > log.logStartOffset && earliest <= log.highWatermark) log.advanceLogStart(earliest);
  }

  async #askOffset(partition: Partition, timestamp: number): Promise<number> {
    const { channel, clientId, self } = this.#parts;
    const currentLeaderEpoch = partition.leaderEpoch;
    const frame = await channel.request((correlationId) => {
      const partitions = [{ partitionIndex: partition.index, currentLeaderEpoch, timestamp }];
      const body = { replicaId: self, topics: [{ name: partition.topic, partitions }] };
      return withoutSize(requestFrame(listOffsetsRequest, LIST_OFFSETS_VERSION, { correlationId, clientId }, body));
    });
    const reader = new ByteReader(frame);
    decodeResponseHeader(reader, listOffsetsRequest.table.apiKey ?? -1, LIST_OFFSETS_VERSION);
    const answer = listOffsetsResponse.decode(reader, LIST_OFFSETS_VERSION).topics[0]?.partitions[0];
    if (answer === undefined || answer.errorCode !== 0) throw new PeerError('malformed', channel.address);
    return answer.offset;
  }

  /** Work on the log that takes time: the partition is left out of requests until it is done. */
  #whileBusy(partition: Partition, copy: Copy, work: () => Promise<void>): void {
    copy.busy = true;
    this.#touched.add(partition);
    copy.ended = work()
      .catch((error: unknown) => this.#cannotAgree(partition, copy, error as Error))
      .finally(() => {
        copy.busy = false;
        copy.ended = undefined;
        this.#touched.add(partition);
        this.#wakeNow();
      });
  }

  #cannotAgree(partition: Partition, copy: Copy, error: Error): void {
    this.#parts.telemetry.log('warn', 'cannot agree with leader yet', { ...named(partition), error });
    this.#delay(copy);
    this.#wakeNow();
  }

  #delay(copy: Copy): void {
    copy.notBeforeMs = this.#parts.clock.monotonicMs() + this.#parts.settings.backoffMs;
  }

  #untilNextMs(): number {
    const now = this.#parts.clock.monotonicMs();
    let least = LONG_MS;
    for (const partition of this.#held) {
      const copy = this.#copies.get(partition);
      if (copy !== undefined && !copy.busy) least = Math.min(least, Math.max(1, copy.notBeforeMs - now));
    }
    return least;
  }

  #sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      this.#wakeTimer = this.#parts.timers.set(delayMs, () => this.#wakeNow());
    });
  }

  #wakeNow(): void {
    this.#wakeTimer?.cancel();
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}

/** A log is empty, and begins within a batch: where records were deleted at the leader, up to the middle of one. */
function beginsWithin(
  { firstOffset, lastOffset }: UnexpectedOffset,
  { logStartOffset, endOffset }: Partition['log'],
): boolean {
  return endOffset === logStartOffset && firstOffset < endOffset && lastOffset >= endOffset;
}

/** A partition being copied. */
interface Copy {
  readonly leaderEpoch: LeaderEpoch;
  notBeforeMs: number;
  /** Left out of requests: its log is being cut, or the leader is asked where to. */
  busy: boolean;
  /** Settles when the log is no longer being cut; undefined when it is not. Never rejects. */
  ended: Promise<void> | undefined;
  /** Among the partition's waiters: notes that something has happened to it, retention for one. */
  readonly watch: Waiter;
}

const LATEST = -1;
const EARLIEST = -2;
/** Nothing to do until somebody wakes the fetcher. */
const LONG_MS = 60_000;

function positionOf(partition: Partition): FollowerPosition {
  const { log, topicId, index, leaderEpoch } = partition;
  return {
    topicId,
    partition: index,
    fetchOffset: log.endOffset,
    logStartOffset: log.logStartOffset,
    currentLeaderEpoch: leaderEpoch,
    lastFetchedEpoch: log.latestEpoch ?? -1,
  };
}

function named(partition: Partition): { readonly topic: string; readonly partition: number } {
  return { topic: partition.topic, partition: partition.index };
}

/** A request frame without the size that the channel puts in front. Requests hold no payloads by reference. */
function withoutSize(segments: readonly (Uint8Array | { readonly byteLength: number })[]): Uint8Array[] {
  const [first, ...rest] = segments as readonly Uint8Array[];
  return [(first as Uint8Array).subarray(4), ...rest];
}
