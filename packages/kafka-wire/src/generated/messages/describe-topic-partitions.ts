// Made by scripts/generate.ts from src/messages/describe-topic-partitions.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { describeTopicPartitionsRequestTable, describeTopicPartitionsResponseTable } from '../../messages/describe-topic-partitions.ts';
import type { Uuid } from '../../uuid.ts';

/**
 * Asks for the partitions of topics, page by page.
 *
 * Request of API 75, version 0.
 */
export interface DescribeTopicPartitionsRequest {
  /** The topics, one element each. */
  readonly topics: readonly DescribeTopicPartitionsRequestTopicRequest[];
  /** Most partitions wanted in the response. Default 2000. */
  readonly responsePartitionLimit: number;
  /** Where the page starts; null for the first. */
  readonly cursor: DescribeTopicPartitionsRequestCursor | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface DescribeTopicPartitionsRequestTopicRequest {
  /** Name of the topic. */
  readonly name: string;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** The value of `cursor`. */
export interface DescribeTopicPartitionsRequestCursor {
  /** Name of the topic. */
  readonly topicName: string;
  /** Partition number. */
  readonly partitionIndex: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * A page of topics and partitions, and where the next one starts.
 *
 * Response of API 75, version 0.
 */
export interface DescribeTopicPartitionsResponse {
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** The topics, one element each. */
  readonly topics: readonly DescribeTopicPartitionsResponseTopic[];
  /** Where the next page starts; null on the last page. */
  readonly nextCursor: DescribeTopicPartitionsResponseCursor | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topics`. */
export interface DescribeTopicPartitionsResponseTopic {
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Name of the topic. */
  readonly name: string | null;
  /** Id of the topic; zero when unknown. */
  readonly topicId: Uuid;
  /** Whether Kafka keeps state of its own in the topic. */
  readonly isInternal: boolean;
  /** The partitions, one element each. */
  readonly partitions: readonly DescribeTopicPartitionsResponsePartition[];
  /**
   * Operations on the topic that the caller may perform, one bit each; −2^31 when not asked for. Default −2147483648.
   */
  readonly topicAuthorizedOperations: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `partitions`. */
export interface DescribeTopicPartitionsResponsePartition {
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Partition number. */
  readonly partitionIndex: number;
  /** Node id of the leader; −1 when there is none or it is unknown. */
  readonly leaderId: number;
  /** Leader epoch; −1 when unknown. Default −1. */
  readonly leaderEpoch: number;
  /** All replicas, the preferred leader first. */
  readonly replicaNodes: readonly number[];
  /** In-sync replicas. */
  readonly isrNodes: readonly number[];
  /** Replicas outside the in-sync set that hold all committed records; null when unknown. */
  readonly eligibleLeaderReplicas: readonly number[] | null;
  /** Replicas that last were eligible leaders; null when unknown. */
  readonly lastKnownElr: readonly number[] | null;
  /** Replicas that are not available. */
  readonly offlineReplicas: readonly number[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** The value of `nextCursor`. */
export interface DescribeTopicPartitionsResponseCursor {
  /** Name of the topic. */
  readonly topicName: string;
  /** Partition number. */
  readonly partitionIndex: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link DescribeTopicPartitionsRequest}. */
export const describeTopicPartitionsRequest: MessageCodec<DescribeTopicPartitionsRequest> = /* @__PURE__ */ codec(describeTopicPartitionsRequestTable);

/** Reads and writes {@link DescribeTopicPartitionsResponse}. */
export const describeTopicPartitionsResponse: MessageCodec<DescribeTopicPartitionsResponse> = /* @__PURE__ */ codec(describeTopicPartitionsResponseTable);
