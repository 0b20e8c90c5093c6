// Made by scripts/generate.ts from src/messages/alter-configs.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { alterConfigsRequestTable, alterConfigsResponseTable } from '../../messages/alter-configs.ts';

/**
 * Replaces the whole configuration of resources; keys that are left out go back to their defaults.
 *
 * Request of API 33, versions 0–2; flexible from 2.
 */
export interface AlterConfigsRequest {
  /** The resources, one element each. */
  readonly resources: readonly AlterConfigsRequestAlterConfigsResource[];
  /** Whether to check only and change nothing. */
  readonly validateOnly: boolean;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `resources`. */
export interface AlterConfigsRequestAlterConfigsResource {
  /** Kind of resource: 2 topic, 4 broker, 8 broker logger, 16 client metrics. */
  readonly resourceType: number;
  /** Name of the resource. */
  readonly resourceName: string;
  /** Configuration entries. */
  readonly configs: readonly AlterConfigsRequestAlterableConfig[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `configs`. */
export interface AlterConfigsRequestAlterableConfig {
  /** Key of the entry. */
  readonly name: string;
  /** Value; null for none, or for a secret. */
  readonly value: string | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * The outcome for each resource.
 *
 * Response of API 33, versions 0–2; flexible from 2.
 */
export interface AlterConfigsResponse {
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** The outcomes, one element each. */
  readonly responses: readonly AlterConfigsResponseAlterConfigsResourceResponse[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `responses`. */
export interface AlterConfigsResponseAlterConfigsResourceResponse {
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Text about the error; null for none. */
  readonly errorMessage: string | null;
  /** Kind of resource: 2 topic, 4 broker, 8 broker logger, 16 client metrics. */
  readonly resourceType: number;
  /** Name of the resource. */
  readonly resourceName: string;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link AlterConfigsRequest}. */
export const alterConfigsRequest: MessageCodec<AlterConfigsRequest> = /* @__PURE__ */ codec(alterConfigsRequestTable);

/** Reads and writes {@link AlterConfigsResponse}. */
export const alterConfigsResponse: MessageCodec<AlterConfigsResponse> = /* @__PURE__ */ codec(alterConfigsResponseTable);
