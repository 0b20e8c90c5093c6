import { decodeAssignment } from '@biquorum/kafka-wire/consumer-protocol';
import {
  consumerGroupDescribeRequest,
  consumerGroupDescribeResponse,
} from '@biquorum/kafka-wire/messages/consumer-group-describe';
import { deleteGroupsRequest, deleteGroupsResponse } from '@biquorum/kafka-wire/messages/delete-groups';
import { describeGroupsRequest, describeGroupsResponse } from '@biquorum/kafka-wire/messages/describe-groups';
import {
  listClientMetricsResourcesRequest,
  listClientMetricsResourcesResponse,
} from '@biquorum/kafka-wire/messages/list-client-metrics-resources';
import { listGroupsRequest, listGroupsResponse } from '@biquorum/kafka-wire/messages/list-groups';
import { offsetCommitRequest, offsetCommitResponse } from '@biquorum/kafka-wire/messages/offset-commit';
import { offsetDeleteRequest, offsetDeleteResponse } from '@biquorum/kafka-wire/messages/offset-delete';
import { offsetFetchRequest, offsetFetchResponse } from '@biquorum/kafka-wire/messages/offset-fetch';
import type { KafkaClient } from './kafka-client.ts';
import { check } from './kafka-error.ts';
import { byTopic, keyOf, type TopicPartition } from './offsets.ts';

const LIST = { request: listGroupsRequest, response: listGroupsResponse };
const DESCRIBE = { request: describeGroupsRequest, response: describeGroupsResponse };
const DESCRIBE_CONSUMERS = { request: consumerGroupDescribeRequest, response: consumerGroupDescribeResponse };
const FETCH = { request: offsetFetchRequest, response: offsetFetchResponse, lowestVersion: 2 };
const COMMIT = { request: offsetCommitRequest, response: offsetCommitResponse, lowestVersion: 2 };
const DELETE_OFFSETS = { request: offsetDeleteRequest, response: offsetDeleteResponse };
const DELETE = { request: deleteGroupsRequest, response: deleteGroupsResponse };
const CLIENT_METRICS = { request: listClientMetricsResourcesRequest, response: listClientMetricsResourcesResponse };

/** A group in the list of all. */
export interface ListedGroup {
  readonly group: string;
  /** Empty where brokers do not tell it. */
  readonly state: string;
  /** `Classic` where brokers do not tell it. */
  readonly type: string;
}

/** A member of a group. */
export interface GroupMember {
  readonly memberId: string;
  readonly instanceId: string | null;
  readonly clientId: string;
  readonly host: string;
  readonly assignment: readonly TopicPartition[];
}

/** A group as its coordinator tells it; one that does not exist is `Dead`. */
export interface GroupState {
  readonly group: string;
  readonly coordinator: number;
  readonly state: string;
  readonly assignor: string;
  readonly members: readonly GroupMember[];
}

/** Names of subscriptions to metrics of clients (KIP-714). */
export async function listClientMetrics(client: KafkaClient): Promise<readonly string[]> {
  const { errorCode, clientMetricsResources } = await client.retrying(() => client.any(CLIENT_METRICS, {}));
  check('client metrics', errorCode);
  return clientMetricsResources.map(({ name }) => name).toSorted();
}

/** Groups of consumers, by name, from all brokers. */
export async function listGroups(client: KafkaClient): Promise<readonly ListedGroup[]> {
  const { nodes } = await client.nodes();
  const answers = await Promise.all(
    nodes.map(({ id }) =>
      client.retrying(async () => {
        const answer = await client.node(id, LIST, {});
        check(`groups of broker ${id}`, answer.errorCode);
        return answer.groups;
      }),
    ),
  );
  return answers
    .flat()
    .filter(({ protocolType }) => protocolType === '' || protocolType === 'consumer')
    .map(({ groupId, groupState, groupType }) => ({
      group: groupId,
      state: groupState,
      type: groupType === '' ? 'Classic' : titled(groupType),
    }))
    .toSorted((left, right) => (left.group < right.group ? -1 : 1));
}

const GROUP_ID_NOT_FOUND = 69;

/** Asks a group's coordinator what it is like, in either of the two protocols of groups. */
export async function describeGroup(client: KafkaClient, group: string): Promise<GroupState> {
  const ofConsumers = await describeConsumers(client, group);
  if (ofConsumers !== undefined) return ofConsumers;
  const { groups } = await client.askCoordinator(group, DESCRIBE, { groups: [group] }, (answer) => {
    return answer.groups[0]?.errorCode ?? 0;
  });
  const coordinator = await client.coordinator(group);
  const [found] = groups;
  if (found === undefined || found.errorCode === GROUP_ID_NOT_FOUND) return dead(group, coordinator);
  check(`group ${group}`, found.errorCode);
  const { groupState, protocolType, protocolData, members } = found;
  return {
    group,
    coordinator,
    state: titled(groupState),
    assignor: protocolData,
    members: members.map(({ memberId, groupInstanceId, clientId, clientHost, memberAssignment }) => ({
      memberId,
      instanceId: groupInstanceId,
      clientId,
      host: clientHost,
      assignment:
        protocolType === 'consumer' && memberAssignment.length > 0
          ? flat(decodeAssignment(memberAssignment).assignedPartitions)
          : [],
    })),
  };
}

/** Undefined when it is no group of the newer protocol (KIP-848), or brokers do not know of it. */
async function describeConsumers(client: KafkaClient, group: string): Promise<GroupState | undefined> {
  if (!(await client.offers(DESCRIBE_CONSUMERS))) return undefined;
  const { groups } = await client.askCoordinator(group, DESCRIBE_CONSUMERS, { groupIds: [group] }, (answer) => {
    return answer.groups[0]?.errorCode ?? 0;
  });
  const [found] = groups;
  if (found === undefined || found.errorCode !== 0) return undefined;
  return {
    group,
    coordinator: await client.coordinator(group),
    state: titled(found.groupState),
    assignor: found.assignorName,
    members: found.members.map(({ memberId, instanceId, clientId, clientHost, assignment }) => ({
      memberId,
      instanceId,
      clientId,
      host: clientHost,
      assignment: flat(
        assignment.topicPartitions.map(({ topicName, partitions }) => ({ topic: topicName, partitions })),
      ),
    })),
  };
}

/** Version of OffsetFetch that asks for several groups. */
const GROUPS_AT_ONCE = 8;

/** What a group has committed, by partition in the form of {@link keyOf}. */
export async function committedOffsets(
  client: KafkaClient,
  group: string,
): Promise<ReadonlyMap<string, TopicPartition & { readonly offset: number }>> {
  const answer = await client.askCoordinator(
    group,
    FETCH,
    (version) =>
      version >= GROUPS_AT_ONCE ? { groups: [{ groupId: group, topics: null }] } : { groupId: group, topics: null },
    ({ groups, errorCode }) => groups[0]?.errorCode ?? errorCode,
  );
  const [{ topics, errorCode } = answer] = answer.groups;
  if (errorCode === GROUP_ID_NOT_FOUND) return new Map();
  check(`group ${group}`, errorCode);
  const committed = topics.flatMap(({ name, partitions }) =>
    partitions.flatMap((state) => {
      check(`partition ${name}-${state.partitionIndex} of group ${group}`, state.errorCode);
      const { partitionIndex, committedOffset } = state;
      return committedOffset < 0 ? [] : [{ topic: name, partition: partitionIndex, offset: committedOffset }];
    }),
  );
  return new Map(committed.map((one) => [keyOf(one), one]));
}

/** Who commits: nobody in particular where a group has no members. */
export interface Committer {
  readonly generation: number;
  readonly memberId: string;
}

const NOBODY: Committer = { generation: -1, memberId: '' };

/** Commits offsets for a group. @throws KafkaError `UNKNOWN_MEMBER_ID` when it has members and the committer is none */
export async function commitOffsets(
  client: KafkaClient,
  group: string,
  offsets: readonly (TopicPartition & { readonly offset: number })[],
  { generation, memberId }: Committer = NOBODY,
): Promise<void> {
  const offsetOf = new Map(offsets.map((one) => [keyOf(one), one.offset]));
  const topics = [...byTopic(offsets)].map(([name, partitions]) => ({
    name,
    partitions: partitions.map((partitionIndex) => ({
      partitionIndex,
      committedOffset: offsetOf.get(keyOf({ topic: name, partition: partitionIndex })) ?? 0,
      committedMetadata: '',
    })),
  }));
  const body = { groupId: group, generationIdOrMemberEpoch: generation, memberId, topics };
  const answer = await client.askCoordinator(group, COMMIT, body, (response) => {
    return response.topics[0]?.partitions[0]?.errorCode ?? 0;
  });
  for (const { name, partitions } of answer.topics) {
    for (const { partitionIndex, errorCode } of partitions) {
      check(`offset of ${name}-${partitionIndex} of group ${group}`, errorCode);
    }
  }
}

/** Forgets what a group has committed. @returns error codes by partition @throws KafkaError when the group cannot */
export async function deleteOffsets(
  client: KafkaClient,
  group: string,
  partitions: readonly TopicPartition[],
): Promise<ReadonlyMap<string, number>> {
  const topics = [...byTopic(partitions)].map(([name, numbers]) => ({
    name,
    partitions: numbers.map((partitionIndex) => ({ partitionIndex })),
  }));
  const answer = await client.askCoordinator(
    group,
    DELETE_OFFSETS,
    { groupId: group, topics },
    ({ errorCode }) => errorCode,
  );
  check(`group ${group}`, answer.errorCode);
  return new Map(
    answer.topics.flatMap(({ name, partitions: states }) =>
      states.map(({ partitionIndex, errorCode }): [string, number] => [
        keyOf({ topic: name, partition: partitionIndex }),
        errorCode,
      ]),
    ),
  );
}

/** Deletes a group. @throws KafkaError `NON_EMPTY_GROUP` or `GROUP_ID_NOT_FOUND` among others */
export async function deleteGroup(client: KafkaClient, group: string): Promise<void> {
  const { results } = await client.askCoordinator(group, DELETE, { groupsNames: [group] }, (answer) => {
    return answer.results[0]?.errorCode ?? 0;
  });
  check(`group ${group}`, results[0]?.errorCode ?? 0);
}

function dead(group: string, coordinator: number): GroupState {
  return { group, coordinator, state: 'Dead', assignor: '', members: [] };
}

function flat(topics: readonly { readonly topic: string; readonly partitions: readonly number[] }[]): TopicPartition[] {
  return topics.flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition })));
}

/** Brokers have written states and types in small letters, too. */
function titled(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
