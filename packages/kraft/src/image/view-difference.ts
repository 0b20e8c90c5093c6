import type {
  ClusterDelta,
  ClusterView,
  ConfigResourceType,
  NodeId,
  PartitionState,
  TopicDelta,
  TopicView,
} from '@biquorum/metadata';

/** What differs between two views that no draft connects, such as the one of a snapshot and the one before it. */
export function viewDifference(before: ClusterView, after: ClusterView): ClusterDelta {
  const brokers = new Set<NodeId>();
  for (const [id, broker] of after.brokers) if (!sameJson(before.brokers.get(id), broker)) brokers.add(id as NodeId);
  for (const id of before.brokers.keys()) if (!after.brokers.has(id)) brokers.add(id as NodeId);

  const topics: TopicDelta[] = [];
  for (const [name, { id }] of before.topics) {
    if (after.topics.get(name)?.id !== id) topics.push({ name, id, change: 'deleted', partitions: new Set() });
  }
  for (const topic of after.topics.values()) {
    const known = before.topics.get(topic.name);
    const delta = known?.id === topic.id ? topicDifference(known, topic) : createdTopic(topic);
    if (delta !== null) topics.push(delta);
  }

  const { configs: old } = before.fields;
  const { configs: now } = after.fields;
  const changed = new Set<string>();
  for (const [key, values] of now) if (!sameValues(old.get(key), values)) changed.add(key);
  for (const key of old.keys()) if (!now.has(key)) changed.add(key);

  return {
    brokers,
    topics,
    configs: [...changed].map((key) => {
      const split = key.indexOf('/');
      return { type: key.slice(0, split) as ConfigResourceType, name: key.slice(split + 1) };
    }),
    featuresChanged:
      !sameValues(before.features.levels, after.features.levels) || before.protocolVersion !== after.protocolVersion,
    controllerChanged: before.fields.controller !== after.fields.controller,
  };
}

function createdTopic({ name, id, partitionCount }: TopicView): TopicDelta {
  return { name, id, change: 'created', partitions: new Set(Array.from({ length: partitionCount }, (_, i) => i)) };
}

function topicDifference(before: TopicView, after: TopicView): TopicDelta | null {
  const partitions = new Set<number>();
  for (const index of after.differingFrom(before)) {
    if (!samePartition(before.partition(index), after.partition(index) as PartitionState)) partitions.add(index);
  }
  return partitions.size === 0 ? null : { name: after.name, id: after.id, change: 'changed', partitions };
}

function samePartition(a: PartitionState | undefined, b: PartitionState): boolean {
  return (
    a !== undefined &&
    a.leader === b.leader &&
    a.leaderEpoch === b.leaderEpoch &&
    a.partitionEpoch === b.partitionEpoch &&
    a.recovering === b.recovering &&
    sameList(a.replicas, b.replicas) &&
    sameList(a.isr, b.isr) &&
    sameList(a.adding, b.adding) &&
    sameList(a.removing, b.removing) &&
    sameList(a.directories ?? [], b.directories ?? [])
  );
}

function sameList<T>(a: readonly T[], b: readonly T[]): boolean {
  return a === b || (a.length === b.length && a.every((item, index) => item === b[index]));
}

function sameValues<K, V>(a: ReadonlyMap<K, V> | undefined, b: ReadonlyMap<K, V>): boolean {
  if (a === b) return true;
  if (a?.size !== b.size) return false;
  for (const [key, value] of b) if (a.get(key) !== value) return false;
  return true;
}

function sameJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
