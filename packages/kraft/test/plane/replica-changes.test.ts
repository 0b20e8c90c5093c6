import {
  type ClusterView,
  emptyView,
  type LeaderEpoch,
  type NodeId,
  type PartitionEpoch,
  type PartitionState,
  type TopicId,
  ViewDraft,
} from '@biquorum/metadata';
import { describe, expect, it } from 'vitest';
import { allPartitions, replicaChanges } from '../../src/plane/replica-changes.ts';

const SELF = 1 as NodeId;
const TOPIC = 'sc6qt_aFRIK88xj98n-UAA' as TopicId;
const NEXT = 'RoXA7nE1dApJUI3Qfe-3QQ' as TopicId;
const OWN_DIRECTORY = 'PVNuwanOTWCfsOwDP1VAqA';
const UNASSIGNED = 'AAAAAAAAAAAAAAAAAAAAAQ';

function state(leader: number, replicas: readonly number[], epoch: number, changes: Partial<PartitionState> = {}) {
  return {
    leader: leader as NodeId,
    leaderEpoch: epoch as LeaderEpoch,
    partitionEpoch: epoch as PartitionEpoch,
    replicas: replicas as readonly NodeId[],
    isr: replicas as readonly NodeId[],
    adding: [],
    removing: [],
    offline: null,
    recovering: false,
    directories: null,
    ...changes,
  };
}

function viewOf(id: TopicId, ...partitions: readonly PartitionState[]): ClusterView {
  const draft = new ViewDraft(emptyView('cluster'));
  draft.createTopic('t', id);
  for (const [index, partition] of partitions.entries()) draft.setPartition('t', index, partition);
  return draft.finish().view;
}

/** What broker 1 is told: `lead 0` and so on, removals first. */
function told(before: ClusterView, after: ClusterView): readonly string[] {
  const touched = new Map([...allPartitions(before), ...allPartitions(after)]);
  const { removals, others } = replicaChanges(SELF, before, after, touched);
  return [...removals, ...others].map(({ to, topicId, partition, isNew }) =>
    [to, topicId === TOPIC ? 'old' : 'new', partition, ...(isNew ? ['fresh'] : [])].join(' '),
  );
}

describe('what a broker’s replicas must become', () => {
  const nothing = emptyView('cluster');

  it('follows from who leads, for the partitions that lie here', () => {
    const view = viewOf(TOPIC, state(1, [1, 2], 0), state(2, [2, 1], 0), state(2, [2, 3], 0));
    expect(told(nothing, view)).toEqual(['lead old 0 fresh', 'follow old 1 fresh']);
  });

  it('is nothing where no epoch has moved', () => {
    const view = viewOf(TOPIC, state(1, [1, 2], 4));
    expect(told(view, viewOf(TOPIC, state(1, [1, 2], 4)))).toEqual([]);
  });

  it('is to follow nobody while nobody leads', () => {
    const before = viewOf(TOPIC, state(1, [1], 4));
    expect(told(before, viewOf(TOPIC, state(-1, [1], 5)))).toEqual(['follow old 0']);
  });

  it('is to vanish where the replica was taken away, or the topic is gone', () => {
    const before = viewOf(TOPIC, state(1, [1, 2], 4), state(2, [2, 3], 4));
    expect(told(before, viewOf(TOPIC, state(2, [2, 3], 5), state(2, [2, 3], 4)))).toEqual(['delete old 0']);
    expect(told(before, nothing)).toEqual(['delete old 0']);
  });

  it('is to vanish and come anew where a topic was deleted and made again under its name', () => {
    const before = viewOf(TOPIC, state(1, [1, 2], 4));
    expect(told(before, viewOf(NEXT, state(2, [1, 2], 0)))).toEqual(['delete old 0', 'follow new 0 fresh']);
  });

  it('names the directory that the controller knows, and leaves the choice where it knows none', () => {
    const directoryIn = (directories: readonly string[] | null): string | null | undefined => {
      const view = viewOf(TOPIC, state(1, [2, 1], 0, { directories }));
      return replicaChanges(SELF, nothing, view, allPartitions(view)).others[0]?.directory;
    };
    expect(directoryIn([UNASSIGNED, OWN_DIRECTORY])).toBe(OWN_DIRECTORY);
    expect(directoryIn([OWN_DIRECTORY, UNASSIGNED])).toBeNull();
    expect(directoryIn(null)).toBeNull();
  });
});
