// Made by scripts/generate.ts from src/messages/consumer-group-describe.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { consumerGroupDescribeRequestTable, consumerGroupDescribeResponseTable } from '../../messages/consumer-group-describe.ts';
import type { Uuid } from '../../uuid.ts';

/**
 * Asks for state and members of KIP-848 consumer groups.
 *
 * Request of API 69, version 0.
 */
export interface ConsumerGroupDescribeRequest {
  /** Ids of the groups. */
  readonly groupIds: readonly string[];
  /** Whether to report the operations that the caller may perform on each group. */
  readonly includeAuthorizedOperations: boolean;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * State, epochs and members of each KIP-848 consumer group.
 *
 * Response of API 69, version 0.
 */
export interface ConsumerGroupDescribeResponse {
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** The groups, one element each. */
  readonly groups: readonly ConsumerGroupDescribeResponseDescribedGroup[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `groups`. */
export interface ConsumerGroupDescribeResponseDescribedGroup {
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Text about the error; null for none. */
  readonly errorMessage: string | null;
  /** Id of the group. */
  readonly groupId: string;
  /** State of the group, such as `Stable` or `Empty`. */
  readonly groupState: string;
  /** Epoch of the group. */
  readonly groupEpoch: number;
  /** Group epoch for which the target assignment was made. */
  readonly assignmentEpoch: number;
  /** Name of the assignor that made the target assignment. */
  readonly assignorName: string;
  /** The members, one element each. */
  readonly members: readonly ConsumerGroupDescribeResponseMember[];
  /** Operations that the caller may perform, one bit each; −2^31 when not asked for. Default −2147483648. */
  readonly authorizedOperations: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `members`. */
export interface ConsumerGroupDescribeResponseMember {
  /** Id of the member. */
  readonly memberId: string;
  /** Name of a static member, which survives restarts; null for a dynamic one. */
  readonly instanceId: string | null;
  /** Rack of the sender; null or empty for none. */
  readonly rackId: string | null;
  /** Epoch of the member. */
  readonly memberEpoch: number;
  /** Name that the client gave itself. */
  readonly clientId: string;
  /** Address from which the member connects. */
  readonly clientHost: string;
  /** Names of the topics that the member wants; null in a heartbeat when unchanged. */
  readonly subscribedTopicNames: readonly string[];
  /** Pattern of the topics that the member wants; null for none. */
  readonly subscribedTopicRegex: string | null;
  /** What the member owns. */
  readonly assignment: ConsumerGroupDescribeResponseAssignment;
  /** What the member is to own in the end. */
  readonly targetAssignment: ConsumerGroupDescribeResponseAssignment;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** The value of `assignment`, or the value of `targetAssignment`. */
export interface ConsumerGroupDescribeResponseAssignment {
  /** Partitions, by topic. */
  readonly topicPartitions: readonly ConsumerGroupDescribeResponseTopicPartitions[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topicPartitions`. */
export interface ConsumerGroupDescribeResponseTopicPartitions {
  /** Id of the topic; zero when unknown. */
  readonly topicId: Uuid;
  /** Name of the topic. */
  readonly topicName: string;
  /** Partition numbers. */
  readonly partitions: readonly number[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link ConsumerGroupDescribeRequest}. */
export const consumerGroupDescribeRequest: MessageCodec<ConsumerGroupDescribeRequest> = /* @__PURE__ */ codec(consumerGroupDescribeRequestTable);

/** Reads and writes {@link ConsumerGroupDescribeResponse}. */
export const consumerGroupDescribeResponse: MessageCodec<ConsumerGroupDescribeResponse> = /* @__PURE__ */ codec(consumerGroupDescribeResponseTable);
