import { type GroupContext, NEW_MEMBER_JOIN_TIMEOUT_MS } from './context.ts';
import type { Group } from './group.ts';
import type { JoinReply, Member, MemberFacts, MemberProtocol } from './member.ts';

const NO_BYTES = new Uint8Array(0);

/** A reply to a join that ends without membership. */
export function joinError(error: string, memberId = ''): JoinReply {
  return {
    error,
    generation: -1,
    protocolType: null,
    protocolName: null,
    leader: '',
    skipAssignment: false,
    memberId,
    members: [],
  };
}

/**
 * Starts a join phase: whoever waits for an assignment is told to join again, and so is everybody at the next heartbeat.
 * The first join phase of an empty group lasts at least the initial delay, so that members which start together are
 * assigned together.
 */
export function prepareRebalance(context: GroupContext, group: Group): void {
  if (group.is('CompletingRebalance')) answerSyncs(context, group, 'REBALANCE_IN_PROGRESS');
  stopSyncTimer(group);
  const wasEmpty = group.is('Empty');
  group.become('PreparingRebalance', context.clock.wallMs());
  if (wasEmpty) {
    const { initialRebalanceDelayMs } = context.config;
    group.joinedDuringDelay = false;
    waitInitially(context, group, initialRebalanceDelayMs, group.rebalanceTimeoutMs - initialRebalanceDelayMs);
  } else {
    waitForJoins(context, group);
  }
}

/** Starts a join phase if the group is in a state that can begin one. */
export function maybePrepareRebalance(context: GroupContext, group: Group): void {
  if (group.is('Stable', 'CompletingRebalance', 'Empty')) prepareRebalance(context, group);
}

/** Ends the join phase if everybody is there; the initial delay is waited out in any case. */
export function maybeCompleteJoin(context: GroupContext, group: Group): void {
  if (group.is('PreparingRebalance') && group.joinTimer !== undefined && !initialDelays.has(group) && group.allJoined) {
    completeJoin(context, group);
  }
}

/** Takes a member in whose reply comes when the join phase ends. */
export function parkJoin(context: GroupContext, group: Group, member: Member, reply: (reply: JoinReply) => void): void {
  // A second join of the same member: the client has given up on the first one, whose answer it will ignore.
  member.joinReply?.(joinError('REBALANCE_IN_PROGRESS', member.memberId));
  member.joinReply = reply;
  member.session?.cancel();
  member.session = undefined;
  if (member.isNew) {
    member.session = context.timers.set(NEW_MEMBER_JOIN_TIMEOUT_MS, () => removeMember(context, group, member));
  }
}

/** A member says something new of itself, and everybody has to join again. */
export function updateAndRebalance(
  context: GroupContext,
  group: Group,
  member: Member,
  facts: MemberFacts,
  protocols: readonly MemberProtocol[],
  reply: (reply: JoinReply) => void,
): void {
  updateMember(member, facts, protocols);
  parkJoin(context, group, member, reply);
  maybePrepareRebalance(context, group);
  maybeCompleteJoin(context, group);
}

export function updateMember(member: Member, facts: MemberFacts, protocols: readonly MemberProtocol[]): void {
  member.protocols = protocols;
  member.clientId = facts.clientId;
  member.clientHost = facts.clientHost;
  member.sessionTimeoutMs = facts.sessionTimeoutMs;
  member.rebalanceTimeoutMs = facts.rebalanceTimeoutMs;
}

/** The member was heard of: its session begins anew. */
export function touchSession(context: GroupContext, group: Group, member: Member): void {
  member.session?.cancel();
  member.session = context.timers.set(member.sessionTimeoutMs, () => {
    // Who waits for others, or for its assignment, is there: the coordinator owes the answer.
    if (member.joinReply !== undefined || member.syncReply !== undefined) touchSession(context, group, member);
    else removeMember(context, group, member);
  });
}

/** A member leaves or its session has ended. */
export function removeMember(context: GroupContext, group: Group, member: Member): void {
  dropMember(group, member);
  if (group.is('Stable', 'CompletingRebalance')) prepareRebalance(context, group);
  maybeCompleteJoin(context, group);
}

/** Answers every member that waits for its assignment, or all of them with an error. */
export function answerSyncs(context: GroupContext, group: Group, error: string): void {
  for (const member of group.members.values()) {
    const reply = member.syncReply;
    if (error !== 'NONE') member.assignment = NO_BYTES;
    if (reply === undefined) continue;
    member.syncReply = undefined;
    group.pendingSyncs.delete(member.memberId);
    reply({ ...group.syncReplyFor(member), error });
    touchSession(context, group, member);
  }
}

/** Gives everybody up: the group is deleted, or another broker coordinates it now. */
export function abandon(group: Group, error: string, nowMs: number): void {
  group.joinTimer?.cancel();
  group.joinTimer = undefined;
  stopSyncTimer(group);
  for (const timer of group.pendingJoins.values()) timer.cancel();
  group.pendingJoins.clear();
  for (const member of group.members.values()) {
    member.session?.cancel();
    member.joinReply?.(joinError(error, member.memberId));
    member.syncReply?.({ error, protocolType: null, protocolName: null, assignment: NO_BYTES });
    member.joinReply = undefined;
    member.syncReply = undefined;
  }
  group.become('Dead', nowMs);
}

/** Groups in their initial delay: that all are there does not end it. */
const initialDelays: WeakSet<Group> = new WeakSet();

function waitInitially(context: GroupContext, group: Group, delayMs: number, remainingMs: number): void {
  initialDelays.add(group);
  group.joinTimer = context.timers.set(Math.max(0, delayMs), () => {
    if (group.joinedDuringDelay && remainingMs > 0) {
      group.joinedDuringDelay = false;
      const next = Math.min(context.config.initialRebalanceDelayMs, remainingMs);
      waitInitially(context, group, next, remainingMs - next);
      return;
    }
    initialDelays.delete(group);
    completeJoin(context, group);
  });
}

function waitForJoins(context: GroupContext, group: Group): void {
  group.joinTimer?.cancel();
  group.joinTimer = context.timers.set(group.rebalanceTimeoutMs, () => completeJoin(context, group));
}

function completeJoin(context: GroupContext, group: Group): void {
  group.joinTimer?.cancel();
  group.joinTimer = undefined;
  initialDelays.delete(group);
  for (const member of [...group.members.values()]) {
    // Static members are expected back; only the end of their session removes them.
    if (member.joinReply === undefined && !member.isStatic) dropMember(group, member);
  }
  if (group.members.size > 0 && !group.electLeader()) {
    // Only static members are left and none has joined: there is nobody to assign.
    waitForJoins(context, group);
    return;
  }
  const now = context.clock.wallMs();
  group.nextGeneration(now);
  if (group.is('Empty')) {
    context.store(group, new Map(), () => {});
    return;
  }
  for (const member of group.members.values()) {
    const reply = member.joinReply;
    member.joinReply = undefined;
    member.isNew = false;
    group.pendingSyncs.add(member.memberId);
    touchSession(context, group, member);
    reply?.(group.joinReplyFor(member));
  }
  expectSyncs(context, group);
}

/** Who does not ask for its assignment within the rebalance timeout is out. */
function expectSyncs(context: GroupContext, group: Group): void {
  const { generation } = group;
  group.syncTimer?.cancel();
  group.syncTimer = context.timers.set(group.rebalanceTimeoutMs, () => {
    group.syncTimer = undefined;
    if (group.generation !== generation || !group.is('CompletingRebalance', 'Stable')) return;
    const missing = [...group.pendingSyncs];
    if (missing.length === 0) return;
    for (const memberId of missing) {
      const member = group.members.get(memberId);
      if (member !== undefined) dropMember(group, member);
    }
    prepareRebalance(context, group);
    maybeCompleteJoin(context, group);
  });
}

function stopSyncTimer(group: Group): void {
  group.syncTimer?.cancel();
  group.syncTimer = undefined;
  group.pendingSyncs.clear();
}

function dropMember(group: Group, member: Member): void {
  member.session?.cancel();
  member.session = undefined;
  const { joinReply, syncReply } = member;
  member.joinReply = undefined;
  member.syncReply = undefined;
  group.remove(member.memberId);
  joinReply?.(joinError('UNKNOWN_MEMBER_ID', member.memberId));
  syncReply?.({ error: 'UNKNOWN_MEMBER_ID', protocolType: null, protocolName: null, assignment: NO_BYTES });
}
