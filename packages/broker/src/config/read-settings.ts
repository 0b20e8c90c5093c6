import type { ConfigTable } from '@biquorum/control-plane';
import type { LogManagerSettings } from '@biquorum/log';
import type { NodeId } from '@biquorum/metadata';
import type { BrokerSettings } from '../settings.ts';
import { checkProperties } from './check-properties.ts';
import { readConnectionCounts } from './connection-counts.ts';
import { type ConfigProperties, withNodeId } from './layers.ts';
import { PropertyValues } from './property-values.ts';
import { readListeners } from './read-listeners.ts';
import { SettingsError } from './settings-error.ts';

/** Kafka's name of the rack-aware choice of replicas. */
const RACK_AWARE_SELECTOR = 'org.apache.kafka.common.replica.RackAwareReplicaSelector';
/** Requests of one connection that are worked on at the same time. */
const REQUESTS_IN_FLIGHT_MAX = 64;
/** While so many bytes of responses wait for a client, no more of its requests are read. */
const RESPONSE_BYTES_MAX = 4 << 20;

/**
 * Reads a broker's settings from the properties of its node.
 *
 * @param planeConfigs the rows of the plane that is to govern it, `ControlPlaneModule.configs`
 * @throws SettingsError for the first value that is not allowed
 */
export function readBrokerSettings(properties: ConfigProperties, planeConfigs: ConfigTable = []): BrokerSettings {
  checkProperties(properties, planeConfigs);
  const values = new PropertyValues(withNodeId(properties));
  const { listeners, interBroker } = readListeners(values);
  return {
    id: readNodeId(values),
    rack: values.text('broker.rack'),
    listeners,
    interBrokerListener: interBroker,
    server: {
      requestBytesMax: values.number('socket.request.max.bytes'),
      requestsInFlightMax: REQUESTS_IN_FLIGHT_MAX,
      responseBytesMax: RESPONSE_BYTES_MAX,
      idleMsMax: values.durationMs('connections.max.idle.ms'),
      ...readConnectionCounts(properties),
      ...(listeners.length > 1 ? { protectedListener: interBroker } : {}),
    },
    listenBacklog: values.number('socket.listen.backlog.size'),
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
    logDirectories: readLogDirectories(values),
    logs: readLogSettings(values),
    properties,
    planeConfigs,
  };
}

function readNodeId(values: PropertyValues): NodeId {
  const [node, broker] = [values.number('node.id'), values.number('broker.id')];
  if (node !== broker) throw new SettingsError('broker.id', String(broker), `must be ${node} as node.id, or left out`);
  if (node < 0) throw new SettingsError('node.id', String(node), 'give the node a number of 0 or more');
  return node as NodeId;
}

function readLogDirectories(values: PropertyValues): readonly string[] {
  const key = values.text('log.dirs') === null ? 'log.dir' : 'log.dirs';
  const directories = values.list(key) ?? [];
  if (directories.length === 0) throw new SettingsError(key, '', 'name at least one directory');
  const twice = directories.find((path, index) => directories.indexOf(path) !== index);
  if (twice !== undefined) throw new SettingsError(key, twice, 'name each directory once');
  return directories;
}

function readLogSettings(values: PropertyValues): Partial<LogManagerSettings> {
  return {
    initialTaskDelayMs: values.durationMs('log.initial.task.delay.ms'),
    retentionCheckIntervalMs: values.durationMs('log.retention.check.interval.ms'),
    recoveryPointCheckpointIntervalMs: values.durationMs('log.flush.offset.checkpoint.interval.ms'),
    logStartCheckpointIntervalMs: values.durationMs('log.flush.start.offset.checkpoint.interval.ms'),
    highWatermarkCheckpointIntervalMs: values.durationMs('replica.high.watermark.checkpoint.interval.ms'),
    producerIdExpirationMs: values.durationMs('producer.id.expiration.ms'),
    producerIdExpirationCheckIntervalMs: values.durationMs('producer.id.expiration.check.interval.ms'),
    cleanerEnabled: values.flag('log.cleaner.enable'),
    cleanerBackoffMs: values.durationMs('log.cleaner.backoff.ms'),
    cleanerDedupeBufferBytes: values.number('log.cleaner.dedupe.buffer.size'),
    cleanerIoBufferBytes: values.number('log.cleaner.io.buffer.size'),
  };
}
