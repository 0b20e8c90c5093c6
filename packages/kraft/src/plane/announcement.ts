import type { ApiAnnouncement, ApiRange } from '@biquorum/control-plane';
import { apis } from '@biquorum/kafka-wire';
import type { FeatureLevels } from '@biquorum/metadata';
import { SUPPORTED_FEATURES } from '../server/api-versions.ts';
import { DESCRIBE_SCRAM_KEY } from './scram-credentials.ts';

/** CreateAcls, DeleteAcls, delegation tokens, AlterClientQuotas: there is nothing that would heed them. */
const NOT_FORWARDED: ReadonlySet<number> = new Set([30, 31, 38, 39, 40, 49]);

/** What a broker passes on, in the versions of 3.9; what only controllers' listeners serve is left out. */
const FORWARDED: readonly ApiRange[] = apis
  .filter(({ key, forwardable, listeners }) => {
    return forwardable && listeners.includes('broker') && !NOT_FORWARDED.has(key);
  })
  .map(({ key, lowestVersion, highestVersion, latestVersionUnstable }) => ({
    apiKey: key,
    min: lowestVersion,
    max: latestVersionUnstable ? highestVersion - 1 : highestVersion,
  }));

/** What the plane answers itself. */
const ANSWERED: readonly ApiRange[] = [{ apiKey: DESCRIBE_SCRAM_KEY, min: 0, max: 0 }];

/** Keys of telemetry, which nobody sees unless a receiver is configured, and there is none. */
const HIDDEN: ReadonlySet<number> = new Set([71, 72]);

/**
 * What ApiVersions says on a broker's listener: the core's own keys, and those that are forwarded in the versions that
 * the active controller serves, too.
 *
 * Source: Java `ApiVersionManager`, `ApiVersionsResponse.intersectForwardableApis` of 3.9.
 *
 * @param controller what the active controller serves; undefined while none has been asked
 */
export function announce(
  core: readonly ApiRange[],
  controller: ReadonlyMap<number, ApiRange> | undefined,
  finalizedFeatures: FeatureLevels,
): ApiAnnouncement {
  const forwarded = FORWARDED.flatMap((own) => intersection(own, controller));
  const ofPlane = [...ANSWERED, ...forwarded];
  const planeKeys = new Set(ofPlane.map(({ apiKey }) => apiKey));
  const taken = new Set([...ANSWERED, ...FORWARDED].map(({ apiKey }) => apiKey));
  const own = core.filter(({ apiKey }) => !taken.has(apiKey) && !HIDDEN.has(apiKey));
  return {
    apis: [...own, ...ofPlane].sort((a, b) => a.apiKey - b.apiKey),
    planeKeys,
    supportedFeatures: SUPPORTED_FEATURES,
    finalizedFeatures,
  };
}

function intersection(own: ApiRange, controller: ReadonlyMap<number, ApiRange> | undefined): readonly ApiRange[] {
  if (controller === undefined) return [own];
  const theirs = controller.get(own.apiKey);
  if (theirs === undefined) return [];
  const [min, max] = [Math.max(own.min, theirs.min), Math.min(own.max, theirs.max)];
  return min <= max ? [{ apiKey: own.apiKey, min, max }] : [];
}
