import type { NodeId } from '@biquorum/metadata';
import type { BrokerSettings, ListenerSettings } from '../settings.ts';
import { BROKER_KEYS, type BrokerKey } from './broker-keys.ts';

/** A property that a broker cannot work with: names key, value and what is allowed. */
export class SettingsError extends Error {
  override readonly name: string = 'SettingsError';
  readonly key: string;
  readonly value: string | null;

  constructor(key: string, value: string | null, reason: string) {
    super(`${key}=${value ?? ''}: ${reason}`);
    this.key = key;
    this.value = value;
  }
}

/** Kafka's name of the rack-aware choice of replicas. */
const RACK_AWARE_SELECTOR = 'org.apache.kafka.common.replica.RackAwareReplicaSelector';
/** Requests of one connection that are worked on at the same time. */
const REQUESTS_IN_FLIGHT_MAX = 64;
/** While so many bytes of responses wait for a client, no more of its requests are read. */
const RESPONSE_BYTES_MAX = 4 << 20;

/**
 * Reads a broker's settings from the properties of its node.
 *
 * @throws SettingsError for the first value that is not allowed
 */
export function readBrokerSettings(properties: ReadonlyMap<string, string>): BrokerSettings {
  const values = new Values(properties);
  const listeners = readListeners(values);
  const interBroker = values.text('inter.broker.listener.name') ?? (listeners[0] as ListenerSettings).name;
  if (!listeners.some((listener) => listener.name === interBroker)) {
    throw new SettingsError(
      'inter.broker.listener.name',
      interBroker,
      `is none of the listeners ${listeners.map((it) => it.name)}`,
    );
  }
  const nodeId = values.number('node.id');
  const id = nodeId >= 0 ? nodeId : values.number('broker.id');
  if (id < 0) throw new SettingsError('node.id', String(id), 'give the node a number of 0 or more');
  return {
    id: id as NodeId,
    rack: values.text('broker.rack'),
    listeners,
    interBrokerListener: interBroker,
    server: {
      requestBytesMax: values.number('socket.request.max.bytes'),
      requestsInFlightMax: REQUESTS_IN_FLIGHT_MAX,
      responseBytesMax: RESPONSE_BYTES_MAX,
      idleMsMax: values.number('connections.max.idle.ms'),
      connectionsMax: values.number('max.connections'),
      connectionsPerHostMax: values.number('max.connections.per.ip'),
    },
    autoCreateTopics: values.flag('auto.create.topics.enable'),
    fetchBytesMax: values.number('fetch.max.bytes'),
    fetchSessionSlots: values.number('max.incremental.fetch.session.cache.slots'),
    rackAwareFetch: values.text('replica.selector.class') === RACK_AWARE_SELECTOR,
    replicaLagMsMax: values.number('replica.lag.time.max.ms'),
    replicaFetchers: values.number('num.replica.fetchers'),
    replicaSocketTimeoutMs: values.number('replica.socket.timeout.ms'),
    fetcher: {
      waitMsMax: values.number('replica.fetch.wait.max.ms'),
      bytesMin: values.number('replica.fetch.min.bytes'),
      partitionBytesMax: values.number('replica.fetch.max.bytes'),
      responseBytesMax: values.number('replica.fetch.response.max.bytes'),
      backoffMs: values.number('replica.fetch.backoff.ms'),
    },
    minInsyncReplicas: values.number('min.insync.replicas'),
    groups: {
      sessionTimeoutMsMin: values.number('group.min.session.timeout.ms'),
      sessionTimeoutMsMax: values.number('group.max.session.timeout.ms'),
      initialRebalanceDelayMs: values.number('group.initial.rebalance.delay.ms'),
      sizeMax: values.number('group.max.size'),
      offsetMetadataBytesMax: values.number('offset.metadata.max.bytes'),
      offsetsRetentionMs: values.number('offsets.retention.minutes') * 60_000,
      offsetsRetentionCheckIntervalMs: values.number('offsets.retention.check.interval.ms'),
      offsetsCommitTimeoutMs: values.number('offsets.commit.timeout.ms'),
      topicPartitions: values.number('offsets.topic.num.partitions'),
      topicReplicationFactor: values.number('offsets.topic.replication.factor'),
      topicSegmentBytes: values.number('offsets.topic.segment.bytes'),
    },
    controlledShutdown: values.flag('controlled.shutdown.enable'),
    logDirectories: values.list('log.dirs') ?? [values.text('log.dir') ?? ''],
    properties,
  };
}

function readListeners(values: Values): ListenerSettings[] {
  const advertised = new Map(
    (values.list('advertised.listeners') ?? []).map((text) => [parse('advertised.listeners', text).name, text]),
  );
  const listeners = (values.list('listeners') ?? []).map((text): ListenerSettings => {
    const { name, host, port } = parse('listeners', text);
    const told = advertised.get(name);
    return { name, host, port, advertised: told === undefined ? null : parse('advertised.listeners', told) };
  });
  if (listeners.length === 0) throw new SettingsError('listeners', '', 'name at least one, as in PLAINTEXT://:9092');
  const names = listeners.map((listener) => listener.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new SettingsError('listeners', twice, 'each listener needs a name of its own');
  for (const name of advertised.keys()) {
    if (!names.includes(name))
      throw new SettingsError('advertised.listeners', name, `is none of the listeners ${names}`);
  }
  return listeners;
}

function parse(key: string, text: string): { readonly name: string; readonly host: string; readonly port: number } {
  const match = /^([^:/]+):\/\/(?:\[([^\]]*)\]|([^:[\]]*)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[4]);
  if (match === null || port > 65_535)
    throw new SettingsError(key, text, 'write NAME://host:port, as in PLAINTEXT://:9092');
  return { name: (match[1] as string).toUpperCase(), host: match[2] ?? match[3] ?? '', port };
}

/** Typed access to properties, with the defaults of the table. */
class Values {
  readonly #properties: ReadonlyMap<string, string>;

  constructor(properties: ReadonlyMap<string, string>) {
    this.#properties = properties;
  }

  text(name: string): string | null {
    const text = this.#properties.get(name)?.trim() ?? keyOf(name).defaultValue;
    return text === '' ? null : text;
  }

  list(name: string): string[] | null {
    return (
      this.text(name)
        ?.split(',')
        .map((item) => item.trim()) ?? null
    );
  }

  flag(name: string): boolean {
    const text = this.text(name)?.toLowerCase() ?? '';
    if (text !== 'true' && text !== 'false') throw new SettingsError(name, text, 'must be true or false');
    return text === 'true';
  }

  number(name: string): number {
    const { minimum, maximum, type } = keyOf(name);
    const text = this.text(name) ?? '';
    const value = Number(text);
    if (!/^-?\d+$/.test(text)) throw new SettingsError(name, text, 'must be a whole number');
    const most = maximum ?? (type === 'int' ? 2_147_483_647 : Number.POSITIVE_INFINITY);
    const least = minimum ?? (type === 'int' ? -2_147_483_648 : Number.NEGATIVE_INFINITY);
    if (value < least || value > most) throw new SettingsError(name, text, `must be between ${least} and ${most}`);
    return value;
  }
}

function keyOf(name: string): BrokerKey {
  const key = BROKER_KEYS.find((entry) => entry.name === name);
  if (key === undefined) throw new Error(`${name} is not in the table of keys`);
  return key;
}
