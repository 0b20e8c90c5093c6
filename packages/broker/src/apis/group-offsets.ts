import type { OffsetToCommit } from '@biquorum/coordinators';
import { type ErrorName, errorCode, type Init } from '@biquorum/kafka-wire';
import type { OffsetCommitRequest, OffsetCommitResponse } from '@biquorum/kafka-wire/messages/offset-commit';
import type { OffsetDeleteRequest, OffsetDeleteResponse } from '@biquorum/kafka-wire/messages/offset-delete';
import type {
  OffsetFetchRequest,
  OffsetFetchResponse,
  OffsetFetchResponseTopic,
} from '@biquorum/kafka-wire/messages/offset-fetch';
import type { ApiRequest, BrokerCore } from './core.ts';
import { isKnownPartition } from './known-partition.ts';

/** First version with several groups in one request. */
const FETCH_VERSION_MANY_GROUPS = 8;
/** First version with an error of the whole. */
const FETCH_VERSION_TOP_ERROR = 2;
const FROM_BROKER = -1n;

export function handleOffsetCommit(request: ApiRequest<OffsetCommitRequest>): Promise<Init<OffsetCommitResponse>> {
  const { core, body } = request;
  const rows = body.topics.flatMap(({ name, partitions }) => partitions.map((row) => ({ topic: name, row })));
  const answer = (errorOf: (index: number) => string): Init<OffsetCommitResponse> => {
    let at = 0;
    return {
      topics: body.topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex }) => ({
          partitionIndex,
          errorCode: errorCode(errorOf(at++) as ErrorName),
        })),
      })),
    };
  };
  const coordinator = core.groups.of(body.groupId);
  if (coordinator === undefined) return Promise.resolve(answer(() => 'NOT_COORDINATOR'));

  const known = rows.map(({ topic, row }) => isKnownPartition(core.view(), topic, row.partitionIndex));
  const offsets = rows
    .filter((_, index) => known[index])
    .map(
      ({ topic, row }): OffsetToCommit => ({
        topic,
        partition: row.partitionIndex,
        offset: row.committedOffset,
        leaderEpoch: row.committedLeaderEpoch,
        metadata: row.committedMetadata ?? '',
      }),
    );
  const { generationIdOrMemberEpoch: generation, memberId, groupInstanceId, retentionTimeMs } = body;
  const expireTimestampMs =
    retentionTimeMs === FROM_BROKER ? null : core.ports.clock.wallMs() + Number(retentionTimeMs);
  return new Promise((resolve) => {
    coordinator.commit(
      body.groupId,
      { memberId, groupInstanceId, generation },
      offsets,
      expireTimestampMs,
      (errorOf) => {
        let at = 0;
        const errors = known.map((isKnown) => (isKnown ? errorOf(at++) : 'UNKNOWN_TOPIC_OR_PARTITION'));
        resolve(answer((index) => errors[index] as string));
      },
    );
  });
}

export function handleOffsetFetch({ core, body, version }: ApiRequest<OffsetFetchRequest>): Init<OffsetFetchResponse> {
  if (version >= FETCH_VERSION_MANY_GROUPS) {
    const groups = body.groups.map(({ groupId, topics }) => {
      const { error, topics: rows } = fetchGroup(core, groupId, topics);
      return { groupId, errorCode: errorCode(error), topics: rows };
    });
    return { groups };
  }
  const { error, topics } = fetchGroup(core, body.groupId, body.topics);
  if (error === 'NONE' || version >= FETCH_VERSION_TOP_ERROR) return { errorCode: errorCode(error), topics };
  // Versions 0 and 1 can only say it partition by partition.
  const rows = (body.topics ?? []).map(({ name, partitionIndexes }) => ({
    name,
    partitions: partitionIndexes.map((partitionIndex) => ({
      partitionIndex,
      committedOffset: -1,
      metadata: '',
      errorCode: errorCode(error),
    })),
  }));
  return { topics: rows };
}

export function handleOffsetDelete({
  core,
  body,
}: ApiRequest<OffsetDeleteRequest>): Promise<Init<OffsetDeleteResponse>> {
  const coordinator = core.groups.of(body.groupId);
  if (coordinator === undefined) return Promise.resolve({ errorCode: errorCode('NOT_COORDINATOR') });
  const rows = body.topics.flatMap(({ name, partitions }) =>
    partitions.map(({ partitionIndex: partition }) => ({ topic: name, partition })),
  );
  return new Promise((resolve) => {
    coordinator.deleteOffsets(body.groupId, rows, (error, errorOf) => {
      if (error !== 'NONE') {
        resolve({ errorCode: errorCode(error as ErrorName) });
        return;
      }
      let at = 0;
      const topics = body.topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex }) => {
          const exists = isKnownPartition(core.view(), name, partitionIndex);
          const own = errorOf(at++);
          return { partitionIndex, errorCode: errorCode((exists ? own : 'UNKNOWN_TOPIC_OR_PARTITION') as ErrorName) };
        }),
      }));
      resolve({ errorCode: 0, topics });
    });
  });
}

function fetchGroup(
  core: BrokerCore,
  groupId: string,
  wanted: readonly { readonly name: string; readonly partitionIndexes: readonly number[] }[] | null,
): { readonly error: ErrorName; readonly topics: Init<OffsetFetchResponseTopic>[] } {
  const coordinator = core.groups.of(groupId);
  if (coordinator === undefined) return { error: 'NOT_COORDINATOR', topics: [] };
  const found = coordinator.fetchOffsets(groupId);
  if (!('get' in found)) return { error: found.error as ErrorName, topics: [] };
  if (wanted === null) {
    const topics = new Map<string, Init<OffsetFetchResponseTopic['partitions'][number]>[]>();
    for (const [topic, partitionIndex, offset] of found.offsets) {
      const rows = topics.get(topic) ?? [];
      topics.set(topic, rows);
      rows.push(offsetRow(partitionIndex, offset));
    }
    return { error: 'NONE', topics: [...topics].map(([name, partitions]) => ({ name, partitions })) };
  }
  const topics = wanted.map(({ name, partitionIndexes }) => ({
    name,
    partitions: partitionIndexes.map((partitionIndex) => offsetRow(partitionIndex, found.get(name, partitionIndex))),
  }));
  return { error: 'NONE', topics };
}

function offsetRow(
  partitionIndex: number,
  found: { readonly offset: number; readonly leaderEpoch: number; readonly metadata: string } | undefined,
): Init<OffsetFetchResponseTopic['partitions'][number]> {
  if (found === undefined)
    return { partitionIndex, committedOffset: -1, committedLeaderEpoch: -1, metadata: '', errorCode: 0 };
  const { offset: committedOffset, leaderEpoch: committedLeaderEpoch, metadata } = found;
  return { partitionIndex, committedOffset, committedLeaderEpoch, metadata, errorCode: 0 };
}
