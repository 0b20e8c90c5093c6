// Made by scripts/generate.ts from src/messages/push-telemetry.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { pushTelemetryRequestTable, pushTelemetryResponseTable } from '../../messages/push-telemetry.ts';
import type { Uuid } from '../../uuid.ts';

/**
 * A client delivers its metrics.
 *
 * Request of API 72, version 0.
 */
export interface PushTelemetryRequest {
  /** Id of the client instance; zero in its first request, then what the broker assigned. */
  readonly clientInstanceId: Uuid;
  /** Changes whenever the wanted metrics do. */
  readonly subscriptionId: number;
  /** Whether this is the client’s last push. */
  readonly terminating: boolean;
  /** Codec of the metrics: 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd. */
  readonly compressionType: number;
  /** Metrics in OTLP v1 encoding, compressed as stated. */
  readonly metrics: Uint8Array;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * Whether the metrics were taken.
 *
 * Response of API 72, version 0.
 */
export interface PushTelemetryResponse {
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link PushTelemetryRequest}. */
export const pushTelemetryRequest: MessageCodec<PushTelemetryRequest> = /* @__PURE__ */ codec(pushTelemetryRequestTable);

/** Reads and writes {@link PushTelemetryResponse}. */
export const pushTelemetryResponse: MessageCodec<PushTelemetryResponse> = /* @__PURE__ */ codec(pushTelemetryResponseTable);
