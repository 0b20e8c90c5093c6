import { reviewProperties } from '@biquorum/broker';
import type { ConfigTable } from '@biquorum/control-plane';
import type { Telemetry } from '@biquorum/platform';
import { temporaryDirectories } from '@biquorum/platform/node';

/**
 * Tells of what is odd about the properties that a cluster is started with. The cluster starts all the same.
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
  logReview(telemetry, properties, planeConfigs, dataDirectory === undefined ? [] : temporaryDirectories());
}

/**
 * Tells of what is odd about a node's properties: keys that nobody knows or that change nothing, and data where the
 * system may clear it away. The node starts all the same.
 */
export function logNodeFindings(
  telemetry: Telemetry,
  properties: ReadonlyMap<string, string>,
  planeConfigs: ConfigTable,
): void {
  logReview(telemetry, properties, planeConfigs, temporaryDirectories());
}

function logReview(
  telemetry: Telemetry,
  properties: ReadonlyMap<string, string>,
  planeConfigs: ConfigTable,
  temporary: readonly string[],
): void {
  for (const { kind, key, message } of reviewProperties(properties, temporary, planeConfigs)) {
    telemetry.log('warn', 'odd setting', { key, kind, message });
  }
}
