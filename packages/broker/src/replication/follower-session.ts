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

/** The session part of a request. */
export interface SessionPart
  extends Pick<Init<FetchRequest>, 'sessionId' | 'sessionEpoch' | 'topics' | 'forgottenTopicsData'> {
  /** There is more to say that must not wait for the leader's having something to tell. */
  readonly isUrgent: boolean;
}

/**
 * The follower's side of an incremental fetch session (KIP-227): says in each request only what is new since the last
 * one, and starts over whenever the leader does not know the session. A request costs what has changed, however many
 * partitions there are.
 *
 * A leader takes all that it has answered for known, and tells a high watermark or a log start only once. Of a partition
 * whose answer was not taken it has to forget that: one request says that the partition is over, the next that it is
 * fetched. (Within one request leaders forget last.)
 */
export class FollowerSession {
  readonly #partitionBytesMax: number;
  /** What is to be fetched, by topic id and partition. */
  readonly #positions: Map<Uuid, Map<number, FollowerPosition>> = new Map();
  /** Those of them that a request of the session has to tell; where they are to be forgotten, too, the one after that. */
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
  }

  /** What the leader has answered was not taken: it has to tell all of it again. */
  unheard(topicId: Uuid, partition: number): void {
    const position = this.position(topicId, partition);
    if (position === undefined) return;
    put(this.#changed, position);
    this.#forgetSoon(topicId, partition);
  }

  /** Fetches a partition no longer. */
  forget(topicId: Uuid, partition: number): void {
    const partitions = this.#positions.get(topicId);
    if (partitions?.delete(partition) !== true) return;
    if (partitions.size === 0) this.#positions.delete(topicId);
    this.#size -= 1;
    this.#changed.get(topicId)?.delete(partition);
    this.#forgetSoon(topicId, partition);
  }

  /** The session part of the next request. */
  next(): SessionPart {
    const isFull = this.#epoch === 0;
    const held = isFull ? [] : this.#heldBack();
    for (const { topicId, partition } of held) this.#changed.get(topicId)?.delete(partition);
    const topics: Init<FetchRequestFetchTopic>[] = [];
    for (const [topicId, positions] of isFull ? this.#positions : this.#changed) {
      if (positions.size > 0) topics.push(this.#topic(topicId, positions));
    }
    const forgotten: { topicId: Uuid; partitions: number[] }[] = [];
    for (const [topicId, partitions] of isFull ? [] : this.#forgotten) {
      forgotten.push({ topicId, partitions: [...partitions] });
    }
    this.#changed.clear();
    this.#forgotten.clear();
    for (const position of held) put(this.#changed, position);
    const [sessionId, sessionEpoch, isUrgent] = [this.#id, this.#epoch, held.length > 0];
    return { sessionId, sessionEpoch, topics, forgottenTopicsData: forgotten, isUrgent };
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

  #forgetSoon(topicId: Uuid, partition: number): void {
    const forgotten = this.#forgotten.get(topicId);
    if (forgotten === undefined) this.#forgotten.set(topicId, new Set([partition]));
    else forgotten.add(partition);
  }

  /** What has to be forgotten before it can be told. */
  #heldBack(): FollowerPosition[] {
    const held: FollowerPosition[] = [];
    for (const [topicId, partitions] of this.#forgotten) {
      for (const partition of partitions) {
        const position = this.#changed.get(topicId)?.get(partition);
        if (position !== undefined) held.push(position);
      }
    }
    return held;
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
