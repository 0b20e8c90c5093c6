// Made by scripts/generate.ts from src/messages/alter-partition.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { alterPartitionRequestTable, alterPartitionResponseTable } from '../../messages/alter-partition.ts';
import type { Uuid } from '../../uuid.ts';

/**
 * A partition leader proposes a new set of in-sync replicas to the controller.
 *
 * Request of API 56, versions 0–3; all flexible.
 */
export interface AlterPartitionRequest {
  /** Id of the broker. */
  readonly brokerId: number;
  /** Epoch of the broker’s registration; −1 when unknown. Default −1. */
  readonly brokerEpoch: number;
  /** The topics, one element each. */
  readonly topics: readonly AlterPartitionRequestTopicData[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface AlterPartitionRequestTopicData {
  /** Name of the topic. Versions 0–1. */
  readonly topicName: string;
  /** Id of the topic; zero when unknown. Versions 2+. */
  readonly topicId: Uuid;
  /** The partitions, one element each. */
  readonly partitions: readonly AlterPartitionRequestPartitionData[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface AlterPartitionRequestPartitionData {
  /** Partition number. */
  readonly partitionIndex: number;
  /** Leader epoch; −1 when unknown. */
  readonly leaderEpoch: number;
  /** In-sync replicas that the leader proposes. Versions 0–2. */
  readonly newIsr: readonly number[];
  /** In-sync replicas that the leader proposes, with their broker epochs. Version 3. */
  readonly newIsrWithEpochs: readonly AlterPartitionRequestBrokerState[];
  /** 1 while the leader recovers from an unclean election, else 0. Versions 1+. */
  readonly leaderRecoveryState: number;
  /** Rises with every change of the partition’s state. */
  readonly partitionEpoch: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `newIsrWithEpochs`. */
export interface AlterPartitionRequestBrokerState {
  /** Id of the broker. Version 3. */
  readonly brokerId: number;
  /** Epoch of the broker’s registration; −1 when unknown. Version 3, default −1. */
  readonly brokerEpoch: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * The state of each partition as the controller decided it.
 *
 * Response of API 56, versions 0–3; all flexible.
 */
export interface AlterPartitionResponse {
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** The topics, one element each. */
  readonly topics: readonly AlterPartitionResponseTopicData[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface AlterPartitionResponseTopicData {
  /** Name of the topic. Versions 0–1. */
  readonly topicName: string;
  /** Id of the topic; zero when unknown. Versions 2+. */
  readonly topicId: Uuid;
  /** The partitions, one element each. */
  readonly partitions: readonly AlterPartitionResponsePartitionData[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface AlterPartitionResponsePartitionData {
  /** Partition number. */
  readonly partitionIndex: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Node id of the leader; −1 when there is none or it is unknown. */
  readonly leaderId: number;
  /** Leader epoch; −1 when unknown. */
  readonly leaderEpoch: number;
  /** In-sync replicas. */
  readonly isr: readonly number[];
  /** 1 while the leader recovers from an unclean election, else 0. Versions 1+. */
  readonly leaderRecoveryState: number;
  /** Rises with every change of the partition’s state. */
  readonly partitionEpoch: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link AlterPartitionRequest}. */
export const alterPartitionRequest: MessageCodec<AlterPartitionRequest> = /* @__PURE__ */ codec(alterPartitionRequestTable);

/** Reads and writes {@link AlterPartitionResponse}. */
export const alterPartitionResponse: MessageCodec<AlterPartitionResponse> = /* @__PURE__ */ codec(alterPartitionResponseTable);
