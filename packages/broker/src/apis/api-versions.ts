import type { ApiAnnouncement, ApiRange } from '@biquorum/control-plane';
import { errorCode, type Init } from '@biquorum/kafka-wire';
import type { ApiVersionsRequest, ApiVersionsResponse } from '@biquorum/kafka-wire/messages/api-versions';

export const API_VERSIONS_KEY = 18;
/** First version in which a client says what it is. */
const VERSION_WITH_SOFTWARE = 3;
/** First version that may hear of features whose lowest level is 0: older clients cannot read them. */
const VERSION_WITH_MIN_ZERO = 4;
const SOFTWARE_NAME = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/;

/** What this listener serves. */
export function handleApiVersions(
  announcement: ApiAnnouncement,
  version: number,
  body: ApiVersionsRequest,
): Init<ApiVersionsResponse> {
  if (version >= VERSION_WITH_SOFTWARE) {
    const named = SOFTWARE_NAME.test(body.clientSoftwareName) && SOFTWARE_NAME.test(body.clientSoftwareVersion);
    if (!named) return { errorCode: errorCode('INVALID_REQUEST') };
  }
  const supportedFeatures = [...announcement.supportedFeatures]
    .filter(([, range]) => range.min > 0 || version >= VERSION_WITH_MIN_ZERO)
    .map(([name, range]) => ({ name, minVersion: range.min, maxVersion: range.max }));
  const { levels, epoch } = announcement.finalizedFeatures;
  return {
    errorCode: 0,
    apiKeys: announcement.apis.map(rowOf),
    supportedFeatures,
    finalizedFeaturesEpoch: epoch,
    finalizedFeatures: [...levels].map(([name, level]) => ({ name, maxVersionLevel: level, minVersionLevel: level })),
  };
}

/** The answer, in version 0, to a version that nobody here knows: it says which there are, so that the client can choose. */
export function unsupportedApiVersions(announcement: ApiAnnouncement): Init<ApiVersionsResponse> {
  const own = announcement.apis.filter((api) => api.apiKey === API_VERSIONS_KEY);
  return { errorCode: errorCode('UNSUPPORTED_VERSION'), apiKeys: own.map(rowOf) };
}

function rowOf({ apiKey, min, max }: ApiRange): Init<ApiVersionsResponse['apiKeys'][number]> {
  return { apiKey, minVersion: min, maxVersion: max };
}
