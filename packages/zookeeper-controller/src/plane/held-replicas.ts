import type { LeaderEpoch, TopicId } from '@biquorum/metadata';

/** The replicas that a broker was told to hold, with the leader epochs that it has obeyed. */
export class HeldReplicas {
  readonly #topics: Map<string, HeldTopic> = new Map();

  /** Id of the topic whose replicas are held; undefined when none is. */
  topicId(topic: string): TopicId | undefined {
    return this.#topics.get(topic)?.id;
  }

  /** −1 when the replica is not held. */
  leaderEpoch(topic: string, partition: number): number {
    return this.#topics.get(topic)?.epochs.get(partition) ?? -1;
  }

  take(topic: string, id: TopicId, partition: number, leaderEpoch: LeaderEpoch): void {
    const held = this.#topics.get(topic);
    if (held?.id === id) held.epochs.set(partition, leaderEpoch);
    else this.#topics.set(topic, { id, epochs: new Map([[partition, leaderEpoch]]) });
  }

  drop(topic: string, partition: number): void {
    const held = this.#topics.get(topic);
    held?.epochs.delete(partition);
    if (held?.epochs.size === 0) this.#topics.delete(topic);
  }
}

interface HeldTopic {
  readonly id: TopicId;
  readonly epochs: Map<number, LeaderEpoch>;
}
