import type { NodeId, PartitionState } from '@biquorum/metadata';

/** Replicas of a partition while a reassignment runs. */
export interface ReassignmentPlan {
  /** The target in its order, then those that will go. */
  readonly replicas: readonly NodeId[];
  readonly adding: readonly NodeId[];
  readonly removing: readonly NodeId[];
}

/** Does a reassignment run. */
export function isReassigning({ adding, removing }: Pick<ReassignmentPlan, 'adding' | 'removing'>): boolean {
  return adding.length > 0 || removing.length > 0;
}

/** The way from the present replicas to the target (KIP-455). Source: Java `PartitionReassignmentReplicas`. */
export function reassignmentPlan(current: readonly NodeId[], target: readonly NodeId[]): ReassignmentPlan {
  const removing = current.filter((node) => !target.includes(node)).sort((a, b) => a - b);
  const adding = target.filter((node) => !current.includes(node)).sort((a, b) => a - b);
  return { replicas: [...target, ...removing], adding, removing };
}

/**
 * Replicas and ISR once a running reassignment is complete: every replica of the target is in sync.
 *
 * @returns null when none runs or it is not complete
 */
export function completedReassignment({
  replicas,
  isr,
  adding,
  removing,
}: ReassignmentPlan & { readonly isr: readonly NodeId[] }): {
  readonly replicas: readonly NodeId[];
  readonly isr: readonly NodeId[];
} | null {
  if (!isReassigning({ adding, removing })) return null;
  const stays = (node: NodeId): boolean => !removing.includes(node);
  const target = removing.length === 0 ? replicas : replicas.filter(stays);
  const inSync = removing.length === 0 ? isr : isr.filter(stays);
  if (target.length === 0 || (removing.length > 0 && inSync.length === 0)) return null;
  return target.every((node) => inSync.includes(node)) ? { replicas: target, isr: inSync } : null;
}

/** Replicas and ISR after a reassignment is called off. Source: Java `PartitionReassignmentRevert`. */
export function revertedReassignment({ replicas, isr, adding }: PartitionState): {
  readonly replicas: readonly NodeId[];
  readonly isr: readonly NodeId[];
  /** None of the original replicas is in sync: going back would lose records. */
  readonly unclean: boolean;
} {
  const original = replicas.filter((node) => !adding.includes(node));
  const inSync = isr.filter((node) => !adding.includes(node));
  return inSync.length > 0
    ? { replicas: original, isr: inSync, unclean: false }
    : { replicas: original, isr: original.slice(0, 1), unclean: true };
}
