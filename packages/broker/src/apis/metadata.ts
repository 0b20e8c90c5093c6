import { errorCode, type Init, ZERO_UUID } from '@biquorum/kafka-wire';
import type {
  MetadataRequest,
  MetadataResponse,
  MetadataResponseBroker,
  MetadataResponsePartition,
  MetadataResponseTopic,
} from '@biquorum/kafka-wire/messages/metadata';
import {
  type ClusterView,
  endpointOn,
  INTERNAL_TOPICS,
  type TopicId,
  type TopicView,
  validateTopicName,
} from '@biquorum/metadata';
import type { ApiRequest, BrokerCore } from './core.ts';

/** What stands where authorised operations were not asked for. */
export const NOT_ASKED = -2_147_483_648;
/** First version in which null means all topics and an empty list none. */
const VERSION_NULL_IS_ALL = 1;
/** First version that tells a listener's absence apart. */
const VERSION_LISTENER_NOT_FOUND = 6;

/** Who is there and who leads what, in the words of the listener asked. Source: Java `KafkaApis.handleTopicMetadataRequest`. */
export async function handleMetadata(request: ApiRequest<MetadataRequest>): Promise<Init<MetadataResponse>> {
  const { core, body, version, context } = request;
  const all = body.topics === null || (version < VERSION_NULL_IS_ALL && body.topics.length === 0);
  const topics = all ? everyTopic(request) : await namedTopics(request);
  const view = core.view();
  return {
    brokers: brokersOn(view, context.listener),
    clusterId: view.clusterId,
    controllerId: view.controllerForClients((n) => core.ports.random.uint32() % n),
    topics,
    clusterAuthorizedOperations: NOT_ASKED,
  };
}

/** The live brokers as clients of a listener can reach them. */
export function brokersOn(view: ClusterView, listener: string): Init<MetadataResponseBroker>[] {
  const rows: Init<MetadataResponseBroker>[] = [];
  for (const broker of view.brokers.values()) {
    const endpoint = endpointOn(broker, listener);
    if (broker.fenced || endpoint === undefined) continue;
    rows.push({ nodeId: broker.id, host: endpoint.host, port: endpoint.port, rack: broker.rack });
  }
  return rows;
}

function everyTopic(request: ApiRequest<MetadataRequest>): Init<MetadataResponseTopic>[] {
  const rows: Init<MetadataResponseTopic>[] = [];
  for (const topic of request.core.view().topics.values()) rows.push(topicRow(request, topic));
  return rows;
}

async function namedTopics(request: ApiRequest<MetadataRequest>): Promise<Init<MetadataResponseTopic>[]> {
  const { core, body, version } = request;
  const wanted = body.topics ?? [];
  const byId = (topicId: string): boolean => version >= 10 && topicId !== ZERO_UUID;
  const missing = wanted.flatMap(({ name, topicId }) =>
    name !== null && !byId(topicId) && !core.view().topics.has(name) ? [name] : [],
  );
  const allowed = version < 4 || body.allowAutoTopicCreation;
  const errors = await creationErrors(core, request, [...new Set(missing)], allowed);
  return wanted.map(({ name, topicId }) => {
    const view = core.view();
    const topic = byId(topicId) ? view.topicById(topicId as TopicId) : view.topics.get(name ?? '');
    if (topic !== undefined && !(name !== null && errors.has(name))) return topicRow(request, topic);
    if (byId(topicId)) return { errorCode: errorCode('UNKNOWN_TOPIC_ID'), topicId, name: version >= 12 ? null : '' };
    const error = errors.get(name ?? '') ?? 'UNKNOWN_TOPIC_OR_PARTITION';
    return {
      errorCode: errorCode(error as Parameters<typeof errorCode>[0]),
      name,
      isInternal: INTERNAL_TOPICS.has(name ?? ''),
      topicAuthorizedOperations: NOT_ASKED,
    };
  });
}

/** What to tell of topics that do not exist; those that may be are created on the way. */
async function creationErrors(
  core: BrokerCore,
  { context }: ApiRequest<MetadataRequest>,
  names: readonly string[],
  allowed: boolean,
): Promise<Map<string, string>> {
  const errors = new Map<string, string>();
  const create: string[] = [];
  for (const name of names) {
    if (validateTopicName(name) !== null) errors.set(name, 'INVALID_TOPIC_EXCEPTION');
    else if (allowed && core.settings.autoCreateTopics) create.push(name);
  }
  for (const { name, error } of await core.topics.createForClient(create, context)) errors.set(name, error);
  return errors;
}

function topicRow(
  { core, version, context }: ApiRequest<MetadataRequest>,
  topic: TopicView,
): Init<MetadataResponseTopic> {
  const view = core.view();
  const partitions: Init<MetadataResponsePartition>[] = [];
  for (let index = 0; index < topic.partitionCount; index++) {
    partitions.push(partitionRow(view, topic, index, context.listener, version));
  }
  return {
    errorCode: 0,
    name: topic.name,
    topicId: topic.id,
    isInternal: INTERNAL_TOPICS.has(topic.name),
    partitions,
    topicAuthorizedOperations: NOT_ASKED,
  };
}

function partitionRow(
  view: ClusterView,
  topic: TopicView,
  partitionIndex: number,
  listener: string,
  version: number,
): Init<MetadataResponsePartition> {
  const leaderId = topic.leaderOf(partitionIndex);
  const replicaNodes = topic.replicasOf(partitionIndex);
  const isrNodes = topic.isrOf(partitionIndex);
  const offline = replicaNodes.filter((node) => !view.isReachable(node, listener));
  const leader = view.brokers.get(leaderId);
  const reachable = view.isReachable(leaderId, listener);
  let error: 'NONE' | 'LEADER_NOT_AVAILABLE' | 'LISTENER_NOT_FOUND' | 'REPLICA_NOT_AVAILABLE' = 'NONE';
  if (!reachable) {
    const lacksListener = leader !== undefined && !leader.fenced && version >= VERSION_LISTENER_NOT_FOUND;
    error = lacksListener ? 'LISTENER_NOT_FOUND' : 'LEADER_NOT_AVAILABLE';
  } else if (version === 0 && offline.length > 0) error = 'REPLICA_NOT_AVAILABLE';
  const hide = version === 0;
  return {
    errorCode: errorCode(error),
    partitionIndex,
    leaderId: reachable ? leaderId : -1,
    leaderEpoch: topic.leaderEpochOf(partitionIndex),
    replicaNodes: hide ? replicaNodes.filter((node) => !offline.includes(node)) : replicaNodes,
    isrNodes: hide ? isrNodes.filter((node) => !offline.includes(node)) : isrNodes,
    offlineReplicas: offline,
  };
}
