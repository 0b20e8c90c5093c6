import type { Random } from '@biquorum/platform';

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
}

/** The session fields of a Fetch request. */
export interface SessionRequest {
  readonly sessionId: number;
  readonly sessionEpoch: number;
  /** Topics are named by id (version 13 and later). */
  readonly byTopicId: boolean;
  readonly wishes: readonly FetchWish[];
  readonly forgotten: readonly { readonly topic: string; readonly partition: number }[];
  /** A follower: its session is kept before those of consumers. */
  readonly isFollower: boolean;
}

/** How a Fetch is to be served. */
export type FetchContext =
  | { readonly kind: 'refused'; readonly error: SessionError }
  | {
      readonly kind: 'serve';
      /** In the order in which they should be filled. */
      readonly wishes: readonly FetchWish[];
      /** Which of the results the response must hold, and under which session id it goes out. */
      conclude(results: readonly FetchResult[]): FetchConclusion;
    };

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
      if (sessionId !== 0) this.#sessions.delete(sessionId);
      return sessionEpoch === 0 ? this.#full(request, nowMs) : sessionless(request.wishes);
    }
    const session = this.#sessions.get(sessionId);
    if (session === undefined) return { kind: 'refused', error: 'FETCH_SESSION_ID_NOT_FOUND' };
    if (session.byTopicId !== request.byTopicId) return { kind: 'refused', error: 'FETCH_SESSION_TOPIC_ID_ERROR' };
    if (session.epoch !== sessionEpoch) return { kind: 'refused', error: 'INVALID_FETCH_SESSION_EPOCH' };
    session.lastUsedMs = nowMs;
    session.epoch = nextEpoch(sessionEpoch);
    session.partitions.update(request.wishes);
    for (const { topic, partition } of request.forgotten) session.partitions.forget(topic, partition);
    if (session.partitions.size === 0) {
      this.#sessions.delete(sessionId);
      return sessionless([]);
    }
    return incremental(session);
  }

  #full(request: SessionRequest, nowMs: number): FetchContext {
    const { wishes } = request;
    return {
      kind: 'serve',
      wishes,
      conclude: (results) => {
        const id = this.#create(request, results, nowMs);
        return { kind: 'answer', sessionId: id, includes: () => true };
      },
    };
  }

  /** Opens a session if there is or can be made room; 0 when not. */
  #create(request: SessionRequest, results: readonly FetchResult[], nowMs: number): number {
    if (request.wishes.length === 0 || !this.#makeRoom(request, nowMs)) return 0;
    const partitions = new PartitionList();
    partitions.update(request.wishes);
    for (const [index, wish] of request.wishes.entries()) {
      partitions.find(wish.topic, wish.partition)?.told(results[index] as FetchResult);
    }
    const id = this.#freeId();
    this.#sessions.set(id, {
      id,
      epoch: 1,
      byTopicId: request.byTopicId,
      isFollower: request.isFollower,
      createdMs: nowMs,
      lastUsedMs: nowMs,
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
        this.#sessions.delete(session.id);
        return true;
      }
      if (weakest === undefined || rank(session) < rank(weakest)) weakest = session;
    }
    if (weakest === undefined) return false;
    const outranked =
      weakest.isFollower !== newcomer.isFollower
        ? newcomer.isFollower
        : weakest.partitions.size < newcomer.wishes.length && nowMs - weakest.createdMs > EVICTION_MS;
    if (outranked) this.#sessions.delete(weakest.id);
    return outranked;
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
  readonly isFollower: boolean;
  readonly createdMs: number;
  lastUsedMs: number;
  readonly partitions: PartitionList;
}

/** 2³¹ − 1 is followed by 1: 0 and −1 have meanings of their own. */
function nextEpoch(epoch: number): number {
  return epoch === EPOCH_MAX ? 1 : epoch + 1;
}

function rank(session: Session): number {
  return (session.isFollower ? 2 ** 32 : 0) + session.partitions.size;
}

function sessionless(wishes: readonly FetchWish[]): FetchContext {
  return { kind: 'serve', wishes, conclude: () => ({ kind: 'answer', sessionId: 0, includes: () => true }) };
}

function incremental(session: Session): FetchContext {
  const expected = session.epoch;
  const cached = session.partitions.inOrder();
  return {
    kind: 'serve',
    wishes: cached,
    conclude: (results) => {
      // Another request of the same session came in between: this response would contradict that one's.
      if (session.epoch !== expected) return { kind: 'refused', error: 'INVALID_FETCH_SESSION_EPOCH' };
      const included = new Set<number>();
      for (const [index, partition] of cached.entries()) {
        if (!partition.told(results[index] as FetchResult)) continue;
        included.add(index);
        // Who has been served goes to the end, so that a small fetch does not starve the last ones.
        session.partitions.moveToEnd(partition);
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
    this.fetchOffset = wish.fetchOffset;
    this.bytesMax = wish.bytesMax;
    this.currentLeaderEpoch = wish.currentLeaderEpoch;
    this.lastFetchedEpoch = wish.lastFetchedEpoch;
    if (wish.logStartOffset >= 0) this.logStartOffset = wish.logStartOffset;
  }

  /** Notes what the fetcher would be told; true if it must be. */
  told(result: FetchResult): boolean {
    const changed = result.highWatermark !== this.#toldHighWatermark || result.logStartOffset !== this.#toldLogStart;
    // After an error the next answer must come in any case, even if nothing else changes.
    this.#toldHighWatermark = result.errorCode === 0 ? result.highWatermark : -1;
    this.#toldLogStart = result.logStartOffset;
    return changed || result.hasNews || result.errorCode !== 0;
  }
}

/** Partitions by topic and number, and in an order that can be changed cheaply. */
class PartitionList {
  readonly #topics: Map<string, Map<number, CachedPartition>> = new Map();
  #first: CachedPartition | undefined;
  #last: CachedPartition | undefined;
  size = 0;

  find(topic: string, partition: number): CachedPartition | undefined {
    return this.#topics.get(topic)?.get(partition);
  }

  inOrder(): CachedPartition[] {
    const all: CachedPartition[] = [];
    for (let at = this.#first; at !== undefined; at = at.next) all.push(at);
    return all;
  }

  update(wishes: readonly FetchWish[]): void {
    for (const wish of wishes) {
      const known = this.find(wish.topic, wish.partition);
      if (known !== undefined) known.update(wish);
      else this.#add(new CachedPartition(wish));
    }
  }

  forget(topic: string, partition: number): void {
    const partitions = this.#topics.get(topic);
    const known = partitions?.get(partition);
    if (partitions === undefined || known === undefined) return;
    partitions.delete(partition);
    if (partitions.size === 0) this.#topics.delete(topic);
    this.#unlink(known);
    this.size -= 1;
  }

  moveToEnd(partition: CachedPartition): void {
    // Forgotten meanwhile: it must not come back.
    if (this.find(partition.topic, partition.partition) !== partition || partition === this.#last) return;
    this.#unlink(partition);
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
