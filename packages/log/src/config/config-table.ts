/** How the text of a setting is read. `long` reaches to 2^63 − 1, which stands for "never" or "no limit". */
export type ConfigType = 'boolean' | 'double' | 'int' | 'list' | 'long' | 'string';

/** A broker setting that gives a topic setting its default, and what one of its units is worth. */
export interface ServerSynonym {
  readonly name: string;
  /** Factor from the server's unit to the topic's; 1 if left out. */
  readonly factor?: number;
}

/** One topic setting that the log acts on. All of them may change while the log is in use. */
export interface TopicConfigEntry {
  readonly name: string;
  readonly type: ConfigType;
  /** Apache's default, as text. */
  readonly defaultValue: string;
  /** Broker settings that stand in for the default, the first that is set wins. */
  readonly synonyms: readonly ServerSynonym[];
  /** Smallest and largest number, both allowed. */
  readonly minimum?: number;
  readonly maximum?: number;
  /** Numbers in between that are not allowed. */
  readonly excluded?: readonly number[];
  /** The words that are allowed, for strings and for the members of lists. */
  readonly words?: readonly string[];
  readonly documentation: string;
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const LONG_MAX = '9223372036854775807';
/** Smallest thing any format can hold, an empty message of magic 0. */
const SMALLEST_MESSAGE_BYTES = 14;

/**
 * The settings of a topic that its log acts on, by Kafka's own names. The parser and the documentation come from this
 * table.
 *
 * Source: `org.apache.kafka.storage.internals.log.LogConfig`, `ServerTopicConfigSynonyms`.
 */
export const TOPIC_LOG_CONFIGS: readonly TopicConfigEntry[] = [
  {
    name: 'cleanup.policy',
    type: 'list',
    defaultValue: 'delete',
    synonyms: [{ name: 'log.cleanup.policy' }],
    words: ['compact', 'delete'],
    documentation: 'What becomes of old records: removed with their segment, superseded by key, or both.',
  },
  {
    name: 'compression.type',
    type: 'string',
    defaultValue: 'producer',
    synonyms: [{ name: 'compression.type' }],
    words: ['uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer'],
    documentation: 'Codec of the batches on disk; `producer` keeps what the producer chose.',
  },
  {
    name: 'compression.gzip.level',
    type: 'int',
    defaultValue: '-1',
    synonyms: [{ name: 'compression.gzip.level' }],
    minimum: -1,
    maximum: 9,
    excluded: [0],
    documentation: 'Level when the broker compresses with gzip: 1 to 9, or −1 for the codec’s own default.',
  },
  {
    name: 'compression.lz4.level',
    type: 'int',
    defaultValue: '9',
    synonyms: [{ name: 'compression.lz4.level' }],
    minimum: 1,
    maximum: 17,
    documentation: 'Level when the broker compresses with lz4: 1 to 17.',
  },
  {
    name: 'compression.zstd.level',
    type: 'int',
    defaultValue: '3',
    synonyms: [{ name: 'compression.zstd.level' }],
    minimum: -131072,
    maximum: 22,
    documentation: 'Level when the broker compresses with zstd: −131072 to 22.',
  },
  {
    name: 'delete.retention.ms',
    type: 'long',
    defaultValue: '86400000',
    synonyms: [{ name: 'log.cleaner.delete.retention.ms' }],
    minimum: 0,
    documentation: 'How long a tombstone survives the first compaction that saw it.',
  },
  {
    name: 'file.delete.delay.ms',
    type: 'long',
    defaultValue: '60000',
    synonyms: [{ name: 'log.segment.delete.delay.ms' }],
    minimum: 0,
    documentation: 'How long a file marked `.deleted` stays on disk.',
  },
  {
    name: 'flush.messages',
    type: 'long',
    defaultValue: LONG_MAX,
    synonyms: [{ name: 'log.flush.interval.messages' }],
    minimum: 1,
    documentation: 'Number of records after which the log is made durable.',
  },
  {
    name: 'flush.ms',
    type: 'long',
    defaultValue: LONG_MAX,
    synonyms: [{ name: 'log.flush.interval.ms' }, { name: 'log.flush.scheduler.interval.ms' }],
    minimum: 0,
    documentation: 'Time after which the log is made durable.',
  },
  {
    name: 'index.interval.bytes',
    type: 'int',
    defaultValue: '4096',
    synonyms: [{ name: 'log.index.interval.bytes' }],
    minimum: 0,
    documentation: 'Bytes of log between two entries of the offset index.',
  },
  {
    name: 'max.compaction.lag.ms',
    type: 'long',
    defaultValue: LONG_MAX,
    synonyms: [{ name: 'log.cleaner.max.compaction.lag.ms' }],
    minimum: 1,
    documentation: 'Age of a record at which it becomes due for compaction, whatever the dirty ratio.',
  },
  {
    name: 'max.message.bytes',
    type: 'int',
    defaultValue: '1048588',
    synonyms: [{ name: 'message.max.bytes' }],
    minimum: 0,
    documentation: 'Size of the largest batch that is accepted, as it lies on disk.',
  },
  {
    name: 'message.timestamp.after.max.ms',
    type: 'long',
    defaultValue: LONG_MAX,
    synonyms: [{ name: 'log.message.timestamp.after.max.ms' }],
    minimum: 0,
    documentation: 'How far ahead of the broker’s clock a create timestamp may lie.',
  },
  {
    name: 'message.timestamp.before.max.ms',
    type: 'long',
    defaultValue: LONG_MAX,
    synonyms: [{ name: 'log.message.timestamp.before.max.ms' }],
    minimum: 0,
    documentation: 'How far behind the broker’s clock a create timestamp may lie.',
  },
  {
    name: 'message.timestamp.difference.max.ms',
    type: 'long',
    defaultValue: LONG_MAX,
    synonyms: [{ name: 'log.message.timestamp.difference.max.ms' }],
    minimum: 0,
    documentation: 'Older form of both bounds above; counts where one of them is not set.',
  },
  {
    name: 'message.timestamp.type',
    type: 'string',
    defaultValue: 'CreateTime',
    synonyms: [{ name: 'log.message.timestamp.type' }],
    words: ['CreateTime', 'LogAppendTime'],
    documentation: 'Whose clock a record’s timestamp comes from: the producer’s, or the broker’s at append.',
  },
  {
    name: 'min.cleanable.dirty.ratio',
    type: 'double',
    defaultValue: '0.5',
    synonyms: [{ name: 'log.cleaner.min.cleanable.ratio' }],
    minimum: 0,
    maximum: 1,
    documentation: 'Share of not yet compacted bytes above which a log is compacted.',
  },
  {
    name: 'min.compaction.lag.ms',
    type: 'long',
    defaultValue: '0',
    synonyms: [{ name: 'log.cleaner.min.compaction.lag.ms' }],
    minimum: 0,
    documentation: 'Age below which a record is left alone by compaction.',
  },
  {
    name: 'preallocate',
    type: 'boolean',
    defaultValue: 'false',
    synonyms: [{ name: 'log.preallocate' }],
    documentation: 'Whether a new segment reserves `segment.bytes` at once.',
  },
  {
    name: 'retention.bytes',
    type: 'long',
    defaultValue: '-1',
    synonyms: [{ name: 'log.retention.bytes' }],
    documentation: 'Size of a partition above which its oldest segments are removed; −1 for no bound.',
  },
  {
    name: 'retention.ms',
    type: 'long',
    defaultValue: '604800000',
    synonyms: [
      { name: 'log.retention.ms' },
      { name: 'log.retention.minutes', factor: MINUTE_MS },
      { name: 'log.retention.hours', factor: HOUR_MS },
    ],
    minimum: -1,
    documentation: 'Age of a segment’s youngest record at which the segment is removed; −1 for no bound.',
  },
  {
    name: 'segment.bytes',
    type: 'int',
    defaultValue: '1073741824',
    synonyms: [{ name: 'log.segment.bytes' }],
    minimum: SMALLEST_MESSAGE_BYTES,
    documentation: 'Size at which a segment is closed and the next one begun.',
  },
  {
    name: 'segment.index.bytes',
    type: 'int',
    defaultValue: '10485760',
    synonyms: [{ name: 'log.index.size.max.bytes' }],
    minimum: 4,
    documentation: 'Size at which an index counts as full and its segment is closed.',
  },
  {
    name: 'segment.jitter.ms',
    type: 'long',
    defaultValue: '0',
    synonyms: [{ name: 'log.roll.jitter.ms' }, { name: 'log.roll.jitter.hours', factor: HOUR_MS }],
    minimum: 0,
    documentation: 'Random part taken off `segment.ms`, so that segments do not all close at once.',
  },
  {
    name: 'segment.ms',
    type: 'long',
    defaultValue: '604800000',
    synonyms: [{ name: 'log.roll.ms' }, { name: 'log.roll.hours', factor: HOUR_MS }],
    minimum: 1,
    documentation: 'Age at which a segment is closed even if it is not full.',
  },
];
