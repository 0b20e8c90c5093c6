// Made by scripts/generate.ts from src/messages/fetch.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { fetchRequestTable, fetchResponseTable } from '../../messages/fetch.ts';
import type { Uuid } from '../../uuid.ts';

/**
 * Reads record batches: consumers and followers from partitions, KRaft replicas from the metadata log.
 *
 * Request of API 1, versions 0–17; flexible from 12; deprecated: 0–3.
 */
export interface FetchRequest {
  /** Id of the cluster; null when unknown. Versions 12+, tag 0. */
  readonly clusterId: string | null;
  /** Broker id of the follower; −1 for a consumer, −2 for a debugging one. Versions 0–14, default −1. */
  readonly replicaId: number;
  /** Who is fetching, when it is a follower. Versions 15+, tag 1. */
  readonly replicaState: FetchRequestReplicaState;
  /** Longest time to wait for `minBytes`, in milliseconds. */
  readonly maxWaitMs: number;
  /** Least bytes of records to wait for. */
  readonly minBytes: number;
  /** Most bytes of records wanted; the first batch is sent even when larger. Versions 3+, default 2147483647. */
  readonly maxBytes: number;
  /** Which records may be read: 0 all, 1 those of committed transactions only. Versions 4+. */
  readonly isolationLevel: number;
  /** Id of the fetch session; 0 for none. Versions 7+. */
  readonly sessionId: number;
  /**
   * Number of the request within its fetch session: 0 opens one, −1 goes without or closes it. Versions 7+, default −1.
   */
  readonly sessionEpoch: number;
  /** The topics, one element each. */
  readonly topics: readonly FetchRequestFetchTopic[];
  /** Partitions to take out of the fetch session. Versions 7+. */
  readonly forgottenTopicsData: readonly FetchRequestForgottenTopic[];
  /** Rack of the sender; null or empty for none. Versions 11+. */
  readonly rackId: string;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** The value of `replicaState`. */
export interface FetchRequestReplicaState {
  /** Broker id of the follower; −1 for a consumer, −2 for a debugging one. Versions 15+, default −1. */
  readonly replicaId: number;
  /** Epoch of the follower’s broker registration; −1 for none. Versions 15+, default −1. */
  readonly replicaEpoch: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface FetchRequestFetchTopic {
  /** Name of the topic. Versions 0–12. */
  readonly topic: string;
  /** Id of the topic; zero when unknown. Versions 13+. */
  readonly topicId: Uuid;
  /** The partitions, one element each. */
  readonly partitions: readonly FetchRequestFetchPartition[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface FetchRequestFetchPartition {
  /** Partition number. */
  readonly partition: number;
  /** Leader epoch that the sender knows, checked by the receiver; −1 for no check. Versions 9+, default −1. */
  readonly currentLeaderEpoch: number;
  /** Offset from which to read. */
  readonly fetchOffset: number;
  /** Leader epoch of the last record that the follower has; −1 for none. Versions 12+, default −1. */
  readonly lastFetchedEpoch: number;
  /** First offset that is still kept; −1 when unknown. Versions 5+, default −1. */
  readonly logStartOffset: number;
  /** Most bytes of records wanted from this partition. */
  readonly partitionMaxBytes: number;
  /** Directory id of the replica’s log; zero when unknown. Version 17, tag 0. */
  readonly replicaDirectoryId: Uuid;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `forgottenTopicsData`. */
export interface FetchRequestForgottenTopic {
  /** Name of the topic. Versions 7–12. */
  readonly topic: string;
  /** Id of the topic; zero when unknown. Versions 13+. */
  readonly topicId: Uuid;
  /** Partition numbers. Versions 7+. */
  readonly partitions: readonly number[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * Record batches per partition, with watermarks and hints about the leader.
 *
 * Response of API 1, versions 0–17; flexible from 12.
 */
export interface FetchResponse {
  /**
   * Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. Versions
   * 1+.
   */
  readonly throttleTimeMs: number;
  /** Kafka’s error code; 0 for success. Versions 7+. */
  readonly errorCode: number;
  /** Id of the fetch session; 0 for none. Versions 7+. */
  readonly sessionId: number;
  /** The outcomes, one element each. */
  readonly responses: readonly FetchResponseFetchableTopicResponse[];
  /** Where the leaders named in this response can be reached. Versions 16+, tag 0. */
  readonly nodeEndpoints: readonly FetchResponseNodeEndpoint[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `responses`. */
export interface FetchResponseFetchableTopicResponse {
  /** Name of the topic. Versions 0–12. */
  readonly topic: string;
  /** Id of the topic; zero when unknown. Versions 13+. */
  readonly topicId: Uuid;
  /** The partitions, one element each. */
  readonly partitions: readonly FetchResponsePartitionData[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface FetchResponsePartitionData {
  /** Partition number. */
  readonly partitionIndex: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Offset up to which records are committed; −1 when unknown. */
  readonly highWatermark: number;
  /** Offset up to which all transactions are decided; −1 when unknown. Versions 4+, default −1. */
  readonly lastStableOffset: number;
  /** First offset that is still kept; −1 when unknown. Versions 5+, default −1. */
  readonly logStartOffset: number;
  /**
   * Largest epoch, with its end, up to which the follower’s log can agree with the leader’s; −1 when the logs do not
   * diverge. Versions 12+, tag 0.
   */
  readonly divergingEpoch: FetchResponseEpochEndOffset;
  /** Leader and epoch that the answering node knows, when the request went to the wrong one. Versions 12+, tag 1. */
  readonly currentLeader: FetchResponseLeaderIdAndEpoch;
  /** The snapshot: offset and epoch at which it ends. Versions 12+, tag 2. */
  readonly snapshotId: FetchResponseSnapshotId;
  /**
   * Transactions in the fetched range that were aborted, for readers of committed records to skip; null when the
   * request did not ask for committed records. Versions 4+.
   */
  readonly abortedTransactions: readonly FetchResponseAbortedTransaction[] | null;
  /** Replica that the consumer should read from; −1 for the leader. Versions 11+, default −1. */
  readonly preferredReadReplica: number;
  /** Record batches as they lie in the log, as a view into the frame when decoded; null for none. */
  readonly records: Uint8Array | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** The value of `divergingEpoch`. */
export interface FetchResponseEpochEndOffset {
  /** Epoch; −1 for none. Versions 12+, default −1. */
  readonly epoch: number;
  /** Offset after the last record. Versions 12+, default −1. */
  readonly endOffset: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** The value of `currentLeader`. */
export interface FetchResponseLeaderIdAndEpoch {
  /** Node id of the leader; −1 when there is none or it is unknown. Versions 12+, default −1. */
  readonly leaderId: number;
  /** Leader epoch; −1 when unknown. Versions 12+, default −1. */
  readonly leaderEpoch: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** The value of `snapshotId`. */
export interface FetchResponseSnapshotId {
  /** Offset after the last record. Default −1. */
  readonly endOffset: number;
  /** Epoch; −1 for none. Default −1. */
  readonly epoch: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `abortedTransactions`. */
export interface FetchResponseAbortedTransaction {
  /** Id of the producer; −1 for none. Versions 4+. */
  readonly producerId: number;
  /** First offset of the transaction in this partition. Versions 4+. */
  readonly firstOffset: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `nodeEndpoints`. */
export interface FetchResponseNodeEndpoint {
  /** Id of the node; −1 for none. Versions 16+. */
  readonly nodeId: number;
  /** Host name or address. Versions 16+. */
  readonly host: string;
  /** TCP port. Versions 16+. */
  readonly port: number;
  /** Rack of the node; null for none. Versions 16+. */
  readonly rack: string | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link FetchRequest}. */
export const fetchRequest: MessageCodec<FetchRequest> = /* @__PURE__ */ codec(fetchRequestTable);

/** Reads and writes {@link FetchResponse}. */
export const fetchResponse: MessageCodec<FetchResponse> = /* @__PURE__ */ codec(fetchResponseTable);
