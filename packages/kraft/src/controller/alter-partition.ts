import { type ErrorName, errorCode, type Init } from '@biquorum/kafka-wire';
import type {
  AlterPartitionRequest,
  AlterPartitionRequestPartitionData,
  AlterPartitionResponse,
  AlterPartitionResponsePartitionData,
} from '@biquorum/kafka-wire/messages/alter-partition';
import type { MetadataRecord } from '@biquorum/kafka-wire/metadata-records';
import {
  type BrokerEpoch,
  isIsrEligible,
  judgeIsrChange,
  type LeaderEpoch,
  NO_BROKER_EPOCH,
  type NodeId,
  type PartitionEpoch,
  type TopicView,
} from '@biquorum/metadata';
import { mergePartition, NO_LEADER_CHANGE } from '../image/image-draft.ts';
import { changePartition } from './partition-change.ts';
import { checkBrokerEpoch, type Decision, isUncleanElectionAllowed, type Situation } from './situation.ts';

/**
 * Judges the ISRs that a leader proposes and writes those that will do (KIP-497).
 *
 * A change that completes a reassignment may take the leadership from the proposer: then it is written, and answered
 * with an error that makes the proposer look for the new leader.
 *
 * @throws ControllerFault STALE_BROKER_EPOCH
 *
 * Source: Java `ReplicationControlManager.alterPartition`.
 */
export function alterPartition(
  situation: Situation,
  request: AlterPartitionRequest,
  version: number,
): Decision<Init<AlterPartitionResponse>> {
  checkBrokerEpoch(situation, request.brokerId, request.brokerEpoch);
  const records: MetadataRecord[] = [];
  const { view } = situation;
  const topics = request.topics.map(({ topicName, topicId, partitions }) => {
    const topic = version > 1 ? view.topicById(topicId) : view.topics.get(topicName);
    const answer = (proposal: AlterPartitionRequestPartitionData): Row => {
      if (topic === undefined) {
        return refused(proposal, version > 1 ? 'UNKNOWN_TOPIC_ID' : 'UNKNOWN_TOPIC_OR_PARTITION');
      }
      return alterOne(situation, topic, request.brokerId as NodeId, proposal, version, records);
    };
    return { topicName, topicId, partitions: partitions.map(answer) };
  });
  return { records, reply: { topics } };
}

type Row = Init<AlterPartitionResponsePartitionData>;

function alterOne(
  situation: Situation,
  topic: TopicView,
  leader: NodeId,
  proposal: AlterPartitionRequestPartitionData,
  version: number,
  records: MetadataRecord[],
): Row {
  const index = proposal.partitionIndex;
  const state = topic.partition(index);
  if (state === undefined) return refused(proposal, 'UNKNOWN_TOPIC_OR_PARTITION');
  if (proposal.leaderRecoveryState !== 0 && proposal.leaderRecoveryState !== 1) {
    return refused(proposal, 'INVALID_REQUEST');
  }
  const epochs = new Map<number, number>(
    version < 3
      ? proposal.newIsr.map((node) => [node, NO_BROKER_EPOCH])
      : proposal.newIsrWithEpochs.map(({ brokerId, brokerEpoch }) => [brokerId, brokerEpoch]),
  );
  const isr = (
    version < 3 ? proposal.newIsr : proposal.newIsrWithEpochs.map(({ brokerId }) => brokerId)
  ) as readonly NodeId[];
  const verdict = judgeIsrChange(
    state,
    {
      leader,
      leaderEpoch: proposal.leaderEpoch as LeaderEpoch,
      partitionEpoch: proposal.partitionEpoch as PartitionEpoch,
      isr,
      recovering: proposal.leaderRecoveryState === 1,
    },
    {
      isEligible: (node) =>
        isIsrEligible(situation.image.brokers.get(node), (epochs.get(node) ?? NO_BROKER_EPOCH) as BrokerEpoch),
      acceptUnchanged: false,
      leaderOnly: true,
    },
  );
  if (verdict.kind === 'refused') {
    const isOld = verdict.error === 'INELIGIBLE_REPLICA' && version < 2;
    return refused(proposal, isOld ? 'OPERATION_NOT_ATTEMPTED' : verdict.error);
  }
  const change = changePartition(situation, {
    topicId: topic.id,
    index,
    state,
    isr,
    recovering: verdict.recovering,
    election: isUncleanElectionAllowed(situation, topic.name) ? 'unclean' : 'online',
  });
  if (change !== null) records.push(change);
  const after = change === null ? state : mergePartition(state, change.record);
  if (change !== null && change.record.leader !== NO_LEADER_CHANGE && change.record.leader !== leader) {
    return refused(proposal, version > 1 ? 'NEW_LEADER_ELECTED' : 'FENCED_LEADER_EPOCH');
  }
  return {
    partitionIndex: index,
    errorCode: 0,
    leaderId: after.leader,
    leaderEpoch: after.leaderEpoch,
    isr: after.isr,
    leaderRecoveryState: after.recovering ? 1 : 0,
    partitionEpoch: after.partitionEpoch,
  };
}

function refused({ partitionIndex }: AlterPartitionRequestPartitionData, error: ErrorName): Row {
  return { partitionIndex, errorCode: errorCode(error) };
}
