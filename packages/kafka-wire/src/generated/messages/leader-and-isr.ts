// Made by scripts/generate.ts from src/messages/leader-and-isr.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { leaderAndIsrRequestTable, leaderAndIsrResponseTable } from '../../messages/leader-and-isr.ts';
import type { Uuid } from '../../uuid.ts';

/**
 * ZooKeeper mode: the controller tells a broker which partitions to lead or follow, with their in-sync replicas.
 *
 * Request of API 4, versions 0–7; flexible from 4.
 */
export interface LeaderAndIsrRequest {
  /** Node id of the controller; −1 when unknown. */
  readonly controllerId: number;
  /** Whether the sending controller is a KRaft one, during migration. Version 7. */
  readonly isKRaftController: boolean;
  /** Epoch of the controller that sends or decided this. */
  readonly controllerEpoch: number;
  /** Epoch of the broker’s registration; −1 when unknown. Versions 2+, default −1. */
  readonly brokerEpoch: number;
  /** What the request holds: 0 unknown, 1 changes, 2 the whole. Versions 5+. */
  readonly type: number;
  /** The partitions, each with its topic. Versions 0–1. */
  readonly ungroupedPartitionStates: readonly LeaderAndIsrRequestLeaderAndIsrPartitionState[];
  /** The topics, one element each. Versions 2+. */
  readonly topicStates: readonly LeaderAndIsrRequestLeaderAndIsrTopicState[];
  /** Brokers that lead one of the partitions. */
  readonly liveLeaders: readonly LeaderAndIsrRequestLeaderAndIsrLiveLeader[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `ungroupedPartitionStates`, or an element of `partitionStates`. */
export interface LeaderAndIsrRequestLeaderAndIsrPartitionState {
  /** Name of the topic. Versions 0–1. */
  readonly topicName: string;
  /** Partition number. */
  readonly partitionIndex: number;
  /** Epoch of the controller that sends or decided this. */
  readonly controllerEpoch: number;
  /** Broker id of the leader; −1 for none. */
  readonly leader: number;
  /** Leader epoch; −1 when unknown. */
  readonly leaderEpoch: number;
  /** In-sync replicas. */
  readonly isr: readonly number[];
  /** Rises with every change of the partition’s state. */
  readonly partitionEpoch: number;
  /** All replicas, the preferred leader first. */
  readonly replicas: readonly number[];
  /** Replicas that a reassignment is adding. Versions 3+. */
  readonly addingReplicas: readonly number[];
  /** Replicas that a reassignment is removing. Versions 3+. */
  readonly removingReplicas: readonly number[];
  /** Whether the replica is to be created. Versions 1+. */
  readonly isNew: boolean;
  /** 1 while the leader recovers from an unclean election, else 0. Versions 6+. */
  readonly leaderRecoveryState: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topicStates`. */
export interface LeaderAndIsrRequestLeaderAndIsrTopicState {
  /** Name of the topic. Versions 2+. */
  readonly topicName: string;
  /** Id of the topic; zero when unknown. Versions 5+. */
  readonly topicId: Uuid;
  /** The partitions, one element each. Versions 2+. */
  readonly partitionStates: readonly LeaderAndIsrRequestLeaderAndIsrPartitionState[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `liveLeaders`. */
export interface LeaderAndIsrRequestLeaderAndIsrLiveLeader {
  /** Id of the broker. */
  readonly brokerId: number;
  /** Host name or address of the broker. */
  readonly hostName: string;
  /** TCP port. */
  readonly port: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * How a broker fared with each partition it was told to lead or follow.
 *
 * Response of API 4, versions 0–7; flexible from 4.
 */
export interface LeaderAndIsrResponse {
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** The outcome of each partition. Versions 0–4. */
  readonly partitionErrors: readonly LeaderAndIsrResponseLeaderAndIsrPartitionError[];
  /** The topics, one element each. Versions 5+. */
  readonly topics: readonly LeaderAndIsrResponseLeaderAndIsrTopicError[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitionErrors`. */
export interface LeaderAndIsrResponseLeaderAndIsrPartitionError {
  /** Name of the topic. Versions 0–4. */
  readonly topicName: string;
  /** Partition number. */
  readonly partitionIndex: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface LeaderAndIsrResponseLeaderAndIsrTopicError {
  /** Id of the topic; zero when unknown. Versions 5+. */
  readonly topicId: Uuid;
  /** The outcome of each partition. Versions 5+. */
  readonly partitionErrors: readonly LeaderAndIsrResponseLeaderAndIsrPartitionError[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link LeaderAndIsrRequest}. */
export const leaderAndIsrRequest: MessageCodec<LeaderAndIsrRequest> = /* @__PURE__ */ codec(leaderAndIsrRequestTable);

/** Reads and writes {@link LeaderAndIsrResponse}. */
export const leaderAndIsrResponse: MessageCodec<LeaderAndIsrResponse> = /* @__PURE__ */ codec(leaderAndIsrResponseTable);
