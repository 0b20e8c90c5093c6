import { chooseLeader, NO_LEADER, type NodeId } from '@biquorum/metadata';
import { targetOf } from './assignment.ts';
import type { ControllerContext, Partition } from './context.ts';
import { type Leadership, succeeded } from './leadership.ts';

/** Why a leader is chosen, and with that among whom. Source: Java `PartitionLeaderElectionStrategy`. */
export type ElectionStrategy =
  /** The leader is gone. `unclean`: a replica that is not in sync will do. */
  | { readonly kind: 'offline'; readonly unclean: boolean }
  | { readonly kind: 'reassign' }
  | { readonly kind: 'preferred' }
  | { readonly kind: 'controlled-shutdown' };

/** A leadership that is to be written, and who must hear of it. */
export interface Election {
  readonly next: Leadership;
  readonly recipients: readonly NodeId[];
}

/**
 * Chooses a partition's next leader; null when nobody can.
 *
 * Source: Java `PartitionLeaderElectionAlgorithms`, `Election`.
 */
export function elect(
  context: ControllerContext,
  partition: Partition,
  state: Leadership,
  strategy: ElectionStrategy,
): Election | null {
  const { assignment } = partition;
  const online = (node: NodeId): boolean => context.isOnline(node, partition);
  switch (strategy.kind) {
    case 'offline': {
      const chosen = choose(assignment.replicas, state, online, strategy.unclean);
      if (chosen.leader === NO_LEADER) return null;
      const next = chosen.unclean
        ? succeeded(state, { leader: chosen.leader, isr: chosen.isr, recovering: true })
        : succeeded(state, { leader: chosen.leader, isr: state.isr.filter(online) });
      return { next, recipients: assignment.replicas.filter(online) };
    }
    case 'reassign': {
      const target = targetOf(assignment);
      const { leader } = choose(target, state, online, false);
      if (leader === NO_LEADER) return null;
      return { next: succeeded(state, { leader, isr: state.isr }), recipients: target };
    }
    case 'preferred': {
      const { leader } = choose(assignment.replicas.slice(0, 1), state, online, false);
      if (leader === NO_LEADER) return null;
      return { next: succeeded(state, { leader, isr: state.isr }), recipients: assignment.replicas };
    }
    case 'controlled-shutdown': {
      const present = (node: NodeId): boolean => context.isOnline(node, partition, true);
      const stays = (node: NodeId): boolean => !context.shuttingDown.has(node);
      const { leader } = choose(assignment.replicas, state, (node) => present(node) && stays(node), false);
      if (leader === NO_LEADER) return null;
      const next = succeeded(state, { leader, isr: state.isr.filter(stays) });
      return { next, recipients: assignment.replicas.filter(present) };
    }
  }
}

function choose(
  replicas: readonly NodeId[],
  { isr, leader }: Leadership,
  canLead: (node: NodeId) => boolean,
  uncleanAllowed: boolean,
): ReturnType<typeof chooseLeader> {
  const policy = { keepCurrent: false, preferredOnly: false, uncleanAllowed };
  return chooseLeader({ replicas, isr, leader, canLead }, policy);
}
