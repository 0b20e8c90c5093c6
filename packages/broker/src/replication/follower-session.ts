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
 * one, and starts over whenever the leader does not know the session.
 */
export class FollowerSession {
  readonly #partitionBytesMax: number;
  #id = 0;
  #epoch = 0;
  /** What the leader was told last, by topic id and partition. */
  #told: Map<string, Map<number, FollowerPosition>> = new Map();

  constructor(partitionBytesMax: number) {
    this.#partitionBytesMax = partitionBytesMax;
  }

  /** The session part of the next request. */
  next(
    positions: readonly FollowerPosition[],
  ): Pick<Init<FetchRequest>, 'sessionId' | 'sessionEpoch' | 'topics' | 'forgottenTopicsData'> {
    const now: Map<string, Map<number, FollowerPosition>> = new Map();
    const changed: Map<Uuid, FollowerPosition[]> = new Map();
    for (const position of positions) {
      put(now, position);
      if (this.#epoch !== 0 && same(this.#told.get(position.topicId)?.get(position.partition), position)) continue;
      const list = changed.get(position.topicId);
      if (list === undefined) changed.set(position.topicId, [position]);
      else list.push(position);
    }
    const forgotten: { topicId: Uuid; partitions: number[] }[] = [];
    for (const [topicId, partitions] of this.#epoch === 0 ? [] : this.#told) {
      const gone = [...partitions.keys()].filter((partition) => !now.get(topicId)?.has(partition));
      if (gone.length > 0) forgotten.push({ topicId: topicId as Uuid, partitions: gone });
    }
    this.#told = now;
    return {
      sessionId: this.#id,
      sessionEpoch: this.#epoch,
      topics: [...changed].map(([topicId, list]) => this.#topic(topicId, list)),
      forgottenTopicsData: forgotten,
    };
  }

  /** The leader has answered without a session error. */
  answered(sessionId: number): void {
    if (sessionId === 0) this.reset();
    else {
      this.#id = sessionId;
      this.#epoch = this.#epoch === 0x7fff_ffff ? 1 : this.#epoch + 1;
    }
  }

  /** The session is lost, or nobody knows: the next request tells everything. */
  reset(): void {
    this.#id = 0;
    this.#epoch = 0;
  }

  #topic(topicId: Uuid, positions: readonly FollowerPosition[]): Init<FetchRequestFetchTopic> {
    const partitionMaxBytes = this.#partitionBytesMax;
    return { topicId, partitions: positions.map((position) => ({ ...position, partitionMaxBytes })) };
  }
}

function put(map: Map<string, Map<number, FollowerPosition>>, position: FollowerPosition): void {
  const partitions = map.get(position.topicId) ?? new Map<number, FollowerPosition>();
  map.set(position.topicId, partitions);
  partitions.set(position.partition, position);
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
