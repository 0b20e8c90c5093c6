import type { GroupContext } from './context.ts';
import type { Group } from './group.ts';
import { type JoinReply, Member, type MemberFacts, type MemberProtocol } from './member.ts';
import {
  joinError,
  maybeCompleteJoin,
  maybePrepareRebalance,
  parkJoin,
  touchSession,
  updateAndRebalance,
  updateMember,
} from './rebalance.ts';

/** A JoinGroup request, whatever its version. */
export interface JoinRequest extends MemberFacts {
  /** Empty for a first join. */
  readonly memberId: string;
  readonly protocolType: string;
  readonly protocols: readonly MemberProtocol[];
  /** Version 4 and later: a dynamic member first gets an id and then joins with it (KIP-394). */
  readonly needsKnownMemberId: boolean;
  /** Version 9 and later: the reply can say that the present assignment still holds (KIP-814). */
  readonly understandsSkipAssignment: boolean;
}

/**
 * A member joins, for the first time or again.
 *
 * @param reply is called once, at once or when the join phase ends
 */
export function join(
  context: GroupContext,
  group: Group,
  request: JoinRequest,
  reply: (reply: JoinReply) => void,
): void {
  if (group.is('Dead')) return reply(joinError('COORDINATOR_NOT_AVAILABLE', request.memberId));
  if (!accepts(context, group, request)) return reply(joinError('GROUP_MAX_SIZE_REACHED', request.memberId));
  if (!group.supports(request.protocolType, request.protocols)) {
    return reply(joinError('INCONSISTENT_GROUP_PROTOCOL', request.memberId));
  }
  if (request.memberId !== '') joinKnown(context, group, request, reply);
  else if (request.groupInstanceId !== null) joinStatic(context, group, request, request.groupInstanceId, reply);
  else joinDynamic(context, group, request, reply);
}

/** Is there room for this member in the group of `group.max.size`? */
function accepts(context: GroupContext, group: Group, request: JoinRequest): boolean {
  const { sizeMax } = context.config;
  const known = group.members.get(request.memberId);
  switch (group.state) {
    case 'Empty':
    case 'Dead':
      return true;
    case 'PreparingRebalance': {
      // Members of the last generation may be more than fit now; first come, first served.
      const waiting = [...group.members.values()].filter((member) => member.joinReply !== undefined).length;
      return known?.joinReply !== undefined || waiting < sizeMax;
    }
    case 'CompletingRebalance':
    case 'Stable':
      return known !== undefined || group.members.size < sizeMax;
  }
}

function joinDynamic(
  context: GroupContext,
  group: Group,
  request: JoinRequest,
  reply: (reply: JoinReply) => void,
): void {
  const memberId = `${request.clientId}-${context.uuid()}`;
  if (!request.needsKnownMemberId) {
    addAndRebalance(context, group, { ...request, memberId }, reply);
    return;
  }
  const timer = context.timers.set(request.sessionTimeoutMs, () => {
    group.pendingJoins.delete(memberId);
    maybeCompleteJoin(context, group);
  });
  group.pendingJoins.set(memberId, timer);
  reply(joinError('MEMBER_ID_REQUIRED', memberId));
}

function joinStatic(
  context: GroupContext,
  group: Group,
  request: JoinRequest,
  instanceId: string,
  reply: (reply: JoinReply) => void,
): void {
  const memberId = `${instanceId}-${context.uuid()}`;
  const oldId = group.staticMemberId(instanceId);
  if (oldId === undefined) addAndRebalance(context, group, { ...request, memberId }, reply);
  else replaceStatic(context, group, oldId, { ...request, memberId }, reply);
}

/** A static member restarted: it takes over what its predecessor had, without a rebalance if it wants the same. */
function replaceStatic(
  context: GroupContext,
  group: Group,
  oldId: string,
  request: JoinRequest,
  reply: (reply: JoinReply) => void,
): void {
  const old = group.members.get(oldId);
  const { joinReply, syncReply } = old ?? {};
  const oldLeader = group.leader;
  const member = group.replaceStatic(oldId, request.memberId);
  member.joinReply = undefined;
  member.syncReply = undefined;
  joinReply?.(joinError('FENCED_INSTANCE_ID', oldId));
  syncReply?.({ ...group.syncReplyFor(member), error: 'FENCED_INSTANCE_ID', assignment: new Uint8Array(0) });
  const before = member.protocols;
  const protocolBefore = group.protocolName;

  switch (group.state) {
    case 'Stable': {
      updateMember(member, request, request.protocols);
      const sameChoice = group.selectProtocol() === protocolBefore;
      const sameWishes = new Member(request, before).matches(request.protocols);
      if (!sameChoice || !sameWishes) {
        parkJoin(context, group, member, reply);
        maybePrepareRebalance(context, group);
        maybeCompleteJoin(context, group);
        return;
      }
      touchSession(context, group, member);
      const assignments = new Map([...group.members.values()].map((it) => [it.memberId, it.assignment]));
      context.store(group, assignments, (error) => {
        if (error !== 'NONE') return reply(joinError(error, member.memberId));
        if (request.understandsSkipAssignment)
          return reply(group.joinReplyFor(member, 'NONE', group.leader === member.memberId));
        // An older client that is told it leads would assign: it hears of its predecessor as the leader instead.
        reply({ ...group.joinReplyFor(member), leader: oldLeader ?? '', members: [] });
      });
      return;
    }
    case 'CompletingRebalance':
      updateMember(member, request, request.protocols);
      parkJoin(context, group, member, reply);
      maybePrepareRebalance(context, group);
      maybeCompleteJoin(context, group);
      return;
    case 'PreparingRebalance':
    case 'Empty':
    case 'Dead':
      updateAndRebalance(context, group, member, request, request.protocols, reply);
  }
}

function joinKnown(context: GroupContext, group: Group, request: JoinRequest, reply: (reply: JoinReply) => void): void {
  const { memberId, groupInstanceId } = request;
  const pending = group.pendingJoins.get(memberId);
  if (pending !== undefined) {
    if (groupInstanceId !== null) return reply(joinError('UNKNOWN_MEMBER_ID', memberId));
    pending.cancel();
    group.pendingJoins.delete(memberId);
    addAndRebalance(context, group, request, reply);
    return;
  }
  const holder = groupInstanceId === null ? memberId : group.staticMemberId(groupInstanceId);
  if (holder !== undefined && holder !== memberId) return reply(joinError('FENCED_INSTANCE_ID', memberId));
  const member = group.members.get(memberId);
  if (holder === undefined || member === undefined) return reply(joinError('UNKNOWN_MEMBER_ID', memberId));

  switch (group.state) {
    case 'PreparingRebalance':
      updateAndRebalance(context, group, member, request, request.protocols, reply);
      return;
    case 'CompletingRebalance':
      // The reply to its first join was lost: it is told the same once more.
      if (member.matches(request.protocols)) reply(group.joinReplyFor(member));
      else updateAndRebalance(context, group, member, request, request.protocols, reply);
      return;
    case 'Stable':
      if (group.leader === memberId || !member.matches(request.protocols)) {
        updateAndRebalance(context, group, member, request, request.protocols, reply);
      } else reply(group.joinReplyFor(member));
      return;
    case 'Empty':
    case 'Dead':
      reply(joinError('UNKNOWN_MEMBER_ID', memberId));
  }
}

function addAndRebalance(
  context: GroupContext,
  group: Group,
  request: JoinRequest,
  reply: (reply: JoinReply) => void,
): void {
  const member = new Member(request, request.protocols);
  member.isNew = true;
  group.add(member, request.protocolType);
  if (group.is('PreparingRebalance') && group.generation === 0) group.joinedDuringDelay = true;
  parkJoin(context, group, member, reply);
  maybePrepareRebalance(context, group);
  maybeCompleteJoin(context, group);
}
