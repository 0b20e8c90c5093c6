/** Kafka's znodes that have fixed paths. Source: Java `ZkData`. */
export const PATHS = {
  cluster: '/cluster',
  clusterId: '/cluster/id',
  controller: '/controller',
  controllerEpoch: '/controller_epoch',
  brokerIds: '/brokers/ids',
  brokerSequenceId: '/brokers/seqid',
  topics: '/brokers/topics',
  config: '/config',
  configChanges: '/config/changes',
  deleteTopics: '/admin/delete_topics',
  reassignPartitions: '/admin/reassign_partitions',
  preferredReplicaElection: '/admin/preferred_replica_election',
  isrChanges: '/isr_change_notification',
  logDirEvents: '/log_dir_event_notification',
  producerIds: '/latest_producer_id_block',
  feature: '/feature',
  aclChanges: '/kafka-acl-changes',
  extendedAclChanges: '/kafka-acl-extended-changes',
  delegationTokens: '/delegation_token/tokens',
  delegationTokenChanges: '/delegation_token/token_changes',
  migration: '/migration',
} as const;

/** What every broker makes at its start, in Kafka's order. */
export const PERSISTENT_PATHS: readonly string[] = [
  '/consumers',
  PATHS.brokerIds,
  PATHS.topics,
  PATHS.configChanges,
  PATHS.deleteTopics,
  PATHS.brokerSequenceId,
  PATHS.isrChanges,
  PATHS.producerIds,
  PATHS.logDirEvents,
  '/config/topics',
  '/config/clients',
  '/config/users',
  '/config/brokers',
  '/config/ips',
];

/** Begins of names that ZooKeeper numbers. */
export const SEQUENCE_PREFIXES = {
  configChange: 'config_change_',
  isrChange: 'isr_change_',
  logDirEvent: 'log_dir_event_',
  aclChange: 'acl_changes_',
  tokenChange: 'token_change_',
} as const;

/** Kinds of things that have dynamic configuration. */
export type EntityType = 'topics' | 'clients' | 'users' | 'brokers' | 'ips';

/** Entity whose configuration holds for those that have none of their own. */
export const DEFAULT_ENTITY = '<default>';

/** Where a broker that lives is registered; ephemeral. */
export function brokerIdPath(id: number): string {
  return `${PATHS.brokerIds}/${id}`;
}

/** Where a topic's assignment stands. */
export function topicPath(topic: string): string {
  return `${PATHS.topics}/${topic}`;
}

/** The parent of a topic's partitions. */
export function topicPartitionsPath(topic: string): string {
  return `${topicPath(topic)}/partitions`;
}

/** The parent of a partition's state. */
export function partitionPath(topic: string, partition: number): string {
  return `${topicPartitionsPath(topic)}/${partition}`;
}

/** Where a partition's leader, ISR and epochs stand. */
export function partitionStatePath(topic: string, partition: number): string {
  return `${partitionPath(topic, partition)}/state`;
}

/** Its existence asks for the deletion of a topic. */
export function deleteTopicPath(topic: string): string {
  return `${PATHS.deleteTopics}/${topic}`;
}

/** The parent of all entities of a type that have configuration. */
export function entityTypePath(type: EntityType): string {
  return `${PATHS.config}/${type}`;
}

/**
 * Where an entity's dynamic configuration stands.
 *
 * @param entity as it stands in ZooKeeper: names of users, clients and addresses are sanitized
 */
export function entityPath(type: EntityType, entity: string): string {
  return `${entityTypePath(type)}/${entity}`;
}

/** The number at the end of a sequential node's name, or −1 when there is none. */
export function sequenceOf(name: string): number {
  const digits = /\d+$/.exec(name)?.[0];
  return digits === undefined ? -1 : Number(digits);
}

/**
 * A name as it stands in a path: URL-encoded, `*` as `%2A`, space as `%20`. Topics and brokers need none of it.
 *
 * Source: Java `Sanitizer`.
 */
export function sanitize(name: string): string {
  return encodeURIComponent(name).replace(/[!'()~*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** @throws URIError when it is no sanitized name */
export function desanitize(name: string): string {
  return decodeURIComponent(name.replaceAll('+', '%20'));
}
