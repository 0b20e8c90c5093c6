import type { ConfigEntry } from '@biquorum/control-plane';
import { brokerKey } from './broker-keys.ts';
import { DYNAMIC_QUOTA_KEYS } from './keys/dynamic-quota-keys.ts';

/** Settings as text by name. */
export type ConfigProperties = ReadonlyMap<string, string>;

/** Where the settings of a broker come from; the first wins, after them all the default. */
export interface ConfigLayers {
  /** Set at run time for this broker. */
  readonly perBroker: ConfigProperties;
  /** Set at run time for all brokers. */
  readonly clusterWide: ConfigProperties;
  /** What the broker was started with. */
  readonly file: ConfigProperties;
}

/** Settings that say the same, the finer unit first. Source: Java `DynamicBrokerConfig.brokerConfigSynonyms`. */
const FAMILIES: readonly (readonly string[])[] = [
  ['log.roll.ms', 'log.roll.hours'],
  ['log.roll.jitter.ms', 'log.roll.jitter.hours'],
  ['log.retention.ms', 'log.retention.minutes', 'log.retention.hours'],
];
const LISTENER_PREFIX = /^listener\.name\.[^.]*\.(.*)$/;
/** These stand behind the name of a mechanism: `listener.name.X.mechanism.sasl.jaas.config`. */
const MECHANISM_KEYS = [
  'sasl.jaas.config',
  'sasl.login.callback.handler.class',
  'sasl.login.class',
  'sasl.server.callback.handler.class',
  'connections.max.reauth.ms',
];

/** The setting itself and those that stand in for it, the first wins. */
export function synonymsOf(name: string): readonly string[] {
  if (name === 'log.flush.interval.ms') return [name, 'log.flush.scheduler.interval.ms'];
  const base = withoutListener(name);
  if (base !== undefined) return [name, base];
  return FAMILIES.find((family) => family.includes(name)) ?? [name];
}

/** The row that a name is read by: its own, or that of the setting which it changes for one listener. */
export function rowOf(name: string): ConfigEntry | undefined {
  const exact = brokerKey(name) ?? DYNAMIC_QUOTA_KEYS.find((entry) => entry.name === name);
  if (exact !== undefined) return exact;
  const base = withoutListener(name);
  return base === undefined ? undefined : brokerKey(base);
}

/** The setting that `listener.name.X.…` changes for one listener; undefined for other names. */
export function withoutListener(name: string): string | undefined {
  const base = LISTENER_PREFIX.exec(name)?.[1];
  if (base === undefined) return undefined;
  return MECHANISM_KEYS.find((key) => base.endsWith(key)) ?? base;
}

/**
 * The properties that hold: those of the file, with what was set at run time over them. A setting takes the coarser
 * units of its family with it: `log.retention.ms` set at run time beats `log.retention.hours` of the file.
 *
 * Source: Java `DynamicBrokerConfig.overrideProps`.
 */
export function effectiveProperties({ perBroker, clusterWide, file }: ConfigLayers): ConfigProperties {
  const properties = new Map(file);
  for (const layer of [clusterWide, perBroker]) {
    for (const [name, value] of layer) {
      const replaced = withoutListener(name) === undefined ? synonymsOf(name) : [name];
      for (const synonym of replaced) properties.delete(synonym);
      properties.set(name, value);
    }
  }
  return properties;
}

/** What the file says of a node's number under either name, under both. Source: Java `KafkaConfig.populateSynonyms`. */
export function withNodeId(file: ConfigProperties): ConfigProperties {
  const [node, broker] = [file.get('node.id'), file.get('broker.id')];
  if (node === undefined && broker !== undefined) return new Map([...file, ['node.id', broker]]);
  if (broker === undefined && node !== undefined) return new Map([...file, ['broker.id', node]]);
  return file;
}
