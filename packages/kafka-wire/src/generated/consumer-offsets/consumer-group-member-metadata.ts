// Made by scripts/generate.ts from src/consumer-offsets/consumer-group-member-metadata.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { consumerGroupMemberMetadataKeyTable, consumerGroupMemberMetadataValueTable } from '../../consumer-offsets/consumer-group-member-metadata.ts';

/**
 * Key of a consumer group member.
 *
 * Data, version 5.
 */
export interface ConsumerGroupMemberMetadataKey {
  /** Id of the group. */
  readonly groupId: string;
  /** Id of the member. */
  readonly memberId: string;
}

/**
 * What a consumer group member told about itself.
 *
 * Data, version 0.
 */
export interface ConsumerGroupMemberMetadataValue {
  /** Name of a static member, which survives restarts; null for a dynamic one. */
  readonly instanceId: string | null;
  /** Rack of the sender; null or empty for none. */
  readonly rackId: string | null;
  /** Name that the client gave itself. */
  readonly clientId: string;
  /** Address from which the member connects. */
  readonly clientHost: string;
  /** Names of the topics that the member wants; null in a heartbeat when unchanged. */
  readonly subscribedTopicNames: readonly string[];
  /** Pattern of the topics that the member wants; null for none. */
  readonly subscribedTopicRegex: string | null;
  /**
   * Longest time that the member may take to give up partitions or rejoin, in milliseconds; −1 when unchanged or
   * unknown. Default −1.
   */
  readonly rebalanceTimeoutMs: number;
  /** Name of the assignor that the member wants; null for the group’s. */
  readonly serverAssignor: string | null;
  /** Set for a member that still speaks the classic protocol; null for others. Tag 0. */
  readonly classicMemberMetadata: ConsumerGroupMemberMetadataValueClassicMemberMetadata | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** The value of `classicMemberMetadata`. */
export interface ConsumerGroupMemberMetadataValueClassicMemberMetadata {
  /** Time without heartbeats after which the member is dropped, in milliseconds. */
  readonly sessionTimeoutMs: number;
  /** Classic protocols that the member supports, by preference. */
  readonly supportedProtocols: readonly ConsumerGroupMemberMetadataValueClassicProtocol[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `supportedProtocols`. */
export interface ConsumerGroupMemberMetadataValueClassicProtocol {
  /** Name of the protocol. */
  readonly name: string;
  /** What the member subscribes to, in the encoding of the protocol. */
  readonly metadata: Uint8Array;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link ConsumerGroupMemberMetadataKey}. */
export const consumerGroupMemberMetadataKey: MessageCodec<ConsumerGroupMemberMetadataKey> = /* @__PURE__ */ codec(consumerGroupMemberMetadataKeyTable);

/** Reads and writes {@link ConsumerGroupMemberMetadataValue}. */
export const consumerGroupMemberMetadataValue: MessageCodec<ConsumerGroupMemberMetadataValue> = /* @__PURE__ */ codec(consumerGroupMemberMetadataValueTable);
