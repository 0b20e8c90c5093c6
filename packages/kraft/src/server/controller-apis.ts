import type { ApiRange } from '@biquorum/control-plane';
import { apis } from '@biquorum/kafka-wire';

/** What a controller's listener serves, by ascending key: what 3.9 has for controllers, in all its versions. */
export const CONTROLLER_APIS: readonly ApiRange[] = apis
  .filter(({ listeners }) => listeners.includes('controller'))
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
