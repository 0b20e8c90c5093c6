import { errorCode, type Init } from '@biquorum/kafka-wire';
import type {
  AlterPartitionReassignmentsRequest,
  AlterPartitionReassignmentsResponse,
} from '@biquorum/kafka-wire/messages/alter-partition-reassignments';
import type {
  ListPartitionReassignmentsRequest,
  ListPartitionReassignmentsResponse,
} from '@biquorum/kafka-wire/messages/list-partition-reassignments';
import type { MetadataRecord } from '@biquorum/kafka-wire/metadata-records';
import type { ClusterView, NodeId, PartitionState, TopicView } from '@biquorum/metadata';
import { push } from './batch.ts';
import { attempt, ControllerFault } from './fault.ts';
import { changePartition, type PartitionChange } from './partition-change.ts';
import { isReassigning, reassignmentPlan, revertedReassignment } from './reassignment-plan.ts';
import { type Decision, isUncleanElectionAllowed, type Situation } from './situation.ts';
import { checkManualAssignment } from './topics.ts';

/** Starts, replaces or calls off reassignments (KIP-455). Source: Java `ReplicationControlManager.alterPartitionReassignments`. */
export function alterReassignments(
  situation: Situation,
  request: AlterPartitionReassignmentsRequest,
): Decision<Init<AlterPartitionReassignmentsResponse>> {
  const records: MetadataRecord[] = [];
  const responses = request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex, replicas }) => {
      const { error, message } = attempt(() => {
        const change = alterOne(situation, name, partitionIndex, replicas as readonly NodeId[] | null);
        if (change !== null) push(records, [change], situation);
      });
      return { partitionIndex, errorCode: errorCode(error), errorMessage: message };
    }),
  }));
  return { records, reply: { errorMessage: null, responses }, atomic: true };
}

/** The reassignments that run, of all topics or of the partitions named. */
export function listReassignments(
  view: ClusterView,
  wanted: ListPartitionReassignmentsRequest['topics'],
): Init<ListPartitionReassignmentsResponse> {
  const named =
    wanted === null
      ? [...view.topics.values()].map((topic) => ({ topic, indexes: reassigningIn(topic) }))
      : wanted.map(({ name, partitionIndexes }) => ({ topic: view.topics.get(name), indexes: partitionIndexes }));
  const topics = named.flatMap(({ topic, indexes }) => {
    const partitions = indexes.flatMap((partitionIndex) => {
      const state = topic?.partition(partitionIndex);
      if (state === undefined || !isReassigning(state)) return [];
      const { replicas, adding, removing } = state;
      return [{ partitionIndex, replicas, addingReplicas: adding, removingReplicas: removing }];
    });
    return topic === undefined || partitions.length === 0 ? [] : [{ name: topic.name, partitions }];
  });
  return { errorMessage: null, topics };
}

function alterOne(
  situation: Situation,
  name: string,
  index: number,
  target: readonly NodeId[] | null,
): PartitionChange | null {
  const topic = situation.view.topics.get(name);
  if (topic === undefined) {
    throw new ControllerFault('UNKNOWN_TOPIC_OR_PARTITION', `Unable to find a topic named ${name}.`);
  }
  const state = topic.partition(index);
  if (state === undefined) {
    throw new ControllerFault('UNKNOWN_TOPIC_OR_PARTITION', `Unable to find partition ${name}:${index}.`);
  }
  return target === null ? cancel(situation, topic, index, state) : start(situation, topic, index, state, target);
}

function cancel(situation: Situation, topic: TopicView, index: number, state: PartitionState): PartitionChange | null {
  if (!isReassigning(state)) throw new ControllerFault('NO_REASSIGNMENT_IN_PROGRESS');
  const { replicas, isr, unclean } = revertedReassignment(state);
  if (replicas.length === 0) {
    throw new ControllerFault(
      'INVALID_REPLICA_ASSIGNMENT',
      'Invalid replica assignment: addingReplicas contains all replicas.',
    );
  }
  const isUnclean = isUncleanElectionAllowed(situation, topic.name);
  if (unclean && !isUnclean) {
    throw new ControllerFault(
      'INVALID_REPLICA_ASSIGNMENT',
      `Unable to revert partition assignment for ${topic.name}:${index} because it would require an unclean leader election.`,
    );
  }
  return changePartition(situation, {
    topicId: topic.id,
    index,
    state,
    isr,
    replicas,
    adding: [],
    removing: [],
    election: isUnclean ? 'unclean' : 'online',
  });
}

function start(
  situation: Situation,
  topic: TopicView,
  index: number,
  state: PartitionState,
  target: readonly NodeId[],
): PartitionChange | null {
  checkManualAssignment(situation, target, null);
  const { replicas, adding, removing } = reassignmentPlan(state.replicas, target);
  return changePartition(situation, {
    topicId: topic.id,
    index,
    state,
    replicas,
    // An empty list leaves what an earlier reassignment has there. Source: Java `changePartitionReassignment`.
    ...(adding.length > 0 ? { adding } : {}),
    ...(removing.length > 0 ? { removing } : {}),
  });
}

function reassigningIn(topic: TopicView): number[] {
  const found: number[] = [];
  for (const index of topic.reassigning()) found.push(index);
  return found.sort((a, b) => a - b);
}
