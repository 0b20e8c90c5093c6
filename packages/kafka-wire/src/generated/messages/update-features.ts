// Made by scripts/generate.ts from src/messages/update-features.ts. Change the tables, then run: pnpm generate
import { codec, type MessageCodec } from '../../codec/message-codec.ts';
import type { UnknownTag } from '../../codec/unknown-tag.ts';
import { updateFeaturesRequestTable, updateFeaturesResponseTable } from '../../messages/update-features.ts';

/**
 * Raises or lowers finalized feature levels of the cluster.
 *
 * Request of API 57, versions 0–1; all flexible.
 */
export interface UpdateFeaturesRequest {
  /** Longest time to wait for the work to be done, in milliseconds. Default 60000. */
  readonly timeoutMs: number;
  /** Features to change. */
  readonly featureUpdates: readonly UpdateFeaturesRequestFeatureUpdateKey[];
  /** Whether to check only and change nothing. Version 1. */
  readonly validateOnly: boolean;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `featureUpdates`. */
export interface UpdateFeaturesRequestFeatureUpdateKey {
  /** Name of the feature. */
  readonly feature: string;
  /** Level wanted; below 1 removes the feature. */
  readonly maxVersionLevel: number;
  /** Whether the level may go down. Version 0. */
  readonly allowDowngrade: boolean;
  /** Which way the level may go: 1 up, 2 down without loss, 3 down even with loss of metadata. Version 1, default 1. */
  readonly upgradeType: number;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/**
 * The outcome as a whole and for each feature.
 *
 * Response of API 57, versions 0–1; all flexible.
 */
export interface UpdateFeaturesResponse {
  /** Time for which a quota held the request back or keeps the connection silent, in milliseconds; 0 for none. */
  readonly throttleTimeMs: number;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Text about the error; null for none. */
  readonly errorMessage: string | null;
  /** The outcomes, one element each. */
  readonly results: readonly UpdateFeaturesResponseUpdatableFeatureResult[];
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** An element of `results`. */
export interface UpdateFeaturesResponseUpdatableFeatureResult {
  /** Name of the feature. */
  readonly feature: string;
  /** Kafka’s error code; 0 for success. */
  readonly errorCode: number;
  /** Text about the error; null for none. */
  readonly errorMessage: string | null;
  /** Tagged fields that the tables do not know, by ascending tag. */
  readonly unknownTags?: readonly UnknownTag[];
}

/** Reads and writes {@link UpdateFeaturesRequest}. */
export const updateFeaturesRequest: MessageCodec<UpdateFeaturesRequest> = /* @__PURE__ */ codec(updateFeaturesRequestTable);

/** Reads and writes {@link UpdateFeaturesResponse}. */
export const updateFeaturesResponse: MessageCodec<UpdateFeaturesResponse> = /* @__PURE__ */ codec(updateFeaturesResponseTable);
