import { type ErrorName, errorCode } from '@biquorum/kafka-wire';
import {
  type AlterPartitionRequest,
  type AlterPartitionResponse,
  alterPartitionRequest,
  alterPartitionResponse,
} from '@biquorum/kafka-wire/messages/alter-partition';
import {
  type AlterPartitionReassignmentsRequest,
  type AlterPartitionReassignmentsResponse,
  alterPartitionReassignmentsRequest,
  alterPartitionReassignmentsResponse,
} from '@biquorum/kafka-wire/messages/alter-partition-reassignments';
import {
  type ElectLeadersRequest,
  type ElectLeadersResponse,
  electLeadersRequest,
  electLeadersResponse,
} from '@biquorum/kafka-wire/messages/elect-leaders';
import {
  type ListPartitionReassignmentsRequest,
  type ListPartitionReassignmentsResponse,
  listPartitionReassignmentsRequest,
  listPartitionReassignmentsResponse,
} from '@biquorum/kafka-wire/messages/list-partition-reassignments';
import { NO_LEADER, type NodeId } from '@biquorum/metadata';
import { alterPartition } from '../alter-partition.ts';
import { isReassigning } from '../assignment.ts';
import type { Partition } from '../context.ts';
import { type Failure, Refused } from '../faults.ts';
import { electLeaders } from '../leader-balance.ts';
import type { Term } from '../term.ts';
import type { ApiDefinition } from './api.ts';
import { untilLed } from './leaders.ts';

export const alterPartitionApi: ApiDefinition<AlterPartitionRequest, AlterPartitionResponse> = {
  request: alterPartitionRequest,
  response: alterPartitionResponse,
  needs: 'ClusterAction',
  respond: (controller, body, { apiVersion }) =>
    controller.decide('AlterPartitionReceived', ({ core, reassignments }) =>
      alterPartition(core, reassignments, body, apiVersion),
    ),
  fail: ({ code }) => ({ errorCode: code }),
};

export const electLeadersApi: ApiDefinition<ElectLeadersRequest, ElectLeadersResponse> = {
  request: electLeadersRequest,
  response: electLeadersResponse,
  needs: 'Alter',
  async respond(controller, { electionType, topicPartitions, timeoutMs }, { apiVersion }) {
    // Version 0 knows preferred elections only, and has no field for the kind.
    const type = apiVersion === 0 ? 0 : electionType;
    if (type !== 0 && type !== 1) throw new Refused('INVALID_REQUEST', `Unknown election type ${type}`);
    const rows = await controller.decide('ReplicaLeaderElection', (term) =>
      elect(term, topicPartitions, type === 0 ? 'preferred' : 'unclean'),
    );
    const elected = rows.flatMap(({ partition, failure }) =>
      partition === undefined || failure.error !== 'NONE' ? [] : [partition],
    );
    const late = await untilLed(
      controller,
      timeoutMs,
      elected.map((partition) => ({
        topic: partition.topic.name,
        index: partition.index,
        leader: partition.leadership?.leader ?? NO_LEADER,
      })),
    );
    const isLate = (topic: string, index: number): boolean =>
      late.some((one) => one.topic === topic && one.index === index);
    // Asked for all, a client hears only of those where something was to be done.
    const told = rows.filter(({ failure }) => topicPartitions !== null || failure.error !== 'ELECTION_NOT_NEEDED');
    const byTopic = Map.groupBy(told, ({ topic }) => topic);
    return {
      replicaElectionResults: [...byTopic].map(([topic, partitions]) => ({
        topic,
        partitionResult: partitions.map(({ index, failure }) => {
          const error: ErrorName =
            failure.error === 'NONE' && isLate(topic, index) ? 'REQUEST_TIMED_OUT' : failure.error;
          return { partitionId: index, errorCode: errorCode(error), errorMessage: failure.message };
        }),
      })),
    };
  },
  fail({ code, message }, { topicPartitions }, version) {
    const replicaElectionResults = (topicPartitions ?? []).map(({ topic, partitions }) => ({
      topic,
      partitionResult: partitions.map((partitionId) => ({ partitionId, errorCode: code, errorMessage: message })),
    }));
    return version === 0 ? { replicaElectionResults } : { errorCode: code, replicaElectionResults };
  },
};

export const alterPartitionReassignmentsApi: ApiDefinition<
  AlterPartitionReassignmentsRequest,
  AlterPartitionReassignmentsResponse
> = {
  request: alterPartitionReassignmentsRequest,
  response: alterPartitionReassignmentsResponse,
  needs: 'Alter',
  async respond(controller, { topics }) {
    const responses = await controller.decide('ApiPartitionReassignment', (term) => reassign(term, topics));
    return { errorMessage: null, responses };
  },
  fail: ({ code, message }) => ({ errorCode: code, errorMessage: message, responses: [] }),
};

export const listPartitionReassignmentsApi: ApiDefinition<
  ListPartitionReassignmentsRequest,
  ListPartitionReassignmentsResponse
> = {
  request: listPartitionReassignmentsRequest,
  response: listPartitionReassignmentsResponse,
  needs: 'Describe',
  async respond(controller, { topics }) {
    const running = await controller.decide('ListPartitionReassignments', async ({ core: { context } }) => {
      const wanted =
        topics === null
          ? [...context.reassigning]
          : topics.flatMap(({ name, partitionIndexes }) =>
              partitionIndexes.flatMap((index) => context.partition(name, index) ?? []),
            );
      return wanted.filter(({ assignment }) => isReassigning(assignment)).sort((a, b) => a.index - b.index);
    });
    return {
      errorMessage: null,
      topics: [...Map.groupBy(running, ({ topic }) => topic)].map(([{ name }, partitions]) => ({
        name,
        partitions: partitions.map(({ index, assignment }) => ({
          partitionIndex: index,
          replicas: assignment.replicas,
          addingReplicas: assignment.adding,
          removingReplicas: assignment.removing,
        })),
      })),
    };
  },
  fail: ({ code, message }) => ({ errorCode: code, errorMessage: message, topics: [] }),
};

interface ElectionRow {
  readonly topic: string;
  readonly index: number;
  readonly partition: Partition | undefined;
  readonly failure: Failure;
}

async function elect(
  { core }: Term,
  wanted: ElectLeadersRequest['topicPartitions'],
  kind: 'preferred' | 'unclean',
): Promise<ElectionRow[]> {
  const { context } = core;
  const named =
    wanted === null
      ? [...context.partitions()].map(({ topic, index }) => ({ topic: topic.name, index }))
      : wanted.flatMap(({ topic, partitions }) => partitions.map((index) => ({ topic, index })));
  const known = named.flatMap(({ topic, index }) => context.partition(topic, index) ?? []);
  const outcomes = await electLeaders(core, [...new Set(known)], kind);
  return named.map(({ topic, index }) => {
    const partition = known.find((one) => one.index === index && one.topic.name === topic);
    const failure = partition === undefined ? undefined : outcomes.get(partition);
    return { topic, index, partition, failure: failure ?? UNKNOWN };
  });
}

async function reassign(
  { core: { context }, reassignments }: Term,
  topics: AlterPartitionReassignmentsRequest['topics'],
): Promise<AlterPartitionReassignmentsResponseRows> {
  const wishes = new Map<Partition, readonly NodeId[] | null>();
  for (const { name, partitions } of topics) {
    for (const { partitionIndex, replicas } of partitions) {
      const partition = context.partition(name, partitionIndex);
      if (partition !== undefined) wishes.set(partition, replicas as readonly NodeId[] | null);
    }
  }
  const outcomes = await reassignments.change(wishes);
  return topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex }) => {
      const partition = context.partition(name, partitionIndex);
      const { error, message } = (partition === undefined ? undefined : outcomes.get(partition)) ?? UNKNOWN;
      return { partitionIndex, errorCode: errorCode(error), errorMessage: message };
    }),
  }));
}

interface AlterPartitionReassignmentsResponseRow {
  readonly name: string;
  readonly partitions: {
    readonly partitionIndex: number;
    readonly errorCode: number;
    readonly errorMessage: string | null;
  }[];
}

type AlterPartitionReassignmentsResponseRows = AlterPartitionReassignmentsResponseRow[];

const UNKNOWN: Failure = { error: 'UNKNOWN_TOPIC_OR_PARTITION', message: 'The partition does not exist.' };
