import type { ApiRange } from '@biquorum/control-plane';
import { apis } from '@biquorum/kafka-wire';

/** What controllers of 3.9 serve and these do not: DescribeConfigs. It is not announced. */
const NOT_SERVED: ReadonlySet<number> = new Set([32]);

/** What a controller's listener serves, by ascending key: what 3.9 has for controllers, in all its versions. */
export const CONTROLLER_APIS: readonly ApiRange[] = apis
  .filter(({ key, listeners }) => listeners.includes('controller') && !NOT_SERVED.has(key))
  .map(({ key, lowestVersion, highestVersion, latestVersionUnstable }) => ({
    apiKey: key,
    min: lowestVersion,
    max: latestVersionUnstable ? highestVersion - 1 : highestVersion,
  }))
  .sort((a, b) => a.apiKey - b.apiKey);

/** What brokers may pass on inside an Envelope. */
export const FORWARDABLE_KEYS: ReadonlySet<number> = new Set(
  apis.filter(({ forwardable }) => forwardable).map(({ key }) => key),
);

/** Is this version of an API served on controllers' listeners? */
export function isServedByControllers(apiKey: number, version: number): boolean {
  const range = CONTROLLER_APIS.find((api) => api.apiKey === apiKey);
  return range !== undefined && version >= range.min && version <= range.max;
}
