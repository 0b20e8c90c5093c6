import type { MetadataRecord } from '@biquorum/kafka-wire/metadata-records';
import { NO_LEADER, type NodeId, type PartitionState, type TopicView } from '@biquorum/metadata';
import { changePartition, type PartitionWish } from './partition-change.ts';
import { type Decision, isActiveBroker, isUncleanElectionAllowed, type Situation } from './situation.ts';

/** A partition that some event may concern. */
export interface PartitionRef {
  readonly topic: TopicView;
  readonly index: number;
}

/** Does the broker lead any partition. */
export function leadsSomething({ view }: Situation, broker: NodeId): boolean {
  for (const topic of view.topics.values()) {
    for (let index = 0; index < topic.partitionCount; index++) if (topic.leaderOf(index) === broker) return true;
  }
  return false;
}

/** Partitions that have the broker in their ISR. */
export function partitionsWithInIsr({ view }: Situation, broker: NodeId): PartitionRef[] {
  return partitionsWhere(view.topics.values(), (topic, index) => topic.isrOf(index).includes(broker));
}

/** Partitions that nobody leads. */
export function partitionsWithoutLeader({ view }: Situation): PartitionRef[] {
  return partitionsWhere(view.topics.values(), (topic, index) => topic.leaderOf(index) === NO_LEADER);
}

/** Partitions that another than their preferred replica leads. */
export function imbalancedPartitions({ view }: Situation): PartitionRef[] {
  return partitionsWhere(view.topics.values(), (topic, index) => topic.leaderOf(index) !== topic.replicasOf(index)[0]);
}

/** Partitions of these topics that `matches`. */
export function partitionsWhere(
  topics: Iterable<TopicView>,
  matches: (topic: TopicView, index: number) => boolean,
): PartitionRef[] {
  const found: PartitionRef[] = [];
  for (const topic of topics) {
    for (let index = 0; index < topic.partitionCount; index++) if (matches(topic, index)) found.push({ topic, index });
  }
  return found;
}

/**
 * The records that take a broker out of ISRs and leaderships, or let one that comes up take leaderless partitions.
 *
 * @param leaving never leads, and leaves each ISR unless it is the last member
 * @param coming may lead though the state still shows it fenced
 * @param max no more records than this; whoever asks again gets the next ones
 *
 * Source: Java `ReplicationControlManager.generateLeaderAndIsrUpdates`.
 */
export function leaderAndIsrUpdates(
  situation: Situation,
  partitions: Iterable<PartitionRef>,
  {
    leaving = NO_LEADER,
    coming = NO_LEADER,
    max = Number.POSITIVE_INFINITY,
  }: { readonly leaving?: NodeId; readonly coming?: NodeId; readonly max?: number },
): MetadataRecord[] {
  const records: MetadataRecord[] = [];
  const isLive = (node: NodeId): boolean => node !== leaving && (node === coming || isActiveBroker(situation, node));
  const unclean = new Map<TopicView, boolean>();
  for (const { topic, index } of partitions) {
    if (records.length >= max) break;
    const state = topic.partition(index) as PartitionState;
    let isUnclean = unclean.get(topic);
    if (isUnclean === undefined) {
      isUnclean = isUncleanElectionAllowed(situation, topic.name);
      unclean.set(topic, isUnclean);
    }
    const wish: PartitionWish = {
      topicId: topic.id,
      index,
      state,
      isr: state.isr.includes(leaving) ? state.isr.filter((node) => node !== leaving) : state.isr,
      election: isUnclean ? 'unclean' : 'online',
      isLive,
    };
    const change = changePartition(situation, wish);
    if (change !== null) records.push(change);
  }
  return records;
}

/**
 * The rest of what decisions on brokers could not do in their one batch: partitions of brokers that shut down, and those
 * without a leader that some live replica can lead.
 */
export function settlePartitions(situation: Situation): Decision<{
  /** Whose partitions were moved, because it shuts down. */
  readonly leaving: NodeId | null;
  readonly hasMore: boolean;
}> {
  const max = situation.settings.recordsPerBatchMax;
  for (const { id, fenced, shuttingDown } of situation.image.brokers.values()) {
    if (fenced || !(shuttingDown || situation.heartbeats.isShuttingDown(id))) continue;
    const records = leaderAndIsrUpdates(situation, partitionsWithInIsr(situation, id), { leaving: id, max });
    // What one broker leaves behind is seen by the next decision.
    if (records.length > 0) return { records, reply: { leaving: id, hasMore: true } };
  }
  const records = leaderAndIsrUpdates(situation, partitionsWithoutLeader(situation), { max });
  return { records, reply: { leaving: null, hasMore: records.length === max } };
}
