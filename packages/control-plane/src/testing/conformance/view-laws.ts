import type { ClusterDelta, ClusterView, PartitionState, TopicView } from '@biquorum/metadata';

/** What is wrong with the step from one view to the next: epochs that go back, changes that the delta keeps quiet. */
export function brokenLaws(before: ClusterView, delta: ClusterDelta, after: ClusterView): string[] {
  return [...topicLaws(before, delta, after), ...otherLaws(before, delta, after)];
}

function* topicLaws(before: ClusterView, delta: ClusterDelta, after: ClusterView): IterableIterator<string> {
  const names = new Set([...before.topics.keys(), ...after.topics.keys()]);
  for (const name of names) {
    const [old, now] = [before.topics.get(name), after.topics.get(name)];
    const told = (change: string, topic: TopicView): boolean =>
      delta.topics.some((row) => row.change === change && row.id === topic.id && row.name === name);
    if (old !== undefined && old.id !== now?.id && !told('deleted', old)) yield `${name} vanished untold`;
    if (now === undefined) continue;
    if (old?.id !== now.id) {
      if (!told('created', now)) yield `${name} appeared untold`;
      continue;
    }
    for (let index = 0; index < Math.max(old.partitionCount, now.partitionCount); index++) {
      const law = partitionLaw(old.partition(index), now.partition(index));
      if (law !== null) yield `${name}-${index} ${law}`;
      const same = JSON.stringify(old.partition(index)) === JSON.stringify(now.partition(index));
      const listed = delta.topics.some((row) => row.id === now.id && row.partitions.has(index));
      if (!same && !listed) yield `${name}-${index} changed untold`;
    }
  }
}

function partitionLaw(old: PartitionState | undefined, now: PartitionState | undefined): string | null {
  if (now === undefined) return 'vanished from its topic';
  if (old === undefined) return null;
  if (now.leaderEpoch < old.leaderEpoch) return `went back from leader epoch ${old.leaderEpoch} to ${now.leaderEpoch}`;
  if (now.partitionEpoch < old.partitionEpoch) {
    return `went back from partition epoch ${old.partitionEpoch} to ${now.partitionEpoch}`;
  }
  const sameLeader = now.leader === old.leader;
  if (now.leaderEpoch === old.leaderEpoch && !sameLeader) return `has two leaders in leader epoch ${now.leaderEpoch}`;
  const stranger = now.isr.find((node) => !now.replicas.includes(node));
  return stranger === undefined ? null : `has ${stranger} in its ISR, which is no replica`;
}

function* otherLaws(before: ClusterView, delta: ClusterDelta, after: ClusterView): IterableIterator<string> {
  for (const id of new Set([...before.brokers.keys(), ...after.brokers.keys()])) {
    const same = JSON.stringify(before.brokers.get(id)) === JSON.stringify(after.brokers.get(id));
    if (!same && ![...delta.brokers].some((told) => told === id)) yield `broker ${id} changed untold`;
  }
  const { configs: old } = before.fields;
  const { configs: now } = after.fields;
  const told = new Set(delta.configs.map(({ type, name }) => `${type}/${name}`));
  for (const key of new Set([...old.keys(), ...now.keys()])) {
    const rows = (map: ReadonlyMap<string, string> | undefined): string => JSON.stringify([...(map ?? [])].sort());
    if (rows(old.get(key)) !== rows(now.get(key)) && !told.has(key)) yield `configuration of ${key} changed untold`;
  }
  if (before.fields.controller !== after.fields.controller && !delta.controllerChanged) yield 'controller untold';
  const features = (view: ClusterView): string =>
    JSON.stringify([[...view.features.levels].sort(), view.protocolVersion]);
  if (features(before) !== features(after) && !delta.featuresChanged) yield 'features changed untold';
  if (before.complete && !after.complete) yield 'a complete view became incomplete';
}
