import type { LeaderEpoch, NodeId, PartitionEpoch } from './ids.ts';
import type { PartitionState } from './topics.ts';

/** An ISR that a leader proposes for its partition, with the epochs on which it bases the proposal (KIP-497). */
export interface IsrProposal {
  readonly leader: NodeId;
  readonly leaderEpoch: LeaderEpoch;
  readonly partitionEpoch: PartitionEpoch;
  readonly isr: readonly NodeId[];
  readonly recovering: boolean;
}

/** What the two modes do differently with the same proposal. */
export interface IsrChangePolicy {
  /** May this broker be in an ISR, with the broker epoch that the leader saw. */
  readonly isEligible: (node: NodeId) => boolean;
  /** A proposal of exactly the present state is accepted although its partition epoch is old (ZooKeeper mode). */
  readonly acceptUnchanged: boolean;
  /** The proposer must be the leader as decided, and in its own ISR (KRaft). ZooKeeper mode goes by the epochs alone. */
  readonly leaderOnly: boolean;
}

/** Kafka's name of the reason, or what to decide. */
export type IsrVerdict =
  | {
      readonly kind: 'accepted';
      readonly isr: readonly NodeId[];
      readonly recovering: boolean;
      readonly changed: boolean;
    }
  | {
      readonly kind: 'refused';
      readonly error:
        | 'NOT_CONTROLLER'
        | 'FENCED_LEADER_EPOCH'
        | 'INVALID_UPDATE_VERSION'
        | 'INVALID_REQUEST'
        | 'INELIGIBLE_REPLICA';
    };

/**
 * Judges a proposed ISR against what has been decided.
 *
 * A proposal from the future means that this controller is not the latest one: it answers NOT_CONTROLLER and the leader
 * asks again elsewhere. Source: Java `KafkaController.tryProcessAlterPartition` (ZooKeeper mode),
 * `ReplicationControlManager.alterPartition` (KRaft mode).
 */
export function judgeIsrChange(state: PartitionState, proposal: IsrProposal, policy: IsrChangePolicy): IsrVerdict {
  const refuse = (error: (IsrVerdict & { kind: 'refused' })['error']): IsrVerdict => ({ kind: 'refused', error });
  if (proposal.leaderEpoch > state.leaderEpoch || proposal.partitionEpoch > state.partitionEpoch) {
    return refuse('NOT_CONTROLLER');
  }
  if (proposal.leaderEpoch < state.leaderEpoch) return refuse('FENCED_LEADER_EPOCH');
  if (policy.leaderOnly && proposal.leader !== state.leader) return refuse('INVALID_REQUEST');

  const unchanged = sameMembers(proposal.isr, state.isr) && proposal.recovering === state.recovering;
  if (unchanged && policy.acceptUnchanged) {
    return { kind: 'accepted', isr: state.isr, recovering: state.recovering, changed: false };
  }
  if (proposal.partitionEpoch < state.partitionEpoch) return refuse('INVALID_UPDATE_VERSION');
  if (proposal.isr.length === 0 || hasStranger(proposal.isr, state.replicas)) return refuse('INVALID_REQUEST');
  if (policy.leaderOnly && !proposal.isr.includes(state.leader)) return refuse('INVALID_REQUEST');
  if (proposal.recovering && (proposal.isr.length > 1 || !state.recovering)) return refuse('INVALID_REQUEST');
  if (!proposal.isr.every(policy.isEligible)) return refuse('INELIGIBLE_REPLICA');
  return { kind: 'accepted', isr: proposal.isr, recovering: proposal.recovering, changed: true };
}

function hasStranger(isr: readonly NodeId[], replicas: readonly NodeId[]): boolean {
  return isr.some((node, position) => !replicas.includes(node) || isr.indexOf(node) !== position);
}

function sameMembers(a: readonly NodeId[], b: readonly NodeId[]): boolean {
  return a.length === b.length && a.every((node) => b.includes(node));
}
