// Made by scripts/generate.ts from src/messages/sync-group.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { syncGroupRequestTable, syncGroupResponseTable } from '../../messages/sync-group.ts';

/**
 * Fetches a member's share of the work; the leader's request carries the assignment of all members.
 *
 * Request of API 14, versions 0–5; flexible from 4.
 */
export interface SyncGroupRequest {
  /** Id of the group. */
  readonly groupId: string;
  /** Generation of the group; −1 outside of one. */
  readonly generationId: number;
  /** Id of the member. */
  readonly memberId: string;
  /** Name of a static member, which survives restarts; null for a dynamic one. Versions 3+. */
  readonly groupInstanceId: string | null;
  /** What the group does, such as `consumer` or `connect`. Version 5. */
  readonly protocolType: string | null;
  /** Name of the chosen protocol; null for none. Version 5. */
  readonly protocolName: string | null;
  /** Work of each member; empty unless the sender leads the group. */
  readonly assignments: readonly SyncGroupRequestAssignment[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `assignments`. */
export interface SyncGroupRequestAssignment {
  /** Id of the member. */
  readonly memberId: string;
  /** The member’s share of the work, in the encoding of the group’s protocol type. */
  readonly assignment: Uint8Array;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * What the member is to work on.
 *
 * Response of API 14, versions 0–5; flexible from 4.
 */
export interface SyncGroupResponse {
  /**
   * Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. Versions
   * 1+.
   */
  readonly throttleTimeMs: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** What the group does, such as `consumer` or `connect`. Version 5. */
  readonly protocolType: string | null;
  /** Name of the chosen protocol; null for none. Version 5. */
  readonly protocolName: string | null;
  /** The member’s share of the work, in the encoding of the group’s protocol type. */
  readonly assignment: Uint8Array;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link SyncGroupRequest}. */
export const syncGroupRequest: MessageCodec<SyncGroupRequest> = /* @__PURE__ */ codec(syncGroupRequestTable);

/** Reads and writes {@link SyncGroupResponse}. */
export const syncGroupResponse: MessageCodec<SyncGroupResponse> = /* @__PURE__ */ codec(syncGroupResponseTable);
