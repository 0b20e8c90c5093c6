import type { ApiAnnouncement, ApiRange } from '@biquorum/control-plane';
import { apis } from '@biquorum/kafka-wire';
import type { FeatureLevels } from '@biquorum/metadata';

/**
 * What the plane serves: pushes, commands of brokers, and administration. Of what 3.9 has for brokers beside ZooKeeper
 * there is no Envelope (nothing is forwarded), and ACLs, delegation tokens and SCRAM have nothing that heeds them.
 */
export const PLANE_KEYS: ReadonlySet<number> = new Set([
  4, 5, 6, 7, 19, 20, 33, 37, 43, 44, 45, 46, 48, 49, 56, 57, 67,
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
