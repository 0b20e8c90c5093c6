import type { TopicPartition } from '../names/topic-partition.ts';

/** A map by topic and partition, without a key string for each. */
export class PartitionMap<Value> {
  readonly #topics = new Map<string, Map<number, Value>>();
  #size = 0;

  /** Number of entries. */
  get size(): number {
    return this.#size;
  }

  get({ topic, partition }: TopicPartition): Value | undefined {
    return this.#topics.get(topic)?.get(partition);
  }

  set({ topic, partition }: TopicPartition, value: Value): void {
    let partitions = this.#topics.get(topic);
    if (partitions === undefined) {
      partitions = new Map();
      this.#topics.set(topic, partitions);
    }
    if (!partitions.has(partition)) this.#size++;
    partitions.set(partition, value);
  }

  delete({ topic, partition }: TopicPartition): boolean {
    const partitions = this.#topics.get(topic);
    if (partitions === undefined || !partitions.delete(partition)) return false;
    this.#size--;
    if (partitions.size === 0) this.#topics.delete(topic);
    return true;
  }

  /** The entries of one topic. */
  ofTopic(topic: string): Iterable<Value> {
    return this.#topics.get(topic)?.values() ?? [];
  }

  /** All values, in order of insertion by topic. */
  *values(): Generator<Value, void, void> {
    for (const partitions of this.#topics.values()) yield* partitions.values();
  }
}
