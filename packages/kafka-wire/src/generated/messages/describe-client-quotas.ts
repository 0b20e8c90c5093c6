// Made by scripts/generate.ts from src/messages/describe-client-quotas.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { describeClientQuotasRequestTable, describeClientQuotasResponseTable } from '../../messages/describe-client-quotas.ts';

/**
 * Asks for the quotas of matching users, client ids and addresses.
 *
 * Request of API 48, versions 0–1; flexible from 1.
 */
export interface DescribeClientQuotasRequest {
  /** Conditions that an entity must fulfil, all of them. */
  readonly components: readonly DescribeClientQuotasRequestComponentData[];
  /** Whether entities with further parts are left out. */
  readonly strict: boolean;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `components`. */
export interface DescribeClientQuotasRequestComponentData {
  /** What the name stands for: `user`, `client-id` or `ip`. */
  readonly entityType: string;
  /** How to match: 0 exactly, 1 the default of the type, 2 any name that is given. */
  readonly matchType: number;
  /** Name that must match; null when the match type needs none. */
  readonly match: string | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * Quotas of each matching entity.
 *
 * Response of API 48, versions 0–1; flexible from 1.
 */
export interface DescribeClientQuotasResponse {
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Text about the error; null for none. */
  readonly errorMessage: string | null;
  /** Quota entities, one element each. */
  readonly entries: readonly DescribeClientQuotasResponseEntryData[] | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `entries`. */
export interface DescribeClientQuotasResponseEntryData {
  /** The parts that together name the entity. */
  readonly entity: readonly DescribeClientQuotasResponseEntityData[];
  /** Quotas of the entity. */
  readonly values: readonly DescribeClientQuotasResponseValueData[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `entity`. */
export interface DescribeClientQuotasResponseEntityData {
  /** What the name stands for: `user`, `client-id` or `ip`. */
  readonly entityType: string;
  /** Name of the user, client id or address; null for the default of its type. */
  readonly entityName: string | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `values`. */
export interface DescribeClientQuotasResponseValueData {
  /** Name of the quota, such as `producer_byte_rate`. */
  readonly key: string;
  /** Value of the quota. */
  readonly value: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link DescribeClientQuotasRequest}. */
export const describeClientQuotasRequest: MessageCodec<DescribeClientQuotasRequest> = /* @__PURE__ */ codec(describeClientQuotasRequestTable);

/** Reads and writes {@link DescribeClientQuotasResponse}. */
export const describeClientQuotasResponse: MessageCodec<DescribeClientQuotasResponse> = /* @__PURE__ */ codec(describeClientQuotasResponseTable);
