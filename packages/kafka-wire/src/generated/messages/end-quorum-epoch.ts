// Made by scripts/generate.ts from src/messages/end-quorum-epoch.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { endQuorumEpochRequestTable, endQuorumEpochResponseTable } from '../../messages/end-quorum-epoch.ts';
import type { Uuid } from '../../uuid.ts';

/**
 * A leader of the metadata log resigns and names who should try to succeed it first.
 *
 * Request of API 54, versions 0–1; flexible from 1.
 */
export interface EndQuorumEpochRequest {
  /** Id of the cluster; null when unknown. */
  readonly clusterId: string | null;
  /** The topics, one element each. */
  readonly topics: readonly EndQuorumEpochRequestTopicData[];
  /** Where the leader can be reached, by listener. Version 1. */
  readonly leaderEndpoints: readonly EndQuorumEpochRequestLeaderEndpoint[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface EndQuorumEpochRequestTopicData {
  /** Name of the topic. */
  readonly topicName: string;
  /** The partitions, one element each. */
  readonly partitions: readonly EndQuorumEpochRequestPartitionData[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface EndQuorumEpochRequestPartitionData {
  /** Partition number. */
  readonly partitionIndex: number;
  /** Node id of the leader; −1 when there is none or it is unknown. */
  readonly leaderId: number;
  /** Leader epoch; −1 when unknown. */
  readonly leaderEpoch: number;
  /** Voters that should try to succeed the leader, the most advanced first. Version 0. */
  readonly preferredSuccessors: readonly number[];
  /** Voters that should try to succeed the leader, the most advanced first. Version 1. */
  readonly preferredCandidates: readonly EndQuorumEpochRequestReplicaInfo[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `preferredCandidates`. */
export interface EndQuorumEpochRequestReplicaInfo {
  /** Node id of the candidate. Version 1. */
  readonly candidateId: number;
  /** Directory id of the candidate’s metadata log. Version 1. */
  readonly candidateDirectoryId: Uuid;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `leaderEndpoints`. */
export interface EndQuorumEpochRequestLeaderEndpoint {
  /** Name of the listener. Version 1. */
  readonly name: string;
  /** Host name or address. Version 1. */
  readonly host: string;
  /** TCP port. Version 1. */
  readonly port: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * The epoch and leader that the voter now knows.
 *
 * Response of API 54, versions 0–1; flexible from 1.
 */
export interface EndQuorumEpochResponse {
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** The topics, one element each. */
  readonly topics: readonly EndQuorumEpochResponseTopicData[];
  /** Where the leaders named in this response can be reached. Version 1, tag 0. */
  readonly nodeEndpoints: readonly EndQuorumEpochResponseNodeEndpoint[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface EndQuorumEpochResponseTopicData {
  /** Name of the topic. */
  readonly topicName: string;
  /** The partitions, one element each. */
  readonly partitions: readonly EndQuorumEpochResponsePartitionData[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface EndQuorumEpochResponsePartitionData {
  /** Partition number. */
  readonly partitionIndex: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Node id of the leader; −1 when there is none or it is unknown. */
  readonly leaderId: number;
  /** Leader epoch; −1 when unknown. */
  readonly leaderEpoch: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `nodeEndpoints`. */
export interface EndQuorumEpochResponseNodeEndpoint {
  /** Id of the node; −1 for none. Version 1. */
  readonly nodeId: number;
  /** Host name or address. Version 1. */
  readonly host: string;
  /** TCP port. Version 1. */
  readonly port: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link EndQuorumEpochRequest}. */
export const endQuorumEpochRequest: MessageCodec<EndQuorumEpochRequest> = /* @__PURE__ */ codec(endQuorumEpochRequestTable);

/** Reads and writes {@link EndQuorumEpochResponse}. */
export const endQuorumEpochResponse: MessageCodec<EndQuorumEpochResponse> = /* @__PURE__ */ codec(endQuorumEpochResponseTable);
