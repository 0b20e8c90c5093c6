import { NO_LEADER, type NodeId } from './ids.ts';

/** How an election may choose. Both modes use the same function and differ in these fields only. */
export interface ElectionPolicy {
  /** Stay with the present leader when it is still a valid one (KRaft). ZooKeeper mode's offline election starts anew. */
  readonly keepCurrent: boolean;
  /** Only the first replica of the assignment will do; when it cannot lead, nothing changes. */
  readonly preferredOnly: boolean;
  /** `unclean.leader.election.enable`: prefer a replica that may lack acknowledged records to having no leader. */
  readonly uncleanAllowed: boolean;
}

/** What an election looks at. */
export interface ElectionInput {
  /** The assignment, preferred leader first. */
  readonly replicas: readonly NodeId[];
  readonly isr: readonly NodeId[];
  readonly leader: NodeId;
  /** May this broker lead now: live, unfenced, not shutting down. */
  readonly canLead: (node: NodeId) => boolean;
}

/** Who leads, and under what terms. */
export interface ElectionResult {
  /** {@link NO_LEADER} when nobody can. */
  readonly leader: NodeId;
  readonly isr: readonly NodeId[];
  /** True after an unclean election: the leader may have lost acknowledged records (KIP-704). */
  readonly unclean: boolean;
}

/**
 * Chooses a partition's leader: the first assigned replica that is in sync and can lead.
 *
 * Source: Java `PartitionLeaderElectionAlgorithms` (ZooKeeper mode), `PartitionChangeBuilder.electLeader` (KRaft mode).
 */
export function chooseLeader(input: ElectionInput, policy: ElectionPolicy): ElectionResult {
  const { replicas, isr, leader, canLead } = input;
  const leads = (node: NodeId): boolean => canLead(node) && isr.includes(node);

  if (policy.preferredOnly) {
    const preferred = replicas[0];
    return { leader: preferred !== undefined && leads(preferred) ? preferred : leader, isr, unclean: false };
  }
  if (policy.keepCurrent && leader !== NO_LEADER && leads(leader)) return { leader, isr, unclean: false };

  const inSync = replicas.find(leads);
  if (inSync !== undefined) return { leader: inSync, isr, unclean: false };

  const anyLive = policy.uncleanAllowed ? replicas.find(canLead) : undefined;
  if (anyLive !== undefined) return { leader: anyLive, isr: [anyLive], unclean: true };
  return { leader: NO_LEADER, isr, unclean: false };
}
