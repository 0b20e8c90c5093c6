import type { ReplicaChange, ReplicaOutcome } from '@biquorum/control-plane';
import type { ErrorName } from '@biquorum/kafka-wire';
import type {
  LeaderAndIsrRequest,
  LeaderAndIsrRequestLeaderAndIsrPartitionState,
} from '@biquorum/kafka-wire/messages/leader-and-isr';
import { type LeaderEpoch, type NodeId, type PartitionEpoch, type TopicId, ZERO_TOPIC_ID } from '@biquorum/metadata';
import type { HeldReplicas } from './held-replicas.ts';

/** One partition of a LeaderAndIsr, in any version. */
export interface RoleOrder {
  readonly topic: string;
  readonly topicId: TopicId;
  readonly state: LeaderAndIsrRequestLeaderAndIsrPartitionState;
}

const RECOVERING = 1;

/** The partitions of a request. @param idOf id of a topic where the controller tells none */
export function ordersOf(request: LeaderAndIsrRequest, idOf: (topic: string) => TopicId): readonly RoleOrder[] {
  const { topicStates, ungroupedPartitionStates } = request;
  const grouped = topicStates.flatMap(({ topicName, topicId, partitionStates }) => {
    const id = topicId === ZERO_TOPIC_ID ? idOf(topicName) : topicId;
    return partitionStates.map((state) => ({ topic: topicName, topicId: id, state }));
  });
  const flat = ungroupedPartitionStates.map((state) => ({
    topic: state.topicName,
    topicId: idOf(state.topicName),
    state,
  }));
  return [...grouped, ...flat];
}

/** Why a partition is not touched; null when it is to change. Source: Java `ReplicaManager.becomeLeaderOrFollower`. */
export function refusalOf({ topic, topicId, state }: RoleOrder, self: NodeId, held: HeldReplicas): ErrorName | null {
  const heldId = held.topicId(topic);
  if (heldId !== undefined && heldId !== topicId && topicId !== ZERO_TOPIC_ID && heldId !== ZERO_TOPIC_ID) {
    return 'INCONSISTENT_TOPIC_ID';
  }
  if (state.leaderEpoch <= held.leaderEpoch(topic, state.partitionIndex)) return 'STALE_CONTROLLER_EPOCH';
  return state.replicas.includes(self) ? null : 'UNKNOWN_TOPIC_OR_PARTITION';
}

export function changeOf(
  { topic, topicId, state }: RoleOrder,
  self: NodeId,
  configs: ReadonlyMap<string, string>,
): ReplicaChange {
  return {
    topic,
    topicId,
    partition: state.partitionIndex,
    to: state.leader === self ? 'lead' : 'follow',
    isNew: state.isNew,
    leader: state.leader as NodeId,
    leaderEpoch: state.leaderEpoch as LeaderEpoch,
    partitionEpoch: state.partitionEpoch as PartitionEpoch,
    replicas: state.replicas as readonly NodeId[],
    isr: state.isr as readonly NodeId[],
    adding: state.addingReplicas as readonly NodeId[],
    removing: state.removingReplicas as readonly NodeId[],
    recovering: state.leaderRecoveryState === RECOVERING,
    configs,
    directory: null,
  };
}

/** What a controller is told of a role that was not taken: a stale leader epoch has another name here. */
export function answerOf({ error }: ReplicaOutcome): ErrorName {
  return error === 'FENCED_LEADER_EPOCH' ? 'STALE_CONTROLLER_EPOCH' : error;
}
