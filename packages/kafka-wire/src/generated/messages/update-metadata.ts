// Made by scripts/generate.ts from src/messages/update-metadata.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { updateMetadataRequestTable, updateMetadataResponseTable } from '../../messages/update-metadata.ts';
import type { Uuid } from '../../uuid.ts';

/**
 * ZooKeeper mode: the controller pushes brokers and partition states into a broker's metadata cache.
 *
 * Request of API 6, versions 0–8; flexible from 6.
 */
export interface UpdateMetadataRequest {
  /** Node id of the controller; −1 when unknown. */
  readonly controllerId: number;
  /** Whether the sending controller is a KRaft one, during migration. Version 8. */
  readonly isKRaftController: boolean;
  /** What the request holds: 0 unknown, 1 changes, 2 the whole. Version 8, tag 0. */
  readonly type: number;
  /** Epoch of the controller that sends or decided this. */
  readonly controllerEpoch: number;
  /** Epoch of the broker’s registration; −1 when unknown. Versions 5+, default −1. */
  readonly brokerEpoch: number;
  /** The partitions, each with its topic. Versions 0–4. */
  readonly ungroupedPartitionStates: readonly UpdateMetadataRequestUpdateMetadataPartitionState[];
  /** The topics, one element each. Versions 5+. */
  readonly topicStates: readonly UpdateMetadataRequestUpdateMetadataTopicState[];
  /** Brokers that are alive. */
  readonly liveBrokers: readonly UpdateMetadataRequestUpdateMetadataBroker[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `ungroupedPartitionStates`, or an element of `partitionStates`. */
export interface UpdateMetadataRequestUpdateMetadataPartitionState {
  /** Name of the topic. Versions 0–4. */
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
  /** Version of the partition’s state, as ZooKeeper counts it. */
  readonly zkVersion: number;
  /** All replicas, the preferred leader first. */
  readonly replicas: readonly number[];
  /** Replicas that are not available. Versions 4+. */
  readonly offlineReplicas: readonly number[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topicStates`. */
export interface UpdateMetadataRequestUpdateMetadataTopicState {
  /** Name of the topic. Versions 5+. */
  readonly topicName: string;
  /** Id of the topic; zero when unknown. Versions 7+. */
  readonly topicId: Uuid;
  /** The partitions, one element each. Versions 5+. */
  readonly partitionStates: readonly UpdateMetadataRequestUpdateMetadataPartitionState[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `liveBrokers`. */
export interface UpdateMetadataRequestUpdateMetadataBroker {
  /** Id of the broker. */
  readonly id: number;
  /** Host name or address. Version 0. */
  readonly v0Host: string;
  /** TCP port. Version 0. */
  readonly v0Port: number;
  /** Where the node can be reached, by listener. Versions 1+. */
  readonly endpoints: readonly UpdateMetadataRequestUpdateMetadataEndpoint[];
  /** Rack of the node; null for none. Versions 2+. */
  readonly rack: string | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `endpoints`. */
export interface UpdateMetadataRequestUpdateMetadataEndpoint {
  /** TCP port. Versions 1+. */
  readonly port: number;
  /** Host name or address. Versions 1+. */
  readonly host: string;
  /** Name of the listener. Versions 3+. */
  readonly listener: string;
  /** Security of the listener: 0 PLAINTEXT, 1 SSL, 2 SASL_PLAINTEXT, 3 SASL_SSL. Versions 1+. */
  readonly securityProtocol: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * Whether the broker took the pushed metadata.
 *
 * Response of API 6, versions 0–8; flexible from 6.
 */
export interface UpdateMetadataResponse {
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link UpdateMetadataRequest}. */
export const updateMetadataRequest: MessageCodec<UpdateMetadataRequest> = /* @__PURE__ */ codec(updateMetadataRequestTable);

/** Reads and writes {@link UpdateMetadataResponse}. */
export const updateMetadataResponse: MessageCodec<UpdateMetadataResponse> = /* @__PURE__ */ codec(updateMetadataResponseTable);
