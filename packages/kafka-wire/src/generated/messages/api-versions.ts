// Made by scripts/generate.ts from src/messages/api-versions.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { apiVersionsRequestTable, apiVersionsResponseTable } from '../../messages/api-versions.ts';

/**
 * Asks which APIs and versions the node serves; the first request on most connections.
 *
 * Request of API 18, versions 0–4; flexible from 3.
 */
export interface ApiVersionsRequest {
  /** Name of the client library: letters, digits, dots and hyphens. Versions 3+. */
  readonly clientSoftwareName: string;
  /** Version of the client library: letters, digits, dots and hyphens. Versions 3+. */
  readonly clientSoftwareVersion: string;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * APIs and versions served on this listener, and the features of node and cluster.
 *
 * Response of API 18, versions 0–4; flexible from 3.
 */
export interface ApiVersionsResponse {
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** APIs that are served on this listener. */
  readonly apiKeys: readonly ApiVersionsResponseApiVersion[];
  /**
   * Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. Versions
   * 1+.
   */
  readonly throttleTimeMs: number;
  /** Features that the node supports. Versions 3+, tag 0. */
  readonly supportedFeatures: readonly ApiVersionsResponseSupportedFeatureKey[];
  /** Version of the finalized levels, which only rises; −1 when unknown. Versions 3+, tag 1, default −1. */
  readonly finalizedFeaturesEpoch: number;
  /** Feature levels that hold for the whole cluster; valid unless the epoch is −1. Versions 3+, tag 2. */
  readonly finalizedFeatures: readonly ApiVersionsResponseFinalizedFeatureKey[];
  /** Whether the node is ready for the move from ZooKeeper. Versions 3+, tag 3. */
  readonly zkMigrationReady: boolean;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `apiKeys`. */
export interface ApiVersionsResponseApiVersion {
  /** Key of the API. */
  readonly apiKey: number;
  /** Lowest version served. */
  readonly minVersion: number;
  /** Highest version served. */
  readonly maxVersion: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `supportedFeatures`. */
export interface ApiVersionsResponseSupportedFeatureKey {
  /** Name of the feature. Versions 3+. */
  readonly name: string;
  /** Lowest level that the node supports. Versions 3+. */
  readonly minVersion: number;
  /** Highest level that the node supports. Versions 3+. */
  readonly maxVersion: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `finalizedFeatures`. */
export interface ApiVersionsResponseFinalizedFeatureKey {
  /** Name of the feature. Versions 3+. */
  readonly name: string;
  /** Finalized level of the feature. Versions 3+. */
  readonly maxVersionLevel: number;
  /** Lowest finalized level of the feature. Versions 3+. */
  readonly minVersionLevel: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link ApiVersionsRequest}. */
export const apiVersionsRequest: MessageCodec<ApiVersionsRequest> = /* @__PURE__ */ codec(apiVersionsRequestTable);

/** Reads and writes {@link ApiVersionsResponse}. */
export const apiVersionsResponse: MessageCodec<ApiVersionsResponse> = /* @__PURE__ */ codec(apiVersionsResponseTable);
