import { errorName } from '@biquorum/kafka-wire';
import { electLeadersRequest, electLeadersResponse } from '@biquorum/kafka-wire/messages/elect-leaders';
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '@biquorum/kafka-wire/messages/incremental-alter-configs';
import type { TestClient } from './test-cluster.ts';

const RESOURCE_TYPES = { topic: 2, broker: 4 } as const;
const [SET, DELETE] = [0, 1];

/** Sets one key of a resource, or takes back what was set with null. Resolves with the error's name. */
export async function alterConfig(
  client: TestClient,
  broker: number,
  type: keyof typeof RESOURCE_TYPES,
  resourceName: string,
  name: string,
  value: string | null,
): Promise<string> {
  const configs = [{ name, configOperation: value === null ? DELETE : SET, value }];
  const resources = [{ resourceType: RESOURCE_TYPES[type], resourceName, configs }];
  const body = { resources, validateOnly: false };
  const answer = await client.ask(broker, incrementalAlterConfigsRequest, incrementalAlterConfigsResponse, 1, body);
  return errorName(answer.responses[0]?.errorCode ?? -1);
}

/** Asks for an election in one partition. Resolves with the error's name. */
export async function electLeader(
  client: TestClient,
  kind: 'preferred' | 'unclean',
  topic: string,
  partition: number,
): Promise<string> {
  const answer = await client.administer(electLeadersRequest, electLeadersResponse, 2, {
    electionType: kind === 'preferred' ? 0 : 1,
    topicPartitions: [{ topic, partitions: [partition] }],
    timeoutMs: 10_000,
  });
  return errorName(answer.replicaElectionResults[0]?.partitionResult[0]?.errorCode ?? answer.errorCode);
}
