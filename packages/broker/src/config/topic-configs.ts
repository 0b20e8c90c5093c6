import type { ConfigEntry } from '@biquorum/control-plane';
import { type ServerSynonym, TOPIC_LOG_CONFIGS, type TopicConfigEntry } from '@biquorum/log';

/** A setting of a topic, with the broker's settings that stand in for it: of those that are set, the first wins. */
export interface TopicConfig extends ConfigEntry {
  readonly synonyms: readonly ServerSynonym[];
}

/** Settings of topics that no log acts on. Source: Java `LogConfig`, `ServerTopicConfigSynonyms`. */
const BESIDE_THE_LOG: readonly TopicConfig[] = [
  {
    name: 'min.insync.replicas',
    type: 'int',
    defaultValue: '1',
    synonyms: [{ name: 'min.insync.replicas' }],
    minimum: 1,
    support: 'effective',
    documentation: 'Replicas that must be in sync for a produce with acks=all to be taken.',
  },
  {
    name: 'unclean.leader.election.enable',
    type: 'boolean',
    defaultValue: 'false',
    synonyms: [{ name: 'unclean.leader.election.enable' }],
    support: 'effective',
    documentation: 'Whether a replica that is not in sync may lead when no other is left, at the price of records.',
  },
  {
    name: 'leader.replication.throttled.replicas',
    type: 'list',
    defaultValue: '',
    synonyms: [],
    format: 'throttled-replicas',
    support: 'accepted',
    because: 'until quotas',
    documentation: 'Replicas whose leaders send at a limited rate, as `partition:broker,…`, or `*` for all.',
  },
  {
    name: 'follower.replication.throttled.replicas',
    type: 'list',
    defaultValue: '',
    synonyms: [],
    format: 'throttled-replicas',
    support: 'accepted',
    because: 'until quotas',
    documentation: 'Replicas that fetch at a limited rate, as `partition:broker,…`, or `*` for all.',
  },
  {
    name: 'message.downconversion.enable',
    type: 'boolean',
    defaultValue: 'true',
    synonyms: [{ name: 'log.message.downconversion.enable' }],
    support: 'accepted',
    because: 'records are never converted to older formats',
    documentation: 'Whether records are converted for consumers that only know older formats.',
  },
  {
    name: 'message.format.version',
    type: 'string',
    defaultValue: '3.0-IV1',
    synonyms: [{ name: 'log.message.format.version' }],
    format: 'protocol-version',
    support: 'accepted',
    because: 'as in Apache: ignored since 3.0',
    documentation: 'Version of the record format; there is one.',
  },
  {
    name: 'remote.storage.enable',
    type: 'boolean',
    defaultValue: 'false',
    synonyms: [],
    support: 'refused',
    because: 'there is no tiered storage',
    documentation: 'Whether old segments of the topic move to remote storage.',
  },
  {
    name: 'remote.log.copy.disable',
    type: 'boolean',
    defaultValue: 'false',
    synonyms: [],
    support: 'accepted',
    because: 'there is no tiered storage',
    documentation: 'Whether what is in remote storage is only read from now on.',
  },
  {
    name: 'remote.log.delete.on.disable',
    type: 'boolean',
    defaultValue: 'false',
    synonyms: [],
    support: 'accepted',
    because: 'there is no tiered storage',
    documentation: 'Whether remote segments are removed when tiered storage is switched off for the topic.',
  },
  {
    name: 'local.retention.ms',
    type: 'long',
    defaultValue: '-2',
    synonyms: [{ name: 'log.local.retention.ms' }],
    minimum: -2,
    support: 'accepted',
    because: 'there is no tiered storage',
    documentation: 'Age at which a segment that was copied to remote storage is removed here; −2 for `retention.ms`.',
  },
  {
    name: 'local.retention.bytes',
    type: 'long',
    defaultValue: '-2',
    synonyms: [{ name: 'log.local.retention.bytes' }],
    minimum: -2,
    support: 'accepted',
    because: 'there is no tiered storage',
    documentation: 'Size above which segments that were copied are removed here; −2 for `retention.bytes`.',
  },
];

/** Settings that a log reads and that change nothing, and why. */
const WITHOUT_EFFECT: ReadonlyMap<string, string> = new Map([
  ['compression.lz4.level', 'the lz4 library has one compressor'],
]);

/** Every setting of a topic that Kafka 3.9 has, sorted by name. */
export const TOPIC_CONFIGS: readonly TopicConfig[] = [...TOPIC_LOG_CONFIGS.map(ofLog), ...BESIDE_THE_LOG].sort(byName);

const BY_NAME: ReadonlyMap<string, TopicConfig> = new Map(TOPIC_CONFIGS.map((entry) => [entry.name, entry]));

/** The setting of a topic by its name. */
export function topicConfig(name: string): TopicConfig | undefined {
  return BY_NAME.get(name);
}

function ofLog(entry: TopicConfigEntry): TopicConfig {
  const because = WITHOUT_EFFECT.get(entry.name);
  return because === undefined ? { ...entry, support: 'effective' } : { ...entry, support: 'accepted', because };
}

function byName(a: ConfigEntry, b: ConfigEntry): number {
  return a.name < b.name ? -1 : 1;
}
