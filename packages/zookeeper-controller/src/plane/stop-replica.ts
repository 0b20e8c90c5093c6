import type { ReplicaChange } from '@biquorum/control-plane';
import type { ErrorName } from '@biquorum/kafka-wire';
import type { StopReplicaRequest } from '@biquorum/kafka-wire/messages/stop-replica';
import { type LeaderEpoch, NO_LEADER, type PartitionEpoch, type TopicId } from '@biquorum/metadata';
import type { HeldReplicas } from './held-replicas.ts';

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
