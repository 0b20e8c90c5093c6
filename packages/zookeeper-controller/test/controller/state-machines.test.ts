import { NO_LEADER, type NodeId } from '@biquorum/metadata';
import { describe, expect, it } from 'vitest';
import type { PartitionPhase, ReplicaPhase } from '../../src/controller/states.ts';
import type { Term } from '../../src/controller/term.ts';
import { GovernedCluster } from './support/governed-cluster.ts';
import { createTopic } from './support/requests.ts';

/** Java's `PartitionState.validPreviousStates`. */
const PARTITIONS: Record<PartitionPhase, readonly PartitionPhase[]> = {
  NonExistent: ['Offline'],
  New: ['NonExistent'],
  Online: ['New', 'Online', 'Offline'],
  Offline: ['New', 'Online', 'Offline'],
};

/** Java's `ReplicaState.validPreviousStates`. */
const REPLICAS: Record<ReplicaPhase, readonly ReplicaPhase[]> = {
  NonExistent: ['DeletionSuccessful'],
  New: ['NonExistent'],
  Online: ['New', 'Online', 'Offline', 'DeletionIneligible'],
  Offline: ['New', 'Online', 'Offline', 'DeletionIneligible'],
  DeletionStarted: ['Offline'],
  DeletionSuccessful: ['DeletionStarted'],
  DeletionIneligible: ['Offline', 'DeletionStarted'],
};

function termOf(cluster: GovernedCluster): Term {
  const { term } = cluster.governor.controller;
  if (term === undefined) throw new Error('nobody governs');
  return term;
}

describe('the state machines', () => {
  it('let a partition come into each state from those that Kafka allows, and from no other', () =>
    GovernedCluster.run(3, async (cluster) => {
      await createTopic(cluster, 'topic', [[1, 2, 3]]);
      const { core } = termOf(cluster);
      const phases = Object.keys(PARTITIONS) as PartitionPhase[];
      for (const from of phases) {
        for (const to of phases) {
          const partition = core.context.partition('topic', 0);
          if (partition === undefined) throw new Error('no partition');
          partition.phase = from;
          if (to === 'Online') await core.partitions.online([partition]);
          else core.partitions.change([partition], to);
          expect(partition.phase, `${from} to ${to}`).toBe(PARTITIONS[to].includes(from) ? to : from);
        }
      }
    }));

  it('let a replica come into each state from those that Kafka allows, and from no other', () =>
    GovernedCluster.run(3, async (cluster) => {
      await createTopic(cluster, 'topic', [[1, 2, 3]]);
      const { core } = termOf(cluster);
      const partition = core.context.partition('topic', 0);
      if (partition === undefined) throw new Error('no partition');
      const phases = Object.keys(REPLICAS) as ReplicaPhase[];
      const id = 3 as NodeId;
      for (const from of phases) {
        for (const to of phases) {
          if (from === 'NonExistent') partition.replicas.delete(id);
          else partition.replicas.set(id, from);
          await core.replicas.change([{ partition, id }], to);
          const after = partition.replicas.get(id) ?? 'NonExistent';
          expect(after, `${from} to ${to}`).toBe(REPLICAS[to].includes(from) ? to : from);
        }
      }
    }));

  it('take a replica that goes offline from the ISR, and its leadership, but never the last from the ISR', () =>
    GovernedCluster.run(3, async (cluster) => {
      await createTopic(cluster, 'topic', [[1, 2, 3]]);
      const { core } = termOf(cluster);
      const partition = core.context.partition('topic', 0);
      if (partition === undefined) throw new Error('no partition');
      const state = (): unknown => cluster.znode('/brokers/topics/topic/partitions/0/state');
      const base = { controller_epoch: 1, version: 1 };
      const leave = (id: number): Promise<void> => core.replicas.change([{ partition, id: id as NodeId }], 'Offline');
      await leave(3);
      expect(state()).toEqual({ ...base, leader: 1, leader_epoch: 1, isr: [1, 2] });
      await leave(1);
      expect(state()).toEqual({ ...base, leader: NO_LEADER, leader_epoch: 2, isr: [2] });
      await leave(2);
      expect(state()).toEqual({ ...base, leader: NO_LEADER, leader_epoch: 3, isr: [2] });
    }));
});
