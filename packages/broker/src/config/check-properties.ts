import type { ConfigEntry, ConfigTable } from '@biquorum/control-plane';
import { ConfigFault, resolveLogConfig } from '@biquorum/log';
import { type ConfigProperties, rowOf } from './layers.ts';
import { PropertyValues } from './property-values.ts';
import { readValue } from './read-value.ts';
import { SettingsError } from './settings-error.ts';

/**
 * Checks every property that has a row in the table, and those that must go together.
 *
 * Source: Java `KafkaConfig.validateValues`, `GroupCoordinatorConfig`, `ShareGroupConfig`.
 *
 * @param planeConfigs the rows of the plane that is to govern it: what they say counts
 * @throws SettingsError for the first that a broker cannot work with
 */
export function checkProperties(properties: ConfigProperties, planeConfigs: ConfigTable = []): void {
  for (const [name, text] of properties) {
    const entry = planeConfigs.find((row) => row.name === name) ?? rowOf(name);
    const fault = entry === undefined ? null : faultOf(entry, text);
    if (fault !== null) throw new SettingsError(name, text, fault);
  }
  if (properties.has('config.providers')) {
    throw new SettingsError('config.providers', properties.get('config.providers') ?? '', 'write the values out');
  }
  const values = new PropertyValues(properties);
  for (const bounds of IN_ORDER) checkOrder(values, bounds);
  checkTimes(values);
  checkCleaner(values);
  checkConnections(values);
  checkReplicaSelector(values);
  try {
    resolveLogConfig(new Map(), properties);
  } catch (error) {
    if (error instanceof ConfigFault) throw new SettingsError(error.setting, error.value, error.message);
    throw error;
  }
}

/** What is wrong with a value, as the end of a sentence; null if nothing is. */
export function faultOf(entry: ConfigEntry, text: string): string | null {
  const reading = readValue(entry, text);
  if (!reading.ok) return `must be ${reading.allowed}`;
  if (entry.support === 'refused' && reading.text !== (entry.defaultValue ?? '')) {
    const only =
      entry.defaultValue === null ? 'leave it out' : `only ${entry.defaultValue || 'an empty value'} is taken`;
    return `${entry.because}; ${only}`;
  }
  return null;
}

/** Settings whose values must not fall from one to the next. */
const IN_ORDER: readonly (readonly string[])[] = [
  ['group.consumer.min.heartbeat.interval.ms', 'group.consumer.heartbeat.interval.ms'],
  ['group.consumer.heartbeat.interval.ms', 'group.consumer.max.heartbeat.interval.ms'],
  ['group.consumer.min.session.timeout.ms', 'group.consumer.session.timeout.ms'],
  ['group.consumer.session.timeout.ms', 'group.consumer.max.session.timeout.ms'],
  ['group.share.min.heartbeat.interval.ms', 'group.share.heartbeat.interval.ms'],
  ['group.share.heartbeat.interval.ms', 'group.share.max.heartbeat.interval.ms'],
  ['group.share.min.session.timeout.ms', 'group.share.session.timeout.ms'],
  ['group.share.session.timeout.ms', 'group.share.max.session.timeout.ms'],
  ['group.share.min.record.lock.duration.ms', 'group.share.record.lock.duration.ms'],
  ['group.share.record.lock.duration.ms', 'group.share.max.record.lock.duration.ms'],
  ['replica.fetch.wait.max.ms', 'replica.socket.timeout.ms'],
  ['replica.fetch.wait.max.ms', 'replica.lag.time.max.ms'],
];

function checkOrder(values: PropertyValues, [low = '', high = '']: readonly string[]): void {
  const [least, most] = [values.number(low), values.number(high)];
  if (least > most) throw new SettingsError(low, String(least), `must not exceed ${high}, which is ${most}`);
}

function checkTimes(values: PropertyValues): void {
  const atLeast = (name: string, least: number, allowed: string): void => {
    const value = values.optionalNumber(name);
    if (value !== undefined && value < least) throw new SettingsError(name, String(value), `must be ${allowed}`);
  };
  atLeast('log.roll.ms', 1, '1 or more');
  atLeast('log.roll.jitter.ms', 0, '0 or more');
  for (const name of ['log.retention.ms', 'log.retention.minutes', 'log.retention.hours']) {
    const value = values.optionalNumber(name);
    if (value === undefined) continue;
    if (value === 0) throw new SettingsError(name, '0', 'must be 1 or more, or −1 for no bound');
    return;
  }
}

const DEDUPE_BYTES_PER_THREAD = 1 << 20;

function checkCleaner(values: PropertyValues): void {
  const threads = values.number('log.cleaner.threads');
  if (threads === 0) throw new SettingsError('log.cleaner.threads', '0', 'must be 1 or more');
  const bytes = values.number('log.cleaner.dedupe.buffer.size');
  if (Math.floor(bytes / threads) > DEDUPE_BYTES_PER_THREAD) return;
  const least = `must be more than ${DEDUPE_BYTES_PER_THREAD} for each of the ${threads} of log.cleaner.threads`;
  throw new SettingsError('log.cleaner.dedupe.buffer.size', String(bytes), least);
}

function checkConnections(values: PropertyValues): void {
  const queued = values.number('queued.max.request.bytes');
  const largest = values.number('socket.request.max.bytes');
  if (queued > 0 && queued < largest) {
    const least = `must be at least socket.request.max.bytes, which is ${largest}, or −1 for no bound`;
    throw new SettingsError('queued.max.request.bytes', String(queued), least);
  }
  if (values.number('max.connections.per.ip') === 0 && values.list('max.connections.per.ip.overrides')?.length === 0) {
    throw new SettingsError('max.connections.per.ip', '0', 'needs max.connections.per.ip.overrides to let anybody in');
  }
  const idle = values.number('connections.max.idle.ms');
  const delay = values.number('connection.failed.authentication.delay.ms');
  if (idle >= 0 && delay >= idle) {
    const most = `must be less than connections.max.idle.ms, which is ${idle}`;
    throw new SettingsError('connection.failed.authentication.delay.ms', String(delay), most);
  }
}

/** Kafka's own choices of the replica that a consumer is sent to (KIP-392). */
const REPLICA_SELECTORS = ['LeaderSelector', 'RackAwareReplicaSelector'].map(
  (name) => `org.apache.kafka.common.replica.${name}`,
);

function checkReplicaSelector(values: PropertyValues): void {
  const name = values.text('replica.selector.class') ?? '';
  if (name === '' || REPLICA_SELECTORS.includes(name)) return;
  throw new SettingsError(
    'replica.selector.class',
    name,
    `Java classes cannot be loaded; use ${REPLICA_SELECTORS.join(' or ')}`,
  );
}
