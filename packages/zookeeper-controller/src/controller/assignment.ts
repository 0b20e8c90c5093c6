import type { NodeId } from '@biquorum/metadata';

/** The replicas of a partition, and what a reassignment does to them (KIP-455). Source: Java `ReplicaAssignment`. */
export interface Assignment {
  /** During a reassignment old and new ones, the target first. */
  readonly replicas: readonly NodeId[];
  readonly adding: readonly NodeId[];
  readonly removing: readonly NodeId[];
}

/** An assignment that nothing changes. */
export function settled(replicas: readonly NodeId[]): Assignment {
  return { replicas, adding: [], removing: [] };
}

export function isReassigning({ adding, removing }: Assignment): boolean {
  return adding.length > 0 || removing.length > 0;
}

/** Where a reassignment leads. */
export function targetOf({ replicas, removing }: Assignment): readonly NodeId[] {
  return without(replicas, removing);
}

/** Where a reassignment came from. */
export function originOf({ replicas, adding }: Assignment): readonly NodeId[] {
  return without(replicas, adding);
}

/** The way from the origin of this assignment to another target. */
export function reassigned(assignment: Assignment, target: readonly NodeId[]): Assignment {
  const origin = originOf(assignment);
  const replicas = [...new Set([...target, ...origin])];
  return { replicas, adding: without(replicas, origin), removing: without(replicas, target) };
}

export function sameAssignment(a: Assignment, b: Assignment): boolean {
  return same(a.replicas, b.replicas) && same(a.adding, b.adding) && same(a.removing, b.removing);
}

/** The members of one list that are not in another. */
export function without(list: readonly NodeId[], others: readonly NodeId[]): readonly NodeId[] {
  return others.length === 0 ? list : list.filter((node) => !others.includes(node));
}

function same(a: readonly NodeId[], b: readonly NodeId[]): boolean {
  return a.length === b.length && a.every((node, position) => node === b[position]);
}
