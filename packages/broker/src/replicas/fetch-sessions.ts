import type { BrokerEpoch, NodeId } from '@biquorum/metadata';
import type { Random } from '@biquorum/platform';
import type { FetchBeat } from './follower-progress.ts';

/** What a fetcher wants of one partition. */
export interface FetchWish {
  /** Topic id, or topic name in requests before version 13. */
  readonly topic: string;
  readonly partition: number;
  readonly fetchOffset: number;
  readonly bytesMax: number;
  /** −1 where the fetcher does not know it. */
  readonly currentLeaderEpoch: number;
  readonly lastFetchedEpoch: number;
  /** The follower's own log start; −1 from consumers. */
  readonly logStartOffset: number;
}

/** What a response would say of a partition, as far as a session compares it. */
export interface FetchResult {
  readonly errorCode: number;
  readonly highWatermark: number;
  readonly logStartOffset: number;
  /** Are there records, a diverging epoch or a preferred replica: something that must be told in any case? */
  readonly hasNews: boolean;
  /** Where the fetcher's log parts from this one: it cuts its own and looks at nothing else. */
  readonly divergingEpoch?: object | null;
  /** Where nothing is left to tell until the partition changes: how to wait for that. */
  readonly rest?: BeginRest | undefined;
}

/**
 * Leaves a partition alone until it changes, and has `onStir` called then, once. Undefined when it has changed already.
 *
 * @param beat of the session in which it rests
 */
export type BeginRest = (beat: FetchBeat, onStir: () => void) => Rest | undefined;

/** A partition that is left alone. */
export interface Rest {
  /** It is not left alone any more; nobody is called. */
  end(): void;
}

/** The session fields of a Fetch request. */
export interface SessionRequest {
  readonly sessionId: number;
  readonly sessionEpoch: number;
  /** Topics are named by id (version 13 and later). */
  readonly byTopicId: boolean;
  readonly wishes: readonly FetchWish[];
  readonly forgotten: readonly { readonly topic: string; readonly partition: number }[];
  /** Which follower asks, whose session is kept before those of consumers; undefined for these. */
  readonly follower: FollowerIdentity | undefined;
}

/** A follower under one registration. */
export interface FollowerIdentity {
  readonly node: NodeId;
  readonly brokerEpoch: BrokerEpoch;
}

/** How a Fetch is to be served. */
export type FetchContext =
  | { readonly kind: 'refused'; readonly error: SessionError }
  | {
      readonly kind: 'serve';
      readonly wanted: FetchWants;
      /** Which of the results the response must hold, and under which session id it goes out. */
      conclude(wishes: readonly FetchWish[], results: readonly FetchResult[]): FetchConclusion;
    };

/** What is to be looked at for a fetch: those partitions of which there may be something to tell. */
export interface FetchWants {
  /** Nothing is fetched at all, and nothing will be. */
  readonly isEmpty: boolean;
  /** In the order in which they should be filled. More of them when partitions stir that were at rest. */
  wishes(): readonly FetchWish[];
  /** Grows when a partition stirs that was at rest. */
  readonly stirs: number;
  /** Calls back when a partition stirs. @returns what ends it */
  onStir(listener: () => void): () => void;
}

/** Why a session cannot be used; names of Kafka's errors. */
export type SessionError =
  | 'FETCH_SESSION_ID_NOT_FOUND'
  | 'INVALID_FETCH_SESSION_EPOCH'
  | 'FETCH_SESSION_TOPIC_ID_ERROR';

/** What goes into the response. */
export type FetchConclusion =
  | { readonly kind: 'refused'; readonly error: SessionError }
  | { readonly kind: 'answer'; readonly sessionId: number; readonly includes: (index: number) => boolean };

const EPOCH_MAX = 0x7fff_ffff;
/** A session unused for so long gives way to a new one. Source: Java `FetchSession`, KIP-227. */
const EVICTION_MS = 120_000;

/**
 * Incremental fetch sessions (KIP-227): a fetcher that keeps fetching the same partitions names only those that changed,
 * and is told only of those that have news. With 10⁵ idle partitions per follower this is the difference between
 * megabytes and bytes a second.
 *
 * Partitions of a follower's session that have nothing to tell are at rest until they change: they are not looked at, so
 * that a fetch costs what has changed and not what there is.
 */
export class FetchSessions {
  readonly #slotsMax: number;
  readonly #random: Random;
  readonly #sessions: Map<number, Session> = new Map();

  /** @param slotsMax `max.incremental.fetch.session.cache.slots`; 0 turns sessions off, which is legal */
  constructor(slotsMax: number, random: Random) {
    this.#slotsMax = slotsMax;
    this.#random = random;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Finds out what a request wants, in view of its session. */
  begin(request: SessionRequest, nowMs: number): FetchContext {
    const { sessionId, sessionEpoch } = request;
    if (sessionEpoch === 0 || sessionEpoch === -1) {
      // A full fetch ends the session it names; epoch 0 asks for a new one.
      this.#end(sessionId);
      return sessionEpoch === 0 ? this.#full(request, nowMs) : sessionless(request.wishes);
    }
    const session = this.#sessions.get(sessionId);
    if (session === undefined) return { kind: 'refused', error: 'FETCH_SESSION_ID_NOT_FOUND' };
    if (session.byTopicId !== request.byTopicId) return { kind: 'refused', error: 'FETCH_SESSION_TOPIC_ID_ERROR' };
    if (session.epoch !== sessionEpoch) return { kind: 'refused', error: 'INVALID_FETCH_SESSION_EPOCH' };
    session.lastUsedMs = nowMs;
    session.beat.atMs = nowMs;
    session.epoch = nextEpoch(sessionEpoch);
    if (!isSame(session.follower, request.follower)) {
      // What a leader knows of it is told with each partition.
      session.follower = request.follower;
      session.partitions.stirAll();
    }
    session.partitions.update(request.wishes);
    for (const { topic, partition } of request.forgotten) session.partitions.forget(topic, partition);
    if (session.partitions.size === 0) {
      this.#end(sessionId);
      return sessionless([]);
    }
    return incremental(session);
  }

  #full(request: SessionRequest, nowMs: number): FetchContext {
    const { wishes } = request;
    return {
      kind: 'serve',
      wanted: fixed(wishes),
      conclude: (_, results) => {
        const id = this.#create(request, results, nowMs);
        return { kind: 'answer', sessionId: id, includes: () => true };
      },
    };
  }

  /** Opens a session if there is or can be made room; 0 when not. */
  #create(request: SessionRequest, results: readonly FetchResult[], nowMs: number): number {
    if (request.wishes.length === 0 || !this.#makeRoom(request, nowMs)) return 0;
    const partitions = new PartitionList();
    const beat = { atMs: nowMs };
    partitions.update(request.wishes);
    for (const [index, wish] of request.wishes.entries()) {
      const partition = partitions.find(wish.topic, wish.partition);
      const result = results[index] as FetchResult;
      partition?.told(result);
      if (partition !== undefined) partitions.leave(partition, result.rest, beat);
    }
    const id = this.#freeId();
    this.#sessions.set(id, {
      id,
      epoch: 1,
      byTopicId: request.byTopicId,
      follower: request.follower,
      createdMs: nowMs,
      lastUsedMs: nowMs,
      beat,
      partitions,
    });
    return id;
  }

  /** Followers before consumers, then more partitions before fewer; whoever has been idle for long gives way to all. */
  #makeRoom(newcomer: SessionRequest, nowMs: number): boolean {
    if (this.#sessions.size < this.#slotsMax) return true;
    let weakest: Session | undefined;
    for (const session of this.#sessions.values()) {
      if (nowMs - session.lastUsedMs > EVICTION_MS) {
        this.#end(session.id);
        return true;
      }
      if (weakest === undefined || rank(session) < rank(weakest)) weakest = session;
    }
    if (weakest === undefined) return false;
    const isFollower = newcomer.follower !== undefined;
    const outranked =
      (weakest.follower !== undefined) !== isFollower
        ? isFollower
        : weakest.partitions.size < newcomer.wishes.length && nowMs - weakest.createdMs > EVICTION_MS;
    if (outranked) this.#end(weakest.id);
    return outranked;
  }

  #end(id: number): void {
    this.#sessions.get(id)?.partitions.close();
    this.#sessions.delete(id);
  }

  #freeId(): number {
    for (;;) {
      const id = this.#random.uint32() & EPOCH_MAX;
      if (id !== 0 && !this.#sessions.has(id)) return id;
    }
  }
}

interface Session {
  readonly id: number;
  /** The epoch that the next request must carry. */
  epoch: number;
  readonly byTopicId: boolean;
  follower: FollowerIdentity | undefined;
  readonly createdMs: number;
  lastUsedMs: number;
  readonly beat: FetchBeat;
  readonly partitions: PartitionList;
}

/** 2³¹ − 1 is followed by 1: 0 and −1 have meanings of their own. */
function nextEpoch(epoch: number): number {
  return epoch === EPOCH_MAX ? 1 : epoch + 1;
}

function rank(session: Session): number {
  return (session.follower === undefined ? 0 : 2 ** 32) + session.partitions.size;
}

function isSame(a: FollowerIdentity | undefined, b: FollowerIdentity | undefined): boolean {
  return a?.node === b?.node && a?.brokerEpoch === b?.brokerEpoch;
}

function fixed(wishes: readonly FetchWish[]): FetchWants {
  return { isEmpty: wishes.length === 0, wishes: () => wishes, stirs: 0, onStir: () => () => {} };
}

function sessionless(wishes: readonly FetchWish[]): FetchContext {
  return {
    kind: 'serve',
    wanted: fixed(wishes),
    conclude: () => ({ kind: 'answer', sessionId: 0, includes: () => true }),
  };
}

function incremental(session: Session): FetchContext {
  const { epoch: expected, partitions, beat } = session;
  return {
    kind: 'serve',
    wanted: {
      isEmpty: false,
      wishes: () => partitions.restless(),
      get stirs() {
        return partitions.stirs;
      },
      onStir: (listener) => partitions.onStir(listener),
    },
    conclude: (wishes, results) => {
      // Another request of the same session came in between: this response would contradict that one's.
      if (session.epoch !== expected) return { kind: 'refused', error: 'INVALID_FETCH_SESSION_EPOCH' };
      const included = new Set<number>();
      for (const [index, partition] of (wishes as readonly CachedPartition[]).entries()) {
        const result = results[index] as FetchResult;
        if (partition.told(result)) {
          included.add(index);
          // Who has been served goes to the end, so that a small fetch does not starve the last ones.
          partitions.moveToEnd(partition);
        }
        partitions.leave(partition, result.rest, beat);
      }
      return { kind: 'answer', sessionId: session.id, includes: (index) => included.has(index) };
    },
  };
}

/** A partition of a session: the wish as last told, and what the fetcher has been told last. */
class CachedPartition implements FetchWish {
  readonly topic: string;
  readonly partition: number;
  fetchOffset: number;
  bytesMax: number;
  currentLeaderEpoch: number;
  lastFetchedEpoch: number;
  logStartOffset: number;
  previous: CachedPartition | undefined;
  next: CachedPartition | undefined;
  /** While it is at rest it is not in the order. */
  rest: Rest | undefined;
  #toldHighWatermark = -1;
  #toldLogStart = -1;

  constructor(wish: FetchWish) {
    this.topic = wish.topic;
    this.partition = wish.partition;
    this.fetchOffset = wish.fetchOffset;
    this.bytesMax = wish.bytesMax;
    this.currentLeaderEpoch = wish.currentLeaderEpoch;
    this.lastFetchedEpoch = wish.lastFetchedEpoch;
    this.logStartOffset = wish.logStartOffset;
  }

  update(wish: FetchWish): void {
    // A follower drops what it asked under an earlier epoch, and would wait for ever for what it was told with it.
    if (wish.currentLeaderEpoch !== this.currentLeaderEpoch) this.#toldHighWatermark = -1;
    this.fetchOffset = wish.fetchOffset;
    this.bytesMax = wish.bytesMax;
    this.currentLeaderEpoch = wish.currentLeaderEpoch;
    this.lastFetchedEpoch = wish.lastFetchedEpoch;
    if (wish.logStartOffset >= 0) this.logStartOffset = wish.logStartOffset;
  }

  /** Notes what the fetcher would be told; true if it must be. */
  told(result: FetchResult): boolean {
    const changed = result.highWatermark !== this.#toldHighWatermark || result.logStartOffset !== this.#toldLogStart;
    // After an error the next answer must come in any case, even if nothing else changes; and who is told to cut its log
    // takes nothing else from that answer.
    const isHeard = result.errorCode === 0 && (result.divergingEpoch ?? null) === null;
    this.#toldHighWatermark = isHeard ? result.highWatermark : -1;
    this.#toldLogStart = result.logStartOffset;
    return changed || result.hasNews || result.errorCode !== 0;
  }
}

/** Partitions by topic and number, and those that are not at rest in an order that can be changed cheaply. */
class PartitionList {
  readonly #topics: Map<string, Map<number, CachedPartition>> = new Map();
  readonly #listeners: Set<() => void> = new Set();
  #first: CachedPartition | undefined;
  #last: CachedPartition | undefined;
  #closed = false;
  size = 0;
  stirs = 0;

  find(topic: string, partition: number): CachedPartition | undefined {
    return this.#topics.get(topic)?.get(partition);
  }

  /** Those that are not at rest, in their order. */
  restless(): CachedPartition[] {
    const all: CachedPartition[] = [];
    for (let at = this.#first; at !== undefined; at = at.next) all.push(at);
    return all;
  }

  update(wishes: readonly FetchWish[]): void {
    for (const wish of wishes) {
      const known = this.find(wish.topic, wish.partition);
      if (known === undefined) this.#add(new CachedPartition(wish));
      else {
        known.update(wish);
        this.#rouse(known);
      }
    }
  }

  forget(topic: string, partition: number): void {
    const partitions = this.#topics.get(topic);
    const known = partitions?.get(partition);
    if (partitions === undefined || known === undefined) return;
    partitions.delete(partition);
    if (partitions.size === 0) this.#topics.delete(topic);
    if (known.rest === undefined) this.#unlink(known);
    else known.rest.end();
    known.rest = undefined;
    this.size -= 1;
  }

  moveToEnd(partition: CachedPartition): void {
    // Forgotten meanwhile: it must not come back.
    if (this.find(partition.topic, partition.partition) !== partition || partition === this.#last) return;
    this.#unlink(partition);
    this.#link(partition);
  }

  /** Leaves a partition alone until it changes, where that can be. */
  leave(partition: CachedPartition, begin: BeginRest | undefined, beat: FetchBeat): void {
    if (this.#closed || begin === undefined || partition.rest !== undefined) return;
    if (this.find(partition.topic, partition.partition) !== partition) return;
    const rest = begin(beat, () => {
      partition.rest = undefined;
      this.#link(partition);
      this.stirs += 1;
      for (const listener of [...this.#listeners]) listener();
    });
    if (rest === undefined) return;
    partition.rest = rest;
    this.#unlink(partition);
  }

  /** Everything is looked at again. */
  stirAll(): void {
    for (const partitions of this.#topics.values()) for (const partition of partitions.values()) this.#rouse(partition);
  }

  /** Its session is over: nothing is left alone any more, nor will be. */
  close(): void {
    this.#closed = true;
    this.stirAll();
  }

  onStir(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #rouse(partition: CachedPartition): void {
    if (partition.rest === undefined) return;
    partition.rest.end();
    partition.rest = undefined;
    this.#link(partition);
  }

  #add(partition: CachedPartition): void {
    const partitions = this.#topics.get(partition.topic) ?? new Map<number, CachedPartition>();
    this.#topics.set(partition.topic, partitions);
    partitions.set(partition.partition, partition);
    this.#link(partition);
    this.size += 1;
  }

  #link(partition: CachedPartition): void {
    partition.previous = this.#last;
    partition.next = undefined;
    if (this.#last === undefined) this.#first = partition;
    else this.#last.next = partition;
    this.#last = partition;
  }

  #unlink(partition: CachedPartition): void {
    if (partition.previous === undefined) this.#first = partition.next;
    else partition.previous.next = partition.next;
    if (partition.next === undefined) this.#last = partition.previous;
    else partition.next.previous = partition.previous;
  }
}
