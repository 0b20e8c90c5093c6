// Made by scripts/generate.ts from src/messages/share-group-heartbeat.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { shareGroupHeartbeatRequestTable, shareGroupHeartbeatResponseTable } from '../../messages/share-group-heartbeat.ts';
import type { Uuid } from '../../uuid.ts';

/**
 * A member of a share group joins, stays or leaves.
 *
 * Request of API 76, version 0; the newest version is not stable.
 */
export interface ShareGroupHeartbeatRequest {
  /** Id of the group. */
  readonly groupId: string;
  /** Id of the member. */
  readonly memberId: string;
  /** Epoch of the member: 0 joins, −1 leaves. */
  readonly memberEpoch: number;
  /** Rack of the sender; null or empty for none. */
  readonly rackId: string | null;
  /** Names of the topics that the member wants; null in a heartbeat when unchanged. */
  readonly subscribedTopicNames: readonly string[] | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * The member's epoch and, when it changed, its assignment.
 *
 * Response of API 76, version 0.
 */
export interface ShareGroupHeartbeatResponse {
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Text about the error; null for none. */
  readonly errorMessage: string | null;
  /** Id of the member. */
  readonly memberId: string | null;
  /** Epoch of the member. */
  readonly memberEpoch: number;
  /** Time between heartbeats, in milliseconds. */
  readonly heartbeatIntervalMs: number;
  /** What the member is to own; null when nothing changed. */
  readonly assignment: ShareGroupHeartbeatResponseAssignment | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** The value of `assignment`. */
export interface ShareGroupHeartbeatResponseAssignment {
  /** Partitions, by topic. */
  readonly topicPartitions: readonly ShareGroupHeartbeatResponseTopicPartitions[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topicPartitions`. */
export interface ShareGroupHeartbeatResponseTopicPartitions {
  /** Id of the topic; zero when unknown. */
  readonly topicId: Uuid;
  /** Partition numbers. */
  readonly partitions: readonly number[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link ShareGroupHeartbeatRequest}. */
export const shareGroupHeartbeatRequest: MessageCodec<ShareGroupHeartbeatRequest> = /* @__PURE__ */ codec(shareGroupHeartbeatRequestTable);

/** Reads and writes {@link ShareGroupHeartbeatResponse}. */
export const shareGroupHeartbeatResponse: MessageCodec<ShareGroupHeartbeatResponse> = /* @__PURE__ */ codec(shareGroupHeartbeatResponseTable);
