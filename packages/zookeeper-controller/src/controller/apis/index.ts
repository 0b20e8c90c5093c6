import type { PlaneReply, PlaneRequest } from '@biquorum/control-plane';
import type { Controller } from '../controller.ts';
import { type Api, type ApiDefinition, bind } from './api.ts';
import { allocateProducerIdsApi, controlledShutdownApi, updateFeaturesApi } from './brokers.ts';
import { alterConfigsApi, incrementalAlterConfigsApi } from './configs.ts';
import { answerDisabled } from './disabled.ts';
import {
  alterPartitionApi,
  alterPartitionReassignmentsApi,
  electLeadersApi,
  listPartitionReassignmentsApi,
} from './partitions.ts';
import { alterClientQuotasApi, describeClientQuotasApi } from './quotas.ts';
import { alterUserScramCredentialsApi, describeUserScramCredentialsApi } from './scram.ts';
import { createPartitionsApi, createTopicsApi, deleteTopicsApi } from './topics.ts';

/** Answers a request of a key that a controller, or every broker of ZooKeeper mode, serves. */
export async function serve(controller: Controller, request: PlaneRequest): Promise<PlaneReply> {
  const api = APIS.get(request.apiKey);
  if (api !== undefined) return api(controller, request);
  const body = answerDisabled(request);
  if (body !== undefined) return { kind: 'body', body };
  return { kind: 'close', reason: `key ${request.apiKey} is not served in ZooKeeper mode` };
}

const APIS: Map<number, Api> = new Map();

function add<Request, Response>(definition: ApiDefinition<Request, Response>): void {
  APIS.set(definition.request.table.apiKey as number, bind(definition));
}

add(controlledShutdownApi);
add(createTopicsApi);
add(deleteTopicsApi);
add(alterConfigsApi);
add(createPartitionsApi);
add(electLeadersApi);
add(incrementalAlterConfigsApi);
add(alterPartitionReassignmentsApi);
add(listPartitionReassignmentsApi);
add(describeClientQuotasApi);
add(alterClientQuotasApi);
add(describeUserScramCredentialsApi);
add(alterUserScramCredentialsApi);
add(alterPartitionApi);
add(updateFeaturesApi);
add(allocateProducerIdsApi);
