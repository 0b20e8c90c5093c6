import { errorCode, type Init } from '@biquorum/kafka-wire';
import type { ElectLeadersRequest, ElectLeadersResponse } from '@biquorum/kafka-wire/messages/elect-leaders';
import type { MetadataRecord } from '@biquorum/kafka-wire/metadata-records';
import { NO_LEADER, type PartitionState } from '@biquorum/metadata';
import { push } from './batch.ts';
import { ControllerFault, type Failure, failure, NO_FAILURE } from './fault.ts';
import { imbalancedPartitions, partitionsWithoutLeader } from './leadership.ts';
import { changePartition } from './partition-change.ts';
import { type Decision, isUncleanElectionAllowed, type Situation } from './situation.ts';

/** Elections that one run of the background work makes. Source: Java `MAX_ELECTIONS_PER_IMBALANCE`. */
export const ELECTIONS_PER_RUN_MAX = 1_000;

/**
 * Elects leaders as a client asks (KIP-460). Asked for all partitions, it tells only of those where something was to be
 * done.
 *
 * @throws ControllerFault INVALID_REQUEST, POLICY_VIOLATION
 *
 * Source: Java `ReplicationControlManager.electLeaders`.
 */
export function electLeaders(
  situation: Situation,
  { electionType, topicPartitions }: ElectLeadersRequest,
): Decision<Init<ElectLeadersResponse>> {
  if (electionType !== 0 && electionType !== 1) {
    throw new ControllerFault('INVALID_REQUEST', `Unknown election type ${electionType}`);
  }
  const election = electionType === 0 ? 'preferred' : 'unclean';
  const records: MetadataRecord[] = [];
  const wanted = topicPartitions ?? everyPartition(situation);
  const replicaElectionResults = wanted.map(({ topic, partitions }) => ({
    topic,
    partitionResult: partitions
      .map((partitionId) => ({ partitionId, ...electLeader(situation, topic, partitionId, election, records) }))
      .filter(({ error }) => topicPartitions !== null || error !== 'ELECTION_NOT_NEEDED')
      .map(({ partitionId, error, message }) => ({
        partitionId,
        errorCode: errorCode(error),
        errorMessage: message,
      })),
  }));
  return { records, reply: { replicaElectionResults } };
}

/** Gives leaderships back to preferred replicas that can take them; `reply` tells whether more may be left. */
export function balanceLeaders(situation: Situation): Decision<boolean> {
  const records: MetadataRecord[] = [];
  for (const { topic, index } of imbalancedPartitions(situation)) {
    if (records.length >= ELECTIONS_PER_RUN_MAX) break;
    const state = topic.partition(index) as PartitionState;
    const change = changePartition(situation, { topicId: topic.id, index, state, election: 'preferred' });
    if (change !== null) records.push(change);
  }
  return { records, reply: records.length >= ELECTIONS_PER_RUN_MAX };
}

/** Gives leaderless partitions to any live replica where that is allowed; `reply` tells whether more may be left. */
export function electUncleanLeaders(situation: Situation): Decision<boolean> {
  const records: MetadataRecord[] = [];
  for (const { topic, index } of partitionsWithoutLeader(situation)) {
    if (records.length >= ELECTIONS_PER_RUN_MAX) break;
    if (isUncleanElectionAllowed(situation, topic.name)) electLeader(situation, topic.name, index, 'unclean', records);
  }
  return { records, reply: records.length >= ELECTIONS_PER_RUN_MAX };
}

function electLeader(
  situation: Situation,
  name: string,
  index: number,
  election: 'preferred' | 'unclean',
  records: MetadataRecord[],
): Failure {
  const topic = situation.view.topics.get(name);
  if (topic === undefined) return failure('UNKNOWN_TOPIC_OR_PARTITION', `No such topic as ${name}`);
  const state = topic.partition(index);
  if (state === undefined) return failure('UNKNOWN_TOPIC_OR_PARTITION', `No such partition as ${name}-${index}`);
  const isDone = election === 'preferred' ? state.leader === state.replicas[0] : state.leader !== NO_LEADER;
  if (isDone) return failure('ELECTION_NOT_NEEDED');
  const change = changePartition(situation, { topicId: topic.id, index, state, election });
  if (change === null) {
    return failure(election === 'preferred' ? 'PREFERRED_LEADER_NOT_AVAILABLE' : 'ELIGIBLE_LEADERS_NOT_AVAILABLE');
  }
  push(records, [change], situation);
  return NO_FAILURE;
}

function everyPartition({ view }: Situation): { readonly topic: string; readonly partitions: readonly number[] }[] {
  return [...view.topics.values()].map((topic) => ({
    topic: topic.name,
    partitions: Array.from({ length: topic.partitionCount }, (_, index) => index),
  }));
}
