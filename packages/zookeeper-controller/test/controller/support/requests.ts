import { ZERO_UUID } from '@biquorum/kafka-wire';
import {
  alterPartitionReassignmentsRequest,
  alterPartitionReassignmentsResponse,
} from '@biquorum/kafka-wire/messages/alter-partition-reassignments';
import { createPartitionsRequest, createPartitionsResponse } from '@biquorum/kafka-wire/messages/create-partitions';
import { createTopicsRequest, createTopicsResponse } from '@biquorum/kafka-wire/messages/create-topics';
import { deleteTopicsRequest, deleteTopicsResponse } from '@biquorum/kafka-wire/messages/delete-topics';
import type { GovernedCluster } from './governed-cluster.ts';

/** Creates a topic with these replicas and waits until all have taken it up. @returns The error code */
export async function createTopic(
  cluster: GovernedCluster,
  name: string,
  replicas: readonly (readonly number[])[],
  configs: Record<string, string> = {},
): Promise<number> {
  const { topics } = await cluster.ask(cluster.governor, createTopicsRequest, createTopicsResponse, {
    topics: [
      {
        name,
        numPartitions: -1,
        replicationFactor: -1,
        assignments: replicas.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds })),
        configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
      },
    ],
    timeoutMs: 30_000,
  });
  await cluster.settle();
  return topics[0]?.errorCode ?? -1;
}

/** Asks for the deletion of a topic. @returns The error code */
export async function deleteTopic(cluster: GovernedCluster, name: string): Promise<number> {
  const { responses } = await cluster.ask(cluster.governor, deleteTopicsRequest, deleteTopicsResponse, {
    topics: [{ name, topicId: ZERO_UUID }],
    timeoutMs: 30_000,
  });
  return responses[0]?.errorCode ?? -1;
}

/** Asks for more partitions. @returns The error code */
export async function growTopic(cluster: GovernedCluster, name: string, count: number): Promise<number> {
  const { results } = await cluster.ask(cluster.governor, createPartitionsRequest, createPartitionsResponse, {
    topics: [{ name, count, assignments: null }],
    timeoutMs: 30_000,
  });
  return results[0]?.errorCode ?? -1;
}

/** Asks for another assignment of one partition; null calls off. @returns Error code and message */
export async function reassign(
  cluster: GovernedCluster,
  name: string,
  partitionIndex: number,
  replicas: readonly number[] | null,
): Promise<readonly [number, string | null]> {
  const { responses } = await cluster.ask(
    cluster.governor,
    alterPartitionReassignmentsRequest,
    alterPartitionReassignmentsResponse,
    { topics: [{ name, partitions: [{ partitionIndex, replicas }] }], timeoutMs: 30_000 },
  );
  const row = responses[0]?.partitions[0];
  return [row?.errorCode ?? -1, row?.errorMessage ?? null];
}
