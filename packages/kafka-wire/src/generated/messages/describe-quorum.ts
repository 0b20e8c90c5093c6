// Made by scripts/generate.ts from src/messages/describe-quorum.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { describeQuorumRequestTable, describeQuorumResponseTable } from '../../messages/describe-quorum.ts';
import type { Uuid } from '../../uuid.ts';

/**
 * Asks for the state of the metadata quorum.
 *
 * Request of API 55, versions 0–2; all flexible.
 */
export interface DescribeQuorumRequest {
  /** The topics, one element each. */
  readonly topics: readonly DescribeQuorumRequestTopicData[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface DescribeQuorumRequestTopicData {
  /** Name of the topic. */
  readonly topicName: string;
  /** The partitions, one element each. */
  readonly partitions: readonly DescribeQuorumRequestPartitionData[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface DescribeQuorumRequestPartitionData {
  /** Partition number. */
  readonly partitionIndex: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * Leader, epoch and progress of voters and observers.
 *
 * Response of API 55, versions 0–2; all flexible.
 */
export interface DescribeQuorumResponse {
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Text about the error; null for none. Version 2. */
  readonly errorMessage: string | null;
  /** The topics, one element each. */
  readonly topics: readonly DescribeQuorumResponseTopicData[];
  /** Voters and observers with their listeners. Version 2. */
  readonly nodes: readonly DescribeQuorumResponseNode[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface DescribeQuorumResponseTopicData {
  /** Name of the topic. */
  readonly topicName: string;
  /** The partitions, one element each. */
  readonly partitions: readonly DescribeQuorumResponsePartitionData[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface DescribeQuorumResponsePartitionData {
  /** Partition number. */
  readonly partitionIndex: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Text about the error; null for none. Version 2. */
  readonly errorMessage: string | null;
  /** Node id of the leader; −1 when there is none or it is unknown. */
  readonly leaderId: number;
  /** Leader epoch; −1 when unknown. */
  readonly leaderEpoch: number;
  /** Offset up to which records are committed; −1 when unknown. */
  readonly highWatermark: number;
  /** Voters of the quorum; null when unknown. */
  readonly currentVoters: readonly DescribeQuorumResponseReplicaState[];
  /** Replicas that follow without a vote. */
  readonly observers: readonly DescribeQuorumResponseReplicaState[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `currentVoters`, or an element of `observers`. */
export interface DescribeQuorumResponseReplicaState {
  /** Node id of the replica. */
  readonly replicaId: number;
  /** Directory id of the replica’s log; zero when unknown. Version 2. */
  readonly replicaDirectoryId: Uuid;
  /** Offset after the last record of the replica; −1 when unknown. */
  readonly logEndOffset: number;
  /** When the replica last fetched, in milliseconds since 1970; −1 when unknown. Versions 1+, default −1. */
  readonly lastFetchTimestamp: number;
  /**
   * When the replica last was level with the leader, in milliseconds since 1970; −1 when unknown. Versions 1+, default
   * −1.
   */
  readonly lastCaughtUpTimestamp: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `nodes`. */
export interface DescribeQuorumResponseNode {
  /** Id of the node; −1 for none. Version 2. */
  readonly nodeId: number;
  /** Where the node can be reached, by listener. Version 2. */
  readonly listeners: readonly DescribeQuorumResponseListener[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `listeners`. */
export interface DescribeQuorumResponseListener {
  /** Name of the listener. Version 2. */
  readonly name: string;
  /** Host name or address. Version 2. */
  readonly host: string;
  /** TCP port. Version 2. */
  readonly port: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link DescribeQuorumRequest}. */
export const describeQuorumRequest: MessageCodec<DescribeQuorumRequest> = /* @__PURE__ */ codec(describeQuorumRequestTable);

/** Reads and writes {@link DescribeQuorumResponse}. */
export const describeQuorumResponse: MessageCodec<DescribeQuorumResponse> = /* @__PURE__ */ codec(describeQuorumResponseTable);
