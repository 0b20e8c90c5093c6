import { errorName, type Init } from '@biquorum/kafka-wire';
import { findCoordinatorRequest, findCoordinatorResponse } from '@biquorum/kafka-wire/messages/find-coordinator';
import { heartbeatRequest, heartbeatResponse } from '@biquorum/kafka-wire/messages/heartbeat';
import { joinGroupRequest, joinGroupResponse } from '@biquorum/kafka-wire/messages/join-group';
import { leaveGroupRequest, leaveGroupResponse } from '@biquorum/kafka-wire/messages/leave-group';
import {
  type OffsetCommitRequest,
  offsetCommitRequest,
  offsetCommitResponse,
} from '@biquorum/kafka-wire/messages/offset-commit';
import { offsetFetchRequest, offsetFetchResponse } from '@biquorum/kafka-wire/messages/offset-fetch';
import { syncGroupRequest, syncGroupResponse } from '@biquorum/kafka-wire/messages/sync-group';
import type { TestClient, TestCluster } from './test-cluster.ts';

/** What a member joins with. */
export interface Membership {
  readonly groupId: string;
  readonly protocol: string;
  readonly instanceId?: string;
  readonly sessionTimeoutMs?: number;
  readonly rebalanceTimeoutMs?: number;
}

/** How a join ended. */
export interface Joined {
  readonly error: string;
  readonly generation: number;
  readonly leader: string;
  /** To the leader: everybody's metadata by member id. */
  readonly members: ReadonlyMap<string, Uint8Array>;
}

/** Asks any broker until the group has a coordinator that has loaded; resolves with its id. */
export async function findCoordinator(cluster: TestCluster, client: TestClient, groupId: string): Promise<number> {
  for (let attempt = 0; attempt < 300; attempt++) {
    const asked = cluster.brokers[attempt % cluster.brokers.length]?.id ?? 1;
    const found = await client.ask(asked, findCoordinatorRequest, findCoordinatorResponse, 3, { key: groupId });
    if (errorName(found.errorCode) === 'NONE' && cluster.brokers.some(({ id }) => id === found.nodeId)) {
      if (cluster.broker(found.nodeId).core?.groups.of(groupId)?.list() != null) return found.nodeId;
    }
    await cluster.world.time.runFor(100);
  }
  throw new Error(`group ${groupId} has no coordinator`);
}

/** A member of a group at the level of requests, in the versions of clients of today; somebody lets the time run. */
export class GroupMember {
  readonly #client: TestClient;
  readonly #broker: number;
  readonly #membership: Membership;
  memberId = '';
  generation = -1;

  constructor(client: TestClient, broker: number, membership: Membership) {
    this.#client = client;
    this.#broker = broker;
    this.#membership = membership;
  }

  /** Joins with what it says of itself now. A first join comes in two steps (KIP-394). */
  async join(metadata: Uint8Array): Promise<Joined> {
    const {
      groupId,
      protocol,
      instanceId = null,
      sessionTimeoutMs = 10_000,
      rebalanceTimeoutMs = 20_000,
    } = this.#membership;
    const answer = await this.#client.send(this.#broker, joinGroupRequest, joinGroupResponse, 9, {
      groupId,
      sessionTimeoutMs,
      rebalanceTimeoutMs,
      memberId: this.memberId,
      groupInstanceId: instanceId,
      protocolType: 'consumer',
      protocols: [{ name: protocol, metadata }],
    });
    const error = errorName(answer.errorCode);
    if (error === 'NONE' || error === 'MEMBER_ID_REQUIRED') this.memberId = answer.memberId;
    if (error === 'MEMBER_ID_REQUIRED') return this.join(metadata);
    if (error === 'NONE') this.generation = answer.generationId;
    const members = new Map(answer.members.map((member) => [member.memberId, member.metadata]));
    return { error, generation: answer.generationId, leader: answer.leader, members };
  }

  /** Asks for the assignment; the leader brings everybody's. */
  async sync(
    assignments: ReadonlyMap<string, Uint8Array> = new Map(),
  ): Promise<{ error: string; assignment: Uint8Array }> {
    const answer = await this.#client.send(this.#broker, syncGroupRequest, syncGroupResponse, 5, {
      ...this.#claim,
      protocolType: 'consumer',
      protocolName: this.#membership.protocol,
      assignments: [...assignments].map(([memberId, assignment]) => ({ memberId, assignment })),
    });
    return { error: errorName(answer.errorCode), assignment: answer.assignment };
  }

  async heartbeat(): Promise<string> {
    const answer = await this.#client.send(this.#broker, heartbeatRequest, heartbeatResponse, 4, this.#claim);
    return errorName(answer.errorCode);
  }

  async leave(): Promise<string> {
    const { groupId, instanceId = null } = this.#membership;
    const members = [{ memberId: this.memberId, groupInstanceId: instanceId }];
    const answer = await this.#client.send(this.#broker, leaveGroupRequest, leaveGroupResponse, 5, {
      groupId,
      members,
    });
    return errorName(answer.members[0]?.errorCode ?? -1);
  }

  /** Commits one offset. */
  commit(topic: string, partition: number, offset: number): Promise<string> {
    const { memberId, generationId, groupInstanceId } = this.#claim;
    const claim = { memberId, groupInstanceId, generationIdOrMemberEpoch: generationId };
    return commitOffset(this.#client, this.#broker, this.#membership.groupId, topic, partition, offset, claim);
  }

  get #claim() {
    const { groupId, instanceId = null } = this.#membership;
    return { groupId, generationId: this.generation, memberId: this.memberId, groupInstanceId: instanceId };
  }
}

/** Commits an offset, by default as a client that is no member. */
export async function commitOffset(
  client: TestClient,
  broker: number,
  groupId: string,
  topic: string,
  partition: number,
  committedOffset: number,
  claim: Pick<Init<OffsetCommitRequest>, 'memberId' | 'generationIdOrMemberEpoch' | 'groupInstanceId'> = {},
): Promise<string> {
  const row = { partitionIndex: partition, committedOffset, committedMetadata: '' };
  const body = { groupId, generationIdOrMemberEpoch: -1, ...claim, topics: [{ name: topic, partitions: [row] }] };
  const { topics } = await client.send(broker, offsetCommitRequest, offsetCommitResponse, 8, body);
  return errorName(topics[0]?.partitions[0]?.errorCode ?? -1);
}

/** The committed offset of a partition; −1 where there is none, the error's name where it cannot be told. */
export async function committedOffset(
  client: TestClient,
  broker: number,
  groupId: string,
  topic: string,
  partition: number,
): Promise<number | string> {
  const groups = [{ groupId, topics: [{ name: topic, partitionIndexes: [partition] }] }];
  const answer = await client.send(broker, offsetFetchRequest, offsetFetchResponse, 8, { groups });
  const group = answer.groups[0];
  const error = errorName(group?.errorCode ?? -1);
  return error === 'NONE' ? (group?.topics[0]?.partitions[0]?.committedOffset ?? -2) : error;
}
