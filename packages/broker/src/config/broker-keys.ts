import { type ConfigEntry, type ConfigTable, PLANE_KEYS } from '@biquorum/control-plane';
import { GROUP_KEYS } from './keys/group-keys.ts';
import { LISTENER_KEYS } from './keys/listener-keys.ts';
import { LOG_KEYS } from './keys/log-keys.ts';
import { METRIC_KEYS } from './keys/metric-keys.ts';
import { NODE_KEYS } from './keys/node-keys.ts';
import { QUOTA_KEYS } from './keys/quota-keys.ts';
import { REMOTE_STORAGE_KEYS } from './keys/remote-storage-keys.ts';
import { REPLICATION_KEYS } from './keys/replication-keys.ts';
import { SASL_KEYS } from './keys/sasl-keys.ts';
import { SECURITY_KEYS } from './keys/security-keys.ts';
import { SHARE_GROUP_KEYS } from './keys/share-group-keys.ts';
import { TLS_KEYS } from './keys/tls-keys.ts';
import { TOPIC_DEFAULT_KEYS } from './keys/topic-default-keys.ts';
import { TRANSACTION_KEYS } from './keys/transaction-keys.ts';

/**
 * Every setting of a broker that Kafka 3.9 has, those of the planes included, sorted by name: 315 that Apache lists
 * and 14 that it keeps to itself.
 *
 * Source: Java `KafkaConfig` of 3.9 and the classes that its definitions come from, `DynamicBrokerConfig`.
 */
export const BROKER_KEYS: ConfigTable = [
  ...NODE_KEYS,
  ...LISTENER_KEYS,
  ...TOPIC_DEFAULT_KEYS,
  ...LOG_KEYS,
  ...REPLICATION_KEYS,
  ...GROUP_KEYS,
  ...SHARE_GROUP_KEYS,
  ...TRANSACTION_KEYS,
  ...SECURITY_KEYS,
  ...TLS_KEYS,
  ...SASL_KEYS,
  ...QUOTA_KEYS,
  ...METRIC_KEYS,
  ...REMOTE_STORAGE_KEYS,
  ...PLANE_KEYS,
].sort((a, b) => (a.name < b.name ? -1 : 1));

const BY_NAME: ReadonlyMap<string, ConfigEntry> = new Map(BROKER_KEYS.map((entry) => [entry.name, entry]));

/** The setting of a broker by its exact name. */
export function brokerKey(name: string): ConfigEntry | undefined {
  return BY_NAME.get(name);
}
