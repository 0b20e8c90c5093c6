import type { Uuid } from '@biquorum/kafka-wire';
import { errorName } from '@biquorum/kafka-wire';
import { alterPartitionRequest, alterPartitionResponse } from '@biquorum/kafka-wire/messages/alter-partition';
import {
  alterPartitionReassignmentsRequest,
  alterPartitionReassignmentsResponse,
} from '@biquorum/kafka-wire/messages/alter-partition-reassignments';
import { createPartitionsRequest, createPartitionsResponse } from '@biquorum/kafka-wire/messages/create-partitions';
import { createTopicsRequest, createTopicsResponse } from '@biquorum/kafka-wire/messages/create-topics';
import { deleteTopicsRequest, deleteTopicsResponse } from '@biquorum/kafka-wire/messages/delete-topics';
import { electLeadersRequest, electLeadersResponse } from '@biquorum/kafka-wire/messages/elect-leaders';
import { leaderAndIsrRequest, leaderAndIsrResponse } from '@biquorum/kafka-wire/messages/leader-and-isr';
import { stopReplicaRequest, stopReplicaResponse } from '@biquorum/kafka-wire/messages/stop-replica';
import { updateMetadataRequest, updateMetadataResponse } from '@biquorum/kafka-wire/messages/update-metadata';
import { ask } from '../configs/ask.ts';

/** How long whoever stands still may be silent. */
export const PATIENCE_MS = 120_000;
const TIMEOUT_MS = 60_000;

/**
 * Asks a controller for changes of all kinds that it could only make by writing. It may stand still meanwhile: what is
 * sent waits in its sockets.
 *
 * @returns the names of the errors that it answers, in the order in which the kinds stand here
 */
export async function askForChanges(address: string, topic: string, newTopic: string): Promise<readonly string[]> {
  const creation = { topics: [{ name: newTopic, numPartitions: 1, replicationFactor: 1 }], timeoutMs: TIMEOUT_MS };
  const growth = { topics: [{ name: topic, count: 7, assignments: null }], timeoutMs: TIMEOUT_MS, validateOnly: false };
  const move = {
    timeoutMs: TIMEOUT_MS,
    topics: [{ name: topic, partitions: [{ partitionIndex: 0, replicas: [1] }] }],
  };
  const codes = await Promise.all([
    ask(address, createTopicsRequest, createTopicsResponse, 7, creation, PATIENCE_MS).then(
      ({ topics }) => topics[0]?.errorCode,
    ),
    ask(address, createPartitionsRequest, createPartitionsResponse, 3, growth, PATIENCE_MS).then(
      ({ results }) => results[0]?.errorCode,
    ),
    ask(
      address,
      deleteTopicsRequest,
      deleteTopicsResponse,
      6,
      { topics: [{ name: topic }], timeoutMs: TIMEOUT_MS },
      PATIENCE_MS,
    ).then(({ responses }) => responses[0]?.errorCode),
    ask(address, alterPartitionReassignmentsRequest, alterPartitionReassignmentsResponse, 0, move, PATIENCE_MS).then(
      ({ errorCode }) => errorCode,
    ),
  ]);
  return codes.map((code) => errorName(code ?? -1));
}

/** Elects the preferred leader of a partition, at the controller. */
export async function electPreferred(controller: string, topic: string, partition: number): Promise<string> {
  const body = { electionType: 0, topicPartitions: [{ topic, partitions: [partition] }], timeoutMs: TIMEOUT_MS };
  const { errorCode, replicaElectionResults } = await ask(
    controller,
    electLeadersRequest,
    electLeadersResponse,
    2,
    body,
    PATIENCE_MS,
  );
  return errorName(errorCode === 0 ? (replicaElectionResults[0]?.partitionResult[0]?.errorCode ?? -1) : errorCode);
}

/** What a controller tells brokers, that is none any more. */
export interface StalePush {
  readonly controllerId: number;
  readonly controllerEpoch: number;
  readonly topic: string;
  readonly topicId: Uuid;
  /** All of them. */
  readonly brokers: readonly number[];
}

/** Tells a broker what only a controller may, of partition 0. @returns names of the errors that it answers */
export async function pushStale(broker: string, push: StalePush): Promise<readonly string[]> {
  const { controllerId, controllerEpoch, topic, topicId, brokers } = push;
  const state = {
    partitionIndex: 0,
    controllerEpoch,
    leader: controllerId,
    leaderEpoch: 99,
    isr: [controllerId],
    replicas: brokers,
  };
  const leaders = await ask(broker, leaderAndIsrRequest, leaderAndIsrResponse, 7, {
    controllerId,
    controllerEpoch,
    type: 1,
    topicStates: [{ topicName: topic, topicId, partitionStates: [{ ...state, partitionEpoch: 99 }] }],
    liveLeaders: [],
  });
  const metadata = await ask(broker, updateMetadataRequest, updateMetadataResponse, 8, {
    controllerId,
    controllerEpoch,
    topicStates: [{ topicName: topic, topicId, partitionStates: [{ ...state, zkVersion: 99 }] }],
    liveBrokers: [],
  });
  const stop = await ask(broker, stopReplicaRequest, stopReplicaResponse, 4, {
    controllerId,
    controllerEpoch,
    topicStates: [
      { topicName: topic, partitionStates: [{ partitionIndex: 0, leaderEpoch: 99, deletePartition: true }] },
    ],
  });
  return [leaders, metadata, stop].map(({ errorCode }) => errorName(errorCode));
}

/** What a leader proposes, that is none any more. */
export interface StaleIsr {
  readonly brokerId: number;
  readonly brokerEpoch: number;
  readonly topicId: Uuid;
  readonly partition: number;
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
}

/** Proposes an ISR of the leader alone. @returns the name of the error that the controller answers */
export async function proposeStale(controller: string, stale: StaleIsr, patienceMs?: number): Promise<string> {
  const { brokerId, brokerEpoch, topicId, partition, leaderEpoch, partitionEpoch } = stale;
  const proposal = {
    partitionIndex: partition,
    leaderEpoch,
    newIsrWithEpochs: [{ brokerId, brokerEpoch }],
    partitionEpoch,
  };
  const body = { brokerId, brokerEpoch, topics: [{ topicId, partitions: [proposal] }] };
  const answer = await ask(controller, alterPartitionRequest, alterPartitionResponse, 3, body, patienceMs);
  return errorName(answer.errorCode === 0 ? (answer.topics[0]?.partitions[0]?.errorCode ?? -1) : answer.errorCode);
}
