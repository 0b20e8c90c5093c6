import { reviewProperties } from '@biquorum/broker';
import type { ConfigTable } from '@biquorum/control-plane';
import type { Telemetry } from '@biquorum/platform';
import { temporaryDirectories } from '@biquorum/platform/node';

/** What a cluster decides for each of its nodes, and what it is told it by instead. */
const CLUSTER_KEYS: ReadonlyMap<string, string> = new Map([
  ['process.roles', 'it is told how many brokers and controllers there are to be'],
  ['node.id', 'brokers are numbered from 1'],
  ['broker.id', 'brokers are numbered from 1'],
  ['listeners', 'it is told the port of the first broker'],
  ['listener.security.protocol.map', 'its listeners are PLAINTEXT'],
  ['controller.listener.names', 'its controllers listen on CONTROLLER'],
  ['controller.quorum.voters', 'its controllers are the voters'],
  ['controller.quorum.bootstrap.servers', 'its controllers are the voters'],
  ['log.dirs', 'it is told one directory for all nodes'],
  ['log.dir', 'it is told one directory for all nodes'],
  ['metadata.log.dir', 'it is told one directory for all nodes'],
]);

/** Kafka's keys for all nodes of a cluster, without those that it decides itself. */
export function nodeProperties(given: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...given].filter(([key]) => !CLUSTER_KEYS.has(key)));
}

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
  for (const key of given.keys()) {
    const instead = CLUSTER_KEYS.get(key);
    if (instead === undefined) continue;
    const message = `${key} does not count: a cluster decides it for each node; ${instead}`;
    telemetry.log('warn', 'odd setting', { key, kind: 'superseded', message });
  }
  const properties = nodeProperties(given);
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
