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
import {
  type UpdateFeaturesRequest,
  type UpdateFeaturesResponse,
  updateFeaturesRequest,
  updateFeaturesResponse,
} from '@biquorum/kafka-wire/messages/update-features';
import { alterPartition } from '../alter-partition.ts';
import { electLeaders } from '../elections.ts';
import { updateFeatures } from '../features.ts';
import { alterReassignments, listReassignments } from '../reassignments.ts';
import type { ApiDefinition } from './api.ts';

export const alterPartitionApi: ApiDefinition<AlterPartitionRequest, AlterPartitionResponse> = {
  request: alterPartitionRequest,
  response: alterPartitionResponse,
  needs: 'ClusterAction',
  async respond(host, body, { apiVersion }) {
    if (body.topics.length === 0) return {};
    return await host.decide((situation) => alterPartition(situation, body, apiVersion));
  },
  fail: ({ code }) => ({ errorCode: code }),
};

export const electLeadersApi: ApiDefinition<ElectLeadersRequest, ElectLeadersResponse> = {
  request: electLeadersRequest,
  response: electLeadersResponse,
  needs: 'Alter',
  async respond(host, body, { apiVersion }) {
    // Version 0 knows preferred elections only, and has no field for the kind.
    const wish = apiVersion === 0 ? { ...body, electionType: 0 } : body;
    if (wish.topicPartitions?.length === 0) return {};
    return await host.decide((situation) => electLeaders(situation, wish));
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
  async respond(host, body) {
    if (body.topics.length === 0) return {};
    return await host.decide((situation) => alterReassignments(situation, body));
  },
  fail: ({ code, message }, { topics }) => ({
    errorCode: code,
    errorMessage: message,
    responses: topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode: code, errorMessage: message })),
    })),
  }),
};

export const listPartitionReassignmentsApi: ApiDefinition<
  ListPartitionReassignmentsRequest,
  ListPartitionReassignmentsResponse
> = {
  request: listPartitionReassignmentsRequest,
  response: listPartitionReassignmentsResponse,
  needs: 'Describe',
  respond: async (host, { topics }) => listReassignments(host.committed().view, topics),
  fail: ({ code, message }, { topics }) => ({
    errorCode: code,
    errorMessage: message,
    topics: (topics ?? []).map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes.map((partitionIndex) => ({ partitionIndex })),
    })),
  }),
};

export const updateFeaturesApi: ApiDefinition<UpdateFeaturesRequest, UpdateFeaturesResponse> = {
  request: updateFeaturesRequest,
  response: updateFeaturesResponse,
  needs: 'Alter',
  async respond(host, body) {
    const policy = { nodeId: host.nodeId, supported: host.supportedFeatures, quorumNodeIds: host.quorumNodeIds() };
    return await host.decide((situation) => updateFeatures(situation, body, policy));
  },
  fail: ({ code, message }) => ({ errorCode: code, errorMessage: message }),
};
