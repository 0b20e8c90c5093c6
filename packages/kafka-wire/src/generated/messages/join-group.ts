// Made by scripts/generate.ts from src/messages/join-group.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { joinGroupRequestTable, joinGroupResponseTable } from '../../messages/join-group.ts';

/**
 * A member joins or rejoins a classic group, offering the assignment protocols it supports.
 *
 * Request of API 11, versions 0–9; flexible from 6.
 */
export interface JoinGroupRequest {
  /** Id of the group. */
  readonly groupId: string;
  /** Time without heartbeats after which the member is dropped, in milliseconds. */
  readonly sessionTimeoutMs: number;
  /**
   * Longest time that the member may take to give up partitions or rejoin, in milliseconds; −1 when unchanged or
   * unknown. Versions 1+, default −1.
   */
  readonly rebalanceTimeoutMs: number;
  /** Id of the member; empty for a new one. */
  readonly memberId: string;
  /** Name of a static member, which survives restarts; null for a dynamic one. Versions 5+. */
  readonly groupInstanceId: string | null;
  /** What the group does, such as `consumer` or `connect`. */
  readonly protocolType: string;
  /** Protocols that the member supports, by preference. */
  readonly protocols: readonly JoinGroupRequestProtocol[];
  /** Why; null when not said. Versions 8+. */
  readonly reason: string | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `protocols`. */
export interface JoinGroupRequestProtocol {
  /** Name of the protocol. */
  readonly name: string;
  /** What the member subscribes to, in the encoding of the protocol. */
  readonly metadata: Uint8Array;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * The new generation; for the group's leader also all members and their subscriptions.
 *
 * Response of API 11, versions 0–9; flexible from 6.
 */
export interface JoinGroupResponse {
  /**
   * Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. Versions
   * 2+.
   */
  readonly throttleTimeMs: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Generation of the group; −1 outside of one. Default −1. */
  readonly generationId: number;
  /** What the group does, such as `consumer` or `connect`. Versions 7+. */
  readonly protocolType: string | null;
  /** Name of the chosen protocol; null for none. */
  readonly protocolName: string | null;
  /** Member id of the group’s leader; null for none. */
  readonly leader: string;
  /** Whether the leader should not compute an assignment. Version 9. */
  readonly skipAssignment: boolean;
  /** Id of the member. */
  readonly memberId: string;
  /** The members, one element each. */
  readonly members: readonly JoinGroupResponseMember[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `members`. */
export interface JoinGroupResponseMember {
  /** Id of the member. */
  readonly memberId: string;
  /** Name of a static member, which survives restarts; null for a dynamic one. Versions 5+. */
  readonly groupInstanceId: string | null;
  /** What the member subscribes to, in the encoding of the protocol. */
  readonly metadata: Uint8Array;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link JoinGroupRequest}. */
export const joinGroupRequest: MessageCodec<JoinGroupRequest> = /* @__PURE__ */ codec(joinGroupRequestTable);

/** Reads and writes {@link JoinGroupResponse}. */
export const joinGroupResponse: MessageCodec<JoinGroupResponse> = /* @__PURE__ */ codec(joinGroupResponseTable);
