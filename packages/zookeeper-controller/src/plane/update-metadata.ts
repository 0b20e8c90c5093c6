import type {
  UpdateMetadataRequest,
  UpdateMetadataRequestUpdateMetadataBroker,
  UpdateMetadataRequestUpdateMetadataPartitionState,
} from '@biquorum/kafka-wire/messages/update-metadata';
import {
  type BrokerView,
  type ClusterView,
  type Endpoint,
  type LeaderEpoch,
  NO_LEADER,
  type NodeId,
  type PartitionEpoch,
  type PartitionState,
  type SecurityProtocol,
  type TopicId,
  type ViewDraft,
  ZERO_TOPIC_ID,
} from '@biquorum/metadata';

/** What one UpdateMetadata says of a topic. */
export interface TopicUpdate {
  readonly name: string;
  /** Zero where the controller tells none. */
  readonly id: TopicId;
  readonly partitions: readonly UpdateMetadataRequestUpdateMetadataPartitionState[];
}

/** Stands for the leader of a partition that is being deleted. */
const LEADER_OF_DELETED = -2;
const PROTOCOLS: readonly SecurityProtocol[] = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'];

/** The topics of a request in any version. Old ones tell no ids: what the view has stays. */
export function topicsOf(request: UpdateMetadataRequest, view: ClusterView): readonly TopicUpdate[] {
  const { topicStates, ungroupedPartitionStates } = request;
  const known = (name: string, id: TopicId): TopicId =>
    id === ZERO_TOPIC_ID ? (view.topics.get(name)?.id ?? ZERO_TOPIC_ID) : id;
  if (topicStates.length > 0) {
    return topicStates.map(({ topicName, topicId, partitionStates }) => ({
      name: topicName,
      id: known(topicName, topicId),
      partitions: partitionStates,
    }));
  }
  return [...Map.groupBy(ungroupedPartitionStates, ({ topicName }) => topicName)].map(([name, partitions]) => ({
    name,
    id: known(name, ZERO_TOPIC_ID),
    partitions,
  }));
}

/** Topics that are being deleted by this request. */
export function deletedTopics(topics: readonly TopicUpdate[]): readonly string[] {
  return topics
    .filter(({ partitions }) => partitions.some(({ leader }) => leader === LEADER_OF_DELETED))
    .map(({ name }) => name);
}

/**
 * Takes up what a controller tells: the live brokers wholly, topics in part. Epochs of partitions never go back.
 *
 * Source: Java `ZkMetadataCache.updateMetadata`.
 */
export function applyMetadata(
  draft: ViewDraft,
  view: ClusterView,
  request: UpdateMetadataRequest,
  topics: readonly TopicUpdate[],
): void {
  draft.setController(request.controllerId < 0 ? NO_LEADER : (request.controllerId as NodeId));
  applyBrokers(draft, view, request.liveBrokers);
  const deleted = new Set(deletedTopics(topics));
  for (const topic of topics) {
    if (deleted.has(topic.name)) removeTopic(draft, topic.name);
    else if (topic.partitions.length > 0) applyTopic(draft, topic);
  }
}

function applyBrokers(
  draft: ViewDraft,
  view: ClusterView,
  live: readonly UpdateMetadataRequestUpdateMetadataBroker[],
): void {
  const ids = new Set(live.map(({ id }) => id));
  for (const id of view.brokers.keys()) if (!ids.has(id)) draft.removeBroker(id as NodeId);
  for (const broker of live) {
    const now = brokerOf(broker);
    if (!sameBroker(view.brokers.get(broker.id), now)) draft.setBroker(now);
  }
}

function applyTopic(draft: ViewDraft, { name, id, partitions }: TopicUpdate): void {
  const known = draft.topicId(name);
  if (known !== undefined && known !== id) removeTopic(draft, name);
  if (draft.topicId(name) === undefined) draft.createTopic(name, id);
  for (const state of [...partitions].sort((a, b) => a.partitionIndex - b.partitionIndex)) {
    const { partitionIndex } = state;
    // Those before it may come later: the controller tells of partitions in no order.
    for (let gap = draft.partitionCount(name); gap < partitionIndex; gap++) draft.setPartition(name, gap, UNTOLD);
    const now = partitionOf(state);
    const before = draft.partition(name, partitionIndex);
    if (before === undefined || isNewer(now, before)) draft.setPartition(name, partitionIndex, now);
  }
}

/** Takes a topic and its configuration out of the next view. */
export function removeTopic(draft: ViewDraft, name: string): void {
  if (draft.topicId(name) === undefined) return;
  draft.deleteTopic(name);
  if (draft.configOf({ type: 'topic', name }).size > 0) draft.setConfig({ type: 'topic', name }, new Map());
}

/** A partition that is not heard of yet while one with a larger number is. */
const UNTOLD: PartitionState = {
  leader: NO_LEADER,
  leaderEpoch: -1 as LeaderEpoch,
  partitionEpoch: -1 as PartitionEpoch,
  replicas: [],
  isr: [],
  adding: [],
  removing: [],
  offline: null,
  recovering: false,
  directories: null,
};

function partitionOf(state: UpdateMetadataRequestUpdateMetadataPartitionState): PartitionState {
  return {
    ...UNTOLD,
    leader: state.leader as NodeId,
    leaderEpoch: state.leaderEpoch as LeaderEpoch,
    partitionEpoch: state.zkVersion as PartitionEpoch,
    replicas: state.replicas as readonly NodeId[],
    isr: state.isr as readonly NodeId[],
    offline: state.offlineReplicas as readonly NodeId[],
  };
}

/** Replicas and those offline may change while the epochs stay. */
function isNewer(now: PartitionState, before: PartitionState): boolean {
  if (now.leaderEpoch < before.leaderEpoch || now.partitionEpoch < before.partitionEpoch) return false;
  if (now.leaderEpoch > before.leaderEpoch || now.partitionEpoch > before.partitionEpoch) return true;
  if (now.leader !== before.leader) return false;
  return !sameNodes(now.replicas, before.replicas) || !sameNodes(now.offline ?? [], before.offline ?? []);
}

function brokerOf({ id, v0Host, v0Port, endpoints, rack }: UpdateMetadataRequestUpdateMetadataBroker): BrokerView {
  const told = endpoints.map(({ listener, host, port, securityProtocol }): Endpoint => {
    const protocol = PROTOCOLS[securityProtocol] ?? 'PLAINTEXT';
    return { listener: listener === '' ? protocol : listener, host, port, securityProtocol: protocol };
  });
  const first: Endpoint = { listener: 'PLAINTEXT', host: v0Host, port: v0Port, securityProtocol: 'PLAINTEXT' };
  return {
    id: id as NodeId,
    epoch: null,
    endpoints: told.length > 0 || v0Host === '' ? told : [first],
    rack,
    fenced: false,
    shuttingDown: false,
  };
}

function sameBroker(a: BrokerView | undefined, b: BrokerView): boolean {
  return a !== undefined && JSON.stringify(a) === JSON.stringify(b);
}

function sameNodes(a: readonly NodeId[], b: readonly NodeId[]): boolean {
  return a.length === b.length && a.every((node, index) => node === b[index]);
}
