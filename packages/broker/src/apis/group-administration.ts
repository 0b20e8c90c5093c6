import { type ErrorName, errorCode, type Init } from '@biquorum/kafka-wire';
import type { DeleteGroupsRequest, DeleteGroupsResponse } from '@biquorum/kafka-wire/messages/delete-groups';
import type { DescribeGroupsRequest, DescribeGroupsResponse } from '@biquorum/kafka-wire/messages/describe-groups';
import type {
  FindCoordinatorRequest,
  FindCoordinatorResponse,
  FindCoordinatorResponseCoordinator,
} from '@biquorum/kafka-wire/messages/find-coordinator';
import type { ListGroupsRequest, ListGroupsResponse } from '@biquorum/kafka-wire/messages/list-groups';
import { endpointOn } from '@biquorum/metadata';
import { OFFSETS_TOPIC } from '../coordination/topic-creation.ts';
import type { ApiRequest, BrokerCore } from './core.ts';
import { NOT_ASKED } from './metadata.ts';

const KEY_TYPE_GROUP = 0;
const KEY_TYPE_TRANSACTION = 1;
const KEY_TYPE_SHARE = 2;
/** First version with several keys in one request. */
const FIND_VERSION_MANY = 4;
/** First version that knows share groups. */
const FIND_VERSION_SHARE = 6;

/** Where a group is coordinated; the topic that decides it is created when it is missing. */
export async function handleFindCoordinator(
  request: ApiRequest<FindCoordinatorRequest>,
): Promise<Init<FindCoordinatorResponse>> {
  const { core, body, version } = request;
  if (version < FIND_VERSION_MANY) {
    const { key: _, ...coordinator } = await find(core, request, body.key);
    return coordinator;
  }
  const coordinators = await Promise.all(body.coordinatorKeys.map((key) => find(core, request, key)));
  return { coordinators };
}

async function find(
  core: BrokerCore,
  { body, context, version }: ApiRequest<FindCoordinatorRequest>,
  key: string,
): Promise<Init<FindCoordinatorResponseCoordinator>> {
  const none = (error: ErrorName, message: string | null): Init<FindCoordinatorResponseCoordinator> => ({
    key,
    nodeId: -1,
    host: '',
    port: -1,
    errorCode: errorCode(error),
    errorMessage: message,
  });
  if (body.keyType === KEY_TYPE_TRANSACTION) {
    return none(
      'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
      'this broker does not serve transactions yet; use an idempotent producer',
    );
  }
  // As where share groups are not switched on.
  if (body.keyType === KEY_TYPE_SHARE && version >= FIND_VERSION_SHARE) return none('COORDINATOR_NOT_AVAILABLE', null);
  if (body.keyType !== KEY_TYPE_GROUP)
    return none('INVALID_REQUEST', `key type ${body.keyType} is unknown; use 0 for groups`);
  const topic = core.view().topics.get(OFFSETS_TOPIC);
  if (topic === undefined) {
    const { error, message } = await core.topics.createOffsetsTopic();
    if (error !== 'NONE' && error !== 'TOPIC_ALREADY_EXISTS') core.groups.cannotCreateTopic(error, message);
    return none('COORDINATOR_NOT_AVAILABLE', null);
  }
  const leader = core.view().brokers.get(topic.leaderOf(core.groups.partitionOf(key)));
  const endpoint = leader === undefined || leader.fenced ? undefined : endpointOn(leader, context.listener);
  if (leader === undefined || endpoint === undefined) return none('COORDINATOR_NOT_AVAILABLE', null);
  return { key, nodeId: leader.id, host: endpoint.host, port: endpoint.port, errorCode: 0, errorMessage: null };
}

export function handleDescribeGroups({
  core,
  body,
  version,
}: ApiRequest<DescribeGroupsRequest>): Init<DescribeGroupsResponse> {
  const groups = body.groups.map((groupId) => {
    const found = core.groups.of(groupId)?.describe(groupId);
    if (found === undefined)
      return { groupId, errorCode: errorCode('NOT_COORDINATOR'), authorizedOperations: NOT_ASKED };
    return {
      groupId,
      errorCode: errorCode(found.error as ErrorName),
      groupState: found.error === 'NONE' ? found.state : '',
      protocolType: found.protocolType,
      protocolData: found.protocolName,
      members: found.members.map((member) => ({
        memberId: member.memberId,
        ...(version >= 4 ? { groupInstanceId: member.groupInstanceId } : {}),
        clientId: member.clientId,
        clientHost: member.clientHost,
        memberMetadata: member.metadata,
        memberAssignment: member.assignment,
      })),
      authorizedOperations: NOT_ASKED,
    };
  });
  return { groups };
}

export function handleListGroups({ core, body }: ApiRequest<ListGroupsRequest>): Init<ListGroupsResponse> {
  const states = new Set(body.statesFilter.map((state) => state.toLowerCase()));
  const types = new Set(body.typesFilter.map((type) => type.toLowerCase()));
  const groups: Init<ListGroupsResponse['groups'][number]>[] = [];
  let loading = false;
  for (const coordinator of core.groups.all()) {
    const listed = coordinator.list();
    if (listed === null) loading = true;
    for (const { groupId, protocolType, state } of listed ?? []) {
      if (states.size > 0 && !states.has(state.toLowerCase())) continue;
      if (types.size > 0 && !types.has('classic')) continue;
      groups.push({ groupId, protocolType, groupState: state, groupType: 'classic' });
    }
  }
  return { errorCode: errorCode(loading ? 'COORDINATOR_LOAD_IN_PROGRESS' : 'NONE'), groups };
}

export async function handleDeleteGroups({
  core,
  body,
}: ApiRequest<DeleteGroupsRequest>): Promise<Init<DeleteGroupsResponse>> {
  const results = await Promise.all(
    Array.from(
      new Set(body.groupsNames),
      (groupId) =>
        new Promise<Init<DeleteGroupsResponse['results'][number]>>((resolve) => {
          const answer = (error: string): void => resolve({ groupId, errorCode: errorCode(error as ErrorName) });
          const coordinator = core.groups.of(groupId);
          if (coordinator === undefined) answer('NOT_COORDINATOR');
          else coordinator.delete(groupId, answer);
        }),
    ),
  );
  return { results };
}
