import type { Init, Uuid } from '@biquorum/kafka-wire';
import type { FetchRequest, FetchRequestFetchTopic } from '@biquorum/kafka-wire/messages/fetch';

/** Where a follower stands in one partition. */
export interface FollowerPosition {
  readonly topicId: Uuid;
  readonly partition: number;
  readonly fetchOffset: number;
  readonly logStartOffset: number;
  readonly currentLeaderEpoch: number;
  /** −1 where the log is empty. */
  readonly lastFetchedEpoch: number;
}

/**
 * The follower's side of an incremental fetch session (KIP-227): says in each request only what is new since the last
 * one, and starts over whenever the leader does not know the session. A request costs what has changed, however many
 * partitions there are.
 */
export class FollowerSession {
  readonly #partitionBytesMax: number;
  /** What is to be fetched, by topic id and partition. */
  readonly #positions: Map<Uuid, Map<number, FollowerPosition>> = new Map();
  /** Those of them that the next request of a session has to tell. */
  readonly #changed: Map<Uuid, Map<number, FollowerPosition>> = new Map();
  readonly #forgotten: Map<Uuid, Set<number>> = new Map();
  #id = 0;
  #epoch = 0;
  #size = 0;

  constructor(partitionBytesMax: number) {
    this.#partitionBytesMax = partitionBytesMax;
  }

  /** Number of partitions that are fetched. */
  get size(): number {
    return this.#size;
  }

  /** Where a partition is fetched from; undefined when it is not. */
  position(topicId: Uuid, partition: number): FollowerPosition | undefined {
    return this.#positions.get(topicId)?.get(partition);
  }

  /** Fetches a partition from here on. */
  tell(position: FollowerPosition): void {
    const { topicId, partition } = position;
    const known = this.position(topicId, partition);
    if (same(known, position)) return;
    if (known === undefined) this.#size += 1;
    put(this.#positions, position);
    put(this.#changed, position);
    this.#forgotten.get(topicId)?.delete(partition);
  }

  /** Fetches a partition no longer. */
  forget(topicId: Uuid, partition: number): void {
    const partitions = this.#positions.get(topicId);
    if (partitions?.delete(partition) !== true) return;
    if (partitions.size === 0) this.#positions.delete(topicId);
    this.#size -= 1;
    this.#changed.get(topicId)?.delete(partition);
    const forgotten = this.#forgotten.get(topicId);
    if (forgotten === undefined) this.#forgotten.set(topicId, new Set([partition]));
    else forgotten.add(partition);
  }

  /** The session part of the next request. */
  next(): Pick<Init<FetchRequest>, 'sessionId' | 'sessionEpoch' | 'topics' | 'forgottenTopicsData'> {
    const isFull = this.#epoch === 0;
    const topics: Init<FetchRequestFetchTopic>[] = [];
    for (const [topicId, positions] of isFull ? this.#positions : this.#changed) {
      if (positions.size > 0) topics.push(this.#topic(topicId, positions));
    }
    const forgotten: { topicId: Uuid; partitions: number[] }[] = [];
    for (const [topicId, partitions] of isFull ? [] : this.#forgotten) {
      if (partitions.size > 0) forgotten.push({ topicId, partitions: [...partitions] });
    }
    this.#changed.clear();
    this.#forgotten.clear();
    return { sessionId: this.#id, sessionEpoch: this.#epoch, topics, forgottenTopicsData: forgotten };
  }

  /** The leader has answered without a session error. */
  answered(sessionId: number): void {
    this.#id = sessionId;
    if (sessionId === 0) this.#epoch = 0;
    else this.#epoch = this.#epoch === 0x7fff_ffff ? 1 : this.#epoch + 1;
  }

  /** Nobody knows how far the leader has come: the next request tells everything, and ends the session if it is there. */
  reset(): void {
    this.#epoch = 0;
  }

  /** The leader does not know the session: the next request tells everything. */
  lost(): void {
    this.#id = 0;
    this.#epoch = 0;
  }

  #topic(topicId: Uuid, positions: ReadonlyMap<number, FollowerPosition>): Init<FetchRequestFetchTopic> {
    const partitionMaxBytes = this.#partitionBytesMax;
    return { topicId, partitions: Array.from(positions.values(), (position) => ({ ...position, partitionMaxBytes })) };
  }
}

function put(map: Map<Uuid, Map<number, FollowerPosition>>, position: FollowerPosition): void {
  const partitions = map.get(position.topicId);
  if (partitions === undefined) map.set(position.topicId, new Map([[position.partition, position]]));
  else partitions.set(position.partition, position);
}

function same(a: FollowerPosition | undefined, b: FollowerPosition): boolean {
  return (
    a !== undefined &&
    a.fetchOffset === b.fetchOffset &&
    a.logStartOffset === b.logStartOffset &&
    a.currentLeaderEpoch === b.currentLeaderEpoch &&
    a.lastFetchedEpoch === b.lastFetchedEpoch
  );
}
