import type { ConfigEntry } from '@biquorum/control-plane';
import type { ConfigResource } from '@biquorum/metadata';
import { brokerKey } from './broker-keys.ts';
import { faultOf } from './check-properties.ts';
import { DYNAMIC_QUOTA_KEYS } from './keys/dynamic-quota-keys.ts';
import { rowOf, withoutListener } from './layers.ts';
import { nearestName } from './nearest-name.ts';
import { TOPIC_CONFIGS, topicConfig } from './topic-configs.ts';

/**
 * What is wrong with setting a value at run time, for the client; null if nothing is. What must fit together is not
 * looked at here.
 *
 * Source: Java `LogConfig.validate`, `DynamicBrokerConfig.validateConfigs`, `ClientMetricsConfigs.validate`.
 */
export function checkConfig(resource: ConfigResource, key: string, value: string): string | null {
  switch (resource.type) {
    case 'topic':
      return checkTopicConfig(key, value);
    case 'broker':
      return checkBrokerConfig(key, value, resource.name === '');
    case 'client-metrics':
      return checkClientMetrics(key, value);
    case 'group':
      return `${key} cannot be set: groups have no settings in Kafka 3.9`;
  }
}

/** Is the value of this key a list, to which something can be appended? */
export function isListConfig(key: string): boolean {
  return (topicConfig(key) ?? rowOf(key))?.type === 'list' || key === 'metrics' || key === 'match';
}

/** Is the value of this key of brokers a secret that must not lie about? */
export function isPasswordConfig(key: string): boolean {
  return rowOf(key)?.type === 'password';
}

function checkTopicConfig(key: string, value: string): string | null {
  const entry = topicConfig(key);
  if (entry !== undefined) return invalid(entry, key, value);
  const nearest = nearestName(
    key,
    TOPIC_CONFIGS.map(({ name }) => name),
  );
  return `Unknown topic config name ${key}${nearest === undefined ? '' : `; did you mean ${nearest}?`}`;
}

function checkBrokerConfig(key: string, value: string, forAll: boolean): string | null {
  const entry = rowOf(key);
  // Apache lets plug-ins have settings of their own.
  if (entry === undefined) return null;
  const ofListener = withoutListener(key) !== undefined;
  if (!ofListener && entry.update === undefined && !DYNAMIC_QUOTA_KEYS.includes(entry)) {
    return `${key} cannot be changed at run time; set it in the file and restart the broker`;
  }
  if (!ofListener && ONLY_FOR_LISTENERS.has(key)) {
    return `${key} can be changed at run time only for a listener, as listener.name.NAME.${key}`;
  }
  if (forAll && (ofListener ? !FOR_ALL_LISTENERS.has(entry.name) : entry.update === 'per-broker')) {
    return `${key} cannot be set for all brokers; name one`;
  }
  if (entry.needsRestart) return `${key} takes effect at a restart only; set it in the file and restart the broker`;
  return invalid(entry, key, value);
}

/** Source: Java `SslConfigs.RECONFIGURABLE_CONFIGS`. */
const ONLY_FOR_LISTENERS: ReadonlySet<string> = new Set([
  'ssl.keystore.type',
  'ssl.keystore.location',
  'ssl.keystore.password',
  'ssl.key.password',
  'ssl.truststore.type',
  'ssl.truststore.location',
  'ssl.truststore.password',
  'ssl.keystore.certificate.chain',
  'ssl.keystore.key',
  'ssl.truststore.certificates',
]);

/** Source: Java `DynamicBrokerConfig.ClusterLevelListenerConfigs`. */
const FOR_ALL_LISTENERS: ReadonlySet<string> = new Set([
  'max.connections',
  'max.connection.creation.rate',
  'num.network.threads',
]);

const INTERVAL: ConfigEntry = {
  name: 'interval.ms',
  type: 'int',
  defaultValue: '300000',
  minimum: 100,
  maximum: 3_600_000,
  support: 'accepted',
  documentation: 'How often a client reports.',
};

function checkClientMetrics(key: string, value: string): string | null {
  if (key === INTERVAL.name) return invalid(INTERVAL, key, value);
  if (key === 'metrics' || key === 'match') return null;
  return `Unknown client metrics config name ${key}; there are interval.ms, match and metrics`;
}

function invalid(entry: ConfigEntry, key: string, value: string): string | null {
  const fault = faultOf(entry, value);
  const shown = (brokerKey(key) ?? entry).type === 'password' ? '(hidden)' : value;
  return fault === null ? null : `Invalid value ${shown} for configuration ${key}: ${fault}`;
}
