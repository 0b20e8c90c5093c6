import { type ErrorName, errorByName, errorCode } from '@biquorum/kafka-wire';
import { addRaftVoterResponse } from '@biquorum/kafka-wire/messages/add-raft-voter';
import { describeQuorumResponse } from '@biquorum/kafka-wire/messages/describe-quorum';
import { removeRaftVoterResponse } from '@biquorum/kafka-wire/messages/remove-raft-voter';
import type { Failure } from '../fault.ts';
import { type ApiDefinition, type ApiHost, bind, type ControllerApi } from './api.ts';
import {
  allocateProducerIdsApi,
  assignReplicasToDirsApi,
  brokerHeartbeatApi,
  brokerRegistrationApi,
  controllerRegistrationApi,
  unregisterBrokerApi,
} from './brokers.ts';
import { alterConfigsApi, describeConfigsApi, incrementalAlterConfigsApi } from './configs.ts';
import {
  alterPartitionApi,
  alterPartitionReassignmentsApi,
  electLeadersApi,
  listPartitionReassignmentsApi,
  updateFeaturesApi,
} from './partitions.ts';
import { alterClientQuotasApi } from './quotas.ts';
import { alterUserScramCredentialsApi } from './scram.ts';
import { createPartitionsApi, createTopicsApi, deleteTopicsApi } from './topics.ts';

export type { ApiHost, ControllerApi } from './api.ts';

/** The APIs of a controller, by key. */
export function controllerApis(host: ApiHost): ReadonlyMap<number, ControllerApi> {
  return mapApis((definition) => bind(host, definition, errorCode));
}

/**
 * Says of a whole request, in place of a controller, why it has no other answer.
 *
 * Source: Java `AbstractRequest.getErrorResponse` of 3.9, whose exceptions carry no message here.
 *
 * @param body the request's, without its header
 * @returns the response's body; undefined for a key that no client's request to a controller has
 * @throws ProtocolError when the body cannot be read
 */
export function failedResponse(
  apiKey: number,
  apiVersion: number,
  body: Uint8Array,
  error: ErrorName,
): Uint8Array | undefined {
  return FAILURES.get(apiKey)?.(body, apiVersion, { error, message: null, code: errorCode(error) });
}

type FailedResponse = (body: Uint8Array, version: number, failure: Failure & { readonly code: number }) => Uint8Array;

function mapApis<T>(
  make: <Request, Response>(definition: ApiDefinition<Request, Response>) => T,
): ReadonlyMap<number, T> {
  const made = new Map<number, T>();
  const add = <Request, Response>(definition: ApiDefinition<Request, Response>): void => {
    made.set(keyOf(definition), make(definition));
  };
  add(createTopicsApi);
  add(deleteTopicsApi);
  add(describeConfigsApi);
  add(alterConfigsApi);
  add(createPartitionsApi);
  add(electLeadersApi);
  add(incrementalAlterConfigsApi);
  add(alterPartitionReassignmentsApi);
  add(listPartitionReassignmentsApi);
  add(alterClientQuotasApi);
  add(alterUserScramCredentialsApi);
  add(alterPartitionApi);
  add(updateFeaturesApi);
  add(brokerRegistrationApi);
  add(brokerHeartbeatApi);
  add(unregisterBrokerApi);
  add(allocateProducerIdsApi);
  add(controllerRegistrationApi);
  add(assignReplicasToDirsApi);
  return made;
}

/** The keys that a controller answers, apart from those of the quorum itself. */
export const CONTROLLER_API_KEYS: readonly number[] = [
  19, 20, 32, 33, 37, 43, 44, 45, 46, 49, 51, 56, 57, 62, 63, 64, 67, 70, 73,
];

function keyOf({ request }: { readonly request: { readonly table: { readonly apiKey?: number } } }): number {
  return request.table.apiKey as number;
}

const FAILURES: ReadonlyMap<number, FailedResponse> = new Map([
  ...mapApis(
    ({ request, response, fail }): FailedResponse =>
      (body, version, failure) =>
        response.toBytes(fail(failure, request.fromBytes(body, version), version), version),
  ),
  // The quorum's own, which tell of a fault as a whole, with its description.
  ...[describeQuorumResponse, addRaftVoterResponse, removeRaftVoterResponse].map(
    (response): readonly [number, FailedResponse] => [
      response.table.apiKey as number,
      (_, version, { code, error }) =>
        response.toBytes({ errorCode: code, errorMessage: errorByName(error).message }, version),
    ],
  ),
]);
