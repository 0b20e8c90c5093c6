import type { Init, MessageCodec } from '@biquorum/kafka-wire';
import { deleteGroupsRequest, deleteGroupsResponse } from '@biquorum/kafka-wire/messages/delete-groups';
import { describeGroupsRequest, describeGroupsResponse } from '@biquorum/kafka-wire/messages/describe-groups';
import { findCoordinatorRequest, findCoordinatorResponse } from '@biquorum/kafka-wire/messages/find-coordinator';
import { heartbeatRequest, heartbeatResponse } from '@biquorum/kafka-wire/messages/heartbeat';
import { joinGroupRequest, joinGroupResponse } from '@biquorum/kafka-wire/messages/join-group';
import { leaveGroupRequest, leaveGroupResponse } from '@biquorum/kafka-wire/messages/leave-group';
import { listGroupsRequest, listGroupsResponse } from '@biquorum/kafka-wire/messages/list-groups';
import { offsetCommitRequest, offsetCommitResponse } from '@biquorum/kafka-wire/messages/offset-commit';
import { offsetDeleteRequest, offsetDeleteResponse } from '@biquorum/kafka-wire/messages/offset-delete';
import { offsetFetchRequest, offsetFetchResponse } from '@biquorum/kafka-wire/messages/offset-fetch';
import { syncGroupRequest, syncGroupResponse } from '@biquorum/kafka-wire/messages/sync-group';
import { ask } from '../configs/ask.ts';

/** Names a group may have by the protocol; the empty one belongs to clients of old that only store offsets. */
const GROUPS = ['lone', ''];
const READY_WITHIN_MS = 60_000;
const KEY_TYPES = [2, 3];
const KEYS = ['lone', 'lone:AAAAAAAAAAAAAAAAAAAAAQ:0', 'lone:AAAAAAAAAAAAAAAAAAAAAQ', 'lone::0', ''];

/**
 * Asks a broker what clients seldom ask of groups, in one order, and returns a line for each answer. Ports and ids of
 * nodes are left out.
 *
 * @param topic has one partition
 */
export async function groupAnswers(bootstrap: string, topic: string): Promise<readonly string[]> {
  const lines: string[] = [];
  const put = async <Request, Response>(
    what: string,
    request: MessageCodec<Request>,
    response: MessageCodec<Response>,
    version: number,
    body: Init<Request>,
  ): Promise<void> => {
    const answer = await ask(bootstrap, request, response, version, body);
    lines.push(`${what} v${version}: ${JSON.stringify(answer, (_, value) => show(value))}`);
  };
  await untilCoordinated(bootstrap);
  for (const keyType of KEY_TYPES) {
    for (const key of KEYS) {
      for (const version of [1, 3, 4, 6]) {
        const body = version < 4 ? { keyType, key } : { keyType, coordinatorKeys: [key] };
        const answer = await ask(bootstrap, findCoordinatorRequest, findCoordinatorResponse, version, body);
        const errors = version < 4 ? answer.errorCode : answer.coordinators.map((row) => row.errorCode);
        lines.push(`FindCoordinator of '${key}', type ${keyType} v${version}: ${errors}`);
      }
    }
  }
  for (const groupId of GROUPS) {
    const named = (what: string): string => `${what} of '${groupId}'`;
    const describe = (): Promise<void> =>
      put(named('DescribeGroups'), describeGroupsRequest, describeGroupsResponse, 5, { groups: [groupId] });
    const list = (): Promise<void> => put('ListGroups', listGroupsRequest, listGroupsResponse, 4, {});
    const commit = (version: number, names: readonly string[]): Promise<void> =>
      put(named('OffsetCommit'), offsetCommitRequest, offsetCommitResponse, version, {
        groupId,
        topics: names.map((name) => ({
          name,
          partitions: [0, 7, -1].map((partitionIndex) => ({
            partitionIndex,
            committedOffset: 5,
            committedMetadata: 'm',
          })),
        })),
      });
    const deleteOffsets = (name: string, ...indexes: readonly number[]): Promise<void> =>
      put(named('OffsetDelete'), offsetDeleteRequest, offsetDeleteResponse, 0, {
        groupId,
        topics: [name, 'missing'].map((of) => ({
          name: of,
          partitions: indexes.map((partitionIndex) => ({ partitionIndex })),
        })),
      });
    const deleteGroup = (): Promise<void> =>
      put(named('DeleteGroups'), deleteGroupsRequest, deleteGroupsResponse, 2, { groupsNames: [groupId] });

    for (const names of [[topic], ['missing'], [topic, 'missing']]) await commit(0, names);
    await describe();
    for (const version of [2, 9]) await commit(version, [topic, 'missing']);
    for (const version of [0, 1, 7, 8]) {
      // Java's answer to the oldest version goes through a map of hashes: one partition has but one order.
      const topics = [
        { name: topic, partitionIndexes: version === 0 ? [0] : [0, 1] },
        { name: 'missing', partitionIndexes: [0] },
      ];
      const body = version < 8 ? { groupId, topics } : { groups: [{ groupId, topics }] };
      await put(named('OffsetFetch'), offsetFetchRequest, offsetFetchResponse, version, body);
    }
    await describe();
    await list();
    await deleteOffsets(topic, 7);
    await deleteOffsets(topic, 0, 7);
    await describe();
    await list();
    await deleteOffsets(topic, 0);
    await commit(8, [topic]);
    await list();
    await deleteGroup();
    await deleteGroup();
    await list();
  }
  const nameless = { groupId: '', memberId: 'm', generationId: 1 };
  const protocols = [{ name: 'range', metadata: new Uint8Array(0) }];
  const joining = { groupId: '', sessionTimeoutMs: 10_000, protocolType: 'consumer', protocols };
  await put('JoinGroup without a name', joinGroupRequest, joinGroupResponse, 5, joining);
  await put('SyncGroup without a name', syncGroupRequest, syncGroupResponse, 3, nameless);
  await put('Heartbeat without a name', heartbeatRequest, heartbeatResponse, 3, nameless);
  await put('LeaveGroup without a name', leaveGroupRequest, leaveGroupResponse, 4, {
    groupId: '',
    members: [{ memberId: 'm' }],
  });
  return lines;
}

/** Coordinators come with a topic that the first question makes. */
async function untilCoordinated(bootstrap: string): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const answers = await Promise.all(
      GROUPS.map(async (groupId) => {
        const groups = [{ groupId, topics: null }];
        const found = await ask(bootstrap, findCoordinatorRequest, findCoordinatorResponse, 4, {
          coordinatorKeys: [groupId],
        });
        const fetched = await ask(bootstrap, offsetFetchRequest, offsetFetchResponse, 8, { groups });
        return found.coordinators[0]?.errorCode === 0 && fetched.groups[0]?.errorCode === 0;
      }),
    );
    if (answers.every(Boolean)) return;
    if (Date.now() > deadline) throw new Error(`${bootstrap} coordinates no groups after ${READY_WITHIN_MS} ms`);
  }
}

function show(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
}
