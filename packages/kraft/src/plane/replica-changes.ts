import type { ReplicaChange } from '@biquorum/control-plane';
import type { ClusterView, NodeId, PartitionIndex, PartitionState, TopicId, TopicView } from '@biquorum/metadata';
import { isReservedDirectory } from '../image/directory-ids.ts';

/** Partitions that may have changed, by topic id. */
export type TouchedPartitions = ReadonlyMap<TopicId, ReadonlySet<PartitionIndex>>;

/** What a broker's replicas must become. The removals are to be carried out first: a name may stand in both. */
export interface ReplicaChanges {
  readonly removals: readonly ReplicaChange[];
  readonly others: readonly ReplicaChange[];
}

/**
 * Compares what a broker was told last with what holds now, for the partitions that were touched in between.
 *
 * Source: Java `TopicsDelta.localChanges`, `ReplicaManager.applyDelta`.
 */
export function replicaChanges(
  self: NodeId,
  before: ClusterView,
  after: ClusterView,
  touched: TouchedPartitions,
): ReplicaChanges {
  const removals: ReplicaChange[] = [];
  const others: ReplicaChange[] = [];
  for (const [topicId, partitions] of touched) {
    const [old, now] = [before.topicById(topicId), after.topicById(topicId)];
    for (const index of partitions) {
      const was = old?.partition(index);
      const is = now?.partition(index);
      const held = was?.replicas.includes(self) === true;
      if (now !== undefined && is?.replicas.includes(self)) {
        if (!held || isNewer(is, was)) others.push(changeTo(self, after, now, index, is, was === undefined));
      } else if (held && old !== undefined) {
        removals.push(removalOf(self, old, index, was, is));
      }
    }
  }
  return { removals, others };
}

/** Everything that a broker holds by a view. */
export function allPartitions(view: ClusterView): TouchedPartitions {
  const touched = new Map<TopicId, ReadonlySet<PartitionIndex>>();
  for (const topic of view.topics.values()) {
    touched.set(topic.id, new Set(Array.from({ length: topic.partitionCount }, (_, index) => index)));
  }
  return touched;
}

function isNewer(is: PartitionState, was: PartitionState | undefined): boolean {
  return was === undefined || is.leaderEpoch !== was.leaderEpoch || is.partitionEpoch !== was.partitionEpoch;
}

function changeTo(
  self: NodeId,
  view: ClusterView,
  topic: TopicView,
  partition: PartitionIndex,
  state: PartitionState,
  appeared: boolean,
): ReplicaChange {
  return {
    ...placeOf(topic, partition, state),
    to: state.leader === self ? 'lead' : 'follow',
    // A broker that starts hears of old partitions for the first time, too.
    isNew: appeared && state.partitionEpoch === 0,
    configs: view.configOf({ type: 'topic', name: topic.name }),
    directory: directoryOf(self, state),
  };
}

/** A replica that was removed, or whose topic is gone. */
function removalOf(
  self: NodeId,
  topic: TopicView,
  partition: PartitionIndex,
  was: PartitionState,
  is: PartitionState | undefined,
): ReplicaChange {
  return {
    ...placeOf(topic, partition, is ?? was),
    to: 'delete',
    isNew: false,
    configs: new Map(),
    directory: directoryOf(self, was),
  };
}

function placeOf(
  { name, id }: TopicView,
  partition: PartitionIndex,
  state: PartitionState,
): Omit<ReplicaChange, 'to' | 'isNew' | 'configs' | 'directory'> {
  const { leader, leaderEpoch, partitionEpoch, replicas, isr, adding, removing, recovering } = state;
  return {
    topic: name,
    topicId: id,
    partition,
    leader,
    leaderEpoch,
    partitionEpoch,
    replicas,
    isr,
    adding,
    removing,
    recovering,
  };
}

/** Null where the controller leaves the choice to the broker. */
function directoryOf(self: NodeId, { replicas, directories }: PartitionState): string | null {
  const directory = directories?.[replicas.indexOf(self)];
  return directory === undefined || isReservedDirectory(directory as Parameters<typeof isReservedDirectory>[0])
    ? null
    : directory;
}
