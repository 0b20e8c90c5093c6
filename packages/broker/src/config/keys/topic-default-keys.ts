import type { ConfigEntry } from '@biquorum/control-plane';
import { topicDefault } from '../topic-default.ts';

/** How topics come into being, and who may have a say in it. */
export const TOPIC_DEFAULT_KEYS: readonly ConfigEntry[] = [
  {
    name: 'auto.create.topics.enable',
    type: 'boolean',
    defaultValue: 'true',
    support: 'effective',
    documentation: 'Whether a topic that a client asks for is created.',
  },
  {
    name: 'delete.topic.enable',
    type: 'boolean',
    defaultValue: 'true',
    support: 'effective',
    documentation: 'Whether topics may be deleted.',
  },
  {
    name: 'num.partitions',
    type: 'int',
    defaultValue: '1',
    minimum: 1,
    support: 'effective',
    documentation: 'Partitions of a topic whose creator does not say.',
  },
  {
    name: 'default.replication.factor',
    type: 'int',
    defaultValue: '1',
    support: 'effective',
    documentation: 'Replicas of a topic whose creator does not say.',
  },
  {
    name: 'create.topic.policy.class.name',
    type: 'class',
    defaultValue: null,
    support: 'refused',
    because: 'Java classes cannot be loaded',
    documentation: 'Class that may refuse the creation of topics.',
  },
  {
    name: 'alter.config.policy.class.name',
    type: 'class',
    defaultValue: null,
    support: 'refused',
    because: 'Java classes cannot be loaded',
    documentation: 'Class that may refuse changes of configuration.',
  },
  topicDefault('min.insync.replicas'),
  topicDefault('unclean.leader.election.enable'),
  topicDefault('message.max.bytes'),
  topicDefault('compression.type'),
  topicDefault('compression.gzip.level'),
  topicDefault('compression.lz4.level'),
  topicDefault('compression.zstd.level'),
];
