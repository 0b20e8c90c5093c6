// Made by scripts/generate.ts from src/messages/incremental-alter-configs.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { incrementalAlterConfigsRequestTable, incrementalAlterConfigsResponseTable } from '../../messages/incremental-alter-configs.ts';

/**
 * Sets, deletes or edits single configuration keys of resources.
 *
 * Request of API 44, versions 0–1; flexible from 1.
 */
export interface IncrementalAlterConfigsRequest {
  /** The resources, one element each. */
  readonly resources: readonly IncrementalAlterConfigsRequestAlterConfigsResource[];
  /** Whether to check only and change nothing. */
  readonly validateOnly: boolean;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `resources`. */
export interface IncrementalAlterConfigsRequestAlterConfigsResource {
  /** Kind of resource: 2 topic, 4 broker, 8 broker logger, 16 client metrics. */
  readonly resourceType: number;
  /** Name of the resource. */
  readonly resourceName: string;
  /** Configuration entries. */
  readonly configs: readonly IncrementalAlterConfigsRequestAlterableConfig[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `configs`. */
export interface IncrementalAlterConfigsRequestAlterableConfig {
  /** Key of the entry. */
  readonly name: string;
  /** What to do: 0 set, 1 delete, 2 append to a list, 3 remove from a list. */
  readonly configOperation: number;
  /** Value; null for none, or for a secret. */
  readonly value: string | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * The outcome for each resource.
 *
 * Response of API 44, versions 0–1; flexible from 1.
 */
export interface IncrementalAlterConfigsResponse {
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** The outcomes, one element each. */
  readonly responses: readonly IncrementalAlterConfigsResponseAlterConfigsResourceResponse[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `responses`. */
export interface IncrementalAlterConfigsResponseAlterConfigsResourceResponse {
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

/** Reads and writes {@link IncrementalAlterConfigsRequest}. */
export const incrementalAlterConfigsRequest: MessageCodec<IncrementalAlterConfigsRequest> = /* @__PURE__ */ codec(incrementalAlterConfigsRequestTable);

/** Reads and writes {@link IncrementalAlterConfigsResponse}. */
export const incrementalAlterConfigsResponse: MessageCodec<IncrementalAlterConfigsResponse> = /* @__PURE__ */ codec(incrementalAlterConfigsResponseTable);
