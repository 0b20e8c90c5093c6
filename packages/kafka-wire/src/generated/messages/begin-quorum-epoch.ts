// Made by scripts/generate.ts from src/messages/begin-quorum-epoch.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { beginQuorumEpochRequestTable, beginQuorumEpochResponseTable } from '../../messages/begin-quorum-epoch.ts';
import type { Uuid } from '../../uuid.ts';

/**
 * A newly elected leader of the metadata log announces itself to the voters.
 *
 * Request of API 53, versions 0–1; flexible from 1.
 */
export interface BeginQuorumEpochRequest {
  /** Id of the cluster; null when unknown. */
  readonly clusterId: string | null;
  /** Node id of the voter. Version 1, default −1. */
  readonly voterId: number;
  /** The topics, one element each. */
  readonly topics: readonly BeginQuorumEpochRequestTopicData[];
  /** Where the leader can be reached, by listener. Version 1. */
  readonly leaderEndpoints: readonly BeginQuorumEpochRequestLeaderEndpoint[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface BeginQuorumEpochRequestTopicData {
  /** Name of the topic. */
  readonly topicName: string;
  /** The partitions, one element each. */
  readonly partitions: readonly BeginQuorumEpochRequestPartitionData[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface BeginQuorumEpochRequestPartitionData {
  /** Partition number. */
  readonly partitionIndex: number;
  /** Directory id of the voter’s metadata log; zero when unknown. Version 1. */
  readonly voterDirectoryId: Uuid;
  /** Node id of the leader; −1 when there is none or it is unknown. */
  readonly leaderId: number;
  /** Leader epoch; −1 when unknown. */
  readonly leaderEpoch: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `leaderEndpoints`. */
export interface BeginQuorumEpochRequestLeaderEndpoint {
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
 * Response of API 53, versions 0–1; flexible from 1.
 */
export interface BeginQuorumEpochResponse {
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** The topics, one element each. */
  readonly topics: readonly BeginQuorumEpochResponseTopicData[];
  /** Where the leaders named in this response can be reached. Version 1, tag 0. */
  readonly nodeEndpoints: readonly BeginQuorumEpochResponseNodeEndpoint[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface BeginQuorumEpochResponseTopicData {
  /** Name of the topic. */
  readonly topicName: string;
  /** The partitions, one element each. */
  readonly partitions: readonly BeginQuorumEpochResponsePartitionData[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface BeginQuorumEpochResponsePartitionData {
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
export interface BeginQuorumEpochResponseNodeEndpoint {
  /** Id of the node; −1 for none. Version 1. */
  readonly nodeId: number;
  /** Host name or address. Version 1. */
  readonly host: string;
  /** TCP port. Version 1. */
  readonly port: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link BeginQuorumEpochRequest}. */
export const beginQuorumEpochRequest: MessageCodec<BeginQuorumEpochRequest> = /* @__PURE__ */ codec(beginQuorumEpochRequestTable);

/** Reads and writes {@link BeginQuorumEpochResponse}. */
export const beginQuorumEpochResponse: MessageCodec<BeginQuorumEpochResponse> = /* @__PURE__ */ codec(beginQuorumEpochResponseTable);
