// Made by scripts/generate.ts from src/messages/get-telemetry-subscriptions.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { getTelemetrySubscriptionsRequestTable, getTelemetrySubscriptionsResponseTable } from '../../messages/get-telemetry-subscriptions.ts';
import type { Uuid } from '../../uuid.ts';

/**
 * A client asks which of its metrics the broker wants to see.
 *
 * Request of API 71, version 0.
 */
export interface GetTelemetrySubscriptionsRequest {
  /** Id of the client instance; zero in its first request, then what the broker assigned. */
  readonly clientInstanceId: Uuid;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * Metrics that the broker wants, how often, and in which form.
 *
 * Response of API 71, version 0.
 */
export interface GetTelemetrySubscriptionsResponse {
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Id of the client instance; zero in its first request, then what the broker assigned. */
  readonly clientInstanceId: Uuid;
  /** Changes whenever the wanted metrics do. */
  readonly subscriptionId: number;
  /** Compression codecs that the broker takes, by preference: 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd. */
  readonly acceptedCompressionTypes: readonly number[];
  /** Time between pushes, in milliseconds. */
  readonly pushIntervalMs: number;
  /** Most bytes that a push may have after compression. */
  readonly telemetryMaxBytes: number;
  /** True when counters are to be sent as differences, false as totals. */
  readonly deltaTemporality: boolean;
  /** Prefixes of the metrics that are wanted; one empty string for all, none at all for none. */
  readonly requestedMetrics: readonly string[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link GetTelemetrySubscriptionsRequest}. */
export const getTelemetrySubscriptionsRequest: MessageCodec<GetTelemetrySubscriptionsRequest> = /* @__PURE__ */ codec(getTelemetrySubscriptionsRequestTable);

/** Reads and writes {@link GetTelemetrySubscriptionsResponse}. */
export const getTelemetrySubscriptionsResponse: MessageCodec<GetTelemetrySubscriptionsResponse> = /* @__PURE__ */ codec(getTelemetrySubscriptionsResponseTable);
