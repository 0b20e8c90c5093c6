// Made by scripts/generate.ts from src/messages/delete-groups.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { deleteGroupsRequestTable, deleteGroupsResponseTable } from '../../messages/delete-groups.ts';

/**
 * Deletes empty groups with their offsets.
 *
 * Request of API 42, versions 0–2; flexible from 2.
 */
export interface DeleteGroupsRequest {
  /** Ids of the groups. */
  readonly groupsNames: readonly string[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * The outcome for each group.
 *
 * Response of API 42, versions 0–2; flexible from 2.
 */
export interface DeleteGroupsResponse {
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** The outcomes, one element each. */
  readonly results: readonly DeleteGroupsResponseDeletableGroupResult[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `results`. */
export interface DeleteGroupsResponseDeletableGroupResult {
  /** Id of the group. */
  readonly groupId: string;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link DeleteGroupsRequest}. */
export const deleteGroupsRequest: MessageCodec<DeleteGroupsRequest> = /* @__PURE__ */ codec(deleteGroupsRequestTable);

/** Reads and writes {@link DeleteGroupsResponse}. */
export const deleteGroupsResponse: MessageCodec<DeleteGroupsResponse> = /* @__PURE__ */ codec(deleteGroupsResponseTable);
