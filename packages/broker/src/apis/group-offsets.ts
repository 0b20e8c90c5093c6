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

/** Of a time before groups had coordinators: its offsets lie elsewhere, and no broker here keeps them. */
const VERSION_BEFORE_GROUPS = 0;
/** First version with several groups in one request. */
const FETCH_VERSION_MANY_GROUPS = 8;
/** First version with an error of the whole. */
const FETCH_VERSION_TOP_ERROR = 2;
const FROM_BROKER = -1n;

export function handleOffsetCommit(request: ApiRequest<OffsetCommitRequest>): Promise<Init<OffsetCommitResponse>> {
  const { core, body } = request;
  const rows = body.topics.flatMap(({ name, partitions }) => partitions.map((row) => ({ topic: name, row })));
  const view = core.view();
  const [known, unknown] = split(rows, ({ topic, row }) => isKnownPartition(view, topic, row.partitionIndex));
  const answer = (errorOf: (index: number) => string): Init<OffsetCommitResponse> => ({
    topics: byTopic([
      ...unknown.map(({ topic, row }) => errorRow(topic, row.partitionIndex, 'UNKNOWN_TOPIC_OR_PARTITION')),
      ...known.map(({ topic, row }, index) => errorRow(topic, row.partitionIndex, errorOf(index))),
    ]),
  });
  if (known.length === 0) return Promise.resolve(answer(() => 'NONE'));
  if (request.version === VERSION_BEFORE_GROUPS) {
    const refused = rows.map(({ topic, row }) => errorRow(topic, row.partitionIndex, 'UNSUPPORTED_VERSION'));
    return Promise.resolve({ topics: byTopic(refused) });
  }
  const coordinator = core.groups.of(body.groupId);
  if (coordinator === undefined) return Promise.resolve(answer(() => 'NOT_COORDINATOR'));

  const offsets = known.map(
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
    const claim = { memberId, groupInstanceId, generation };
    coordinator.commit(body.groupId, claim, offsets, expireTimestampMs, (errorOf) => resolve(answer(errorOf)));
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
  const { error, topics } =
    version === VERSION_BEFORE_GROUPS
      ? { error: 'UNSUPPORTED_VERSION' as const, topics: [] }
      : fetchGroup(core, body.groupId, body.topics);
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
  const view = core.view();
  const [known, unknown] = split(rows, ({ topic, partition }) => isKnownPartition(view, topic, partition));
  return new Promise((resolve) => {
    coordinator.deleteOffsets(body.groupId, known, (error, errorOf) => {
      if (error !== 'NONE') {
        resolve({ errorCode: errorCode(error as ErrorName) });
        return;
      }
      const topics = byTopic([
        ...unknown.map(({ topic, partition }) => errorRow(topic, partition, 'UNKNOWN_TOPIC_OR_PARTITION')),
        ...known.map(({ topic, partition }, index) => errorRow(topic, partition, errorOf(index))),
      ]);
      resolve({ errorCode: 0, topics });
    });
  });
}

function split<Row>(rows: readonly Row[], isFirst: (row: Row) => boolean): readonly [first: Row[], second: Row[]] {
  const first: Row[] = [];
  const second: Row[] = [];
  for (const row of rows) (isFirst(row) ? first : second).push(row);
  return [first, second];
}

/** What an answer says of a partition. */
interface ErrorRow {
  readonly topic: string;
  readonly partitionIndex: number;
  readonly errorCode: number;
}

function errorRow(topic: string, partitionIndex: number, error: string): ErrorRow {
  return { topic, partitionIndex, errorCode: errorCode(error as ErrorName) };
}

/** Apache answers unknown partitions first: topics come in the order of their first row. */
function byTopic(rows: readonly ErrorRow[]): { name: string; partitions: Omit<ErrorRow, 'topic'>[] }[] {
  const topics = new Map<string, Omit<ErrorRow, 'topic'>[]>();
  for (const { topic, ...row } of rows) {
    const partitions = topics.get(topic) ?? [];
    topics.set(topic, partitions);
    partitions.push(row);
  }
  return [...topics].map(([name, partitions]) => ({ name, partitions }));
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
