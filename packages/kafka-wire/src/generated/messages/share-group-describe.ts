// Made by scripts/generate.ts from src/messages/share-group-describe.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { shareGroupDescribeRequestTable, shareGroupDescribeResponseTable } from '../../messages/share-group-describe.ts';
import type { Uuid } from '../../uuid.ts';

/**
 * Asks for state and members of share groups.
 *
 * Request of API 77, version 0; the newest version is not stable.
 */
export interface ShareGroupDescribeRequest {
  /** Ids of the groups. */
  readonly groupIds: readonly string[];
  /** Whether to report the operations that the caller may perform on each group. */
  readonly includeAuthorizedOperations: boolean;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * State, epochs and members of each share group.
 *
 * Response of API 77, version 0.
 */
export interface ShareGroupDescribeResponse {
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** The groups, one element each. */
  readonly groups: readonly ShareGroupDescribeResponseDescribedGroup[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `groups`. */
export interface ShareGroupDescribeResponseDescribedGroup {
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
  readonly members: readonly ShareGroupDescribeResponseMember[];
  /** Operations that the caller may perform, one bit each; −2^31 when not asked for. Default −2147483648. */
  readonly authorizedOperations: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `members`. */
export interface ShareGroupDescribeResponseMember {
  /** Id of the member. */
  readonly memberId: string;
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
  /** What the member owns. */
  readonly assignment: ShareGroupDescribeResponseAssignment;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** The value of `assignment`. */
export interface ShareGroupDescribeResponseAssignment {
  /** Partitions, by topic. */
  readonly topicPartitions: readonly ShareGroupDescribeResponseTopicPartitions[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topicPartitions`. */
export interface ShareGroupDescribeResponseTopicPartitions {
  /** Id of the topic; zero when unknown. */
  readonly topicId: Uuid;
  /** Name of the topic. */
  readonly topicName: string;
  /** Partition numbers. */
  readonly partitions: readonly number[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link ShareGroupDescribeRequest}. */
export const shareGroupDescribeRequest: MessageCodec<ShareGroupDescribeRequest> = /* @__PURE__ */ codec(shareGroupDescribeRequestTable);

/** Reads and writes {@link ShareGroupDescribeResponse}. */
export const shareGroupDescribeResponse: MessageCodec<ShareGroupDescribeResponse> = /* @__PURE__ */ codec(shareGroupDescribeResponseTable);
