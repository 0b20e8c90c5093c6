import { errorCode, type Init } from '@biquorum/kafka-wire';
import type {
  FetchRequest,
  FetchResponse,
  FetchResponseFetchableTopicResponse,
  FetchResponsePartitionData,
} from '@biquorum/kafka-wire/messages/fetch';
import type { BrokerEpoch, NodeId, TopicId } from '@biquorum/metadata';
import { type FetchEntry, type Fetcher, fetch, type PartitionFetch } from '../replicas/fetch.ts';
import type { FetchWish } from '../replicas/fetch-sessions.ts';
import type { Partition } from '../replicas/partition.ts';
import type { ApiRequest, BrokerCore } from './core.ts';
import { absent } from './partitions.ts';
import { SlicePayload } from './slice-payload.ts';

const VERSION_BY_TOPIC_ID = 13;
const VERSION_WITH_LEADERS = 16;
/** First version in which a consumer may be sent to a follower (KIP-392). */
const VERSION_ANY_REPLICA = 11;
const READ_COMMITTED = 1;
const NO_RECORDS = new Uint8Array(0);

/** Serves consumers and followers alike: the same reads with other bounds. */
export async function handleFetch(request: ApiRequest<FetchRequest>): Promise<Init<FetchResponse>> {
  const { core, body, version } = request;
  const byTopicId = version >= VERSION_BY_TOPIC_ID;
  const fetcher = fetcherOf(body, version);
  const now = core.ports.clock.monotonicMs();
  const context = core.sessions.begin(
    {
      sessionId: body.sessionId,
      sessionEpoch: body.sessionEpoch,
      byTopicId,
      wishes: wishesOf(body, byTopicId),
      forgotten: forgottenOf(body, byTopicId),
      follower: fetcher.kind === 'follower' ? fetcher : undefined,
    },
    now,
  );
  if (context.kind === 'refused') return { errorCode: errorCode(context.error) };
  const { wishes, results } = await fetch(
    {
      timers: core.ports.timers,
      nowMs: () => core.ports.clock.monotonicMs(),
      preferredReplica: (partition, rack, offset) => preferredReplica(core, partition, rack, offset),
      codeOf: errorCode,
    },
    {
      fetcher,
      maxWaitMs: body.maxWaitMs,
      minBytes: body.minBytes,
      maxBytes: fetcher.kind === 'follower' ? body.maxBytes : Math.min(body.maxBytes, core.settings.fetchBytesMax),
      anyReplica: version >= VERSION_ANY_REPLICA,
      firstBatchWhole: version >= 3,
    },
    context.wanted,
    (wish) => entryOf(core, wish, byTopicId),
  );
  const conclusion = context.conclude(wishes, results);
  if (conclusion.kind === 'refused') {
    for (const { records } of results) records?.release();
    return { errorCode: errorCode(conclusion.error) };
  }
  return respond(request, wishes, results, conclusion.sessionId, conclusion.includes);
}

function fetcherOf(body: FetchRequest, version: number): Fetcher {
  const node = (version >= 15 ? body.replicaState.replicaId : body.replicaId) as NodeId;
  if (node < 0) return { kind: 'consumer', readCommitted: body.isolationLevel === READ_COMMITTED, rack: body.rackId };
  const brokerEpoch = (version >= 15 ? body.replicaState.replicaEpoch : -1) as BrokerEpoch;
  return { kind: 'follower', node, brokerEpoch };
}

function wishesOf(body: FetchRequest, byTopicId: boolean): FetchWish[] {
  return body.topics.flatMap(({ topic, topicId, partitions }) =>
    partitions.map((row) => ({
      topic: byTopicId ? topicId : topic,
      partition: row.partition,
      fetchOffset: row.fetchOffset,
      bytesMax: row.partitionMaxBytes,
      currentLeaderEpoch: row.currentLeaderEpoch,
      lastFetchedEpoch: row.lastFetchedEpoch,
      logStartOffset: row.logStartOffset,
    })),
  );
}

function forgottenOf(body: FetchRequest, byTopicId: boolean): { readonly topic: string; readonly partition: number }[] {
  return body.forgottenTopicsData.flatMap(({ topic, topicId, partitions }) =>
    partitions.map((partition) => ({ topic: byTopicId ? topicId : topic, partition })),
  );
}

function entryOf(core: BrokerCore, wish: FetchWish, byTopicId: boolean): FetchEntry {
  const view = core.view();
  const topic = byTopicId ? view.topicById(wish.topic as TopicId) : view.topics.get(wish.topic);
  if (topic === undefined) {
    // A replica may be assigned before the view that names its topic arrives.
    const partition = byTopicId ? undefined : core.replicas.find(wish.topic, wish.partition);
    return { wish, partition, missing: byTopicId ? 'UNKNOWN_TOPIC_ID' : 'UNKNOWN_TOPIC_OR_PARTITION' };
  }
  const missing = absent(core, topic.name, wish.partition);
  const partition = core.replicas.find(topic.name, wish.partition);
  return { wish, partition: partition?.topicId === topic.id ? partition : undefined, missing };
}

/**
 * The in-sync follower in a consumer's rack that has what it wants to read. Source: KIP-392, Java
 * `RackAwareReplicaSelector`.
 */
function preferredReplica(core: BrokerCore, partition: Partition, rack: string, offset: number): NodeId | undefined {
  const { leadership } = partition;
  if (!core.settings.rackAwareFetch || leadership === undefined || core.settings.rack === rack) return undefined;
  const { brokers } = core.view();
  let best: { readonly node: NodeId; readonly end: number } | undefined;
  for (const node of leadership.isr) {
    const follower = leadership.follower(node);
    const broker = brokers.get(node);
    if (follower === undefined || broker?.rack !== rack || broker.fenced) continue;
    if (offset < follower.logStart || offset > follower.logEnd) continue;
    if (best === undefined || follower.logEnd > best.end) best = { node, end: follower.logEnd };
  }
  return best?.node;
}

function respond(
  request: ApiRequest<FetchRequest>,
  wishes: readonly FetchWish[],
  results: readonly PartitionFetch[],
  sessionId: number,
  includes: (index: number) => boolean,
): Init<FetchResponse> {
  const { version } = request;
  const byTopicId = version >= VERSION_BY_TOPIC_ID;
  const topics = new Map<string, Init<FetchResponsePartitionData>[]>();
  const leaders = new Map<number, Init<FetchResponse['nodeEndpoints'][number]>>();
  for (const [index, wish] of wishes.entries()) {
    const result = results[index] as PartitionFetch;
    if (!includes(index)) {
      result.records?.release();
      continue;
    }
    const rows = topics.get(wish.topic) ?? [];
    topics.set(wish.topic, rows);
    rows.push(partitionRow(request, wish, result, leaders, byTopicId));
  }
  const responses = [...topics].map(
    ([topic, partitions]): Init<FetchResponseFetchableTopicResponse> =>
      byTopicId ? { topicId: topic as TopicId, partitions } : { topic, partitions },
  );
  return { errorCode: 0, sessionId, responses, nodeEndpoints: [...leaders.values()] };
}

/**
 * Whether there is a list of aborted transactions, which stays empty until there is a transaction index: for what is
 * read for a read-committed consumer, and, as in Java, for partitions that nobody knows. Elsewhere there is none.
 */
function listsAborted({ isolationLevel }: FetchRequest, result: PartitionFetch): boolean {
  if (result.error === 'UNKNOWN_TOPIC_OR_PARTITION' || result.error === 'UNKNOWN_TOPIC_ID') return true;
  const isRead = result.error === 'NONE' && result.divergingEpoch === null && result.preferredReplica < 0;
  return isRead && isolationLevel === READ_COMMITTED;
}

function partitionRow(
  { core, body, version, context }: ApiRequest<FetchRequest>,
  wish: FetchWish,
  result: PartitionFetch,
  leaders: Map<number, Init<FetchResponse['nodeEndpoints'][number]>>,
  byTopicId: boolean,
): Init<FetchResponsePartitionData> {
  const { divergingEpoch, records } = result;
  const row: Init<FetchResponsePartitionData> = {
    partitionIndex: wish.partition,
    errorCode: result.errorCode,
    highWatermark: result.highWatermark,
    lastStableOffset: result.lastStableOffset,
    logStartOffset: result.logStartOffset,
    abortedTransactions: listsAborted(body, result) ? [] : null,
    preferredReadReplica: result.preferredReplica,
    records: records === undefined ? NO_RECORDS : new SlicePayload(records),
    ...(divergingEpoch === null ? {} : { divergingEpoch }),
  };
  const moved = result.error === 'NOT_LEADER_OR_FOLLOWER' || result.error === 'FENCED_LEADER_EPOCH';
  if (version < VERSION_WITH_LEADERS || !moved) return row;
  const view = core.view();
  const state = (byTopicId ? view.topicById(wish.topic as TopicId) : view.topics.get(wish.topic))?.partition(
    wish.partition,
  );
  if (state === undefined) return row;
  const broker = view.brokers.get(state.leader);
  const endpoint = broker?.endpoints.find(({ listener }) => listener === context.listener);
  if (broker !== undefined && endpoint !== undefined) {
    leaders.set(broker.id, { nodeId: broker.id, host: endpoint.host, port: endpoint.port, rack: broker.rack });
  }
  return { ...row, currentLeader: { leaderId: state.leader, leaderEpoch: state.leaderEpoch } };
}
