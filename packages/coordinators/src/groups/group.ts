import type { Timer } from '@biquorum/platform';
import { assert } from '@biquorum/std';
import type { JoinedMember, JoinReply, Member, MemberProtocol, SyncReply } from './member.ts';
import { GroupOffsets } from './offsets.ts';

/** Where a classic group stands. The names are those that DescribeGroups tells. */
export type GroupState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable' | 'Dead';

/**
 * The only moves there are. Source: Java `GroupMetadata`.
 *
 * | from | to | because |
 * | --- | --- | --- |
 * | Empty | PreparingRebalance | somebody joins |
 * | PreparingRebalance | CompletingRebalance | all have joined, or time is up |
 * | PreparingRebalance | Empty | nobody remains |
 * | CompletingRebalance | Stable | the leader's assignment is stored |
 * | CompletingRebalance, Stable | PreparingRebalance | a join, a leave, an expiry, a changed subscription |
 * | any | Dead | the group is deleted or its partition is led elsewhere |
 */
const VALID_PREVIOUS: Readonly<Record<GroupState, readonly GroupState[]>> = {
  Empty: ['PreparingRebalance', 'Empty'],
  PreparingRebalance: ['Stable', 'CompletingRebalance', 'Empty'],
  CompletingRebalance: ['PreparingRebalance'],
  Stable: ['CompletingRebalance'],
  Dead: ['Empty', 'PreparingRebalance', 'CompletingRebalance', 'Stable', 'Dead'],
};

/** A classic consumer group: who belongs to it, in which generation, and the offsets it has committed. No I/O. */
export class Group {
  readonly id: string;
  readonly offsets: GroupOffsets = new GroupOffsets();
  readonly members: Map<string, Member> = new Map();
  /** Member ids handed out with MEMBER_ID_REQUIRED and not yet used, with the timer that takes each back. */
  readonly pendingJoins: Map<string, Timer> = new Map();
  /** Commits on their way to the log, each with what it commits. */
  readonly commits: Set<readonly { readonly topic: string; readonly partition: number }[]> = new Set();
  /** Members that were told of this generation and have not asked for their assignment. */
  readonly pendingSyncs: Set<string> = new Set();
  generation = 0;
  protocolType: string | null = null;
  protocolName: string | null = null;
  leader: string | null = null;
  /** When the group entered its state, on the wall clock. */
  stateSinceMs: number;
  /** Ends the join phase. */
  joinTimer: Timer | undefined;
  /** Ends the wait for members' SyncGroup. */
  syncTimer: Timer | undefined;
  /** During the initial delay: somebody joined since it was last prolonged. */
  joinedDuringDelay = false;
  readonly #staticMembers: Map<string, string> = new Map();
  #state: GroupState;

  constructor(id: string, state: 'Empty' | 'Stable', nowMs: number) {
    this.id = id;
    this.#state = state;
    this.stateSinceMs = nowMs;
  }

  get state(): GroupState {
    return this.#state;
  }

  is(...states: readonly GroupState[]): boolean {
    return states.includes(this.#state);
  }

  become(state: GroupState, nowMs: number): void {
    assert(
      VALID_PREVIOUS[state].includes(this.#state),
      () => `group ${this.id} cannot go from ${this.#state} to ${state}`,
    );
    this.#state = state;
    this.stateSinceMs = nowMs;
  }

  /** The member that holds this instance id now. */
  staticMemberId(groupInstanceId: string): string | undefined {
    return this.#staticMembers.get(groupInstanceId);
  }

  /** Takes a member in; the first one leads until an election says otherwise. */
  add(member: Member, protocolType: string): void {
    if (this.members.size === 0) this.protocolType = protocolType;
    this.members.set(member.memberId, member);
    if (member.groupInstanceId !== null) this.#staticMembers.set(member.groupInstanceId, member.memberId);
    this.leader ??= member.memberId;
  }

  remove(memberId: string): void {
    const member = this.members.get(memberId);
    if (member === undefined) return;
    this.members.delete(memberId);
    this.pendingSyncs.delete(memberId);
    if (member.groupInstanceId !== null && this.#staticMembers.get(member.groupInstanceId) === memberId) {
      this.#staticMembers.delete(member.groupInstanceId);
    }
    if (this.leader === memberId) this.leader = this.members.keys().next().value ?? null;
  }

  /** A static member came back under a new id: it takes the place of the old one, assignment included. */
  replaceStatic(oldId: string, newId: string): Member {
    const member = this.members.get(oldId);
    assert(member?.groupInstanceId != null, () => `${oldId} of group ${this.id} is no static member`);
    this.members.delete(oldId);
    member.memberId = newId;
    this.members.set(newId, member);
    this.#staticMembers.set(member.groupInstanceId, newId);
    if (this.leader === oldId) this.leader = newId;
    return member;
  }

  /** Is an offset of this partition on its way to the log? */
  isCommitting(topic: string, partition: number): boolean {
    for (const rows of this.commits) {
      if (rows.some((row) => row.topic === topic && row.partition === partition)) return true;
    }
    return false;
  }

  /** Has it neither members nor offsets, nor any on their way? */
  get isVacant(): boolean {
    return this.is('Empty') && this.offsets.size === 0 && this.commits.size === 0;
  }

  /** Can a member with these protocols belong to the group as it is? */
  supports(protocolType: string, protocols: readonly MemberProtocol[]): boolean {
    if (protocolType === '' || protocols.length === 0) return false;
    if (this.members.size === 0) return true;
    const candidates = this.#candidates();
    return this.protocolType === protocolType && protocols.some((protocol) => candidates.has(protocol.name));
  }

  /** The protocol that gets most members' first vote among those all can follow. */
  selectProtocol(): string {
    const candidates = this.#candidates();
    const votes = new Map<string, number>();
    for (const member of this.members.values()) {
      const vote = member.vote(candidates);
      assert(vote !== undefined, () => `member ${member.memberId} of group ${this.id} supports no common protocol`);
      votes.set(vote, (votes.get(vote) ?? 0) + 1);
    }
    let winner: string | undefined;
    for (const [name, count] of votes) if (winner === undefined || count > (votes.get(winner) as number)) winner = name;
    assert(winner !== undefined, () => `group ${this.id} has no members to choose a protocol`);
    return winner;
  }

  /** The longest that any member wants to be waited for. */
  get rebalanceTimeoutMs(): number {
    return Math.max(0, ...[...this.members.values()].map((member) => member.rebalanceTimeoutMs));
  }

  get allJoined(): boolean {
    if (this.pendingJoins.size > 0) return false;
    for (const member of this.members.values()) if (member.joinReply === undefined) return false;
    return true;
  }

  /** Lets a member lead that has joined this round, preferably the old leader. False when nobody has. */
  electLeader(): boolean {
    const present = this.leader === null ? undefined : this.members.get(this.leader);
    if (present?.joinReply !== undefined) return true;
    for (const member of this.members.values()) {
      if (member.joinReply === undefined) continue;
      this.leader = member.memberId;
      return true;
    }
    return false;
  }

  nextGeneration(nowMs: number): void {
    this.generation += 1;
    this.pendingSyncs.clear();
    if (this.members.size > 0) {
      this.protocolName = this.selectProtocol();
      this.become('CompletingRebalance', nowMs);
    } else {
      this.protocolName = null;
      this.leader = null;
      this.become('Empty', nowMs);
    }
  }

  joinReplyFor(member: Member, error = 'NONE', skipAssignment = false): JoinReply {
    const leads = this.leader === member.memberId;
    return {
      error,
      generation: this.generation,
      protocolType: this.protocolType,
      protocolName: this.protocolName,
      leader: this.leader ?? '',
      skipAssignment,
      memberId: member.memberId,
      members: leads ? this.joinedMembers() : [],
    };
  }

  syncReplyFor(member: Member): SyncReply {
    const { protocolType, protocolName } = this;
    return { error: 'NONE', protocolType, protocolName, assignment: member.assignment };
  }

  joinedMembers(): JoinedMember[] {
    const { protocolName } = this;
    assert(protocolName !== null, () => `group ${this.id} has no protocol yet`);
    return [...this.members.values()].map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      metadata: member.metadataFor(protocolName),
    }));
  }

  #candidates(): Set<string> {
    const counts = new Map<string, number>();
    for (const member of this.members.values()) {
      for (const { name } of member.protocols) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    return new Set([...counts].filter(([, count]) => count === this.members.size).map(([name]) => name));
  }
}
