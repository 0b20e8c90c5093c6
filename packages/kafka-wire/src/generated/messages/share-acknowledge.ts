// Made by scripts/generate.ts from src/messages/share-acknowledge.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { shareAcknowledgeRequestTable, shareAcknowledgeResponseTable } from '../../messages/share-acknowledge.ts';
import type { Uuid } from '../../uuid.ts';

/**
 * Says of acquired records whether they were processed.
 *
 * Request of API 79, version 0; the newest version is not stable.
 */
export interface ShareAcknowledgeRequest {
  /** Id of the group. */
  readonly groupId: string | null;
  /** Id of the member. */
  readonly memberId: string | null;
  /** Number of the request within its share session: 0 opens one, −1 closes it. */
  readonly shareSessionEpoch: number;
  /** The topics, one element each. */
  readonly topics: readonly ShareAcknowledgeRequestAcknowledgeTopic[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface ShareAcknowledgeRequestAcknowledgeTopic {
  /** Id of the topic; zero when unknown. */
  readonly topicId: Uuid;
  /** The partitions, one element each. */
  readonly partitions: readonly ShareAcknowledgeRequestAcknowledgePartition[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface ShareAcknowledgeRequestAcknowledgePartition {
  /** Partition number. */
  readonly partitionIndex: number;
  /** Ranges of acquired records to acknowledge. */
  readonly acknowledgementBatches: readonly ShareAcknowledgeRequestAcknowledgementBatch[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `acknowledgementBatches`. */
export interface ShareAcknowledgeRequestAcknowledgementBatch {
  /** First offset of the range. */
  readonly firstOffset: number;
  /** Last offset of the range, included. */
  readonly lastOffset: number;
  /** What became of the records, one entry for each or one for all: 0 gap, 1 accepted, 2 released, 3 rejected. */
  readonly acknowledgeTypes: readonly number[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * The outcome for each partition.
 *
 * Response of API 79, version 0.
 */
export interface ShareAcknowledgeResponse {
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Text about the error; null for none. */
  readonly errorMessage: string | null;
  /** The outcomes, one element each. */
  readonly responses: readonly ShareAcknowledgeResponseShareAcknowledgeTopicResponse[];
  /** Where the leaders named in this response can be reached. */
  readonly nodeEndpoints: readonly ShareAcknowledgeResponseNodeEndpoint[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `responses`. */
export interface ShareAcknowledgeResponseShareAcknowledgeTopicResponse {
  /** Id of the topic; zero when unknown. */
  readonly topicId: Uuid;
  /** The partitions, one element each. */
  readonly partitions: readonly ShareAcknowledgeResponsePartitionData[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface ShareAcknowledgeResponsePartitionData {
  /** Partition number. */
  readonly partitionIndex: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Text about the error; null for none. */
  readonly errorMessage: string | null;
  /** Leader and epoch that the answering node knows, when the request went to the wrong one. */
  readonly currentLeader: ShareAcknowledgeResponseLeaderIdAndEpoch;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** The value of `currentLeader`. */
export interface ShareAcknowledgeResponseLeaderIdAndEpoch {
  /** Node id of the leader; −1 when there is none or it is unknown. */
  readonly leaderId: number;
  /** Leader epoch; −1 when unknown. */
  readonly leaderEpoch: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `nodeEndpoints`. */
export interface ShareAcknowledgeResponseNodeEndpoint {
  /** Id of the node; −1 for none. */
  readonly nodeId: number;
  /** Host name or address. */
  readonly host: string;
  /** TCP port. */
  readonly port: number;
  /** Rack of the node; null for none. */
  readonly rack: string | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link ShareAcknowledgeRequest}. */
export const shareAcknowledgeRequest: MessageCodec<ShareAcknowledgeRequest> = /* @__PURE__ */ codec(shareAcknowledgeRequestTable);

/** Reads and writes {@link ShareAcknowledgeResponse}. */
export const shareAcknowledgeResponse: MessageCodec<ShareAcknowledgeResponse> = /* @__PURE__ */ codec(shareAcknowledgeResponseTable);
