import { listOffsetsRequest, listOffsetsResponse } from '@biquorum/kafka-wire/messages/list-offsets';
import type { KafkaClient } from './kafka-client.ts';
import { check, KafkaError } from './kafka-error.ts';
import { describeByMetadata } from './topics.ts';

/** A partition of a topic. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** Moments that are no time: the ends of a log. Source: Java `ListOffsetsRequest`. */
export const LATEST = -1;
/** The first record that is kept. */
export const EARLIEST = -2;

/** Which records are meant: all, or those of committed transactions only. */
export type Isolation = 'read_uncommitted' | 'read_committed';

/** The number of an isolation on the wire. */
export function isolationLevel(isolation: Isolation): number {
  return isolation === 'read_committed' ? 1 : 0;
}

const LIST = { request: listOffsetsRequest, response: listOffsetsResponse, lowestVersion: 1 };

/** The key of a partition in maps: `topic-partition`. */
export function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`;
}

/**
 * Offsets of partitions at a time, asked of their leaders; −1 where no record is as young.
 *
 * @param timestampMs {@link LATEST}, {@link EARLIEST}, or milliseconds since 1970
 * @returns by {@link keyOf}
 * @throws KafkaError for the first partition that does not exist or has no leader
 */
export async function listOffsets(
  client: KafkaClient,
  partitions: readonly TopicPartition[],
  timestampMs: number,
  isolation: Isolation = 'read_uncommitted',
): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  await client.retrying(async () => {
    const missing = partitions.filter((one) => !found.has(keyOf(one)));
    for (const [leader, own] of await byLeader(client, missing)) {
      const { topics } = await client.node(leader, LIST, {
        isolationLevel: isolationLevel(isolation),
        topics: [...byTopic(own)].map(([name, numbers]) => ({
          name,
          partitions: numbers.map((partitionIndex) => ({ partitionIndex, timestamp: timestampMs })),
        })),
      });
      for (const { name, partitions: answers } of topics) {
        for (const { partitionIndex, errorCode, offset } of answers) {
          check(`partition ${name}-${partitionIndex}`, errorCode);
          found.set(keyOf({ topic: name, partition: partitionIndex }), offset);
        }
      }
    }
  });
  return found;
}

const LEADER_NOT_AVAILABLE = 5;
const UNKNOWN_TOPIC_OR_PARTITION = 3;

/** Partitions by the broker that leads them. @throws KafkaError for one that does not exist or has no leader */
export async function byLeader<Partition extends TopicPartition>(
  client: KafkaClient,
  partitions: readonly Partition[],
): Promise<ReadonlyMap<number, readonly Partition[]>> {
  const states = await describeByMetadata(client, [...new Set(partitions.map(({ topic }) => topic))]);
  const leaders = new Map(
    states.flatMap(({ name, partitions: all }) =>
      all.map(({ partition, leader }): [string, number] => [keyOf({ topic: name, partition }), leader]),
    ),
  );
  const groups = new Map<number, Partition[]>();
  for (const one of partitions) {
    const leader = leaders.get(keyOf(one));
    if (leader === undefined) throw new KafkaError(`partition ${keyOf(one)}`, UNKNOWN_TOPIC_OR_PARTITION);
    if (leader < 0) throw new KafkaError(`partition ${keyOf(one)}`, LEADER_NOT_AVAILABLE);
    const group = groups.get(leader);
    if (group === undefined) groups.set(leader, [one]);
    else group.push(one);
  }
  return groups;
}

/** Numbers of partitions by their topic. */
export function byTopic(partitions: readonly TopicPartition[]): ReadonlyMap<string, readonly number[]> {
  const topics = new Map<string, number[]>();
  for (const { topic, partition } of partitions) topics.set(topic, [...(topics.get(topic) ?? []), partition]);
  return topics;
}
