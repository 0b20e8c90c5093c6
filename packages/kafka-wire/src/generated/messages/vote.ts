// Made by scripts/generate.ts from src/messages/vote.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { voteRequestTable, voteResponseTable } from '../../messages/vote.ts';
import type { Uuid } from '../../uuid.ts';

/**
 * A candidate for the leadership of the metadata log asks a voter for its vote.
 *
 * Request of API 52, versions 0–1; all flexible.
 */
export interface VoteRequest {
  /** Id of the cluster; null when unknown. */
  readonly clusterId: string | null;
  /** Node id of the voter. Version 1, default −1. */
  readonly voterId: number;
  /** The topics, one element each. */
  readonly topics: readonly VoteRequestTopicData[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface VoteRequestTopicData {
  /** Name of the topic. */
  readonly topicName: string;
  /** The partitions, one element each. */
  readonly partitions: readonly VoteRequestPartitionData[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface VoteRequestPartitionData {
  /** Partition number. */
  readonly partitionIndex: number;
  /** Epoch for which the candidate runs. */
  readonly candidateEpoch: number;
  /** Node id of the candidate. */
  readonly candidateId: number;
  /** Directory id of the candidate’s metadata log. Version 1. */
  readonly candidateDirectoryId: Uuid;
  /** Directory id of the voter’s metadata log; zero when unknown. Version 1. */
  readonly voterDirectoryId: Uuid;
  /** Leader epoch of the candidate’s last record. */
  readonly lastOffsetEpoch: number;
  /** End of the candidate’s log: the offset after its last record. */
  readonly lastOffset: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * Whether the vote was granted, and the epoch and leader that the voter knows.
 *
 * Response of API 52, versions 0–1; all flexible.
 */
export interface VoteResponse {
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** The topics, one element each. */
  readonly topics: readonly VoteResponseTopicData[];
  /** Where the leaders named in this response can be reached. Version 1, tag 0. */
  readonly nodeEndpoints: readonly VoteResponseNodeEndpoint[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface VoteResponseTopicData {
  /** Name of the topic. */
  readonly topicName: string;
  /** The partitions, one element each. */
  readonly partitions: readonly VoteResponsePartitionData[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface VoteResponsePartitionData {
  /** Partition number. */
  readonly partitionIndex: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Node id of the leader; −1 when there is none or it is unknown. */
  readonly leaderId: number;
  /** Leader epoch; −1 when unknown. */
  readonly leaderEpoch: number;
  /** Whether the candidate got the vote. */
  readonly voteGranted: boolean;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `nodeEndpoints`. */
export interface VoteResponseNodeEndpoint {
  /** Id of the node; −1 for none. Version 1. */
  readonly nodeId: number;
  /** Host name or address. Version 1. */
  readonly host: string;
  /** TCP port. Version 1. */
  readonly port: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link VoteRequest}. */
export const voteRequest: MessageCodec<VoteRequest> = /* @__PURE__ */ codec(voteRequestTable);

/** Reads and writes {@link VoteResponse}. */
export const voteResponse: MessageCodec<VoteResponse> = /* @__PURE__ */ codec(voteResponseTable);
