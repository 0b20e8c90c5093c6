// Made by scripts/generate.ts from src/messages/list-client-metrics-resources.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { listClientMetricsResourcesRequestTable, listClientMetricsResourcesResponseTable } from '../../messages/list-client-metrics-resources.ts';

/**
 * Asks for the names of all client metrics subscriptions.
 *
 * Request of API 74, version 0.
 */
export interface ListClientMetricsResourcesRequest {
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * Names of the client metrics subscriptions.
 *
 * Response of API 74, version 0.
 */
export interface ListClientMetricsResourcesResponse {
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Client metrics subscriptions. */
  readonly clientMetricsResources: readonly ListClientMetricsResourcesResponseClientMetricsResource[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `clientMetricsResources`. */
export interface ListClientMetricsResourcesResponseClientMetricsResource {
  /** Name of the subscription. */
  readonly name: string;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link ListClientMetricsResourcesRequest}. */
export const listClientMetricsResourcesRequest: MessageCodec<ListClientMetricsResourcesRequest> = /* @__PURE__ */ codec(listClientMetricsResourcesRequestTable);

/** Reads and writes {@link ListClientMetricsResourcesResponse}. */
export const listClientMetricsResourcesResponse: MessageCodec<ListClientMetricsResourcesResponse> = /* @__PURE__ */ codec(listClientMetricsResourcesResponseTable);
