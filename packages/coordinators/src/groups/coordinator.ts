import type { Clock, Timers } from '@biquorum/platform';
import { assert } from '@biquorum/std';
import type { GroupConfig, GroupContext } from './context.ts';
import { type CommittedPartition, expiredOffsets, subscribedTopics } from './expiry.ts';
import { Group, type GroupState } from './group.ts';
import { type JoinRequest, join } from './join.ts';
import { type JoinReply, Member, type SyncReply } from './member.ts';
import { heartbeat, identify, leave, type MemberClaim, type SyncRequest, sync, syncError } from './membership.ts';
import type { CommittedOffset } from './offsets.ts';
import { abandon, joinError, touchSession } from './rebalance.ts';
import type { GroupRecord, StoredGroup } from './records.ts';

/** What a coordinator is given from outside. */
export interface GroupCoordinatorPorts {
  readonly clock: Clock;
  readonly timers: Timers;
  uuid(): string;
  /**
   * Writes records to this coordinator's partition, replicated as `acks=all`.
   *
   * @param done is told `NONE` once they are committed, or the error to show to clients
   */
  append(records: readonly GroupRecord[], done: (error: string) => void): void;
}

/** One offset to commit. */
export interface OffsetToCommit {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly leaderEpoch: number;
  readonly metadata: string;
}

/** How one group looks to an administrator. */
export interface GroupDescription {
  readonly error: string;
  readonly state: GroupState;
  readonly protocolType: string;
  readonly protocolName: string;
  readonly members: readonly {
    readonly memberId: string;
    readonly groupInstanceId: string | null;
    readonly clientId: string;
    readonly clientHost: string;
    readonly metadata: Uint8Array;
    readonly assignment: Uint8Array;
  }[];
}

/** One line of a list of groups. */
export interface GroupListing {
  readonly groupId: string;
  readonly protocolType: string;
  readonly state: GroupState;
}

/**
 * The coordinator of all classic groups that fall on one partition of `__consumer_offsets`.
 *
 * Membership lives in memory and is made anew by the members themselves; what must survive (offsets, and each
 * generation's assignment) is a record, told to nobody before it is committed, and replayed by whoever leads the
 * partition next. Source: Java `kafka.coordinator.group.GroupCoordinator`, KIP-345, KIP-394, KIP-814.
 */
export class GroupCoordinator {
  readonly #ports: GroupCoordinatorPorts;
  readonly #config: GroupConfig;
  readonly #context: GroupContext;
  readonly #groups: Map<string, Group> = new Map();
  #loaded = false;
  #resigned = false;

  constructor(ports: GroupCoordinatorPorts, config: GroupConfig) {
    this.#ports = ports;
    this.#config = config;
    this.#context = {
      config,
      clock: ports.clock,
      timers: ports.timers,
      uuid: () => ports.uuid(),
      store: (group, assignments, done) => this.#ports.append([groupRecord(group, assignments)], done),
    };
  }

  /** Applies one stored record. Called for each of the partition's records in order, before {@link loaded}. */
  replay(record: GroupRecord): void {
    const { group: id, value } = record;
    switch (record.kind) {
      case 'offset': {
        const group = this.#groupOrNew(id);
        if (record.value === null) group.offsets.delete(record.topic, record.partition);
        else group.offsets.set(record.topic, record.partition, record.value);
        if (group.offsets.size === 0 && group.members.size === 0 && group.protocolType === null)
          this.#groups.delete(id);
        return;
      }
      case 'group': {
        const before = this.#groups.get(id);
        if (value === null) {
          if (before === undefined) return;
          if (before.offsets.size === 0) this.#groups.delete(id);
          else this.#groups.set(id, this.#restored(id, EMPTY_GROUP, before));
          return;
        }
        this.#groups.set(id, this.#restored(id, record.value as StoredGroup, before));
      }
    }
  }

  /** The whole partition has been replayed: members get the time of a session to show themselves. */
  loaded(): void {
    this.#loaded = true;
    for (const group of this.#groups.values()) {
      for (const member of group.members.values()) touchSession(this.#context, group, member);
    }
  }

  /** The partition is led elsewhere: everybody is sent there. */
  resign(): void {
    this.#resigned = true;
    const now = this.#ports.clock.wallMs();
    for (const group of this.#groups.values()) abandon(group, 'NOT_COORDINATOR', now);
    this.#groups.clear();
  }

  join(groupId: string, request: JoinRequest, reply: (reply: JoinReply) => void): void {
    const error = this.#unavailable(groupId);
    if (error !== null) return reply(joinError(error, request.memberId));
    const { sessionTimeoutMsMin, sessionTimeoutMsMax } = this.#config;
    if (request.sessionTimeoutMs < sessionTimeoutMsMin || request.sessionTimeoutMs > sessionTimeoutMsMax) {
      return reply(joinError('INVALID_SESSION_TIMEOUT', request.memberId));
    }
    const known = this.#groups.get(groupId);
    if (known === undefined && request.memberId !== '') return reply(joinError('UNKNOWN_MEMBER_ID', request.memberId));
    join(this.#context, known ?? this.#groupOrNew(groupId), request, reply);
  }

  sync(groupId: string, request: SyncRequest, reply: (reply: SyncReply) => void): void {
    const error = this.#unavailable(groupId);
    // A member in the middle of a move of its coordinator starts over rather than failing.
    if (error !== null)
      return reply(syncError(error === 'COORDINATOR_LOAD_IN_PROGRESS' ? 'REBALANCE_IN_PROGRESS' : error));
    const group = this.#groups.get(groupId);
    if (group === undefined) return reply(syncError('UNKNOWN_MEMBER_ID'));
    sync(this.#context, group, request, reply);
  }

  heartbeat(groupId: string, claim: MemberClaim): string {
    const error = this.#unavailable(groupId);
    // While loading nobody's session runs, so nobody has to be alarmed.
    if (error !== null) return error === 'COORDINATOR_LOAD_IN_PROGRESS' ? 'NONE' : error;
    const group = this.#groups.get(groupId);
    return group === undefined ? 'UNKNOWN_MEMBER_ID' : heartbeat(this.#context, group, claim);
  }

  leave(groupId: string, memberId: string, groupInstanceId: string | null): string {
    const error = this.#unavailable(groupId);
    if (error !== null) return error;
    const group = this.#groups.get(groupId);
    return group === undefined ? 'UNKNOWN_MEMBER_ID' : leave(this.#context, group, memberId, groupInstanceId);
  }

  /**
   * Commits offsets: from a member, or (generation −1, no member id) from a client that only stores offsets here.
   *
   * @param expireTimestampMs set by clients that give a retention time, else null
   * @param reply is told the error of the whole, and by index of those offsets that have one of their own
   */
  commit(
    groupId: string,
    claim: MemberClaim,
    offsets: readonly OffsetToCommit[],
    expireTimestampMs: number | null,
    reply: (errors: (index: number) => string) => void,
  ): void {
    const fail = (error: string): void => reply(() => error);
    const unavailable = this.#unready();
    if (unavailable !== null) return fail(unavailable);
    const known = this.#groups.get(groupId);
    if (known === undefined && claim.generation >= 0) return fail('ILLEGAL_GENERATION');
    const group = known ?? this.#groupOrNew(groupId);
    const refusal = this.#refusesCommit(group, claim);
    if (refusal !== null) {
      this.#forgetIfUnused(group);
      return fail(refusal);
    }
    const { offsetMetadataBytesMax } = this.#config;
    const tooLarge = (offset: OffsetToCommit): boolean => offset.metadata.length > offsetMetadataBytesMax;
    const accepted = offsets.filter((offset) => !tooLarge(offset));
    const errors = (rest: string) => (index: number) =>
      tooLarge(offsets[index] as OffsetToCommit) ? 'OFFSET_METADATA_TOO_LARGE' : rest;
    if (accepted.length === 0) return reply(errors('NONE'));
    const commitTimestampMs = this.#ports.clock.wallMs();
    const records = accepted.map(
      ({ topic, partition, offset, leaderEpoch, metadata }): GroupRecord & { kind: 'offset' } => {
        const value: CommittedOffset = { offset, leaderEpoch, metadata, commitTimestampMs, expireTimestampMs };
        return { kind: 'offset', group: groupId, topic, partition, value };
      },
    );
    group.commits.add(records);
    this.#ports.append(records, (error) => {
      group.commits.delete(records);
      if (error === 'NONE' && !this.#resigned) {
        for (const { topic, partition, value } of records)
          group.offsets.set(topic, partition, value as CommittedOffset);
      } else if (error !== 'NONE') this.#forgetIfUnused(group);
      reply(errors(error));
    });
  }

  /** What a group has committed: for these partitions, or for all. An unknown group has committed nothing. */
  fetchOffsets(groupId: string):
    | { readonly error: string }
    | {
        readonly error: 'NONE';
        readonly offsets: Iterable<readonly [string, number, CommittedOffset]>;
        get(topic: string, partition: number): CommittedOffset | undefined;
      } {
    const error = this.#unready();
    if (error !== null) return { error };
    const group = this.#groups.get(groupId);
    const offsets = group === undefined || group.is('Dead') ? undefined : group.offsets;
    return { error: 'NONE', offsets: offsets ?? [], get: (topic, partition) => offsets?.get(topic, partition) };
  }

  describe(groupId: string): GroupDescription {
    const nothing = { state: 'Dead' as const, protocolType: '', protocolName: '', members: [] };
    const error = this.#unready();
    if (error !== null) return { ...nothing, error };
    const group = this.#groups.get(groupId);
    if (group === undefined) return { ...nothing, error: 'NONE' };
    const settled = group.is('Stable');
    return {
      error: 'NONE',
      state: group.state,
      protocolType: group.protocolType ?? '',
      protocolName: settled ? (group.protocolName ?? '') : '',
      members: [...group.members.values()].map((member) => ({
        memberId: member.memberId,
        groupInstanceId: member.groupInstanceId,
        clientId: member.clientId,
        clientHost: member.clientHost,
        metadata: settled ? member.metadataFor(group.protocolName ?? '') : NO_BYTES,
        assignment: settled ? member.assignment : NO_BYTES,
      })),
    };
  }

  /** Null while the groups are not known yet. */
  list(): readonly GroupListing[] | null {
    if (!this.#loaded) return null;
    return [...this.#groups.values()].map((group) => ({
      groupId: group.id,
      protocolType: group.protocolType ?? '',
      state: group.state,
    }));
  }

  /**
   * Deletes an empty group with its offsets. What comes between the request and its commit is another group's under the
   * same name: who joins meanwhile goes on, and an offset committed meanwhile stays.
   */
  delete(groupId: string, reply: (error: string) => void): void {
    const error = this.#unready();
    if (error !== null) return reply(error);
    const group = this.#groups.get(groupId);
    if (group === undefined || group.is('Dead')) return reply('GROUP_ID_NOT_FOUND');
    if (!group.is('Empty')) return reply('NON_EMPTY_GROUP');
    const offsets = [...group.offsets];
    const records: GroupRecord[] = offsets.map(([topic, partition]) => tombstone(groupId, topic, partition));
    if (group.generation > 0) records.push({ kind: 'group', group: groupId, value: null });
    const remove = (): void => {
      if (this.#groups.get(groupId) !== group) return;
      for (const [topic, partition] of offsets) group.offsets.delete(topic, partition);
      if (!group.isVacant) return;
      abandon(group, 'GROUP_ID_NOT_FOUND', this.#ports.clock.wallMs());
      this.#groups.delete(groupId);
    };
    if (records.length === 0) {
      remove();
      return reply('NONE');
    }
    this.#ports.append(records, (failure) => {
      if (failure === 'NONE') remove();
      reply(failure);
    });
  }

  /**
   * Deletes committed offsets of topics that nobody in the group consumes, and an empty group with the last of them.
   *
   * @param reply is told the error of the whole, and by index the errors of single partitions
   */
  deleteOffsets(
    groupId: string,
    partitions: readonly { readonly topic: string; readonly partition: number }[],
    reply: (error: string, errors: (index: number) => string) => void,
  ): void {
    const none = (): string => 'NONE';
    const error = this.#unavailable(groupId);
    if (error !== null) return reply(error, none);
    const group = this.#groups.get(groupId);
    if (group === undefined || group.is('Dead')) return reply('GROUP_ID_NOT_FOUND', none);
    const consumer = group.protocolType === 'consumer';
    if (!group.is('Empty') && !consumer) return reply('NON_EMPTY_GROUP', none);
    const inUse = group.is('Empty') ? NO_TOPICS : subscribedTopics(group);
    const isInUse = (topic: string): boolean => inUse === 'unknown' || inUse.has(topic);
    const asked = new Set(
      partitions.filter(({ topic }) => !isInUse(topic)).map(({ topic, partition }) => `${partition} ${topic}`),
    );
    const gone = committedOf(group, (topic, partition) => asked.has(`${partition} ${topic}`));
    const errors = (index: number): string =>
      isInUse((partitions[index] as { topic: string }).topic) ? 'GROUP_SUBSCRIBED_TO_TOPIC' : 'NONE';
    this.#drop(group, gone, (failure) => reply(failure, errors));
  }

  /** Drops offsets past their retention, and groups that have none left. Called every `offsets.retention.check.interval.ms`. */
  expire(): void {
    if (!this.#loaded || this.#resigned) return;
    const now = this.#ports.clock.wallMs();
    for (const group of [...this.#groups.values()]) {
      const expired = expiredOffsets(group, now, this.#config.offsetsRetentionMs).filter(
        // A commit under way makes it young again, and must not come to lie before the tombstone.
        ({ topic, partition }) => !group.isCommitting(topic, partition),
      );
      this.#drop(group, expired, () => {});
    }
  }

  /** A topic is gone: nobody will need its offsets. */
  topicDeleted(topic: string): void {
    for (const group of [...this.#groups.values()]) {
      const gone = committedOf(group, (name) => name === topic);
      if (gone.length > 0) this.#drop(group, gone, () => {});
    }
  }

  /** Drops offsets, and the group with them if it is empty and they were its last. */
  #drop(group: Group, offsets: readonly CommittedPartition[], done: (error: string) => void): void {
    const unused =
      group.is('Empty') &&
      group.offsets.size === offsets.length &&
      group.pendingJoins.size === 0 &&
      group.commits.size === 0;
    const records: GroupRecord[] = offsets.map(({ topic, partition }) => tombstone(group.id, topic, partition));
    if (unused && group.generation > 0) records.push({ kind: 'group', group: group.id, value: null });
    const drop = (): void => {
      for (const { topic, partition } of offsets) group.offsets.delete(topic, partition);
      if (unused && group.isVacant && this.#groups.get(group.id) === group) this.#groups.delete(group.id);
    };
    if (records.length === 0) {
      drop();
      return done('NONE');
    }
    this.#ports.append(records, (error) => {
      if (error === 'NONE') drop();
      done(error);
    });
  }

  /** Why nothing can be asked of a group of members, which must have a name. */
  #unavailable(groupId: string): string | null {
    return this.#unready() ?? (groupId === '' ? 'INVALID_GROUP_ID' : null);
  }

  /** Why nothing can be asked at all. Offsets may be stored under the empty name, as early clients did. */
  #unready(): string | null {
    if (this.#resigned) return 'NOT_COORDINATOR';
    return this.#loaded ? null : 'COORDINATOR_LOAD_IN_PROGRESS';
  }

  #refusesCommit(group: Group, claim: MemberClaim): string | null {
    if (group.is('Dead')) return 'COORDINATOR_NOT_AVAILABLE';
    if (claim.generation < 0 && claim.memberId === '' && claim.groupInstanceId === null) {
      // Who is no member may store offsets only where no members do.
      return group.is('Empty') ? null : 'UNKNOWN_MEMBER_ID';
    }
    const member = identify(group, claim);
    if (typeof member === 'string') return member;
    if (claim.generation !== group.generation) return 'ILLEGAL_GENERATION';
    if (group.is('CompletingRebalance')) return 'REBALANCE_IN_PROGRESS';
    touchSession(this.#context, group, member);
    return null;
  }

  #groupOrNew(id: string): Group {
    const known = this.#groups.get(id);
    if (known !== undefined) return known;
    const group = new Group(id, 'Empty', this.#ports.clock.wallMs());
    this.#groups.set(id, group);
    return group;
  }

  /** A group that a refused or failed first request made. */
  #forgetIfUnused(group: Group): void {
    if (group.isVacant && group.generation === 0 && group.pendingJoins.size === 0) this.#groups.delete(group.id);
  }

  #restored(id: string, stored: StoredGroup, before: Group | undefined): Group {
    const group = new Group(id, stored.members.length === 0 ? 'Empty' : 'Stable', stored.stateSinceMs);
    group.generation = stored.generation;
    group.protocolName = stored.protocolName;
    for (const row of stored.members) {
      const protocol = stored.protocolName ?? '';
      const member = new Member(row, [{ name: protocol, metadata: row.subscription }]);
      member.assignment = row.assignment;
      group.add(member, stored.protocolType);
    }
    group.protocolType = stored.protocolType === '' ? null : stored.protocolType;
    group.leader = stored.leader;
    for (const [topic, partition, offset] of before?.offsets ?? []) group.offsets.set(topic, partition, offset);
    return group;
  }
}

const NO_BYTES: Uint8Array = new Uint8Array(0);
const NO_TOPICS: ReadonlySet<string> = new Set();
const EMPTY_GROUP: StoredGroup = {
  protocolType: '',
  generation: 0,
  protocolName: null,
  leader: null,
  stateSinceMs: 0,
  members: [],
};

function committedOf(group: Group, isWanted: (topic: string, partition: number) => boolean): CommittedPartition[] {
  return Array.from(group.offsets, ([topic, partition]) => ({ topic, partition })).filter(({ topic, partition }) =>
    isWanted(topic, partition),
  );
}

function tombstone(group: string, topic: string, partition: number): GroupRecord & { kind: 'offset' } {
  return { kind: 'offset', group, topic, partition, value: null };
}

function groupRecord(group: Group, assignments: ReadonlyMap<string, Uint8Array>): GroupRecord {
  const { protocolName } = group;
  assert(protocolName !== null || group.members.size === 0, () => `group ${group.id} has members and no protocol`);
  return {
    kind: 'group',
    group: group.id,
    value: {
      protocolType: group.protocolType ?? '',
      generation: group.generation,
      protocolName,
      leader: group.leader,
      stateSinceMs: group.stateSinceMs,
      members: [...group.members.values()].map((member) => ({
        memberId: member.memberId,
        groupInstanceId: member.groupInstanceId,
        clientId: member.clientId,
        clientHost: member.clientHost,
        rebalanceTimeoutMs: member.rebalanceTimeoutMs,
        sessionTimeoutMs: member.sessionTimeoutMs,
        subscription: member.metadataFor(protocolName ?? ''),
        assignment: assignments.get(member.memberId) ?? NO_BYTES,
      })),
    },
  };
}
