import { reviewProperties } from '@biquorum/broker';
import type { ConfigTable } from '@biquorum/control-plane';
import type { Telemetry } from '@biquorum/platform';

/**
 * Tells of what is odd about the properties that a cluster is started with: keys that nobody knows or that change
 * nothing, and data where the system may clear it away. The cluster starts all the same.
 *
 * @param dataDirectory undefined for a temporary one of the cluster's own, which nobody expects to find again
 * @param planeConfigs the settings that its plane reads
 */
export function logFindings(
  telemetry: Telemetry,
  given: ReadonlyMap<string, string>,
  dataDirectory: string | undefined,
  planeConfigs: ConfigTable,
): void {
  const properties = new Map(given);
  if (dataDirectory !== undefined) properties.set('log.dirs', dataDirectory);
  // Each node's directories are the cluster's to choose.
  const temporary = dataDirectory === undefined ? [] : undefined;
  for (const { kind, key, message } of reviewProperties(properties, temporary, planeConfigs)) {
    telemetry.log('warn', 'odd setting', { key, kind, message });
  }
}
