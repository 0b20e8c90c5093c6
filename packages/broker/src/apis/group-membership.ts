import { type ErrorName, errorCode, type Init } from '@biquorum/kafka-wire';
import type { HeartbeatRequest, HeartbeatResponse } from '@biquorum/kafka-wire/messages/heartbeat';
import type { JoinGroupRequest, JoinGroupResponse } from '@biquorum/kafka-wire/messages/join-group';
import type { LeaveGroupRequest, LeaveGroupResponse } from '@biquorum/kafka-wire/messages/leave-group';
import type { SyncGroupRequest, SyncGroupResponse } from '@biquorum/kafka-wire/messages/sync-group';
import type { ApiRequest } from './core.ts';

/** First version in which a response may say "no protocol" with null. */
const JOIN_VERSION_NULL_PROTOCOL = 7;
const JOIN_VERSION_NEEDS_MEMBER_ID = 4;
const JOIN_VERSION_SKIP_ASSIGNMENT = 9;
/** First version in which a member must name the protocol that it expects (KIP-559). */
const SYNC_VERSION_NEEDS_PROTOCOL = 5;
/** First version in which several members may leave at once. */
const LEAVE_VERSION_MANY = 3;
const GROUP_ERRORS: ReadonlySet<ErrorName> = new Set([
  'COORDINATOR_LOAD_IN_PROGRESS',
  'COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR',
]);

/** A member joins; the answer comes when the join phase ends. */
export function handleJoinGroup(request: ApiRequest<JoinGroupRequest>): Promise<Init<JoinGroupResponse>> {
  const { core, body, version, context } = request;
  const coordinator = core.groups.of(body.groupId);
  if (coordinator === undefined) {
    const error = body.groupId === '' ? 'INVALID_GROUP_ID' : 'NOT_COORDINATOR';
    return Promise.resolve({ errorCode: errorCode(error), memberId: body.memberId, ...noProtocol(version) });
  }
  const { sessionTimeoutMs, rebalanceTimeoutMs, memberId, groupInstanceId, protocolType } = body;
  return new Promise((resolve) => {
    coordinator.join(
      body.groupId,
      {
        memberId,
        groupInstanceId,
        clientId: context.clientId ?? '',
        clientHost: `/${context.clientAddress}`,
        sessionTimeoutMs,
        rebalanceTimeoutMs: version === 0 ? sessionTimeoutMs : rebalanceTimeoutMs,
        protocolType,
        // Views into a frame: a group keeps its members' bytes for long.
        protocols: body.protocols.map(({ name, metadata }) => ({ name, metadata: metadata.slice() })),
        needsKnownMemberId: version >= JOIN_VERSION_NEEDS_MEMBER_ID,
        understandsSkipAssignment: version >= JOIN_VERSION_SKIP_ASSIGNMENT,
      },
      (reply) => {
        resolve({
          errorCode: errorCode(reply.error as ErrorName),
          generationId: reply.generation,
          protocolType: reply.protocolType,
          protocolName: reply.protocolName ?? (version < JOIN_VERSION_NULL_PROTOCOL ? '' : null),
          leader: reply.leader,
          skipAssignment: reply.skipAssignment,
          memberId: reply.memberId,
          members: reply.members,
        });
      },
    );
  });
}

/** A member asks for its assignment; the answer comes when the leader has brought it. */
export function handleSyncGroup(request: ApiRequest<SyncGroupRequest>): Promise<Init<SyncGroupResponse>> {
  const { core, body, version } = request;
  if (version >= SYNC_VERSION_NEEDS_PROTOCOL && (body.protocolType === null || body.protocolName === null))
    return Promise.resolve({ errorCode: errorCode('INCONSISTENT_GROUP_PROTOCOL') });
  const coordinator = core.groups.of(body.groupId);
  if (coordinator === undefined) return Promise.resolve({ errorCode: errorCode('NOT_COORDINATOR') });
  return new Promise((resolve) => {
    coordinator.sync(
      body.groupId,
      {
        memberId: body.memberId,
        groupInstanceId: body.groupInstanceId,
        generation: body.generationId,
        protocolType: body.protocolType,
        protocolName: body.protocolName,
        assignments: new Map(body.assignments.map((row) => [row.memberId, row.assignment.slice()])),
      },
      ({ error, protocolType, protocolName, assignment }) => {
        resolve({ errorCode: errorCode(error as ErrorName), protocolType, protocolName, assignment });
      },
    );
  });
}

export function handleHeartbeat({ core, body }: ApiRequest<HeartbeatRequest>): Init<HeartbeatResponse> {
  const { groupId, memberId, groupInstanceId, generationId: generation } = body;
  const error = core.groups.of(groupId)?.heartbeat(groupId, { memberId, groupInstanceId, generation });
  return { errorCode: errorCode((error ?? 'NOT_COORDINATOR') as ErrorName) };
}

export function handleLeaveGroup({ core, body, version }: ApiRequest<LeaveGroupRequest>): Init<LeaveGroupResponse> {
  const coordinator = core.groups.of(body.groupId);
  if (coordinator === undefined) return { errorCode: errorCode('NOT_COORDINATOR') };
  const { groupId } = body;
  if (version < LEAVE_VERSION_MANY) {
    return { errorCode: errorCode(coordinator.leave(groupId, body.memberId, null) as ErrorName) };
  }
  if (groupId === '') return { errorCode: errorCode('INVALID_GROUP_ID') };
  const members: Init<LeaveGroupResponse['members'][number]>[] = [];
  for (const { memberId, groupInstanceId } of body.members) {
    const error = coordinator.leave(groupId, memberId, groupInstanceId) as ErrorName;
    // What is wrong with the whole group is not said member by member.
    if (GROUP_ERRORS.has(error)) return { errorCode: errorCode(error) };
    members.push({ memberId, groupInstanceId, errorCode: errorCode(error) });
  }
  return { errorCode: 0, members };
}

function noProtocol(version: number): Pick<Init<JoinGroupResponse>, 'protocolName'> {
  return { protocolName: version < JOIN_VERSION_NULL_PROTOCOL ? '' : null };
}
