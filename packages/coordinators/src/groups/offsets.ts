/** A committed offset. Times are on the wall clock. */
export interface CommittedOffset {
  readonly offset: number;
  /** Epoch of the last record consumed, −1 where the client did not say. */
  readonly leaderEpoch: number;
  readonly metadata: string;
  readonly commitTimestampMs: number;
  /** Set by old clients that gave a retention time (OffsetCommit v2 to v4), else null. */
  readonly expireTimestampMs: number | null;
}

/** The committed offsets of one group, by topic and partition. */
export class GroupOffsets implements Iterable<readonly [string, number, CommittedOffset]> {
  readonly #topics: Map<string, Map<number, CommittedOffset>> = new Map();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(topic: string, partition: number): CommittedOffset | undefined {
    return this.#topics.get(topic)?.get(partition);
  }

  set(topic: string, partition: number, offset: CommittedOffset): void {
    const partitions = this.#topics.get(topic) ?? new Map<number, CommittedOffset>();
    this.#topics.set(topic, partitions);
    if (!partitions.has(partition)) this.#size += 1;
    partitions.set(partition, offset);
  }

  delete(topic: string, partition: number): void {
    const partitions = this.#topics.get(topic);
    if (partitions?.delete(partition) !== true) return;
    this.#size -= 1;
    if (partitions.size === 0) this.#topics.delete(topic);
  }

  topics(): IterableIterator<string> {
    return this.#topics.keys();
  }

  *[Symbol.iterator](): IterableIterator<readonly [string, number, CommittedOffset]> {
    for (const [topic, partitions] of this.#topics) {
      for (const [partition, offset] of partitions) yield [topic, partition, offset];
    }
  }
}
