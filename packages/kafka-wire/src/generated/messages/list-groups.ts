// Made by scripts/generate.ts from src/messages/list-groups.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { listGroupsRequestTable, listGroupsResponseTable } from '../../messages/list-groups.ts';

/**
 * Asks a broker for the groups it coordinates.
 *
 * Request of API 16, versions 0–5; flexible from 3.
 */
export interface ListGroupsRequest {
  /** Only groups in these states; empty for all. Versions 4+. */
  readonly statesFilter: readonly string[];
  /** Only groups of these types; empty for all. Version 5. */
  readonly typesFilter: readonly string[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * The groups that the answering broker coordinates.
 *
 * Response of API 16, versions 0–5; flexible from 3.
 */
export interface ListGroupsResponse {
  /**
   * Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. Versions
   * 1+.
   */
  readonly throttleTimeMs: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** The groups, one element each. */
  readonly groups: readonly ListGroupsResponseListedGroup[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `groups`. */
export interface ListGroupsResponseListedGroup {
  /** Id of the group. */
  readonly groupId: string;
  /** What the group does, such as `consumer` or `connect`. */
  readonly protocolType: string;
  /** State of the group, such as `Stable` or `Empty`. Versions 4+. */
  readonly groupState: string;
  /** Type of the group: `classic`, `consumer` or `share`. Version 5. */
  readonly groupType: string;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link ListGroupsRequest}. */
export const listGroupsRequest: MessageCodec<ListGroupsRequest> = /* @__PURE__ */ codec(listGroupsRequestTable);

/** Reads and writes {@link ListGroupsResponse}. */
export const listGroupsResponse: MessageCodec<ListGroupsResponse> = /* @__PURE__ */ codec(listGroupsResponseTable);
