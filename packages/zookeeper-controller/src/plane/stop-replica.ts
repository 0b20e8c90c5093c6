import type { ReplicaChange } from '@biquorum/control-plane';
import type { ErrorName } from '@biquorum/kafka-wire';
import type { StopReplicaRequest } from '@biquorum/kafka-wire/messages/stop-replica';
import { type LeaderEpoch, NO_LEADER, type NodeId, type PartitionEpoch, type TopicId } from '@biquorum/metadata';
import type { HeldReplicas } from './held-replicas.ts';
import type { TopicUpdate } from './update-metadata.ts';

/** One partition of a StopReplica, in any version. */
export interface StopOrder {
  readonly topic: string;
  readonly partition: number;
  /** −1 and −2 are obeyed whatever the replica's epoch is. */
  readonly leaderEpoch: number;
  readonly deletes: boolean;
}

const NO_EPOCH = -1;
const EPOCH_OF_DELETED = -2;

export function stopsOf(request: StopReplicaRequest): readonly StopOrder[] {
  const { topicStates, topics, ungroupedPartitions, deletePartitions } = request;
  const old = { leaderEpoch: NO_EPOCH, deletes: deletePartitions };
  return [
    ...topicStates.flatMap(({ topicName, partitionStates }) =>
      partitionStates.map(({ partitionIndex, leaderEpoch, deletePartition }) => ({
        topic: topicName,
        partition: partitionIndex,
        leaderEpoch,
        deletes: deletePartition,
      })),
    ),
    ...topics.flatMap(({ name, partitionIndexes }) =>
      partitionIndexes.map((partition) => ({ topic: name, partition, ...old })),
    ),
    ...ungroupedPartitions.map(({ topicName, partitionIndex }) => ({
      topic: topicName,
      partition: partitionIndex,
      ...old,
    })),
  ];
}

/** Why a replica is not stopped; null when it is. Source: Java `ReplicaManager.stopReplicas`. */
export function stopRefusal({ topic, partition, leaderEpoch }: StopOrder, held: HeldReplicas): ErrorName | null {
  if (leaderEpoch === NO_EPOCH || leaderEpoch === EPOCH_OF_DELETED) return null;
  return leaderEpoch < held.leaderEpoch(topic, partition) ? 'FENCED_LEADER_EPOCH' : null;
}

/**
 * Replicas that are held here, and that a newer epoch of their partition places elsewhere. A broker that was away while
 * its replica was moved is never told to stop it: nobody sends StopReplica to the dead, nor later. Their data stay.
 */
export function movedAway(topics: readonly TopicUpdate[], self: NodeId, held: HeldReplicas): readonly StopOrder[] {
  return topics.flatMap(({ name, id, partitions }) => {
    if (held.topicId(name) !== id) return [];
    return partitions
      .filter(({ partitionIndex, leader, leaderEpoch, replicas }) => {
        const epoch = held.leaderEpoch(name, partitionIndex);
        return epoch >= 0 && epoch < leaderEpoch && leader !== EPOCH_OF_DELETED && !replicas.includes(self);
      })
      .map(({ partitionIndex, leaderEpoch }) => ({
        topic: name,
        partition: partitionIndex,
        leaderEpoch,
        deletes: false,
      }));
  });
}

export function stopChange({ topic, partition, deletes }: StopOrder, topicId: TopicId, epoch: number): ReplicaChange {
  return {
    topic,
    topicId,
    partition,
    to: deletes ? 'delete' : 'stop',
    isNew: false,
    leader: NO_LEADER,
    leaderEpoch: epoch as LeaderEpoch,
    partitionEpoch: -1 as PartitionEpoch,
    replicas: [],
    isr: [],
    adding: [],
    removing: [],
    recovering: false,
    configs: new Map(),
    directory: null,
  };
}
