import { CorruptLogError, type FileSlice, type Log, LogStorageError, OffsetOutOfRangeError } from '@biquorum/log';
import type { BrokerEpoch, NodeId } from '@biquorum/metadata';
import type { Timer, Timers } from '@biquorum/platform';
import type { BeginRest, FetchResult, FetchWants, FetchWish } from './fetch-sessions.ts';
import type { Leadership } from './leadership.ts';
import type { Partition, RoleError } from './partition.ts';
import { RestingFollower } from './resting-follower.ts';
import type { Waiter } from './waiters.ts';

/** Who fetches. */
export type Fetcher =
  | { readonly kind: 'consumer'; readonly readCommitted: boolean; readonly rack: string }
  | { readonly kind: 'follower'; readonly node: NodeId; readonly brokerEpoch: BrokerEpoch };

/** A Fetch request without its session. */
export interface FetchParameters {
  readonly fetcher: Fetcher;
  readonly maxWaitMs: number;
  readonly minBytes: number;
  /** A soft bound: the first batch of the first partition that has one comes whole. */
  readonly maxBytes: number;
  /** Version 11 and later: a follower may serve consumers, and a consumer may be sent to one (KIP-392). */
  readonly anyReplica: boolean;
  /** Versions before 3 did not know the rule of the first batch. */
  readonly firstBatchWhole: boolean;
}

/** A wish with the partition it is for; undefined where this broker has none. */
export interface FetchEntry {
  readonly wish: FetchWish;
  readonly partition: Partition | undefined;
  /** What to answer where there is no partition. */
  readonly missing: 'UNKNOWN_TOPIC_OR_PARTITION' | 'UNKNOWN_TOPIC_ID' | 'NOT_LEADER_OR_FOLLOWER';
}

/** What a partition answers. */
export interface PartitionFetch extends FetchResult {
  readonly error: FetchError;
  readonly lastStableOffset: number;
  readonly divergingEpoch: { readonly epoch: number; readonly endOffset: number } | null;
  /** The follower that a consumer had better fetch from, −1 for none. */
  readonly preferredReplica: NodeId;
  /** To be released. */
  readonly records: FileSlice | undefined;
}

/** Names of Kafka's errors that a partition's fetch can end with. */
export type FetchError =
  | 'NONE'
  | 'UNKNOWN_TOPIC_OR_PARTITION'
  | 'UNKNOWN_TOPIC_ID'
  | 'OFFSET_OUT_OF_RANGE'
  | 'CORRUPT_MESSAGE'
  | RoleError;

/** What fetching needs besides partitions. */
export interface FetchContext {
  readonly timers: Timers;
  nowMs(): number;
  /** A replica for a consumer of this rack, or undefined to serve it here. */
  preferredReplica(partition: Partition, rack: string, fetchOffset: number): NodeId | undefined;
  codeOf(error: FetchError): number;
}

/** What a fetch came to, partition by partition. */
export interface Fetched {
  readonly wishes: readonly FetchWish[];
  /** In the order of `wishes`. */
  readonly results: readonly PartitionFetch[];
}

/**
 * Fetches: answers at once when there is enough, when something is wrong or when the fetcher does not want to wait;
 * otherwise when enough has been appended or replicated, or time is up.
 *
 * @param entryOf finds the partition of a wish
 */
export async function fetch(
  context: FetchContext,
  parameters: FetchParameters,
  wanted: FetchWants,
  entryOf: (wish: FetchWish) => FetchEntry,
): Promise<Fetched> {
  let { stirs } = wanted;
  let wishes = wanted.wishes();
  let entries = wishes.map(entryOf);
  noteFollower(context, parameters.fetcher, entries);
  const deadline = context.nowMs() + parameters.maxWaitMs;
  for (;;) {
    if (stirs !== wanted.stirs) {
      stirs = wanted.stirs;
      wishes = wanted.wishes();
      entries = wishes.map(entryOf);
    }
    const seen = wakesOf(entries);
    const results = await readAll(context, parameters, entries);
    const left = deadline - context.nowMs();
    if (left <= 0 || wanted.isEmpty || isEnough(results, parameters.minBytes)) return { wishes, results };
    for (const { records } of results) records?.release();
    // Reads may take time; what changed meanwhile wakes nobody who does not wait yet.
    if (wakesOf(entries) !== seen || wanted.stirs !== stirs) continue;
    await new DelayedFetch(context.timers, entries, wanted).wait(left);
  }
}

function wakesOf(entries: readonly FetchEntry[]): number {
  let wakes = 0;
  for (const { partition } of entries) wakes += partition?.waiters.wakes ?? 0;
  return wakes;
}

/** A fetch from an offset says that the follower has everything before it; learnt once per request. */
function noteFollower(context: FetchContext, fetcher: Fetcher, entries: readonly FetchEntry[]): void {
  if (fetcher.kind !== 'follower') return;
  const { node, brokerEpoch } = fetcher;
  for (const { wish, partition } of entries) {
    const leadership = partition?.leadership;
    if (partition === undefined || leadership === undefined) continue;
    if (partition.roleError(wish.currentLeaderEpoch, true) !== null) continue;
    const { fetchOffset, logStartOffset } = wish;
    if (fetchOffset < partition.log.logStartOffset || fetchOffset > partition.log.endOffset) continue;
    if (diverges(partition.log, wish) !== null) continue;
    const leaderEnd = partition.log.endOffset;
    partition.followerFetched(leadership, node, {
      fetchOffset,
      logStartOffset,
      brokerEpoch,
      atMs: context.nowMs(),
      leaderEnd,
    });
  }
}

async function readAll(
  context: FetchContext,
  parameters: FetchParameters,
  entries: readonly FetchEntry[],
): Promise<PartitionFetch[]> {
  const results: PartitionFetch[] = [];
  let bytesLeft = parameters.maxBytes;
  let first = parameters.firstBatchWhole;
  try {
    for (const entry of entries) {
      const read = readOne(context, parameters, entry, bytesLeft, first);
      const result = read instanceof Promise ? await read : read;
      results.push(result);
      if (result.records === undefined) continue;
      bytesLeft = Math.max(0, bytesLeft - result.records.byteLength);
      first = false;
    }
  } catch (error) {
    for (const { records } of results) records?.release();
    throw error;
  }
  return results;
}

function readOne(
  context: FetchContext,
  parameters: FetchParameters,
  { wish, partition, missing }: FetchEntry,
  bytesLeft: number,
  wholeFirstBatch: boolean,
): PartitionFetch | Promise<PartitionFetch> {
  const fail = (error: FetchError): PartitionFetch => ({ ...EMPTY, error, errorCode: context.codeOf(error) });
  if (partition === undefined) return fail(missing);
  const { fetcher } = parameters;
  const leaderOnly = fetcher.kind === 'follower' || !parameters.anyReplica;
  const roleError = partition.roleError(wish.currentLeaderEpoch, leaderOnly);
  if (roleError !== null) return fail(roleError);
  const { leadership } = partition;
  const { wakes } = partition.waiters;
  if (fetcher.kind === 'follower' && leadership !== undefined && !leadership.replicas.includes(fetcher.node)) {
    // With the leader's epoch the follower may know more than we do: it was added, and we have not heard of it yet.
    return fail(wish.currentLeaderEpoch >= 0 ? 'UNKNOWN_LEADER_EPOCH' : 'NOT_LEADER_OR_FOLLOWER');
  }

  const { log } = partition;
  const facts = {
    ...EMPTY,
    highWatermark: partition.highWatermark,
    lastStableOffset: Math.min(log.lastStableOffset, partition.highWatermark),
    logStartOffset: log.logStartOffset,
  };
  const divergingEpoch = diverges(log, wish);
  // Before what is still here, it does not matter where the logs parted.
  const outOfRange = wish.lastFetchedEpoch >= 0 && wish.fetchOffset < log.logStartOffset;
  if (outOfRange || divergingEpoch === 'unknown') return fail('OFFSET_OUT_OF_RANGE');
  if (divergingEpoch !== null) return { ...facts, divergingEpoch, hasNews: true };
  if (fetcher.kind === 'consumer' && partition.leadership !== undefined && fetcher.rack !== '') {
    const preferred = context.preferredReplica(partition, fetcher.rack, wish.fetchOffset);
    if (preferred !== undefined) return { ...facts, preferredReplica: preferred, hasNews: true };
  }
  const bound = upperBound(fetcher, facts, log);
  const request = {
    startOffset: wish.fetchOffset,
    maxBytes: Math.min(bytesLeft, wish.bytesMax),
    upperBound: bound,
    atLeastOneBatch: wholeFirstBatch,
  };
  try {
    // A consumer ahead of what it may see, but within the log, waits; that is no error.
    const now = log.tryRead(request);
    if (now !== undefined) {
      const hasNews = now.slice !== undefined;
      const rest =
        hasNews || leadership === undefined ? undefined : restOf(fetcher, wish, partition, leadership, wakes);
      return { ...facts, records: now.slice, hasNews, rest };
    }
  } catch (error) {
    return fail(errorOf(error));
  }
  return log.read(request).then(
    ({ slice }) => ({ ...facts, records: slice, hasNews: slice !== undefined }),
    (error: unknown) => fail(errorOf(error)),
  );
}

/** How a follower's session leaves a partition alone of which it has everything; undefined while there is more to come. */
function restOf(
  fetcher: Fetcher,
  wish: FetchWish,
  partition: Partition,
  leadership: Leadership,
  wakes: number,
): BeginRest | undefined {
  if (fetcher.kind !== 'follower' || wish.fetchOffset !== partition.log.endOffset) return undefined;
  // Each fetch is another occasion to be let into the ISR, or to find that what held the high watermark back is gone.
  if (!leadership.isr.includes(fetcher.node) || leadership.highWatermark !== partition.log.endOffset) return undefined;
  const progress = leadership.follower(fetcher.node);
  if (progress === undefined || progress.logEnd !== wish.fetchOffset) return undefined;
  return (beat, onStir) => RestingFollower.begin(partition, progress, wakes, beat, onStir);
}

function upperBound(
  fetcher: Fetcher,
  facts: { readonly highWatermark: number; readonly lastStableOffset: number },
  log: Log,
): number {
  if (fetcher.kind === 'follower') return log.endOffset;
  return fetcher.readCommitted ? facts.lastStableOffset : facts.highWatermark;
}

/** Where the fetcher's log parts from this one, if it does (KIP-595). Source: Java `Partition.readRecords`. */
function diverges(
  log: Log,
  wish: FetchWish,
): { readonly epoch: number; readonly endOffset: number } | 'unknown' | null {
  if (wish.lastFetchedEpoch < 0) return null;
  const end = log.endOffsetForEpoch(wish.lastFetchedEpoch);
  if (end === undefined) return 'unknown';
  const agrees = end.epoch === wish.lastFetchedEpoch && end.endOffset >= wish.fetchOffset;
  return agrees ? null : { epoch: end.epoch, endOffset: end.endOffset };
}

function isEnough(results: readonly PartitionFetch[], minBytes: number): boolean {
  let bytes = 0;
  for (const { error, records, divergingEpoch, preferredReplica } of results) {
    if (error !== 'NONE' || divergingEpoch !== null || preferredReplica >= 0) return true;
    bytes += records?.byteLength ?? 0;
  }
  return bytes >= minBytes;
}

function errorOf(error: unknown): FetchError {
  if (error instanceof OffsetOutOfRangeError) return 'OFFSET_OUT_OF_RANGE';
  if (error instanceof LogStorageError) return 'KAFKA_STORAGE_ERROR';
  if (error instanceof CorruptLogError) return 'CORRUPT_MESSAGE';
  throw error;
}

/** Sleeps until one of the partitions changes, or one stirs that was at rest. */
class DelayedFetch implements Waiter {
  readonly #timers: Timers;
  readonly #entries: readonly FetchEntry[];
  readonly #wanted: FetchWants;
  #timer: Timer | undefined;
  #unwatch: () => void = () => {};
  #wake: (() => void) | undefined;

  constructor(timers: Timers, entries: readonly FetchEntry[], wanted: FetchWants) {
    this.#timers = timers;
    this.#entries = entries;
    this.#wanted = wanted;
  }

  wait(atMostMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      for (const { partition } of this.#entries) partition?.waiters.add(this);
      this.#unwatch = this.#wanted.onStir(() => this.check());
      this.#timer = this.#timers.set(atMostMs, () => this.#stop());
    });
  }

  check(): void {
    // What else changes in this turn of the loop is answered together with it.
    this.#leave();
    this.#timers.soon(() => this.#stop());
  }

  #stop(): void {
    this.#timer?.cancel();
    this.#leave();
    this.#wake?.();
    this.#wake = undefined;
  }

  #leave(): void {
    for (const { partition } of this.#entries) partition?.waiters.delete(this);
    this.#unwatch();
  }
}

const EMPTY: PartitionFetch = {
  error: 'NONE',
  errorCode: 0,
  highWatermark: -1,
  lastStableOffset: -1,
  logStartOffset: -1,
  divergingEpoch: null,
  preferredReplica: -1 as NodeId,
  records: undefined,
  hasNews: false,
};
