import { brokerKey } from './broker-keys.ts';
import type { ConfigProperties } from './layers.ts';
import { readValue } from './read-value.ts';
import type { TopicConfig } from './topic-configs.ts';

const LONG_MAX = '9223372036854775807';
const OLDER_TIMESTAMP_BOUND = 'log.message.timestamp.difference.max.ms';
const TIMESTAMP_BOUNDS = ['message.timestamp.before.max.ms', 'message.timestamp.after.max.ms'];

/**
 * What a setting of a topic is where the topic does not say: by the broker's settings, converted to the topic's unit.
 *
 * Source: Java `KafkaConfig.extractLogConfigMap`.
 *
 * @param properties those that hold for the broker
 * @returns the value as Kafka writes it
 */
export function brokerDefaultOf(entry: TopicConfig, properties: ConfigProperties): string {
  // Since 3.0 the format is fixed, whatever the broker's file says.
  if (entry.name === 'message.format.version') return entry.defaultValue ?? '';
  const value = firstSet(entry, properties) ?? entry.defaultValue ?? '';
  if (entry.name === 'retention.ms' && value.startsWith('-')) return '-1';
  if (value === LONG_MAX && TIMESTAMP_BOUNDS.includes(entry.name)) {
    return read(OLDER_TIMESTAMP_BOUND, properties.get(OLDER_TIMESTAMP_BOUND)) ?? value;
  }
  return value;
}

function firstSet({ synonyms }: TopicConfig, properties: ConfigProperties): string | undefined {
  for (const { name, factor } of synonyms) {
    const value = read(name, properties.get(name));
    if (value !== undefined) return factor === undefined ? value : String(BigInt(value) * BigInt(factor));
  }
  return undefined;
}

function read(name: string, text: string | undefined): string | undefined {
  const row = brokerKey(name);
  if (row === undefined || text === undefined) return undefined;
  const reading = readValue(row, text);
  return reading.ok ? reading.text : undefined;
}
