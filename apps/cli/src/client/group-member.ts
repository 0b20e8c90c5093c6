import type { JoinGroupResponse } from '@biquorum/kafka-wire';
import {
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
} from '@biquorum/kafka-wire/consumer-protocol';
import { heartbeatRequest, heartbeatResponse } from '@biquorum/kafka-wire/messages/heartbeat';
import { joinGroupRequest, joinGroupResponse } from '@biquorum/kafka-wire/messages/join-group';
import { leaveGroupRequest, leaveGroupResponse } from '@biquorum/kafka-wire/messages/leave-group';
import { syncGroupRequest, syncGroupResponse } from '@biquorum/kafka-wire/messages/sync-group';
import type { Timer } from '@biquorum/platform';
import type { Committer } from './groups.ts';
import type { KafkaClient } from './kafka-client.ts';
import { check } from './kafka-error.ts';
import type { TopicPartition } from './offsets.ts';
import { rangeAssignment } from './range-assignment.ts';
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
/** What every consumer of Java's offers first. */
const ASSIGNOR = 'range';
const SUBSCRIPTION_VERSION = 1;
const LEAVE_BY_MEMBERS = 3;

const ILLEGAL_GENERATION = 22;
const UNKNOWN_MEMBER_ID = 25;
const REBALANCE_IN_PROGRESS = 27;
const MEMBER_ID_REQUIRED = 79;

/** A member of a group of consumers, in the classic protocol, that shares out partitions by ranges. */
export class GroupMember {
  readonly #client: KafkaClient;
  readonly #group: string;
  readonly #topics: readonly string[];
  #memberId = '';
  #generation = -1;
  #isStale = true;
  #beat: Timer | undefined;

  constructor(client: KafkaClient, group: string, topics: readonly string[]) {
    this.#client = client;
    this.#group = group;
    this.#topics = topics;
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
        this.#memberId = '';
        continue;
      }
      check(`group ${this.#group}`, joined.errorCode);
      this.#memberId = joined.memberId;
      this.#generation = joined.generationId;
      const assignment = await this.#sync(joined);
      if (assignment === undefined) continue;
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
    const metadata = encodeSubscription({ topics: this.#topics.toSorted() }, SUBSCRIPTION_VERSION);
    const body = {
      groupId: this.#group,
      sessionTimeoutMs: SESSION_TIMEOUT_MS,
      rebalanceTimeoutMs: REBALANCE_TIMEOUT_MS,
      memberId: this.#memberId,
      protocolType: PROTOCOL_TYPE,
      protocols: [{ name: ASSIGNOR, metadata }],
    };
    return this.#client.askCoordinator(this.#group, JOIN, body, ({ errorCode }) => errorCode);
  }

  /** Undefined when the group has begun anew in the meantime. */
  async #sync(joined: JoinGroupResponse): Promise<readonly TopicPartition[] | undefined> {
    const leads = joined.leader === joined.memberId && !joined.skipAssignment;
    const assignments = leads ? await this.#assign(joined.members) : [];
    const body = {
      groupId: this.#group,
      generationId: this.#generation,
      memberId: this.#memberId,
      protocolType: PROTOCOL_TYPE,
      protocolName: ASSIGNOR,
      assignments,
    };
    const answer = await this.#client.askCoordinator(
      this.#group,
      SYNC,
      (version) => (version >= SYNC_NAMES_PROTOCOL ? body : { ...body, protocolType: null, protocolName: null }),
      ({ errorCode }) => errorCode,
    );
    if (STALE.has(answer.errorCode)) {
      if (answer.errorCode === UNKNOWN_MEMBER_ID) this.#memberId = '';
      return undefined;
    }
    check(`group ${this.#group}`, answer.errorCode);
    if (answer.assignment.length === 0) return [];
    return decodeAssignment(answer.assignment).assignedPartitions.flatMap(({ topic, partitions }) =>
      partitions.map((partition) => ({ topic, partition })),
    );
  }

  async #assign(members: readonly { readonly memberId: string; readonly metadata: Uint8Array }[]) {
    const subscriptions = new Map(
      members.map(({ memberId, metadata }) => [memberId, decodeSubscription(metadata).topics]),
    );
    const topics = await describeByMetadata(this.#client, [...new Set([...subscriptions.values()].flat())]);
    const counts = new Map(topics.map(({ name, partitions }) => [name, partitions.length]));
    return [...rangeAssignment(subscriptions, counts)].map(([memberId, assignedPartitions]) => ({
      memberId,
      assignment: encodeAssignment({ assignedPartitions }, SUBSCRIPTION_VERSION),
    }));
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
      if (errorCode === UNKNOWN_MEMBER_ID) this.#memberId = '';
      if (STALE.has(errorCode)) this.#isStale = true;
      else this.#schedule();
    } catch {
      // Whoever joins again, or reads, meets the same fault and tells it.
      this.#isStale = true;
    }
  }
}

const SYNC_NAMES_PROTOCOL = 5;
const STALE: ReadonlySet<number> = new Set([ILLEGAL_GENERATION, UNKNOWN_MEMBER_ID, REBALANCE_IN_PROGRESS]);
