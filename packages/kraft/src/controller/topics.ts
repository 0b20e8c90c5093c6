import { errorCode, type Init, type Uuid, uuidFromBytes } from '@biquorum/kafka-wire';
import type {
  CreatePartitionsRequestCreatePartitionsTopic,
  CreatePartitionsResponse,
} from '@biquorum/kafka-wire/messages/create-partitions';
import type {
  CreateTopicsRequest,
  CreateTopicsRequestCreatableTopic,
  CreateTopicsResponseCreatableTopicResult,
} from '@biquorum/kafka-wire/messages/create-topics';
import type { MetadataRecord } from '@biquorum/kafka-wire/metadata-records';
import {
  type ClusterView,
  collidingTopic,
  type LeaderEpoch,
  type NodeId,
  type PartitionEpoch,
  type PartitionState,
  validateTopicName,
} from '@biquorum/metadata';
import type { Random } from '@biquorum/platform';
import { isReservedDirectory } from '../image/directory-ids.ts';
import { partitionRecordOf } from '../image/image-records.ts';
import { partitionVersion, since } from '../image/metadata-version.ts';
import { BatchTooLarge, push } from './batch.ts';
import { usableBrokers } from './brokers.ts';
import { type ConfigOperation, changeConfig } from './configs.ts';
import { attempt, ControllerFault, type Failure, failure, failureOf, NO_FAILURE } from './fault.ts';
import { configLayers, type Decision, defaultDirectory, isActiveBroker, type Situation } from './situation.ts';
import { placeStriped } from './striped-placer.ts';

/**
 * Creates topics, each with its configuration and partitions; all of them in one batch.
 *
 * @param mayDescribe who may see the configuration of a topic gets it in the answer (KIP-525)
 * @throws ControllerFault POLICY_VIOLATION when that would be too large a batch
 *
 * Source: Java `ReplicationControlManager.createTopics`.
 */
export function createTopics(
  situation: Situation,
  request: Pick<CreateTopicsRequest, 'topics' | 'validateOnly'>,
  mayDescribe: (topic: string) => boolean,
): Decision<CreateTopicsResponseCreatableTopicResultInit[]> {
  checkPartitionTotal(situation, request.topics);
  const records: MetadataRecord[] = [];
  const rows = request.topics.map((topic): CreateTopicsResponseCreatableTopicResultInit => {
    try {
      const created = createTopic(situation, topic, mayDescribe(topic.name));
      push(records, created.records, situation);
      return created.row;
    } catch (thrown) {
      if (thrown instanceof BatchTooLarge) throw thrown;
      return failedRow(topic.name, failureOf(thrown));
    }
  });
  return { records: request.validateOnly ? [] : records, reply: rows, atomic: true };
}

/** One row of a CreateTopics response. */
export type CreateTopicsResponseCreatableTopicResultInit = Init<CreateTopicsResponseCreatableTopicResult>;

/** A topic that was not created. */
export function failedRow(name: string, { error, message }: Failure): CreateTopicsResponseCreatableTopicResultInit {
  return { name, errorCode: errorCode(error), errorMessage: message, topicConfigErrorCode: 0, configs: [] };
}

/** Deletes topics by id; the ids are known to exist. */
export function deleteTopics(situation: Situation, ids: Iterable<Uuid>): Decision<Map<Uuid, Failure>> {
  const records: MetadataRecord[] = [];
  const outcomes = new Map<Uuid, Failure>();
  for (const topicId of ids) {
    if (situation.view.topicById(topicId) === undefined) outcomes.set(topicId, failure('UNKNOWN_TOPIC_ID'));
    else {
      push(records, [{ type: 'RemoveTopicRecord', version: 0, record: { topicId } }], situation);
      outcomes.set(topicId, NO_FAILURE);
    }
  }
  return { records, reply: outcomes, atomic: true };
}

/** Adds partitions to topics. Source: Java `ReplicationControlManager.createPartitions`. */
export function createPartitions(
  situation: Situation,
  topics: readonly CreatePartitionsRequestCreatePartitionsTopic[],
  validateOnly: boolean,
): Decision<Init<CreatePartitionsResponse['results'][number]>[]> {
  const records: MetadataRecord[] = [];
  const rows = topics.map((topic) => {
    const { error, message } = attempt(() => push(records, addPartitions(situation, topic), situation));
    return { name: topic.name, errorCode: errorCode(error), errorMessage: message };
  });
  return { records: validateOnly ? [] : records, reply: rows, atomic: true };
}

/** Counts before anything is placed: a count is one number to ask for, and much work to do. */
function checkPartitionTotal({ settings }: Situation, topics: CreateTopicsRequest['topics']): void {
  let total = 0;
  for (const { assignments, numPartitions } of topics) {
    if (assignments.length > 0) total += assignments.length;
    else if (numPartitions > 0) total += numPartitions;
    else if (numPartitions === -1) total += settings.defaultPartitions;
  }
  if (total > settings.recordsPerBatchMax) {
    throw new ControllerFault('POLICY_VIOLATION', 'Excessively large number of partitions per request.');
  }
}

function createTopic(
  situation: Situation,
  topic: CreateTopicsRequestCreatableTopic,
  mayDescribe: boolean,
): { readonly records: MetadataRecord[]; readonly row: CreateTopicsResponseCreatableTopicResultInit } {
  const { view, level, rules } = situation;
  const { name } = topic;
  if (view.topics.has(name)) throw new ControllerFault('TOPIC_ALREADY_EXISTS', `Topic '${name}' already exists.`);
  const refusal = validateTopicName(name);
  if (refusal !== null) throw new ControllerFault(refusal.error, refusal.message);
  const colliding = collidingName(name, view);
  if (colliding !== undefined) {
    throw new ControllerFault('INVALID_TOPIC_EXCEPTION', `Topic '${name}' collides with existing topic: ${colliding}`);
  }
  const nulls = topic.configs.filter(({ value }) => value === null).map((config) => config.name);
  if (nulls.length > 0) {
    throw new ControllerFault('INVALID_CONFIG', `Null value not supported for topic configs: ${nulls.join()}`);
  }
  const operations = new Map<string, ConfigOperation>();
  for (const config of topic.configs) operations.set(config.name, { kind: 'set', value: config.value as string });
  const changed = changeConfig(situation, { type: 'topic', name }, operations, true);

  const partitions = topic.assignments.length > 0 ? assigned(situation, topic) : placed(situation, topic);
  const topicId = freshTopicId(situation.random);
  const records: MetadataRecord[] = [
    { type: 'TopicRecord', version: 0, record: { name, topicId } },
    ...changed.records,
    ...partitions.map((state, index) => partitionRecord(topicId, index, state, level)),
  ];
  const row = { name, topicId, errorCode: 0, errorMessage: null };
  if (!mayDescribe) {
    return { records, row: { ...row, topicConfigErrorCode: errorCode('TOPIC_AUTHORIZATION_FAILED'), configs: [] } };
  }
  const configs = rules.describeTopic({ ...configLayers(situation, name), topic: changed.values });
  return {
    records,
    row: {
      ...row,
      numPartitions: partitions.length,
      replicationFactor: partitions[0]?.replicas.length ?? -1,
      configs: configs.map((config) => ({ ...config, value: config.isSensitive ? null : config.value })),
    },
  };
}

/** An existing topic that differs only in dots and underscores: its metrics would have the same names. */
function collidingName(name: string, view: ClusterView): string | undefined {
  const marks = [...name].flatMap((character, position) => (/[._]/.test(character) ? [position] : []));
  if (marks.length === 0) return undefined;
  // With few marks it is cheaper to look up every spelling than to walk over all topics.
  if (marks.length > SPELLED_MARKS_MAX) return collidingTopic(name, view.topics.keys());
  for (let spelling = 0; spelling < 1 << marks.length; spelling++) {
    const characters = [...name];
    for (const [bit, position] of marks.entries()) characters[position] = spelling & (1 << bit) ? '_' : '.';
    const other = characters.join('');
    if (other !== name && view.topics.has(other)) return other;
  }
  return undefined;
}

const SPELLED_MARKS_MAX = 8;

function assigned(situation: Situation, topic: CreateTopicsRequestCreatableTopic): PartitionState[] {
  if (topic.replicationFactor !== -1) {
    throw new ControllerFault(
      'INVALID_REQUEST',
      'A manual partition assignment was specified, but replication factor was not set to -1.',
    );
  }
  if (topic.numPartitions !== -1) {
    throw new ControllerFault(
      'INVALID_REQUEST',
      'A manual partition assignment was specified, but numPartitions was not set to -1.',
    );
  }
  const byIndex = new Map<number, PartitionState>();
  let replicationFactor: number | null = null;
  for (const { partitionIndex, brokerIds } of topic.assignments) {
    if (byIndex.has(partitionIndex)) {
      throw new ControllerFault(
        'INVALID_REPLICA_ASSIGNMENT',
        `Found multiple manual partition assignments for partition ${partitionIndex}`,
      );
    }
    checkManualAssignment(situation, brokerIds, replicationFactor);
    replicationFactor = brokerIds.length;
    byIndex.set(partitionIndex, manualPartition(situation, brokerIds as readonly NodeId[], partitionIndex));
  }
  return Array.from({ length: byIndex.size }, (_, index) => {
    const state = byIndex.get(index);
    if (state === undefined) {
      throw new ControllerFault(
        'INVALID_REPLICA_ASSIGNMENT',
        'partitions should be a consecutive 0-based integer sequence',
      );
    }
    return state;
  });
}

function placed(situation: Situation, topic: CreateTopicsRequestCreatableTopic): PartitionState[] {
  const { settings } = situation;
  if (topic.replicationFactor < -1 || topic.replicationFactor === 0) {
    throw new ControllerFault(
      'INVALID_REPLICATION_FACTOR',
      'Replication factor must be larger than 0, or -1 to use the default value.',
    );
  }
  if (topic.numPartitions < -1 || topic.numPartitions === 0) {
    throw new ControllerFault('INVALID_PARTITIONS', 'Number of partitions was set to an invalid non-positive value.');
  }
  const count = topic.numPartitions === -1 ? settings.defaultPartitions : topic.numPartitions;
  const factor = topic.replicationFactor === -1 ? settings.defaultReplicationFactor : topic.replicationFactor;
  try {
    return placePartitions(situation, count, factor);
  } catch (thrown) {
    const { error, message } = failureOf(thrown);
    throw new ControllerFault(error, `Unable to replicate the partition ${factor} time(s): ${message}`);
  }
}

function placePartitions(situation: Situation, count: number, factor: number): PartitionState[] {
  const assignment = placeStriped(usableBrokers(situation), count, factor, situation.random);
  return assignment.map((replicas) => {
    const isr = replicas.filter((node) => isActiveBroker(situation, node));
    if (isr.length === 0) {
      throw new ControllerFault(
        'INVALID_REPLICATION_FACTOR',
        'All brokers are currently fenced or in controlled shutdown.',
      );
    }
    return newPartition(situation, replicas, isr);
  });
}

function addPartitions(
  situation: Situation,
  { name, count, assignments }: CreatePartitionsRequestCreatePartitionsTopic,
): MetadataRecord[] {
  const topic = situation.view.topics.get(name);
  if (topic === undefined) throw new ControllerFault('UNKNOWN_TOPIC_OR_PARTITION');
  const present = topic.partitionCount;
  if (count === present) {
    throw new ControllerFault('INVALID_PARTITIONS', `Topic already has ${present} partition(s).`);
  }
  if (count < present) {
    throw new ControllerFault(
      'INVALID_PARTITIONS',
      `The topic ${name} currently has ${present} partition(s); ${count} would not be an increase.`,
    );
  }
  const additional = count - present;
  if (assignments !== null && assignments.length !== additional) {
    throw new ControllerFault(
      'INVALID_REPLICA_ASSIGNMENT',
      `Attempted to add ${additional} additional partition(s), but only ${assignments.length} assignment(s) were specified.`,
    );
  }
  if (additional > situation.settings.recordsPerBatchMax) throw new BatchTooLarge();
  const factor = topic.replicasOf(0).length;
  const partitions =
    assignments === null
      ? placePartitions(situation, additional, factor)
      : assignments.map(({ brokerIds }, offset) => {
          checkManualAssignment(situation, brokerIds, factor);
          return manualPartition(situation, brokerIds as readonly NodeId[], present + offset);
        });
  return partitions.map((state, offset) => partitionRecord(topic.id, present + offset, state, situation.level));
}

/** @throws ControllerFault INVALID_REPLICA_ASSIGNMENT; the checks that a reassignment shares */
export function checkManualAssignment(
  { image }: Situation,
  replicas: readonly number[],
  replicationFactor: number | null,
): void {
  const refuse = (message: string): never => {
    throw new ControllerFault('INVALID_REPLICA_ASSIGNMENT', message);
  };
  if (replicas.length === 0) refuse('The manual partition assignment includes an empty replica list.');
  const sorted = [...replicas].sort((a, b) => a - b);
  for (const [position, node] of sorted.entries()) {
    if (!image.brokers.has(node)) {
      refuse(`The manual partition assignment includes broker ${node}, but no such broker is registered.`);
    }
    if (position > 0 && sorted[position - 1] === node) {
      refuse(`The manual partition assignment includes the broker ${node} more than once.`);
    }
  }
  if (replicationFactor !== null && replicas.length !== replicationFactor) {
    refuse(
      `The manual partition assignment includes a partition with ${replicas.length} replica(s), but this is not consistent with previous partitions, which have ${replicationFactor} replica(s).`,
    );
  }
}

function manualPartition(situation: Situation, replicas: readonly NodeId[], index: number): PartitionState {
  const isr = replicas.filter((node) => isActiveBroker(situation, node));
  if (isr.length === 0) {
    throw new ControllerFault(
      'INVALID_REPLICA_ASSIGNMENT',
      `All brokers specified in the manual partition assignment for partition ${index} are fenced or in controlled shutdown.`,
    );
  }
  return newPartition(situation, replicas, isr);
}

function newPartition(situation: Situation, replicas: readonly NodeId[], isr: readonly NodeId[]): PartitionState {
  const knowsDirectories = situation.level >= since.directories;
  return {
    leader: isr[0] as NodeId,
    leaderEpoch: 0 as LeaderEpoch,
    partitionEpoch: 0 as PartitionEpoch,
    replicas,
    isr,
    adding: [],
    removing: [],
    offline: null,
    recovering: false,
    directories: knowsDirectories ? replicas.map((node) => defaultDirectory(situation, node)) : null,
  };
}

function partitionRecord(topicId: Uuid, index: number, state: PartitionState, level: number): MetadataRecord {
  const record = partitionRecordOf(topicId, index, state, level);
  return { type: 'PartitionRecord', version: partitionVersion(level), record };
}

/** A random uuid, version 4, that does not begin with a dash and is none of the reserved ones. Source: Java `Uuid.randomUuid`. */
function freshTopicId(random: Random): Uuid {
  for (;;) {
    const bytes = new Uint8Array(16);
    random.fill(bytes);
    bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
    bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
    const id = uuidFromBytes(bytes);
    if (!id.startsWith('-') && !isReservedDirectory(id)) return id;
  }
}
