// Made by scripts/generate.ts from src/messages/consumer-group-heartbeat.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { consumerGroupHeartbeatRequestTable, consumerGroupHeartbeatResponseTable } from '../../messages/consumer-group-heartbeat.ts';
import type { Uuid } from '../../uuid.ts';

/**
 * A member of a KIP-848 consumer group joins, reports what it owns, or leaves.
 *
 * Request of API 68, version 0.
 */
export interface ConsumerGroupHeartbeatRequest {
  /** Id of the group. */
  readonly groupId: string;
  /** Id of the member. */
  readonly memberId: string;
  /** Epoch of the member: 0 joins, −1 leaves, −2 leaves for a while as a static member. */
  readonly memberEpoch: number;
  /** Name of a static member, which survives restarts; null for a dynamic one. */
  readonly instanceId: string | null;
  /** Rack of the sender; null or empty for none. */
  readonly rackId: string | null;
  /**
   * Longest time that the member may take to give up partitions or rejoin, in milliseconds; −1 when unchanged or
   * unknown. Default −1.
   */
  readonly rebalanceTimeoutMs: number;
  /** Names of the topics that the member wants; null in a heartbeat when unchanged. */
  readonly subscribedTopicNames: readonly string[] | null;
  /** Name of the assignor that the member wants; null for the group’s. */
  readonly serverAssignor: string | null;
  /** Partitions, by topic. */
  readonly topicPartitions: readonly ConsumerGroupHeartbeatRequestTopicPartitions[] | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topicPartitions`. */
export interface ConsumerGroupHeartbeatRequestTopicPartitions {
  /** Id of the topic; zero when unknown. */
  readonly topicId: Uuid;
  /** Partition numbers. */
  readonly partitions: readonly number[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * The member's epoch and, when it changed, what it is to own.
 *
 * Response of API 68, version 0.
 */
export interface ConsumerGroupHeartbeatResponse {
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
  readonly assignment: ConsumerGroupHeartbeatResponseAssignment | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** The value of `assignment`. */
export interface ConsumerGroupHeartbeatResponseAssignment {
  /** Partitions, by topic. */
  readonly topicPartitions: readonly ConsumerGroupHeartbeatResponseTopicPartitions[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `topicPartitions`. */
export interface ConsumerGroupHeartbeatResponseTopicPartitions {
  /** Id of the topic; zero when unknown. */
  readonly topicId: Uuid;
  /** Partition numbers. */
  readonly partitions: readonly number[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link ConsumerGroupHeartbeatRequest}. */
export const consumerGroupHeartbeatRequest: MessageCodec<ConsumerGroupHeartbeatRequest> = /* @__PURE__ */ codec(consumerGroupHeartbeatRequestTable);

/** Reads and writes {@link ConsumerGroupHeartbeatResponse}. */
export const consumerGroupHeartbeatResponse: MessageCodec<ConsumerGroupHeartbeatResponse> = /* @__PURE__ */ codec(consumerGroupHeartbeatResponseTable);
