import { type BrokerSettings, checkProperties, readBrokerSettings } from '@biquorum/broker';
import { KRAFT_KEYS } from '@biquorum/control-plane';
import { type KraftSettings, KraftSettingsError, readKraftSettings } from '@biquorum/kraft';

/** What a node's properties say. */
export interface NodeProperties {
  readonly settings: KraftSettings;
  /** Undefined for a controller alone. */
  readonly brokerSettings: BrokerSettings | undefined;
}

/**
 * Reads and checks the properties of a node in KRaft mode; touches nothing.
 *
 * @throws KraftSettingsError, SettingsError for the first that it cannot work with
 */
export function readNodeProperties(properties: ReadonlyMap<string, string>): NodeProperties {
  const settings = readKraftSettings(properties);
  if (settings.roles.size === 0) {
    throw new KraftSettingsError(
      'process.roles',
      '',
      'is missing; name roles for KRaft mode, or zookeeper.connect for ZooKeeper mode',
    );
  }
  if (settings.roles.has('broker')) return { settings, brokerSettings: readBrokerSettings(properties, KRAFT_KEYS) };
  checkProperties(properties, KRAFT_KEYS);
  return { settings, brokerSettings: undefined };
}
