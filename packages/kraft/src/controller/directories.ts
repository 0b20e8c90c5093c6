import { type ErrorName, errorCode, type Init, type Uuid } from '@biquorum/kafka-wire';
import type {
  AssignReplicasToDirsRequest,
  AssignReplicasToDirsResponse,
} from '@biquorum/kafka-wire/messages/assign-replicas-to-dirs';
import type { MetadataRecord } from '@biquorum/kafka-wire/metadata-records';
import type { NodeId, PartitionState, TopicView } from '@biquorum/metadata';
import { since } from '../image/metadata-version.ts';
import type { BrokerRegistration } from '../image/registrations.ts';
import { ControllerFault } from './fault.ts';
import { leaderAndIsrUpdates, type PartitionRef, partitionsWhere } from './leadership.ts';
import { changePartition } from './partition-change.ts';
import { registrationChange } from './registration-change.ts';
import {
  checkBrokerEpoch,
  type Decision,
  hasOnlineDirectory,
  type PartialRecords,
  type Situation,
} from './situation.ts';

/**
 * Notes where a broker's replicas lie (KIP-858). A replica in a directory that does not work leaves its ISR.
 *
 * @throws ControllerFault
 *
 * Source: Java `ReplicationControlManager.handleAssignReplicasToDirs`.
 */
export function assignReplicasToDirectories(
  situation: Situation,
  request: AssignReplicasToDirsRequest,
): Decision<Init<AssignReplicasToDirsResponse>> {
  if (situation.level < since.directories) {
    throw new ControllerFault('UNSUPPORTED_VERSION', 'Directory assignment is not supported yet.');
  }
  checkBrokerEpoch(situation, request.brokerId, request.brokerEpoch);
  const brokerId = request.brokerId as NodeId;
  const records: MetadataRecord[] = [];
  const failed = new Map<string, PartitionRef>();
  const directories = request.directories.map(({ id, topics }) => ({
    id,
    topics: topics.map(({ topicId, partitions }) => {
      const topic = situation.view.topicById(topicId);
      return {
        topicId,
        partitions: partitions.map(({ partitionIndex }) => {
          const error = assignmentError(topic, partitionIndex, brokerId);
          if (error === 'NONE' && topic !== undefined) {
            const state = topic.partition(partitionIndex) as PartitionState;
            const moved = new Map([[brokerId, id]]);
            const change = changePartition(situation, { topicId, index: partitionIndex, state, directories: moved });
            if (change !== null) records.push(change);
            if (!hasOnlineDirectory(situation, brokerId, id)) {
              failed.set(`${topicId}/${partitionIndex}`, { topic, index: partitionIndex });
            }
          }
          return { partitionIndex, errorCode: errorCode(error) };
        }),
      };
    }),
  }));
  records.push(...leaderAndIsrUpdates(situation, failed.values(), { leaving: brokerId }));
  return { records, reply: { directories } };
}

/**
 * Takes replicas in directories that have failed out of ISRs and leaderships, and with the last part the directories off
 * the broker.
 */
export function offlineDirectories(
  situation: Situation,
  broker: BrokerRegistration,
  offline: readonly Uuid[],
  max: number,
): PartialRecords {
  const failed = broker.directories.filter((directory) => offline.includes(directory));
  if (failed.length === 0) return { records: [], isWhole: true };
  const isHit = (topic: TopicView, index: number): boolean => {
    const directories = topic.directoriesOf(index);
    return directories !== null && failed.some((directory) => directories.includes(directory));
  };
  const hit = partitionsWhere(situation.view.topics.values(), isHit);
  const records = leaderAndIsrUpdates(situation, hit, { leaving: broker.id, max });
  if (records.length === max) return { records, isWhole: false };
  const working = broker.directories.filter((directory) => !offline.includes(directory));
  return { records: [...records, registrationChange(broker, { logDirs: working }, 2)], isWhole: true };
}

function assignmentError(topic: TopicView | undefined, index: number, brokerId: NodeId): ErrorName {
  if (topic === undefined) return 'UNKNOWN_TOPIC_ID';
  if (!(index >= 0 && index < topic.partitionCount)) return 'UNKNOWN_TOPIC_OR_PARTITION';
  return topic.replicasOf(index).includes(brokerId) ? 'NONE' : 'NOT_LEADER_OR_FOLLOWER';
}
