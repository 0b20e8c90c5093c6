import type { GroupContext } from './context.ts';
import type { Group } from './group.ts';
import type { Member, SyncReply } from './member.ts';
import { answerSyncs, maybeCompleteJoin, prepareRebalance, removeMember, touchSession } from './rebalance.ts';

/** Who a member says it is, in a request after its join. */
export interface MemberClaim {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly generation: number;
}

/** A SyncGroup request, whatever its version. */
export interface SyncRequest extends MemberClaim {
  /** Null before version 5, which does not say. */
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  /** From the leader: what each member gets. */
  readonly assignments: ReadonlyMap<string, Uint8Array>;
}

const NO_BYTES = new Uint8Array(0);

/** The answer to a SyncGroup that fails: the error, and no assignment. */
export function syncError(error: string): SyncReply {
  return { error, protocolType: null, protocolName: null, assignment: NO_BYTES };
}

/**
 * Is this a member as it claims? A static member's instance id decides before its member id: who holds an older member
 * id of the instance is fenced for good.
 *
 * @returns the member, or the error to answer
 */
export function identify(group: Group, claim: Omit<MemberClaim, 'generation'>): Member | string {
  if (claim.groupInstanceId !== null) {
    const holder = group.staticMemberId(claim.groupInstanceId);
    if (holder === undefined) return 'UNKNOWN_MEMBER_ID';
    if (holder !== claim.memberId) return 'FENCED_INSTANCE_ID';
  }
  return group.members.get(claim.memberId) ?? 'UNKNOWN_MEMBER_ID';
}

/**
 * A member asks for its assignment; the leader brings all of them.
 *
 * @param reply is called once, at once or when the leader's assignment is stored
 */
export function sync(
  context: GroupContext,
  group: Group,
  request: SyncRequest,
  reply: (reply: SyncReply) => void,
): void {
  if (group.is('Dead')) return reply(syncError('COORDINATOR_NOT_AVAILABLE'));
  const member = identify(group, request);
  if (typeof member === 'string') return reply(syncError(member));
  if (request.generation !== group.generation) return reply(syncError('ILLEGAL_GENERATION'));
  const otherType = request.protocolType !== null && request.protocolType !== group.protocolType;
  const otherName = request.protocolName !== null && request.protocolName !== group.protocolName;
  if (otherType || otherName) return reply(syncError('INCONSISTENT_GROUP_PROTOCOL'));

  switch (group.state) {
    case 'Empty':
    case 'Dead':
      return reply(syncError('UNKNOWN_MEMBER_ID'));
    case 'PreparingRebalance':
      return reply(syncError('REBALANCE_IN_PROGRESS'));
    case 'Stable':
      group.pendingSyncs.delete(member.memberId);
      touchSession(context, group, member);
      return reply(group.syncReplyFor(member));
    case 'CompletingRebalance':
      member.syncReply?.(syncError('REBALANCE_IN_PROGRESS'));
      member.syncReply = reply;
      group.pendingSyncs.delete(member.memberId);
      if (member.memberId === group.leader) storeAssignments(context, group, request.assignments);
  }
}

/** A heartbeat. Returns the error to answer. */
export function heartbeat(context: GroupContext, group: Group, claim: MemberClaim): string {
  if (group.is('Dead')) return 'COORDINATOR_NOT_AVAILABLE';
  const member = identify(group, claim);
  if (typeof member === 'string') return member;
  if (claim.generation !== group.generation) return 'ILLEGAL_GENERATION';
  switch (group.state) {
    case 'Empty':
    case 'Dead':
      return 'UNKNOWN_MEMBER_ID';
    case 'PreparingRebalance':
      touchSession(context, group, member);
      return 'REBALANCE_IN_PROGRESS';
    case 'CompletingRebalance':
    case 'Stable':
      touchSession(context, group, member);
      return 'NONE';
  }
}

/** One member leaves, by its member id or, when that is empty, by its instance id. Returns the error to answer. */
export function leave(context: GroupContext, group: Group, memberId: string, groupInstanceId: string | null): string {
  if (group.is('Dead')) return 'COORDINATOR_NOT_AVAILABLE';
  const pending = group.pendingJoins.get(memberId);
  if (pending !== undefined) {
    if (groupInstanceId !== null) return 'UNKNOWN_MEMBER_ID';
    pending.cancel();
    group.pendingJoins.delete(memberId);
    maybeCompleteJoin(context, group);
    return 'NONE';
  }
  const claimed =
    memberId === '' && groupInstanceId !== null ? (group.staticMemberId(groupInstanceId) ?? '') : memberId;
  const member = identify(group, { memberId: claimed, groupInstanceId });
  if (typeof member === 'string') return member;
  removeMember(context, group, member);
  return 'NONE';
}

/** The leader has assigned: once that is stored, everybody is told. */
function storeAssignments(context: GroupContext, group: Group, assignments: ReadonlyMap<string, Uint8Array>): void {
  const { generation } = group;
  // Members that the leader left out get nothing; those it invented are ignored.
  const complete = new Map([...group.members.keys()].map((id) => [id, assignments.get(id) ?? NO_BYTES]));
  context.store(group, complete, (error) => {
    // Another round may have begun while the assignment was written: it is nobody's any more.
    if (!group.is('CompletingRebalance') || group.generation !== generation) return;
    if (error !== 'NONE') {
      answerSyncs(context, group, error);
      prepareRebalance(context, group);
      maybeCompleteJoin(context, group);
      return;
    }
    for (const member of group.members.values()) member.assignment = complete.get(member.memberId) ?? NO_BYTES;
    group.become('Stable', context.clock.wallMs());
    answerSyncs(context, group, 'NONE');
  });
}
