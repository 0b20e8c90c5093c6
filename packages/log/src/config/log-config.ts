import type { CompressionType, TimestampType } from '@biquorum/kafka-wire';
import { assert } from '@biquorum/std';
import { TOPIC_LOG_CONFIGS, type TopicConfigEntry } from './config-table.ts';
import { ConfigFault, readConfigValue } from './config-value.ts';

/**
 * The settings of one topic's logs, read and checked. Times are in ms, sizes in bytes; what Kafka writes as 2^63 − 1
 * is `Infinity` here.
 */
export interface LogConfig {
  readonly compact: boolean;
  readonly delete: boolean;
  /** Codec of the batches on disk; undefined keeps the producer's. */
  readonly compressionType: CompressionType | undefined;
  readonly compressionGzipLevel: number;
  readonly compressionLz4Level: number;
  readonly compressionZstdLevel: number;
  readonly deleteRetentionMs: number;
  readonly fileDeleteDelayMs: number;
  readonly flushMessages: number;
  readonly flushMs: number;
  readonly indexIntervalBytes: number;
  readonly maxCompactionLagMs: number;
  readonly maxMessageBytes: number;
  readonly messageTimestampAfterMaxMs: number;
  readonly messageTimestampBeforeMaxMs: number;
  readonly messageTimestampType: TimestampType;
  readonly minCleanableDirtyRatio: number;
  readonly minCompactionLagMs: number;
  readonly preallocate: boolean;
  /** −1: no bound. */
  readonly retentionBytes: number;
  /** −1: no bound. */
  readonly retentionMs: number;
  readonly segmentBytes: number;
  readonly segmentIndexBytes: number;
  readonly segmentJitterMs: number;
  readonly segmentMs: number;
}

/** Values by dotted name, as text: `server.properties`, a topic's overrides. */
export type ConfigProperties = ReadonlyMap<string, string>;

/**
 * The settings that hold for a topic: its own overrides before the broker's, those before the defaults. Names that are
 * not in the table are left to others.
 *
 * @throws ConfigFault a value that is not of its type, out of its range, or in conflict with another.
 */
export function resolveLogConfig(overrides: ConfigProperties = NONE, server: ConfigProperties = NONE): LogConfig {
  const values = new Map<string, unknown>();
  for (const entry of TOPIC_LOG_CONFIGS) values.set(entry.name, resolveEntry(entry, overrides, server));
  const config = build(values);
  if (config.minCompactionLagMs > config.maxCompactionLagMs) {
    throw new ConfigFault(
      'min.compaction.lag.ms',
      String(config.minCompactionLagMs),
      `must not exceed max.compaction.lag.ms, which is ${config.maxCompactionLagMs}`,
    );
  }
  return config;
}

/** The defaults of Apache Kafka 3.9 with some values replaced: what tests and programs without topics start from. */
export function logConfig(changes: Partial<LogConfig> = {}): LogConfig {
  return { ...DEFAULTS, ...changes };
}

/** Age at which a segment is closed: `segment.ms`, or less where compaction must not wait so long. */
export function segmentMsOf(config: LogConfig): number {
  return config.compact && config.maxCompactionLagMs > 0
    ? Math.min(config.maxCompactionLagMs, config.segmentMs)
    : config.segmentMs;
}

const NONE: ConfigProperties = new Map();

function resolveEntry(entry: TopicConfigEntry, overrides: ConfigProperties, server: ConfigProperties): unknown {
  const own = overrides.get(entry.name);
  if (own !== undefined) return readConfigValue(entry, own);
  for (const { name, factor } of entry.synonyms) {
    const text = server.get(name);
    if (text === undefined) continue;
    const value = readConfigValue({ ...entry, name }, text);
    // −1 means the same in every unit.
    return factor !== undefined && typeof value === 'number' && value > 0 ? value * factor : value;
  }
  return readConfigValue(entry, entry.defaultValue);
}

function build(values: ReadonlyMap<string, unknown>): LogConfig {
  const number = (name: string): number => typed(values, name, 'number');
  const policies = values.get('cleanup.policy');
  assert(Array.isArray(policies), 'cleanup.policy must have been read as a list');
  const compression = typed<string>(values, 'compression.type', 'string');
  const difference = number('message.timestamp.difference.max.ms');
  const after = number('message.timestamp.after.max.ms');
  const before = number('message.timestamp.before.max.ms');
  return {
    compact: policies.includes('compact'),
    delete: policies.includes('delete'),
    compressionType: targetOf(compression),
    compressionGzipLevel: number('compression.gzip.level'),
    compressionLz4Level: number('compression.lz4.level'),
    compressionZstdLevel: number('compression.zstd.level'),
    deleteRetentionMs: number('delete.retention.ms'),
    fileDeleteDelayMs: number('file.delete.delay.ms'),
    flushMessages: number('flush.messages'),
    flushMs: number('flush.ms'),
    indexIntervalBytes: number('index.interval.bytes'),
    maxCompactionLagMs: number('max.compaction.lag.ms'),
    maxMessageBytes: number('max.message.bytes'),
    messageTimestampAfterMaxMs: after === Number.POSITIVE_INFINITY ? difference : after,
    messageTimestampBeforeMaxMs: before === Number.POSITIVE_INFINITY ? difference : before,
    messageTimestampType:
      typed<string>(values, 'message.timestamp.type', 'string') === 'LogAppendTime' ? 'log-append-time' : 'create-time',
    minCleanableDirtyRatio: number('min.cleanable.dirty.ratio'),
    minCompactionLagMs: number('min.compaction.lag.ms'),
    preallocate: typed(values, 'preallocate', 'boolean'),
    retentionBytes: number('retention.bytes'),
    retentionMs: number('retention.ms'),
    segmentBytes: number('segment.bytes'),
    segmentIndexBytes: number('segment.index.bytes'),
    segmentJitterMs: number('segment.jitter.ms'),
    segmentMs: number('segment.ms'),
  };
}

function typed<T>(values: ReadonlyMap<string, unknown>, name: string, type: 'boolean' | 'number' | 'string'): T {
  const value = values.get(name);
  assert(typeof value === type, () => `setting ${name} must have been read as a ${type}`);
  return value as T;
}

function targetOf(compressionType: string): CompressionType | undefined {
  switch (compressionType) {
    case 'producer':
      return undefined;
    case 'uncompressed':
      return 'none';
    default:
      return compressionType as CompressionType;
  }
}

const DEFAULTS: LogConfig = resolveLogConfig();
