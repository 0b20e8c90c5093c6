import type { ApiAnnouncement, ApiRange } from '@biquorum/control-plane';
import { apis } from '@biquorum/kafka-wire';
import type { FeatureLevels } from '@biquorum/metadata';

/**
 * What the plane serves: pushes, commands of brokers, and administration; ACLs and delegation tokens as a broker that
 * has none of them, and Envelope as one that forwards nothing.
 */
export const PLANE_KEYS: ReadonlySet<number> = new Set([
  4, 5, 6, 7, 19, 20, 29, 30, 31, 33, 37, 38, 39, 40, 41, 43, 44, 45, 46, 48, 49, 50, 51, 56, 57, 58, 67,
]);

const RANGES: ReadonlyMap<number, ApiRange> = new Map(
  apis
    .filter(({ listeners }) => listeners.includes('zkBroker'))
    .map(({ key, lowestVersion, highestVersion, latestVersionUnstable }) => [
      key,
      { apiKey: key, min: lowestVersion, max: latestVersionUnstable ? highestVersion - 1 : highestVersion },
    ]),
);

/** What ApiVersions says on a listener of a broker beside ZooKeeper. Source: Java `ApiVersionManager` of 3.9. */
export function announce(core: readonly ApiRange[], finalizedFeatures: FeatureLevels): ApiAnnouncement {
  const own = core.filter(({ apiKey }) => RANGES.has(apiKey) && !PLANE_KEYS.has(apiKey));
  const planes = [...PLANE_KEYS].flatMap((key) => RANGES.get(key) ?? []);
  return {
    apis: [...own, ...planes].sort((a, b) => a.apiKey - b.apiKey),
    planeKeys: PLANE_KEYS,
    supportedFeatures: new Map(),
    finalizedFeatures,
  };
}
