import type { ApiRange } from '@biquorum/control-plane';
import { apiByKey, type Init, type MessageCodec } from '@biquorum/kafka-wire';
import { deleteGroupsRequest, deleteGroupsResponse } from '@biquorum/kafka-wire/messages/delete-groups';
import { deleteRecordsRequest, deleteRecordsResponse } from '@biquorum/kafka-wire/messages/delete-records';
import { describeClusterRequest, describeClusterResponse } from '@biquorum/kafka-wire/messages/describe-cluster';
import { describeConfigsRequest, describeConfigsResponse } from '@biquorum/kafka-wire/messages/describe-configs';
import { describeGroupsRequest, describeGroupsResponse } from '@biquorum/kafka-wire/messages/describe-groups';
import { describeLogDirsRequest, describeLogDirsResponse } from '@biquorum/kafka-wire/messages/describe-log-dirs';
import { describeProducersRequest, describeProducersResponse } from '@biquorum/kafka-wire/messages/describe-producers';
import {
  describeTopicPartitionsRequest,
  describeTopicPartitionsResponse,
} from '@biquorum/kafka-wire/messages/describe-topic-partitions';
import { fetchRequest, fetchResponse } from '@biquorum/kafka-wire/messages/fetch';
import { findCoordinatorRequest, findCoordinatorResponse } from '@biquorum/kafka-wire/messages/find-coordinator';
import { heartbeatRequest, heartbeatResponse } from '@biquorum/kafka-wire/messages/heartbeat';
import { initProducerIdRequest, initProducerIdResponse } from '@biquorum/kafka-wire/messages/init-producer-id';
import { joinGroupRequest, joinGroupResponse } from '@biquorum/kafka-wire/messages/join-group';
import { leaveGroupRequest, leaveGroupResponse } from '@biquorum/kafka-wire/messages/leave-group';
import { listGroupsRequest, listGroupsResponse } from '@biquorum/kafka-wire/messages/list-groups';
import { listOffsetsRequest, listOffsetsResponse } from '@biquorum/kafka-wire/messages/list-offsets';
import { metadataRequest, metadataResponse } from '@biquorum/kafka-wire/messages/metadata';
import { offsetCommitRequest, offsetCommitResponse } from '@biquorum/kafka-wire/messages/offset-commit';
import { offsetDeleteRequest, offsetDeleteResponse } from '@biquorum/kafka-wire/messages/offset-delete';
import { offsetFetchRequest, offsetFetchResponse } from '@biquorum/kafka-wire/messages/offset-fetch';
import {
  offsetForLeaderEpochRequest,
  offsetForLeaderEpochResponse,
} from '@biquorum/kafka-wire/messages/offset-for-leader-epoch';
import { produceRequest, produceResponse } from '@biquorum/kafka-wire/messages/produce';
import { syncGroupRequest, syncGroupResponse } from '@biquorum/kafka-wire/messages/sync-group';
import { API_VERSIONS_KEY } from './api-versions.ts';
import { handleDescribeCluster, handleDescribeLogDirs } from './cluster.ts';
import type { ApiRequest } from './core.ts';
import { handleDescribeConfigs } from './describe-configs.ts';
import { handleDescribeTopicPartitions } from './describe-topic-partitions.ts';
import { handleFetch } from './fetch.ts';
import {
  handleDeleteGroups,
  handleDescribeGroups,
  handleFindCoordinator,
  handleListGroups,
} from './group-administration.ts';
import { handleHeartbeat, handleJoinGroup, handleLeaveGroup, handleSyncGroup } from './group-membership.ts';
import { handleOffsetCommit, handleOffsetDelete, handleOffsetFetch } from './group-offsets.ts';
import { handleListOffsets } from './list-offsets.ts';
import { handleMetadata } from './metadata.ts';
import {
  handleDeleteRecords,
  handleDescribeProducers,
  handleInitProducerId,
  handleOffsetForLeaderEpoch,
} from './partitions.ts';
import { handleProduce } from './produce.ts';

/** An API that the core serves. `null` as a response means silence, `close` that the connection is dropped. */
export interface CoreApi {
  readonly apiKey: number;
  readonly request: MessageCodec<unknown>;
  readonly response: MessageCodec<unknown>;
  /** Nothing of a request's frame is held on to once it is answered: its memory may be used again. */
  readonly spendsFrame: boolean;
  handle(request: ApiRequest<unknown>): Answer<unknown>;
}

type Answer<Response> = Init<Response> | null | 'close' | Promise<Init<Response> | null | 'close'>;

/** Every API of the core but ApiVersions, which the router answers. */
export const CORE_APIS: readonly CoreApi[] = [
  api(produceRequest, produceResponse, handleProduce, { spendsFrame: true }),
  api(fetchRequest, fetchResponse, handleFetch),
  api(listOffsetsRequest, listOffsetsResponse, handleListOffsets),
  api(metadataRequest, metadataResponse, handleMetadata),
  api(offsetCommitRequest, offsetCommitResponse, handleOffsetCommit),
  api(offsetFetchRequest, offsetFetchResponse, handleOffsetFetch),
  api(findCoordinatorRequest, findCoordinatorResponse, handleFindCoordinator),
  api(joinGroupRequest, joinGroupResponse, handleJoinGroup),
  api(heartbeatRequest, heartbeatResponse, handleHeartbeat),
  api(leaveGroupRequest, leaveGroupResponse, handleLeaveGroup),
  api(syncGroupRequest, syncGroupResponse, handleSyncGroup),
  api(describeGroupsRequest, describeGroupsResponse, handleDescribeGroups),
  api(listGroupsRequest, listGroupsResponse, handleListGroups),
  api(deleteRecordsRequest, deleteRecordsResponse, handleDeleteRecords),
  api(initProducerIdRequest, initProducerIdResponse, handleInitProducerId),
  api(offsetForLeaderEpochRequest, offsetForLeaderEpochResponse, handleOffsetForLeaderEpoch),
  api(describeConfigsRequest, describeConfigsResponse, handleDescribeConfigs),
  api(describeLogDirsRequest, describeLogDirsResponse, handleDescribeLogDirs),
  api(deleteGroupsRequest, deleteGroupsResponse, handleDeleteGroups),
  api(offsetDeleteRequest, offsetDeleteResponse, handleOffsetDelete),
  api(describeClusterRequest, describeClusterResponse, handleDescribeCluster),
  api(describeProducersRequest, describeProducersResponse, handleDescribeProducers),
  api(describeTopicPartitionsRequest, describeTopicPartitionsResponse, handleDescribeTopicPartitions),
];

/** What the core can serve, for the plane to announce. */
export const CORE_RANGES: readonly ApiRange[] = [...CORE_APIS.map(({ apiKey }) => apiKey), API_VERSIONS_KEY].map(
  (apiKey) => {
    const known = apiByKey(apiKey);
    return { apiKey, min: known?.lowestVersion ?? 0, max: known?.highestVersion ?? -1 };
  },
);

function api<Request, Response>(
  request: MessageCodec<Request>,
  response: MessageCodec<Response>,
  handle: (request: ApiRequest<Request>) => Answer<Response>,
  { spendsFrame }: Pick<CoreApi, 'spendsFrame'> = { spendsFrame: false },
): CoreApi {
  // The table forgets the types of its rows; request, response and handler of a row belong together by this signature.
  return {
    apiKey: request.table.apiKey ?? -1,
    request: request as MessageCodec<unknown>,
    response: response as MessageCodec<unknown>,
    handle: handle as CoreApi['handle'],
    spendsFrame,
  };
}
