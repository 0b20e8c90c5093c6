import { type ErrorName, ZERO_UUID } from '@biquorum/kafka-wire';
import type { CreatePartitionsRequestCreatePartitionsTopic } from '@biquorum/kafka-wire/messages/create-partitions';
import type { CreateTopicsRequestCreatableTopic } from '@biquorum/kafka-wire/messages/create-topics';
import { PATHS } from '@biquorum/kafka-znodes';
import type { NodeId, TopicId } from '@biquorum/metadata';
import { MultiError, type ZooKeeperClient } from '@biquorum/zookeeper-client';
import type { DescribedConfig } from '../seam.ts';
import { checkNewTopic, writeNewTopic } from '../topics/create-topic.ts';
import { type PlacementBroker, type PlacementStart, placeReplicas } from '../topics/placement.ts';
import { randomId } from '../topics/random-id.ts';
import { type Assignment, isReassigning, settled } from './assignment.ts';
import type { Core } from './core.ts';
import { ControllerMoved, Refused } from './faults.ts';

/** A topic that was created, or would have been. */
export interface CreatedTopic {
  /** All zeroes when it was only validated. */
  readonly topicId: TopicId;
  readonly assignment: readonly (readonly NodeId[])[];
  readonly configs: readonly DescribedConfig[];
}

/**
 * Writes a topic's znodes; what is in them becomes a topic when the controller hears of them.
 *
 * @throws Refused
 *
 * Source: Java `ZkAdminManager.createTopics`.
 */
export async function createTopic(
  core: Core,
  session: ZooKeeperClient | undefined,
  topic: CreateTopicsRequestCreatableTopic,
  validateOnly: boolean,
): Promise<CreatedTopic> {
  const { context, host } = core;
  const { name } = topic;
  if (session === undefined) throw new Refused('NOT_CONTROLLER');
  if (context.topics.has(name) && !context.doomed.has(name)) {
    throw new Refused('TOPIC_ALREADY_EXISTS', `Topic '${name}' already exists.`);
  }
  const nulls = topic.configs.filter(({ value }) => value === null).map((config) => config.name);
  if (nulls.length > 0) {
    throw new Refused('INVALID_CONFIG', `Null value not supported for topic configs: ${nulls.join()}`);
  }
  const assignment = topic.assignments.length > 0 ? assigned(topic) : placed(core, topic);
  const refusal = await checkNewTopic(session, name);
  if (refusal !== null) throw new Refused(refusal.error, refusal.message);
  const configs = new Map(topic.configs.map((config) => [config.name, config.value as string]));
  const fault = host.configRules.check({ type: 'topic', name }, configs);
  if (fault !== null) throw new Refused('INVALID_CONFIG', fault);
  const view = host.view();
  const described = host.configRules.describeTopic({
    topic: configs,
    node: view.configOf({ type: 'broker', name: String(host.brokerId) }),
    cluster: view.configOf({ type: 'broker', name: '' }),
  });
  if (validateOnly) return { topicId: ZERO_UUID as TopicId, assignment, configs: described };

  const topicId = randomId(host.ports.random);
  const guard = { op: 'check', path: PATHS.controllerEpoch, version: context.epochZkVersion } as const;
  try {
    const failure = await writeNewTopic(session, { name, topicId, assignment, configs }, [guard]);
    if (failure !== null) throw new Refused(failure.error, failure.message);
  } catch (error) {
    const isFenced = error instanceof MultiError && error.path === PATHS.controllerEpoch;
    throw isFenced ? new ControllerMoved(context.epoch) : error;
  }
  return { topicId, assignment, configs: described };
}

/**
 * Adds partitions to a topic.
 *
 * @returns Their numbers
 * @throws Refused
 *
 * Source: Java `ZkAdminManager.createPartitions`.
 */
export async function growTopic(
  core: Core,
  { name, count, assignments }: CreatePartitionsRequestCreatePartitionsTopic,
  validateOnly: boolean,
): Promise<readonly number[]> {
  const { context, znodes } = core;
  const topic = context.topics.get(name);
  if (topic === undefined) throw new Refused('UNKNOWN_TOPIC_OR_PARTITION', `The topic '${name}' does not exist.`);
  const partitions = [...topic.partitions.values()];
  if (partitions.some(({ assignment }) => isReassigning(assignment))) {
    throw new Refused('REASSIGNMENT_IN_PROGRESS', `A partition reassignment is in progress for the topic '${name}'.`);
  }
  const present = partitions.length;
  if (count < present) {
    refusePartitions(`Topic currently has ${present} partitions, which is higher than the requested ${count}.`);
  }
  if (count === present) refusePartitions(`Topic already has ${present} partitions.`);
  const first = topic.partitions.get(0)?.assignment.replicas ?? [];
  const added = count - present;
  const replicas =
    assignments === null
      ? placeMore(core, added, present, first)
      : assignedMore(core, assignments, added, present, first.length);
  const fresh = new Map(replicas.map((nodes, offset): [number, Assignment] => [present + offset, settled(nodes)]));
  if (!validateOnly) await znodes.writeAssignment(topic, fresh);
  return [...fresh.keys()];
}

/** Live brokers, by number. */
function usableBrokers({ context }: Core): PlacementBroker[] {
  return [...context.brokers.values()].filter(({ id }) => context.isLive(id)).sort((a, b) => a.id - b.id);
}

function placed(core: Core, { numPartitions, replicationFactor }: CreateTopicsRequestCreatableTopic): Placement {
  const { defaultPartitions, defaultReplicationFactor } = core.host.settings;
  return place(
    core,
    numPartitions === -1 ? defaultPartitions : numPartitions,
    replicationFactor === -1 ? defaultReplicationFactor : replicationFactor,
  );
}

type Placement = readonly (readonly NodeId[])[];

function place(core: Core, partitions: number, replicationFactor: number, start?: PlacementStart): Placement {
  if (partitions <= 0) refusePartitions('Number of partitions must be larger than 0.');
  if (replicationFactor <= 0) {
    throw new Refused('INVALID_REPLICATION_FACTOR', 'Replication factor must be larger than 0.');
  }
  const brokers = usableBrokers(core);
  if (replicationFactor > brokers.length) {
    throw new Refused(
      'INVALID_REPLICATION_FACTOR',
      `Replication factor: ${replicationFactor} larger than available brokers: ${brokers.length}.`,
    );
  }
  if (partitions > PARTITIONS_MAX) {
    refusePartitions(`${partitions} partitions do not fit into a znode; at most ${PARTITIONS_MAX} do`);
  }
  return placeReplicas(brokers, partitions, replicationFactor, core.host.ports.random, start);
}

/** A topic lies in one znode, and ZooKeeper takes a megabyte: a hundred thousand partitions never fit. */
const PARTITIONS_MAX = 100_000;

function placeMore(core: Core, added: number, present: number, first: readonly NodeId[]): Placement {
  const startIndex = Math.max(
    0,
    usableBrokers(core).findIndex(({ id }) => id >= (first[0] ?? 0)),
  );
  return place(core, added, first.length, { startIndex, firstPartition: present });
}

function assigned({ assignments, numPartitions, replicationFactor }: CreateTopicsRequestCreatableTopic): Placement {
  if (numPartitions !== -1 || replicationFactor !== -1) {
    throw new Refused(
      'INVALID_REQUEST',
      'Both numPartitions or replicationFactor and replicasAssignments were set. Both cannot be used at the same time.',
    );
  }
  const byIndex = new Map(assignments.map(({ partitionIndex, brokerIds }) => [partitionIndex, brokerIds as NodeId[]]));
  const replicas = assignments.map((_, index) => byIndex.get(index));
  if (byIndex.size !== assignments.length || replicas.includes(undefined)) {
    refuseAssignment('partitions should be a consecutive 0-based integer sequence');
  }
  checkReplicas(replicas as NodeId[][]);
  return replicas as NodeId[][];
}

function assignedMore(
  core: Core,
  assignments: readonly { readonly brokerIds: readonly number[] }[],
  added: number,
  present: number,
  factor: number,
): Placement {
  const replicas = assignments.map(({ brokerIds }) => brokerIds as NodeId[]);
  const known = new Set(usableBrokers(core).map(({ id }) => id));
  const unknown = [...new Set(replicas.flat())].filter((id) => !known.has(id));
  if (unknown.length > 0) refuseAssignment(`Unknown broker(s) in replica assignment: ${unknown.join(', ')}.`);
  if (replicas.length !== added) {
    refuseAssignment(`Increasing the number of partitions by ${added} but ${replicas.length} assignments provided.`);
  }
  checkReplicas(replicas);
  const uneven = replicas.findIndex((nodes) => nodes.length !== factor);
  if (uneven >= 0) {
    refuseAssignment(
      `Inconsistent replication factor between partitions, partition 0 has ${factor} while partitions [${present + uneven}] have replication factors [${replicas[uneven]?.length}], respectively.`,
    );
  }
  return replicas;
}

function checkReplicas(replicas: Placement): void {
  for (const [index, nodes] of replicas.entries()) {
    if (nodes.length === 0) refuseAssignment(`Cannot have replication factor of 0 for partition id ${index}.`);
    if (new Set(nodes).size !== nodes.length) {
      refuseAssignment(
        `Duplicate brokers not allowed in replica assignment: ${nodes.join(', ')} for partition id ${index}.`,
      );
    }
  }
  if (new Set(replicas.map((nodes) => nodes.length)).size > 1) {
    refuseAssignment('All partitions should have the same number of replicas');
  }
}

function refuseAssignment(message: string): never {
  throw refusedWith('INVALID_REPLICA_ASSIGNMENT', message);
}

function refusePartitions(message: string): never {
  throw refusedWith('INVALID_PARTITIONS', message);
}

function refusedWith(error: ErrorName, message: string): Refused {
  return new Refused(error, message);
}
