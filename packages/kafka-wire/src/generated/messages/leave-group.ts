// Made by scripts/generate.ts from src/messages/leave-group.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { leaveGroupRequestTable, leaveGroupResponseTable } from '../../messages/leave-group.ts';

/**
 * Removes one member from a group, or several from version 3 on.
 *
 * Request of API 13, versions 0–5; flexible from 4.
 */
export interface LeaveGroupRequest {
  /** Id of the group. */
  readonly groupId: string;
  /** Id of the member. Versions 0–2. */
  readonly memberId: string;
  /** The members, one element each. Versions 3+. */
  readonly members: readonly LeaveGroupRequestMemberIdentity[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `members`. */
export interface LeaveGroupRequestMemberIdentity {
  /** Id of the member. Versions 3+. */
  readonly memberId: string;
  /** Name of a static member, which survives restarts; null for a dynamic one. Versions 3+. */
  readonly groupInstanceId: string | null;
  /** Why; null when not said. Version 5. */
  readonly reason: string | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * The outcome for each member that was to leave.
 *
 * Response of API 13, versions 0–5; flexible from 4.
 */
export interface LeaveGroupResponse {
  /**
   * Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. Versions
   * 1+.
   */
  readonly throttleTimeMs: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** The members, one element each. Versions 3+. */
  readonly members: readonly LeaveGroupResponseMemberResponse[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `members`. */
export interface LeaveGroupResponseMemberResponse {
  /** Id of the member. Versions 3+. */
  readonly memberId: string;
  /** Name of a static member, which survives restarts; null for a dynamic one. Versions 3+. */
  readonly groupInstanceId: string | null;
  /** Kafka’s error code; 0 for success. Versions 3+. */
  readonly errorCode: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link LeaveGroupRequest}. */
export const leaveGroupRequest: MessageCodec<LeaveGroupRequest> = /* @__PURE__ */ codec(leaveGroupRequestTable);

/** Reads and writes {@link LeaveGroupResponse}. */
export const leaveGroupResponse: MessageCodec<LeaveGroupResponse> = /* @__PURE__ */ codec(leaveGroupResponseTable);
