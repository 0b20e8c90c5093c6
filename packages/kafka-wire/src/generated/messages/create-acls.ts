// Made by scripts/generate.ts from src/messages/create-acls.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { createAclsRequestTable, createAclsResponseTable } from '../../messages/create-acls.ts';

/**
 * Adds access control entries.
 *
 * Request of API 30, versions 0–3; flexible from 2; deprecated: 0.
 */
export interface CreateAclsRequest {
  /** Entries to add. */
  readonly creations: readonly CreateAclsRequestAclCreation[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `creations`. */
export interface CreateAclsRequestAclCreation {
  /** Kind of resource: 2 topic, 3 group, 4 cluster, 5 transactional id, 6 delegation token, 7 user. */
  readonly resourceType: number;
  /** Name of the resource. */
  readonly resourceName: string;
  /** How the resource name is meant: 3 literally, 4 as a prefix. Versions 1+, default 3. */
  readonly resourcePatternType: number;
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

/**
 * The outcome for each entry, in the order of the request.
 *
 * Response of API 30, versions 0–3; flexible from 2.
 */
export interface CreateAclsResponse {
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** The outcomes, one element each. */
  readonly results: readonly CreateAclsResponseAclCreationResult[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `results`. */
export interface CreateAclsResponseAclCreationResult {
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Text about the error; null for none. */
  readonly errorMessage: string | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link CreateAclsRequest}. */
export const createAclsRequest: MessageCodec<CreateAclsRequest> = /* @__PURE__ */ codec(createAclsRequestTable);

/** Reads and writes {@link CreateAclsResponse}. */
export const createAclsResponse: MessageCodec<CreateAclsResponse> = /* @__PURE__ */ codec(createAclsResponseTable);
