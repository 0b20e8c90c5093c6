import { errorCode, type Init } from '@biquorum/kafka-wire';
import {
  type ApiVersionsResponse,
  apiVersionsRequest,
  apiVersionsResponse,
} from '@biquorum/kafka-wire/messages/api-versions';
import type { FeatureLevels, FeatureRange } from '@biquorum/metadata';
import { ByteReader } from '@biquorum/std';
import { KRAFT_VERSION } from '../image/metadata-version.ts';
import { CONTROLLER_APIS } from './controller-apis.ts';

/** Key of ApiVersions. */
export const API_VERSIONS_KEY = 18;
/** First version in which a client says what it is. */
const VERSION_WITH_SOFTWARE = 3;
/** First version that may hear of features whose lowest level is 0: older clients cannot read them. */
const VERSION_WITH_MIN_ZERO = 4;
const SOFTWARE_NAME = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/;

/** What a node of a 3.9 cluster can run at. */
export const SUPPORTED_FEATURES: ReadonlyMap<string, FeatureRange> = new Map([
  ['kraft.version', { min: 0, max: 1 }],
  ['metadata.version', { min: 1, max: 21 }],
]);

/**
 * The finalized levels as ApiVersions tells them: with `kraft.version`, which lies in the quorum's own records, where it
 * is not 0. Source: Java `FinalizedFeatures.setFinalizedLevel`, `KRaftMetadataCache.features`.
 */
export function withKraftVersion(
  levels: ReadonlyMap<string, number>,
  kraftVersion: number,
): ReadonlyMap<string, number> {
  return kraftVersion === 0 ? levels : new Map([...levels, [KRAFT_VERSION, kraftVersion]]);
}

/** What ApiVersions tells of features. */
export interface ApiVersionsFacts {
  readonly finalized: FeatureLevels;
}

/** An answer to ApiVersions and the version in which it is written. */
export interface ApiVersionsAnswer {
  readonly version: number;
  readonly body: Uint8Array;
}

/** Answers ApiVersions on a controller's listener, in version 0 where the asked one is not known. */
export function answerApiVersions(facts: ApiVersionsFacts, version: number, body: Uint8Array): ApiVersionsAnswer {
  const known = version >= apiVersionsRequest.lowestVersion && version <= apiVersionsRequest.highestVersion;
  if (!known) {
    const response = {
      errorCode: errorCode('UNSUPPORTED_VERSION'),
      apiKeys: rows().filter(({ apiKey }) => apiKey === API_VERSIONS_KEY),
    };
    return { version: 0, body: apiVersionsResponse.toBytes(response, 0) };
  }
  const request = apiVersionsRequest.decode(new ByteReader(body), version);
  const named =
    version < VERSION_WITH_SOFTWARE ||
    (SOFTWARE_NAME.test(request.clientSoftwareName) && SOFTWARE_NAME.test(request.clientSoftwareVersion));
  const response = named ? describe(facts, version) : { errorCode: errorCode('INVALID_REQUEST') };
  return { version, body: apiVersionsResponse.toBytes(response, version) };
}

function describe({ finalized }: ApiVersionsFacts, version: number): Init<ApiVersionsResponse> {
  return {
    errorCode: 0,
    apiKeys: rows(),
    supportedFeatures: [...SUPPORTED_FEATURES]
      .filter(([, { min }]) => min > 0 || version >= VERSION_WITH_MIN_ZERO)
      .map(([name, { min, max }]) => ({ name, minVersion: min, maxVersion: max })),
    finalizedFeaturesEpoch: finalized.epoch,
    finalizedFeatures: [...finalized.levels].map(([name, level]) => ({
      name,
      maxVersionLevel: level,
      minVersionLevel: level,
    })),
  };
}

function rows(): { readonly apiKey: number; readonly minVersion: number; readonly maxVersion: number }[] {
  return CONTROLLER_APIS.map(({ apiKey, min, max }) => ({ apiKey, minVersion: min, maxVersion: max }));
}
