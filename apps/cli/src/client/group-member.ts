import type { JoinGroupResponse } from '@biquorum/kafka-wire';
import { decodeAssignment, encodeAssignment } from '@biquorum/kafka-wire/consumer-protocol';
import { heartbeatRequest, heartbeatResponse } from '@biquorum/kafka-wire/messages/heartbeat';
import { joinGroupRequest, joinGroupResponse } from '@biquorum/kafka-wire/messages/join-group';
import { leaveGroupRequest, leaveGroupResponse } from '@biquorum/kafka-wire/messages/leave-group';
import { syncGroupRequest, syncGroupResponse } from '@biquorum/kafka-wire/messages/sync-group';
import type { Timer } from '@biquorum/platform';
import {
  type AssignorName,
  assign,
  DEFAULT_ASSIGNORS,
  type JoinedMember,
  subscriptionFor,
  topicsOf,
} from './assignors.ts';
import type { Committer } from './groups.ts';
import type { KafkaClient } from './kafka-client.ts';
import { check } from './kafka-error.ts';
import type { TopicPartition } from './offsets.ts';
import type { AssignedTopic } from './range-assignment.ts';
import { describeByMetadata } from './topics.ts';

const JOIN = { request: joinGroupRequest, response: joinGroupResponse, lowestVersion: 1 };
const SYNC = { request: syncGroupRequest, response: syncGroupResponse };
const HEARTBEAT = { request: heartbeatRequest, response: heartbeatResponse };
const LEAVE = { request: leaveGroupRequest, response: leaveGroupResponse };

const SESSION_TIMEOUT_MS = 45_000;
/** Less than a request may take, so that a slow member of the group does not look like a dead coordinator. */
const REBALANCE_TIMEOUT_MS = 25_000;
const HEARTBEAT_MS = 3_000;
const PROTOCOL_TYPE = 'consumer';
const ASSIGNMENT_VERSION = 1;
const LEAVE_BY_MEMBERS = 3;

const ILLEGAL_GENERATION = 22;
const UNKNOWN_MEMBER_ID = 25;
const REBALANCE_IN_PROGRESS = 27;
const MEMBER_ID_REQUIRED = 79;

/**
 * A member of a group of consumers, in the classic protocol. Before it joins again, whoever owns it has stopped reading
 * and committed: so it can take part in either way of sharing out anew, that in which all is given up first, and that in
 * which only what moves is (KIP-429).
 */
export class GroupMember {
  readonly #client: KafkaClient;
  readonly #group: string;
  readonly #topics: readonly string[];
  readonly #assignors: readonly AssignorName[];
  #memberId = '';
  #generation = -1;
  #isStale = true;
  #beat: Timer | undefined;
  #owned: readonly AssignedTopic[] = [];

  /** @param assignors ways to share out that it offers, the best first */
  constructor(
    client: KafkaClient,
    group: string,
    topics: readonly string[],
    assignors: readonly AssignorName[] = DEFAULT_ASSIGNORS,
  ) {
    this.#client = client;
    this.#group = group;
    this.#topics = topics;
    this.#assignors = assignors;
  }

  /** Whether the group shares its partitions out anew, and this member has to join again. */
  get isStale(): boolean {
    return this.#isStale;
  }

  get committer(): Committer {
    return { generation: this.#generation, memberId: this.#memberId };
  }

  /** Joins, or joins again. @returns the partitions that are this member's @throws KafkaError */
  async join(): Promise<readonly TopicPartition[]> {
    this.#beat?.cancel();
    for (;;) {
      const joined = await this.#join();
      if (joined.errorCode === MEMBER_ID_REQUIRED) {
        this.#memberId = joined.memberId;
        continue;
      }
      if (joined.errorCode === UNKNOWN_MEMBER_ID) {
        this.#forget();
        continue;
      }
      check(`group ${this.#group}`, joined.errorCode);
      this.#memberId = joined.memberId;
      this.#generation = joined.generationId;
      const assigned = await this.#sync(joined);
      if (assigned === undefined) continue;
      const before = this.#owned;
      this.#owned = assigned;
      // Others wait for what was taken away here: it is theirs once this member says that it has it no more.
      if (joined.protocolName === KEEPING && flat(before).some((key) => !flat(assigned).includes(key))) continue;
      const assignment = assigned.flatMap(({ topic, partitions }) =>
        partitions.map((partition) => ({ topic, partition })),
      );
      this.#isStale = false;
      this.#schedule();
      return assignment;
    }
  }

  /** Leaves, so that the others need not wait until this member counts as dead. */
  async leave(): Promise<void> {
    this.#beat?.cancel();
    if (this.#memberId === '') return;
    const memberId = this.#memberId;
    const body = (version: number) =>
      version >= LEAVE_BY_MEMBERS
        ? { groupId: this.#group, members: [{ memberId, reason: 'the consumer is being closed' }] }
        : { groupId: this.#group, memberId };
    await this.#client.askCoordinator(this.#group, LEAVE, body, ({ errorCode }) => errorCode);
    this.#memberId = '';
  }

  #join(): Promise<JoinGroupResponse> {
    const owned = { generation: this.#generation, topics: this.#owned };
    const body = {
      groupId: this.#group,
      sessionTimeoutMs: SESSION_TIMEOUT_MS,
      rebalanceTimeoutMs: REBALANCE_TIMEOUT_MS,
      memberId: this.#memberId,
      protocolType: PROTOCOL_TYPE,
      protocols: this.#assignors.map((name) => ({ name, metadata: subscriptionFor(name, this.#topics, owned) })),
    };
    return this.#client.askCoordinator(this.#group, JOIN, body, ({ errorCode }) => errorCode);
  }

  /** Undefined when the group has begun anew in the meantime. */
  async #sync(joined: JoinGroupResponse): Promise<readonly AssignedTopic[] | undefined> {
    const leads = joined.leader === joined.memberId && !joined.skipAssignment;
    const chosen = this.#assignors.find((name) => name === joined.protocolName) ?? 'range';
    const assignments = leads ? await this.#assign(chosen, joined.members) : [];
    const body = {
      groupId: this.#group,
      generationId: this.#generation,
      memberId: this.#memberId,
      protocolType: PROTOCOL_TYPE,
      protocolName: chosen,
      assignments,
    };
    const answer = await this.#client.askCoordinator(
      this.#group,
      SYNC,
      (version) => (version >= SYNC_NAMES_PROTOCOL ? body : { ...body, protocolType: null, protocolName: null }),
      ({ errorCode }) => errorCode,
    );
    if (STALE.has(answer.errorCode)) {
      if (answer.errorCode === UNKNOWN_MEMBER_ID) this.#forget();
      return undefined;
    }
    check(`group ${this.#group}`, answer.errorCode);
    if (answer.assignment.length === 0) return [];
    return decodeAssignment(answer.assignment).assignedPartitions;
  }

  async #assign(name: AssignorName, members: readonly JoinedMember[]) {
    const topics = await describeByMetadata(this.#client, topicsOf(members));
    const counts = new Map(topics.map(({ name: topic, partitions }) => [topic, partitions.length]));
    return [...assign(name, members, counts)].map(([memberId, assignedPartitions]) => ({
      memberId,
      assignment: encodeAssignment({ assignedPartitions }, ASSIGNMENT_VERSION),
    }));
  }

  /** The group knows this member no more, and what it had may belong to others. */
  #forget(): void {
    this.#memberId = '';
    this.#owned = [];
  }

  #schedule(): void {
    this.#beat = this.#client.timers.set(HEARTBEAT_MS, () => void this.#heartbeat());
  }

  async #heartbeat(): Promise<void> {
    const body = { groupId: this.#group, generationId: this.#generation, memberId: this.#memberId };
    try {
      const { errorCode } = await this.#client.askCoordinator(
        this.#group,
        HEARTBEAT,
        body,
        (answer) => answer.errorCode,
      );
      if (errorCode === UNKNOWN_MEMBER_ID) this.#forget();
      if (STALE.has(errorCode)) this.#isStale = true;
      else this.#schedule();
    } catch {
      // Whoever joins again, or reads, meets the same fault and tells it.
      this.#isStale = true;
    }
  }
}

/** The way to share out in which members keep what does not move. */
const KEEPING: AssignorName = 'cooperative-sticky';
const SYNC_NAMES_PROTOCOL = 5;
const STALE: ReadonlySet<number> = new Set([ILLEGAL_GENERATION, UNKNOWN_MEMBER_ID, REBALANCE_IN_PROGRESS]);

function flat(topics: readonly AssignedTopic[]): readonly string[] {
  return topics.flatMap(({ topic, partitions }) => partitions.map((partition) => `${topic}/${partition}`));
}
