import { errorCode } from '@biquorum/kafka-wire';
import { type ApiDefinition, type ApiHost, bind, type ControllerApi } from './api.ts';
import {
  allocateProducerIdsApi,
  assignReplicasToDirsApi,
  brokerHeartbeatApi,
  brokerRegistrationApi,
  controllerRegistrationApi,
  unregisterBrokerApi,
} from './brokers.ts';
import { alterConfigsApi, incrementalAlterConfigsApi } from './configs.ts';
import {
  alterPartitionApi,
  alterPartitionReassignmentsApi,
  electLeadersApi,
  listPartitionReassignmentsApi,
  updateFeaturesApi,
} from './partitions.ts';
import { alterClientQuotasApi } from './quotas.ts';
import { createPartitionsApi, createTopicsApi, deleteTopicsApi } from './topics.ts';

export type { ApiHost, ControllerApi } from './api.ts';

/** The APIs of a controller, by key. */
export function controllerApis(host: ApiHost): ReadonlyMap<number, ControllerApi> {
  const apis = new Map<number, ControllerApi>();
  const add = <Request, Response>(definition: ApiDefinition<Request, Response>): void => {
    apis.set(keyOf(definition), bind(host, definition, errorCode));
  };
  add(createTopicsApi);
  add(deleteTopicsApi);
  add(alterConfigsApi);
  add(createPartitionsApi);
  add(electLeadersApi);
  add(incrementalAlterConfigsApi);
  add(alterPartitionReassignmentsApi);
  add(listPartitionReassignmentsApi);
  add(alterClientQuotasApi);
  add(alterPartitionApi);
  add(updateFeaturesApi);
  add(brokerRegistrationApi);
  add(brokerHeartbeatApi);
  add(unregisterBrokerApi);
  add(allocateProducerIdsApi);
  add(controllerRegistrationApi);
  add(assignReplicasToDirsApi);
  return apis;
}

/** The keys that a controller answers, apart from those of the quorum itself. */
export const CONTROLLER_API_KEYS: readonly number[] = [
  19, 20, 33, 37, 43, 44, 45, 46, 49, 56, 57, 62, 63, 64, 67, 70, 73,
];

function keyOf({ request }: { readonly request: { readonly table: { readonly apiKey?: number } } }): number {
  return request.table.apiKey as number;
}
