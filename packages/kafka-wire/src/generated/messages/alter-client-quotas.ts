// Made by scripts/generate.ts from src/messages/alter-client-quotas.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { alterClientQuotasRequestTable, alterClientQuotasResponseTable } from '../../messages/alter-client-quotas.ts';

/**
 * Sets or removes quotas of users, client ids and addresses.
 *
 * Request of API 49, versions 0–1; flexible from 1.
 */
export interface AlterClientQuotasRequest {
  /** Quota entities, one element each. */
  readonly entries: readonly AlterClientQuotasRequestEntryData[];
  /** Whether to check only and change nothing. */
  readonly validateOnly: boolean;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `entries`. */
export interface AlterClientQuotasRequestEntryData {
  /** The parts that together name the entity. */
  readonly entity: readonly AlterClientQuotasRequestEntityData[];
  /** Quotas to set or remove. */
  readonly ops: readonly AlterClientQuotasRequestOpData[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `entity`. */
export interface AlterClientQuotasRequestEntityData {
  /** What the name stands for: `user`, `client-id` or `ip`. */
  readonly entityType: string;
  /** Name of the user, client id or address; null for the default of its type. */
  readonly entityName: string | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `ops`. */
export interface AlterClientQuotasRequestOpData {
  /** Name of the quota, such as `producer_byte_rate`. */
  readonly key: string;
  /** Value of the quota. */
  readonly value: number;
  /** True to remove the quota, false to set it. */
  readonly remove: boolean;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * The outcome for each entity.
 *
 * Response of API 49, versions 0–1; flexible from 1.
 */
export interface AlterClientQuotasResponse {
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** Quota entities, one element each. */
  readonly entries: readonly AlterClientQuotasResponseEntryData[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `entries`. */
export interface AlterClientQuotasResponseEntryData {
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Text about the error; null for none. */
  readonly errorMessage: string | null;
  /** The parts that together name the entity. */
  readonly entity: readonly AlterClientQuotasResponseEntityData[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `entity`. */
export interface AlterClientQuotasResponseEntityData {
  /** What the name stands for: `user`, `client-id` or `ip`. */
  readonly entityType: string;
  /** Name of the user, client id or address; null for the default of its type. */
  readonly entityName: string | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link AlterClientQuotasRequest}. */
export const alterClientQuotasRequest: MessageCodec<AlterClientQuotasRequest> = /* @__PURE__ */ codec(alterClientQuotasRequestTable);

/** Reads and writes {@link AlterClientQuotasResponse}. */
export const alterClientQuotasResponse: MessageCodec<AlterClientQuotasResponse> = /* @__PURE__ */ codec(alterClientQuotasResponseTable);
