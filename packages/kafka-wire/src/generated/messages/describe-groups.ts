// Made by scripts/generate.ts from src/messages/describe-groups.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { describeGroupsRequestTable, describeGroupsResponseTable } from '../../messages/describe-groups.ts';

/**
 * Asks for state and members of classic groups.
 *
 * Request of API 15, versions 0–5; flexible from 5.
 */
export interface DescribeGroupsRequest {
  /** Ids of the groups. */
  readonly groups: readonly string[];
  /** Whether to report the operations that the caller may perform on each group. Versions 3+. */
  readonly includeAuthorizedOperations: boolean;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * State, protocol and members of each classic group.
 *
 * Response of API 15, versions 0–5; flexible from 5.
 */
export interface DescribeGroupsResponse {
  /**
   * Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. Versions
   * 1+.
   */
  readonly throttleTimeMs: number;
  /** The groups, one element each. */
  readonly groups: readonly DescribeGroupsResponseDescribedGroup[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `groups`. */
export interface DescribeGroupsResponseDescribedGroup {
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Id of the group. */
  readonly groupId: string;
  /** State of the group, such as `Stable` or `Empty`. */
  readonly groupState: string;
  /** What the group does, such as `consumer` or `connect`. */
  readonly protocolType: string;
  /** Name of the chosen protocol. */
  readonly protocolData: string;
  /** The members, one element each. */
  readonly members: readonly DescribeGroupsResponseDescribedGroupMember[];
  /**
   * Operations that the caller may perform, one bit each; −2^31 when not asked for. Versions 3+, default −2147483648.
   */
  readonly authorizedOperations: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `members`. */
export interface DescribeGroupsResponseDescribedGroupMember {
  /** Id of the member. */
  readonly memberId: string;
  /** Name of a static member, which survives restarts; null for a dynamic one. Versions 4+. */
  readonly groupInstanceId: string | null;
  /** Name that the client gave itself. */
  readonly clientId: string;
  /** Address from which the member connects. */
  readonly clientHost: string;
  /** What the member subscribes to, in the encoding of the group’s protocol type. */
  readonly memberMetadata: Uint8Array;
  /** What the member works on, in the encoding of the group’s protocol type. */
  readonly memberAssignment: Uint8Array;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link DescribeGroupsRequest}. */
export const describeGroupsRequest: MessageCodec<DescribeGroupsRequest> = /* @__PURE__ */ codec(describeGroupsRequestTable);

/** Reads and writes {@link DescribeGroupsResponse}. */
export const describeGroupsResponse: MessageCodec<DescribeGroupsResponse> = /* @__PURE__ */ codec(describeGroupsResponseTable);
