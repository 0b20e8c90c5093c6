// Made by scripts/generate.ts from src/messages/describe-acls.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { describeAclsRequestTable, describeAclsResponseTable } from '../../messages/describe-acls.ts';

/**
 * Asks for the access control entries that match a filter.
 *
 * Request of API 29, versions 0–3; flexible from 2; deprecated: 0.
 */
export interface DescribeAclsRequest {
  /** Kind of resource: 1 any, 2 topic, 3 group, 4 cluster, 5 transactional id, 6 delegation token, 7 user. */
  readonly resourceTypeFilter: number;
  /** Name of the resource; null matches any. */
  readonly resourceNameFilter: string | null;
  /**
   * How resource names are matched: 1 any way, 2 whatever applies to the name, 3 literal, 4 prefixed. Versions 1+,
   * default 3.
   */
  readonly patternTypeFilter: number;
  /** Principal of the entries; null matches any. */
  readonly principalFilter: string | null;
  /** Host of the entries; null matches any. */
  readonly hostFilter: string | null;
  /**
   * Operation: 1 any, 2 all, 3 read, 4 write, 5 create, 6 delete, 7 alter, 8 describe, 9 cluster action, 10 describe
   * configs, 11 alter configs, 12 idempotent write, 13 create tokens, 14 describe tokens; 0 unknown.
   */
  readonly operation: number;
  /** Permission: 1 any (in filters), 2 deny, 3 allow; 0 unknown. */
  readonly permissionType: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * Matching access control entries, grouped by resource.
 *
 * Response of API 29, versions 0–3; flexible from 2.
 */
export interface DescribeAclsResponse {
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Text about the error; null for none. */
  readonly errorMessage: string | null;
  /** The resources, one element each. */
  readonly resources: readonly DescribeAclsResponseDescribeAclsResource[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `resources`. */
export interface DescribeAclsResponseDescribeAclsResource {
  /** Kind of resource: 2 topic, 3 group, 4 cluster, 5 transactional id, 6 delegation token, 7 user. */
  readonly resourceType: number;
  /** Name of the resource. */
  readonly resourceName: string;
  /** How the resource name is meant: 3 literally, 4 as a prefix. Versions 1+, default 3. */
  readonly patternType: number;
  /** Access control entries of the resource. */
  readonly acls: readonly DescribeAclsResponseAclDescription[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `acls`. */
export interface DescribeAclsResponseAclDescription {
  /** Principal, as `type:name`. */
  readonly principal: string;
  /** Host that the entry is about; `*` for any. */
  readonly host: string;
  /**
   * Operation: 1 any, 2 all, 3 read, 4 write, 5 create, 6 delete, 7 alter, 8 describe, 9 cluster action, 10 describe
   * configs, 11 alter configs, 12 idempotent write, 13 create tokens, 14 describe tokens; 0 unknown.
   */
  readonly operation: number;
  /** Permission: 1 any (in filters), 2 deny, 3 allow; 0 unknown. */
  readonly permissionType: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link DescribeAclsRequest}. */
export const describeAclsRequest: MessageCodec<DescribeAclsRequest> = /* @__PURE__ */ codec(describeAclsRequestTable);

/** Reads and writes {@link DescribeAclsResponse}. */
export const describeAclsResponse: MessageCodec<DescribeAclsResponse> = /* @__PURE__ */ codec(describeAclsResponseTable);
