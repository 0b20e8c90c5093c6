// Made by scripts/generate.ts from src/messages/stop-replica.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { stopReplicaRequestTable, stopReplicaResponseTable } from '../../messages/stop-replica.ts';

/**
 * ZooKeeper mode: the controller tells a broker to stop replicas and, if asked, to delete them.
 *
 * Request of API 5, versions 0–4; flexible from 2.
 */
export interface StopReplicaRequest {
  /** Node id of the controller; −1 when unknown. */
  readonly controllerId: number;
  /** Whether the sending controller is a KRaft one, during migration. Version 4. */
  readonly isKRaftController: boolean;
  /** Epoch of the controller that sends or decided this. */
  readonly controllerEpoch: number;
  /** Epoch of the broker’s registration; −1 when unknown. Versions 1+, default −1. */
  readonly brokerEpoch: number;
  /** Whether the replicas are also deleted from disk. Versions 0–2. */
  readonly deletePartitions: boolean;
  /** The partitions, each with its topic. Version 0. */
  readonly ungroupedPartitions: readonly StopReplicaRequestStopReplicaPartitionV0[];
  /** The topics, one element each. Versions 1–2. */
  readonly topics: readonly StopReplicaRequestStopReplicaTopicV1[];
  /** The topics, one element each. Versions 3+. */
  readonly topicStates: readonly StopReplicaRequestStopReplicaTopicState[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `ungroupedPartitions`. */
export interface StopReplicaRequestStopReplicaPartitionV0 {
  /** Name of the topic. Version 0. */
  readonly topicName: string;
  /** Partition number. Version 0. */
  readonly partitionIndex: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface StopReplicaRequestStopReplicaTopicV1 {
  /** Name of the topic. Versions 1–2. */
  readonly name: string;
  /** Partition numbers. Versions 1–2. */
  readonly partitionIndexes: readonly number[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topicStates`. */
export interface StopReplicaRequestStopReplicaTopicState {
  /** Name of the topic. Versions 3+. */
  readonly topicName: string;
  /** The partitions, one element each. Versions 3+. */
  readonly partitionStates: readonly StopReplicaRequestStopReplicaPartitionState[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitionStates`. */
export interface StopReplicaRequestStopReplicaPartitionState {
  /** Partition number. Versions 3+. */
  readonly partitionIndex: number;
  /** Leader epoch; −1 when unknown. Versions 3+, default −1. */
  readonly leaderEpoch: number;
  /** Whether the replica is also deleted from disk. Versions 3+. */
  readonly deletePartition: boolean;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * How a broker fared with each replica it was told to stop.
 *
 * Response of API 5, versions 0–4; flexible from 2.
 */
export interface StopReplicaResponse {
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** The outcome of each partition. */
  readonly partitionErrors: readonly StopReplicaResponseStopReplicaPartitionError[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitionErrors`. */
export interface StopReplicaResponseStopReplicaPartitionError {
  /** Name of the topic. */
  readonly topicName: string;
  /** Partition number. */
  readonly partitionIndex: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link StopReplicaRequest}. */
export const stopReplicaRequest: MessageCodec<StopReplicaRequest> = /* @__PURE__ */ codec(stopReplicaRequestTable);

/** Reads and writes {@link StopReplicaResponse}. */
export const stopReplicaResponse: MessageCodec<StopReplicaResponse> = /* @__PURE__ */ codec(stopReplicaResponseTable);
