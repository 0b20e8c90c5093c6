// Made by scripts/generate.ts from src/messages/share-fetch.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { shareFetchRequestTable, shareFetchResponseTable } from '../../messages/share-fetch.ts';
import type { Uuid } from '../../uuid.ts';

/**
 * Acquires records for a member of a share group, and may acknowledge earlier ones.
 *
 * Request of API 78, version 0; the newest version is not stable.
 */
export interface ShareFetchRequest {
  /** Id of the group. */
  readonly groupId: string | null;
  /** Id of the member. */
  readonly memberId: string | null;
  /** Number of the request within its share session: 0 opens one, −1 closes it. */
  readonly shareSessionEpoch: number;
  /** Longest time to wait for `minBytes`, in milliseconds. */
  readonly maxWaitMs: number;
  /** Least bytes of records to wait for. */
  readonly minBytes: number;
  /** Most bytes of records wanted; the first batch is sent even when larger. Default 2147483647. */
  readonly maxBytes: number;
  /** The topics, one element each. */
  readonly topics: readonly ShareFetchRequestFetchTopic[];
  /** Partitions to take out of the fetch session. */
  readonly forgottenTopicsData: readonly ShareFetchRequestForgottenTopic[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface ShareFetchRequestFetchTopic {
  /** Id of the topic; zero when unknown. */
  readonly topicId: Uuid;
  /** The partitions, one element each. */
  readonly partitions: readonly ShareFetchRequestFetchPartition[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface ShareFetchRequestFetchPartition {
  /** Partition number. */
  readonly partitionIndex: number;
  /** Most bytes of records wanted from this partition. */
  readonly partitionMaxBytes: number;
  /** Ranges of acquired records to acknowledge. */
  readonly acknowledgementBatches: readonly ShareFetchRequestAcknowledgementBatch[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `acknowledgementBatches`. */
export interface ShareFetchRequestAcknowledgementBatch {
  /** First offset of the range. */
  readonly firstOffset: number;
  /** Last offset of the range, included. */
  readonly lastOffset: number;
  /** What became of the records, one entry for each or one for all: 0 gap, 1 accepted, 2 released, 3 rejected. */
  readonly acknowledgeTypes: readonly number[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `forgottenTopicsData`. */
export interface ShareFetchRequestForgottenTopic {
  /** Id of the topic; zero when unknown. */
  readonly topicId: Uuid;
  /** Partition numbers. */
  readonly partitions: readonly number[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * Acquired records per partition.
 *
 * Response of API 78, version 0.
 */
export interface ShareFetchResponse {
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Text about the error; null for none. */
  readonly errorMessage: string | null;
  /** The outcomes, one element each. */
  readonly responses: readonly ShareFetchResponseShareFetchableTopicResponse[];
  /** Where the leaders named in this response can be reached. */
  readonly nodeEndpoints: readonly ShareFetchResponseNodeEndpoint[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `responses`. */
export interface ShareFetchResponseShareFetchableTopicResponse {
  /** Id of the topic; zero when unknown. */
  readonly topicId: Uuid;
  /** The partitions, one element each. */
  readonly partitions: readonly ShareFetchResponsePartitionData[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface ShareFetchResponsePartitionData {
  /** Partition number. */
  readonly partitionIndex: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Text about the error; null for none. */
  readonly errorMessage: string | null;
  /** Error of the acknowledgements sent along; 0 when they were taken. */
  readonly acknowledgeErrorCode: number;
  /** Text about the error of the acknowledgements; null for none. */
  readonly acknowledgeErrorMessage: string | null;
  /** Leader and epoch that the answering node knows, when the request went to the wrong one. */
  readonly currentLeader: ShareFetchResponseLeaderIdAndEpoch;
  /** Record batches as they lie in the log, as a view into the frame when decoded; null for none. */
  readonly records: Uint8Array | null;
  /** Ranges of records that now are this member’s to process. */
  readonly acquiredRecords: readonly ShareFetchResponseAcquiredRecords[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** The value of `currentLeader`. */
export interface ShareFetchResponseLeaderIdAndEpoch {
  /** Node id of the leader; −1 when there is none or it is unknown. */
  readonly leaderId: number;
  /** Leader epoch; −1 when unknown. */
  readonly leaderEpoch: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `acquiredRecords`. */
export interface ShareFetchResponseAcquiredRecords {
  /** First offset of the range. */
  readonly firstOffset: number;
  /** Last offset of the range, included. */
  readonly lastOffset: number;
  /** How often the records were handed out. */
  readonly deliveryCount: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `nodeEndpoints`. */
export interface ShareFetchResponseNodeEndpoint {
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

/** Reads and writes {@link ShareFetchRequest}. */
export const shareFetchRequest: MessageCodec<ShareFetchRequest> = /* @__PURE__ */ codec(shareFetchRequestTable);

/** Reads and writes {@link ShareFetchResponse}. */
export const shareFetchResponse: MessageCodec<ShareFetchResponse> = /* @__PURE__ */ codec(shareFetchResponseTable);
