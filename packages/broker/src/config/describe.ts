import type { ConfigEntry, ConfigTable, ConfigValueType } from '@biquorum/control-plane';
import { brokerDefaultOf } from './broker-default.ts';
import { BROKER_KEYS, brokerKey } from './broker-keys.ts';
import { type ConfigLayers, type ConfigProperties, effectiveProperties, rowOf, synonymsOf } from './layers.ts';
import { readValue } from './read-value.ts';
import { TOPIC_CONFIGS, topicConfig } from './topic-configs.ts';

/** Where a value comes from, in Kafka's numbers. Source: Java `DescribeConfigsResponse.ConfigSource`. */
export const CONFIG_SOURCE = {
  topic: 1,
  perBroker: 2,
  clusterWide: 3,
  file: 4,
  builtIn: 5,
  clientMetrics: 7,
} as const;

/** One of {@link CONFIG_SOURCE}. */
export type ConfigSource = (typeof CONFIG_SOURCE)[keyof typeof CONFIG_SOURCE];

/** A place where a setting has a value; null for a value that is not shown. */
export interface ConfigSynonym {
  readonly name: string;
  readonly value: string | null;
  readonly source: ConfigSource;
}

/** A setting and where its value comes from. */
export interface DescribedConfig {
  readonly name: string;
  /** Null for none, and for a value that is not shown. */
  readonly value: string | null;
  /** Undefined for a setting that nobody knows: it is taken for sensitive. */
  readonly type: ConfigValueType | undefined;
  readonly sensitive: boolean;
  readonly readOnly: boolean;
  readonly source: ConfigSource;
  /** The places that have a value, the one that counts first. */
  readonly synonyms: readonly ConfigSynonym[];
  readonly documentation: string | null;
}

/**
 * All settings of a broker, sorted by name: those of the table, those of its plane, and what else it was started with.
 *
 * Source: Java `ConfigHelper.createBrokerConfigEntry`.
 */
export function describeBroker(layers: ConfigLayers, planeConfigs: ConfigTable = []): readonly DescribedConfig[] {
  const properties = effectiveProperties(layers);
  const names = new Set(properties.keys());
  for (const { name, internal } of [...BROKER_KEYS, ...planeConfigs]) if (internal === undefined) names.add(name);
  // Where the table has a row, it is the plane's as well: they differ in what becomes of the setting, which nobody asks.
  const strangers = new Map(
    planeConfigs.filter(({ name }) => rowOf(name) === undefined).map((entry) => [entry.name, entry]),
  );
  return [...names].sort().map((name) => {
    const stranger = strangers.get(name);
    if (stranger !== undefined) return planeRow(stranger, layers.file.get(name));
    return brokerRow(name, properties.get(name), brokerSynonyms(name, layers));
  });
}

/** What was set at run time for all brokers, sorted by name. */
export function describeClusterDefault(layers: ConfigLayers): readonly DescribedConfig[] {
  return [...layers.clusterWide].sort(byName).map(([name, value]) => {
    const synonyms = brokerSynonyms(name, layers).filter(({ source }) => source === CONFIG_SOURCE.clusterWide);
    return { ...brokerRow(name, value, synonyms), value: isSensitive(rowOf(name)) ? null : value };
  });
}

/**
 * All settings of a topic, sorted by name.
 *
 * Source: Java `ConfigHelper.createTopicConfigEntry`, `LogConfig.fromProps`.
 *
 * @param overrides what was set for the topic
 */
export function describeTopic(layers: ConfigLayers, overrides: ConfigProperties): readonly DescribedConfig[] {
  const properties = effectiveProperties(layers);
  const names = new Set([...TOPIC_CONFIGS.map(({ name }) => name), ...overrides.keys()]);
  return [...names].sort().map((name) => topicRow(name, overrides.get(name), properties, layers));
}

function topicRow(
  name: string,
  override: string | undefined,
  properties: ConfigProperties,
  layers: ConfigLayers,
): DescribedConfig {
  const entry = topicConfig(name);
  const sensitive = isSensitive(entry);
  const value = entry === undefined || sensitive ? null : topicValue(entry, override, properties);
  const server = entry?.synonyms[0]?.name;
  const below = server === undefined ? [] : brokerSynonyms(server, layers);
  const synonyms = override === undefined ? below : [{ name, value, source: CONFIG_SOURCE.topic }, ...below];
  return {
    name,
    value,
    type: entry?.type,
    sensitive,
    readOnly: false,
    source: synonyms[0]?.source ?? CONFIG_SOURCE.builtIn,
    synonyms,
    documentation: entry?.documentation ?? null,
  };
}

function topicValue(
  entry: NonNullable<ReturnType<typeof topicConfig>>,
  override: string | undefined,
  properties: ConfigProperties,
): string | null {
  return override === undefined ? brokerDefaultOf(entry, properties) : written(entry, override);
}

function brokerRow(name: string, given: string | undefined, synonyms: readonly ConfigSynonym[]): DescribedConfig {
  const entry = rowOf(name);
  const sensitive = isSensitive(entry);
  const exact = brokerKey(name);
  // What belongs to one listener is shown as it was given, for no table lists it.
  const shown = exact === undefined || given === undefined ? given : written(exact, given);
  return {
    name,
    value: sensitive ? null : (shown ?? entry?.defaultValue ?? null),
    type: entry?.type,
    sensitive,
    readOnly: exact?.update === undefined,
    source: synonyms[0]?.source ?? CONFIG_SOURCE.builtIn,
    synonyms,
    documentation: exact?.documentation ?? null,
  };
}

/** A setting that only the plane knows: it stands in the file, or has its default. */
function planeRow(entry: ConfigEntry, given: string | undefined): DescribedConfig {
  const { name, type, defaultValue, documentation } = entry;
  const sensitive = isSensitive(entry);
  const shown = (value: string | null): string | null => (sensitive ? null : value);
  const synonyms: ConfigSynonym[] = [];
  if (given !== undefined) synonyms.push({ name, value: shown(given), source: CONFIG_SOURCE.file });
  if (defaultValue !== null) synonyms.push({ name, value: shown(defaultValue), source: CONFIG_SOURCE.builtIn });
  const value = shown(given === undefined ? defaultValue : written(entry, given));
  const source = synonyms[0]?.source ?? CONFIG_SOURCE.builtIn;
  return { name, value, type, sensitive, readOnly: true, source, synonyms, documentation };
}

/**
 * The places that have a value for a broker's setting. What stands before the first that bears the setting's own name
 * is left out, as Java does it: `log.retention.hours` in the file is no source of `log.retention.ms`.
 */
function brokerSynonyms(name: string, layers: ConfigLayers): readonly ConfigSynonym[] {
  const names = synonymsOf(name);
  const sensitive = isSensitive(rowOf(name));
  const found: ConfigSynonym[] = [];
  const add = (source: ConfigSource, valueIn: (synonym: string) => string | null | undefined): void => {
    for (const synonym of names) {
      const value = valueIn(synonym);
      if (value !== undefined && value !== null) found.push({ name: synonym, value: sensitive ? null : value, source });
    }
  };
  add(CONFIG_SOURCE.perBroker, (synonym) => layers.perBroker.get(synonym));
  add(CONFIG_SOURCE.clusterWide, (synonym) => layers.clusterWide.get(synonym));
  add(CONFIG_SOURCE.file, (synonym) => layers.file.get(synonym));
  add(CONFIG_SOURCE.builtIn, (synonym) => brokerKey(synonym)?.defaultValue);
  const first = found.findIndex((synonym) => synonym.name === name);
  return first < 0 ? [] : found.slice(first);
}

/** What nobody knows might be a secret. Source: Java `KafkaConfig.maybeSensitive`. */
function isSensitive(entry: ConfigEntry | undefined): boolean {
  return entry === undefined || entry.type === 'password';
}

/** The value as Kafka writes it; as it was given where it cannot be read. */
function written(entry: ConfigEntry, given: string): string {
  const reading = readValue(entry, given);
  return reading.ok ? reading.text : given;
}

function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : 1;
}
