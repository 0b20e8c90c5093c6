import { alterClientQuotasRequest, alterClientQuotasResponse } from '@biquorum/kafka-wire/messages/alter-client-quotas';
import {
  alterPartitionReassignmentsRequest,
  alterPartitionReassignmentsResponse,
} from '@biquorum/kafka-wire/messages/alter-partition-reassignments';
import { createPartitionsRequest, createPartitionsResponse } from '@biquorum/kafka-wire/messages/create-partitions';
import { createTopicsRequest, createTopicsResponse } from '@biquorum/kafka-wire/messages/create-topics';
import { deleteTopicsRequest, deleteTopicsResponse } from '@biquorum/kafka-wire/messages/delete-topics';
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '@biquorum/kafka-wire/messages/incremental-alter-configs';
import { initProducerIdRequest, initProducerIdResponse } from '@biquorum/kafka-wire/messages/init-producer-id';
import { ask } from '../configs/ask.ts';

const TIMEOUT_MS = 60_000;
const SET = 0;
const NO_ERROR = 0;

type Assignment = readonly (readonly number[])[];

/** Makes a topic, at the controller. */
export async function createTopic(
  controller: string,
  name: string,
  assignment: Assignment,
  configs: Readonly<Record<string, string>> = {},
): Promise<void> {
  const topic = {
    name,
    numPartitions: -1,
    replicationFactor: -1,
    assignments: assignment.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds })),
    configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
  };
  const body = { topics: [topic], timeoutMs: TIMEOUT_MS };
  const { topics } = await ask(controller, createTopicsRequest, createTopicsResponse, 7, body);
  expect(topics[0]?.errorCode, `CreateTopics of ${name}`);
}

/** Gives a topic more partitions, at the controller. */
export async function addPartitions(controller: string, name: string, count: number, added: Assignment): Promise<void> {
  const topic = { name, count, assignments: added.map((brokerIds) => ({ brokerIds })) };
  const body = { topics: [topic], timeoutMs: TIMEOUT_MS, validateOnly: false };
  const { results } = await ask(controller, createPartitionsRequest, createPartitionsResponse, 3, body);
  expect(results[0]?.errorCode, `CreatePartitions of ${name}`);
}

export async function deleteTopic(controller: string, name: string): Promise<void> {
  const body = { topics: [{ name }], timeoutMs: TIMEOUT_MS };
  const { responses } = await ask(controller, deleteTopicsRequest, deleteTopicsResponse, 6, body);
  expect(responses[0]?.errorCode, `DeleteTopics of ${name}`);
}

/** Has replicas of a partition moved, at the controller. */
export async function reassign(
  controller: string,
  name: string,
  partitionIndex: number,
  replicas: readonly number[],
): Promise<void> {
  const body = { timeoutMs: TIMEOUT_MS, topics: [{ name, partitions: [{ partitionIndex, replicas }] }] };
  const answer = await ask(
    controller,
    alterPartitionReassignmentsRequest,
    alterPartitionReassignmentsResponse,
    0,
    body,
  );
  expect(answer.errorCode, 'AlterPartitionReassignments');
  expect(answer.responses[0]?.partitions[0]?.errorCode, `AlterPartitionReassignments of ${name}-${partitionIndex}`);
}

/** Sets a setting of a topic (2) or a broker (4). */
export async function setConfig(
  broker: string,
  resourceType: 2 | 4,
  resourceName: string,
  name: string,
  value: string,
): Promise<void> {
  const configs = [{ name, configOperation: SET, value }];
  const body = { resources: [{ resourceType, resourceName, configs }], validateOnly: false };
  const answer = await ask(broker, incrementalAlterConfigsRequest, incrementalAlterConfigsResponse, 1, body);
  expect(answer.responses[0]?.errorCode, `IncrementalAlterConfigs of ${resourceName}`);
}

/** Sets a quota of a user, a client, both or an address. */
export async function setQuota(
  broker: string,
  entity: Readonly<Record<string, string | null>>,
  key: string,
  value: number,
): Promise<void> {
  const entry = {
    entity: Object.entries(entity).map(([entityType, entityName]) => ({ entityType, entityName })),
    ops: [{ key, value, remove: false }],
  };
  const body = {
    entries: [entry],
    validateOnly: false,
  };
  const answer = await ask(broker, alterClientQuotasRequest, alterClientQuotasResponse, 1, body);
  expect(answer.entries[0]?.errorCode, `AlterClientQuotas of ${JSON.stringify(entity)}`);
}

/** Asks for a producer id; undefined while the broker has none. */
export async function initProducerId(broker: string): Promise<number | undefined> {
  const body = { transactionalId: null, transactionTimeoutMs: TIMEOUT_MS };
  const answer = await ask(broker, initProducerIdRequest, initProducerIdResponse, 4, body);
  return answer.errorCode === NO_ERROR ? Number(answer.producerId) : undefined;
}

function expect(code: number | undefined, what: string): void {
  if (code !== NO_ERROR) throw new Error(`${what} is answered ${code}`);
}
